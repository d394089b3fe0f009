"""The question bank of a course: found, used, filled, and carried as GIFT."""

import io
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from lms.core import work
from lms.core.db import db
from lms.courses.models import Course, CourseAsset
from lms.interop.gift.parser import parse
from lms.quizzes.authoring.questions import Draft, add_questions
from lms.quizzes.content import Text
from lms.quizzes.keys import put_in_order
from lms.quizzes.models import Question, Quiz, QuizDraw
from tests import factories
from tests.support import quizzes, sql

GIFT = """$CATEGORY: Tea/Leaves

// [id:green] [tag:leaf] [tag:asia]
::Green::Is green tea fermented? {FALSE}

::Broken::What is missing? {=

::Steeping::How long? {#3:1}
"""


@pytest.fixture
def bank(tea, app, alice) -> list[int]:
    """24 questions: six kinds four times over, each four with a tag of their own; ids in their order."""
    with app.app_context(), work.unit():
        course = db.session.get_one(Course, tea.course.id)
        items = [
            Draft(*pair, title=f"Number {n}", tags=("all", f"t{n // 6}"))
            for n, pair in enumerate(quizzes.one_of_each() * 4)
        ]
        return [row.id for row in add_questions(course, items, alice.id, datetime.now(UTC))]


def test_an_empty_bank_says_how_to_fill_it(tea):
    assert "The bank is empty." in tea.page("/bank")


def test_the_bank_shows_twenty_a_page_newest_first(tea, bank):
    page = tea.page("/bank")
    assert page.count('class="bank-line"') == 20 and "1 to 20 of 24" in page
    assert page.index("Number 23") < page.index("Number 22")
    assert tea.page("/bank?page=2").count('class="bank-line"') == 4


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=matching", 4),
        ("tag=t1", 6),
        ("q=half-fermented", 4),
        ("q=number+23", 1),
        ("kind=numeric&tag=t2", 1),
        ("q=100%25", 0),
        ("page=999&tag=zzz", 0),
    ],
)
def test_it_is_filtered_by_tag_kind_and_words(tea, bank, query, found):
    page = tea.page(f"/bank?{query}")
    assert page.count('class="bank-line"') == found
    assert ("No question of the bank fits." in page) == (not found)


def test_it_costs_the_same_however_full(tea, bank, app):
    with sql.count(app) as some:
        tea.page("/bank?tag=t1")
    with sql.count(app) as many:
        tea.page("/bank")
    assert len(many) <= len(some) <= 7


def test_a_question_is_written_for_the_bank_and_deleted_with_undo(tea):
    fields = {"text": "Is tea a leaf?", "format": "markdown", "points": "1", "answer": "true", "tags": "leaf"}
    answer = tea.post("/bank/new?kind=true_false", fields)
    assert answer.location.startswith("/teaching/tea/bank")
    question = tea.row(Question)
    assert (question.quiz_id, question.course_id, question.tags) == (None, tea.course.id, ["leaf"])
    gone = tea.post(f"/questions/{question.id}/removal")
    assert "Undo the deletion" in tea.browser.get(gone.location).text
    tea.post(f"/questions/{question.id}/removal/end")
    assert "Is tea a leaf?" in tea.page("/bank")


def test_ticked_questions_are_copied_into_a_quiz(tea, app, bank):
    quiz = quizzes.quiz(app, tea.course, [])
    tea.post("/bank/use", {"quiz": str(quiz.id), "question": [str(bank[0]), str(bank[5])]})
    with app.app_context():
        made = db.session.scalars(
            select(Question).where(Question.quiz_id == quiz.id).order_by(Question.position)
        ).all()
        assert [row.origin_id for row in made] == [bank[0], bank[5]]
        assert [row.title for row in made] == ["Number 0", "Number 5"]
    assert "Number 5" in tea.page(f"/quizzes/{quiz.id}")


def test_nothing_ticked_and_strange_numbers_change_nothing(tea, app, bank):
    quiz = quizzes.quiz(app, tea.course, [])
    for fields in ({"quiz": str(quiz.id)}, {"quiz": "x", "question": "1"}, {"question": str(10**17)}):
        assert tea.post("/bank/use", fields).status_code == 303
    assert tea.post("/bank/use", {"quiz": "999999", "question": str(bank[0])}).status_code == 404
    assert tea.row(Question, quiz_id=quiz.id) is None


def test_a_quizs_question_is_kept_in_the_bank(tea, app):
    quiz = quizzes.quiz(app, tea.course, [quizzes.single()])
    question = tea.row(Question)
    tea.post(f"/questions/{question.id}/bank")
    copy = tea.row(Question, course_id=tea.course.id)
    assert tea.row(Question, quiz_id=quiz.id).origin_id == copy.id
    assert "Which water" in tea.page("/bank")


def test_draws_are_added_told_and_deleted(tea, app, bank):
    quiz = quizzes.quiz(app, tea.course, [])
    assert tea.post(f"/quizzes/{quiz.id}/draws", {"count": "0", "points": "1"}).status_code == 422
    tea.post(f"/quizzes/{quiz.id}/draws", {"count": "7", "tags": "t1, all", "points": "0.5"})
    assert tea.row(QuizDraw).tags == ["t1", "all"]
    page = tea.page(f"/quizzes/{quiz.id}")
    assert "The bank has 1 question too few for the draw of 7 (t1, all)." in page
    assert "The bank has 1 question too few" in tea.page()
    tea.post(f"/quizzes/{quiz.id}/draws/{tea.row(QuizDraw).id}/removal")
    assert tea.row(QuizDraw) is None


def test_gift_is_looked_at_first_and_then_taken_with_its_names_and_tags(tea):
    looked = tea.post("/questions/import", {"text": GIFT, "do": "look"})
    assert looked.status_code == 200
    assert "2 questions can be taken." in looked.text and "Import 2 questions" in looked.text
    assert '<td class="num" data-label="Line">6</td>' in looked.text
    assert tea.row(Question) is None
    taken = tea.post("/questions/import", {"text": GIFT, "do": "take"})
    assert taken.location == "/teaching/tea/bank"
    question = tea.row(Question, source_id="green")
    assert (question.title, question.tags, question.category) == ("Green", ["leaf", "asia"], "Tea/Leaves")
    exported = tea.browser.get("/teaching/tea/bank/questions.gift")
    assert exported.mimetype == "text/plain"
    assert "$CATEGORY: Tea/Leaves" in exported.text and "[id:green] [tag:leaf] [tag:asia]" in exported.text


def test_a_gift_file_goes_into_a_quiz_and_comes_out_the_same(tea, app):
    quiz = quizzes.quiz(app, tea.course, [])
    upload = {"file": (io.BytesIO(GIFT.encode("utf-8-sig")), "tea.gift"), "do": "take"}
    answer = tea.post(f"/questions/import?quiz={quiz.id}", upload, content_type="multipart/form-data")
    assert answer.location == f"/teaching/tea/quizzes/{quiz.id}"
    said = tea.browser.get(answer.location).text
    assert "1 item was not taken." in said and "Not taken, line" in said
    first = tea.browser.get(f"/teaching/tea/quizzes/{quiz.id}/questions.gift").text
    tea.post("/questions/import", {"text": first, "do": "take"})
    again = tea.browser.get("/teaching/tea/bank/questions.gift").text
    assert again == first


def test_a_gift_file_names_what_it_has_to_leave_out(tea, app):
    asked = put_in_order(Text("First to last [id:x]?"), [Text("one"), Text("two")])
    quiz = quizzes.quiz(app, tea.course, [quizzes.single(), asked])
    exported = tea.browser.get(f"/teaching/tea/quizzes/{quiz.id}/questions.gift").text
    first, rest = exported.split("\n", 1)
    assert first == "// Left out, because GIFT can\u2019t hold it: First to last (id:x)?"
    assert "80 degrees" in rest and "one" not in rest
    parsed = parse(exported)
    assert len(parsed.questions) == 1 and parsed.problems == ()
    assert "leaves them out" in tea.browser.get(f"/teaching/tea/quizzes/{quiz.id}").text


def test_what_holds_no_question_is_refused(tea):
    for text, said in (("", "Choose a file"), ("::Broken::{=", "There is no question in it")):
        answer = tea.post("/questions/import", {"text": text, "do": "take"})
        assert answer.status_code == 422 and said in answer.text


def test_the_bank_of_a_quiz_elsewhere_is_not_used_here(tea, app, alice, bank):

    other = factories.course(app, alice, slug="coffee")
    quiz = quizzes.quiz(app, other, [])
    assert tea.post("/bank/use", {"quiz": str(quiz.id), "question": str(bank[0])}).status_code == 404
    assert tea.row(Question, quiz_id=quiz.id) is None
    assert tea.row(Quiz).course_id == other.id


def test_a_picture_of_a_bank_question_counts_as_used(tea, app, alice):
    picture = {"files": (io.BytesIO(factories.picture()), "leaf.png")}
    tea.post("/files/additions", picture, content_type="multipart/form-data")
    fields = {"text": "![A leaf](assets/leaf.png)", "format": "markdown", "points": "1", "answer": "true"}
    tea.post("/bank/new?kind=true_false", fields)
    asset = tea.row(CourseAsset, path="assets/leaf.png")
    assert "Question bank" in tea.page(f"/files/{asset.id}") and "Nowhere" not in tea.page(
        f"/files/{asset.id}"
    )
