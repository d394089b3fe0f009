"""A quiz in the studio, from the lesson it stands in to the bin and back."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from lms.core.db import db
from lms.courses.models import Lesson
from lms.quizzes.models import Attempt, Question, Quiz, QuizDraw
from tests.support import quizzes, sql

SETTINGS = {
    "title": "Steeping", "mode": "practice", "passing_percent": "62.5", "minutes": "1.5", "max_attempts": "3",
    "counts": "last", "shuffle_questions": "y", "one_per_page": "y", "reveal": "never",
    "reveal_score": "submission",
}  # fmt: skip


@pytest.fixture
def quiz(tea, app) -> Quiz:
    return quizzes.quiz(app, tea.course)


def order(tea, quiz) -> list[str]:
    with tea.app.app_context():
        rows = select(Question.source_id).where(Question.quiz_id == quiz.id, Question.removed_at.is_(None))
        return list(db.session.scalars(rows.order_by(Question.position)))


def test_a_quiz_is_added_to_a_lesson_and_asks_for_its_first_question(tea):
    answer = tea.post("/lessons/lesson-2/quizzes", {"title": "What you know"})
    quiz = tea.row(Quiz)
    assert answer.location == f"/teaching/tea/quizzes/{quiz.id}"
    assert (quiz.slug, quiz.source_id) == ("what-you-know", "basics/lesson-2/what-you-know")
    assert "Add its first question" in tea.page(f"/quizzes/{quiz.id}")
    assert "1 quiz" in tea.page() and "has no question" in tea.page()
    assert "What you know" in tea.page("/lessons/lesson-2")


def test_a_quiz_needs_a_title(tea):
    assert tea.post("/lessons/lesson-2/quizzes", {"title": ""}).status_code == 422
    assert tea.row(Quiz) is None


def test_its_settings_are_kept(tea, quiz):
    assert tea.post(f"/quizzes/{quiz.id}/settings", SETTINGS).status_code == 303
    row = tea.row(Quiz)
    assert (row.mode, row.passing_percent, row.time_limit, row.max_attempts, row.counts, row.reveal) == (
        "practice", Decimal("62.5"), 90, 3, "last", "never",
    )  # fmt: skip
    assert row.shuffle_questions and row.one_per_page and not row.shuffle_options and not row.is_required
    page = tea.page(f"/quizzes/{quiz.id}/settings")
    assert 'value="62.5"' in page and 'value="1.5"' in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"passing_percent": "101"}, "A number from 0 to 100."),
        ({"max_attempts": "0"}, "A whole number from 1 to 1,000."),
        ({"minutes": "-5"}, "A number above 0."),
        ({"reveal": "close"}, "Say above when the quiz closes."),
        ({"opens_at": "2030-01-02T10:00", "closes_at": "2030-01-01T10:00"}, "must close after it opens"),
        ({"title": " "}, "Give it a title."),
    ],
)
def test_impossible_settings_are_refused_in_place(tea, quiz, wrong, said):
    answer = tea.post(f"/quizzes/{quiz.id}/settings", SETTINGS | wrong)
    assert answer.status_code == 422 and said in answer.text
    assert tea.row(Quiz).mode == "graded"


def test_questions_are_moved_copied_and_weighed(tea, quiz):
    numbers = {row.source_id: row.id for row in _questions(tea)}
    tea.post(f"/questions/{numbers['1']}/position", {"to": "down"})
    assert order(tea, quiz)[:2] == ["2", "1"]
    tea.post(f"/questions/{numbers['6']}/position", {"to": "0"})
    assert order(tea, quiz)[0] == "6"
    tea.post(f"/questions/{numbers['6']}/copy")
    assert len(order(tea, quiz)) == 7 and order(tea, quiz)[2] == "2"
    tea.post(f"/questions/{numbers['2']}/points", {"points": "2.5"})
    assert tea.row(Question, id=numbers["2"]).points == Decimal("2.5")
    refused = tea.post(f"/questions/{numbers['2']}/points", {"points": "lots"})
    assert refused.status_code == 422 and 'value="lots"' in refused.text


def _questions(tea) -> list[Question]:
    with tea.app.app_context():
        return list(db.session.scalars(select(Question).order_by(Question.id)))


def test_a_deleted_question_comes_back_to_its_place(tea, quiz):
    second = _questions(tea)[1]
    answer = tea.post(f"/questions/{second.id}/removal")
    assert order(tea, quiz) == ["1", "3", "4", "5", "6"]
    assert f"/questions/{second.id}/removal/end" in tea.browser.get(answer.location).text
    tea.post(f"/questions/{second.id}/removal/end")
    assert order(tea, quiz) == ["1", "2", "3", "4", "5", "6"]
    htmx = tea.post(f"/questions/{second.id}/removal", headers={"HX-Request": "true"})
    assert "<html" not in htmx.text and "Undo the deletion" in htmx.text


def test_a_quiz_moves_to_another_lesson_where_its_address_may_be_taken(tea, quiz):
    tea.post("/lessons/lesson-3/quizzes", {"title": "Steeping"})
    tea.post(f"/quizzes/{quiz.id}/lesson", {"lesson": "lesson-3"})
    moved = tea.row(Quiz, id=quiz.id)
    assert moved.lesson_id == tea.row(Lesson, slug="lesson-3").id and moved.slug == "steeping-2"
    assert tea.post(f"/quizzes/{quiz.id}/lesson", {"lesson": "nowhere"}).status_code == 404


def test_a_deleted_quiz_is_gone_and_comes_back(tea, quiz):
    answer = tea.post(f"/quizzes/{quiz.id}/removal")
    assert tea.browser.get(f"/teaching/tea/quizzes/{quiz.id}").status_code == 404
    assert "/quiz/" in tea.browser.get(answer.location).text
    tea.post("/lessons/lesson-1/quizzes", {"title": "Steeping"})
    tea.post(f"/quiz/{quiz.id}/removal/end")
    assert tea.row(Quiz, id=quiz.id).slug == "steeping-2"
    assert "Which water" in tea.page(f"/quizzes/{quiz.id}")


def test_what_is_wrong_is_said_with_the_way_there(tea, quiz, app):
    single = _questions(tea)[2]
    tea.change(Question.__table__.update().where(Question.id == _questions(tea)[0].id).values(position=9))
    from lms.quizzes.models import QuestionVersion

    version = tea.row(QuestionVersion, id=single.version_id)
    key = version.key | {"options": [option | {"weight": "0"} for option in version.key["options"]]}
    tea.change(QuestionVersion.__table__.update().where(QuestionVersion.id == version.id).values(key=key))
    page = tea.page(f"/quizzes/{quiz.id}")
    assert "Question 2: no answer is marked as right" in page
    assert f"/teaching/tea/questions/{single.id}" in page
    assert f'href="/teaching/tea/quizzes/{quiz.id}"' in tea.page()
    assert tea.browser.get("/teaching/tea").text.count("not right yet") == 1


def test_a_duplicated_lesson_has_its_quizzes_with_questions_and_draws_of_its_own(tea, quiz):
    tea.post(f"/quizzes/{quiz.id}/draws", {"count": "2", "tags": "leaf", "points": "1"})
    tea.post("/lessons/lesson-1/copy")
    tea.post(f"/modules/{tea.module()}/copy")
    with tea.app.app_context():
        rows = db.session.scalars(select(Quiz).order_by(Quiz.id)).all()
        assert [row.title for row in rows] == ["Steeping"] * 4
        assert len({row.lesson_id for row in rows}) == 4 and len({row.source_id for row in rows}) == 4
        for row in rows:
            asked = select(func.count()).where(Question.quiz_id == row.id)
            assert db.session.scalar(asked) == 6
            assert db.session.scalar(select(QuizDraw.count).where(QuizDraw.quiz_id == row.id)) == 2


def test_the_list_costs_the_same_whatever_its_length(tea, quiz, app):
    def cost() -> int:
        with sql.count(app) as seen:
            tea.page(f"/quizzes/{quiz.id}")
        return len(seen)

    before = cost()
    for question in _questions(tea):
        tea.post(f"/questions/{question.id}/copy")
    assert cost() <= before <= 9


def test_a_preview_is_answered_and_graded_and_nothing_of_it_is_kept(tea, quiz):
    address = f"/quizzes/{quiz.id}/preview"
    page = tea.page(address)
    assert "Nothing that you answer here is kept" in page and quizzes.SECRET not in page
    answers = {"seed": "x", "q0-seq": "0", "q0-option": "2", "q4-seq": "0", "q4-text": "3.5"}
    result = tea.post(address, answers)
    assert result.status_code == 200
    assert "2 of 6 points" in result.text and quizzes.SECRET in result.text
    assert tea.row(Attempt) is None
    long = tea.post(address, {"seed": "x", "q3-seq": "0", "q3-text": "x" * 2000})
    assert long.status_code == 422 and "x" * 2000 in long.text
