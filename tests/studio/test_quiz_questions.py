"""Writing questions in the studio: every kind by a plain form, and what was asked before stays as it was."""

import re
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from lms.core.db import db
from lms.quizzes.content import content_from_json
from lms.quizzes.grading import grade
from lms.quizzes.keys import key_from_json
from lms.quizzes.models import Question, QuestionVersion, Quiz
from tests.support import quizzes
from tests.support.forms import filled, post

KINDS: dict[str, tuple[dict[str, str], dict[str, Any], dict[str, Any]]] = {
    "single": (
        {"rows-0-text": "Cold", "rows-1-text": "Hot", "rows-1-right": "y", "rows-0-feedback": "Too cold."},
        {"option": "2"},
        {"option": "1"},
    ),
    "multiple": (
        {
            "rows-0-text": "Assam", "rows-0-right": "y", "rows-1-text": "Arabica", "rows-2-text": "Ceylon",
            "rows-2-right": "y", "partial_credit": "y",
        },
        {"options": ["1", "3"]},
        {"options": ["1", "2"]},
    ),
    "true_false": ({"answer": "false", "if_true": "It is not."}, {"option": "false"}, {"option": "true"}),
    "short_answer": ({"rows-0-text": "oolong", "rows-1-text": "o*"}, {"text": "OOLONG"}, {"text": "green"}),
    "numeric": (
        {"rows-0-text": "3,5", "rows-0-tolerance": "0.5", "rows-1-text": "10..12"},
        {"text": "4"},
        {"text": "9"},
    ),
    "matching": (
        {
            "rows-0-text": "Longjing", "rows-0-choice": "China", "rows-1-text": "Nilgiri",
            "rows-1-choice": "India", "distractors": "Kenya\nPeru", "partial_credit": "y",
        },
        {"pairs": {"1": "1", "2": "2"}},
        {"pairs": {"1": "3", "2": "4"}},
    ),
    "ordering": (
        {"rows-0-text": "Warm the pot", "rows-1-text": "Add the leaves", "rows-2-text": "Pour"},
        {"places": {"1": 2, "2": 3, "3": 1}},
        {"places": {"1": 1, "2": 2, "3": 3}},
    ),
    "cloze": (
        {
            "text": "Tea comes from [[1]]; it steeps [[2]] minutes.", "rows-0-gap": "1",
            "rows-0-kind": "single", "rows-0-text": "China\n~ Peru # Coffee does.", "rows-1-gap": "2",
            "rows-1-kind": "numeric", "rows-1-text": "3 : 1", "partial_credit": "y",
        },
        {"gaps": {"1": "1", "2": "4"}},
        {"gaps": {"1": "2", "2": "9"}},
    ),
}  # fmt: skip
"""What is typed beside the text, what then earns everything, and what earns nothing."""


@pytest.fixture
def quiz(tea) -> Quiz:
    assert tea.post("/lessons/lesson-1/quizzes", {"title": "Steeping"}).status_code == 303
    return tea.row(Quiz)


def typed(**more: str) -> dict[str, str]:
    return {"text": "How is it made?", "format": "markdown", "points": "1", **more}


def latest(tea) -> tuple[Question, QuestionVersion]:
    with tea.app.app_context():
        return db.session.execute(
            select(Question, QuestionVersion)
            .join(QuestionVersion, QuestionVersion.id == Question.version_id)
            .order_by(Question.id.desc())
            .limit(1)
        ).one()


@pytest.mark.parametrize("kind", KINDS)
def test_alice_writes_a_question_of_each_kind_and_it_grades_as_she_meant(tea, quiz, kind):
    fields, right, wrong = KINDS[kind]
    answer = tea.post(f"/quizzes/{quiz.id}/questions/new?kind={kind}", typed(**fields, points="2"))
    assert answer.status_code == 303 and f"/quizzes/{quiz.id}" in answer.location
    question, version = latest(tea)
    assert (question.points, version.kind, version.number) == (Decimal(2), kind, 1)
    content, key = content_from_json(version.content), key_from_json(version.key)
    assert grade(content, key, right).fraction == 1
    assert grade(content, key, wrong).fraction == 0
    page = tea.page(f"/quizzes/{quiz.id}")
    assert ("Tea comes from" if kind == "cloze" else "How is it made?") in page
    assert "can’t take this quiz" not in page


@pytest.mark.parametrize("kind", KINDS)
def test_saving_without_a_change_makes_no_new_version(tea, quiz, kind):
    tea.post(f"/quizzes/{quiz.id}/questions/new?kind={kind}", typed(**KINDS[kind][0]))
    question, version = latest(tea)
    fields = filled(tea.page(f"/questions/{question.id}"), "question-form")
    fields |= {"tags": "leaf, water", "title": "A name"}
    assert tea.post(f"/questions/{question.id}", fields).status_code == 303
    question, again = latest(tea)
    assert (again.id, question.tags, question.title) == (version.id, ["leaf", "water"], "A name")


@pytest.mark.parametrize("kind", ["essay", "description"])
def test_what_needs_no_key_needs_none(tea, quiz, kind):
    assert tea.post(f"/quizzes/{quiz.id}/questions/new?kind={kind}", typed()).status_code == 303
    assert latest(tea)[1].kind == kind


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("single", {"rows-0-text": "Cold", "rows-1-text": "Hot"}, "no answer is marked as right"),
        ("single", {"rows-0-text": "Cold", "rows-0-weight": "much"}, "“much” is not a number."),
        ("true_false", {}, "no answer is marked as right"),
        ("numeric", {"rows-0-text": "many"}, "Write a number such as 3.5"),
        ("short_answer", {}, "no answer is marked as right"),
        ("cloze", {"text": "Nothing is left out."}, "gap"),
        ("essay", {"text": " "}, "Write what is asked."),
        ("essay", {"points": "-1"}, "A number from 0 to 10,000."),
    ],
)
def test_what_cant_be_asked_is_refused_in_words_and_stays_typed(tea, quiz, kind, fields, said):
    answer = tea.post(
        f"/quizzes/{quiz.id}/questions/new?kind={kind}", typed(**{"general": "Because of tannin.", **fields})
    )
    assert answer.status_code == 422
    assert said in answer.text and "Because of tannin." in answer.text
    assert tea.row(Question) is None


def test_rows_are_added_moved_and_taken_out_while_everything_typed_stays(tea, quiz):
    address = f"/quizzes/{quiz.id}/questions/new?kind=single"
    rows = {"rows-0-text": "One", "rows-1-text": "Two", "rows-1-right": "y"}
    added = tea.post(address, typed(**rows, do="add"))
    assert added.status_code == 200 and 'name="rows-2-text"' in added.text and "How is it made?" in added.text
    moved = tea.post(address, typed(**rows, do="up-1")).text
    assert moved.index(">Two</textarea>") < moved.index(">One</textarea>")
    assert ">One</textarea>" not in tea.post(address, typed(**rows, do="drop-0")).text
    fragment = tea.post(address, typed(**rows, do="add"), headers={"HX-Request": "true"}).text
    assert "<html" not in fragment and 'id="question-rows"' in fragment
    assert tea.row(Question) is None


def test_the_same_button_moves_a_row_on_and_a_new_row_waits_to_be_typed(tea, quiz):
    address = f"/quizzes/{quiz.id}/questions/new?kind=single"
    rows = {f"rows-{place}-text": name for place, name in enumerate(("One", "Two", "Three"))}

    def waiting(do: str) -> str:
        page = tea.post(address, typed(**rows, do=do), headers={"HX-Request": "true"}).text
        return str(re.search(r'id="([^"]+)"[^>]* autofocus', page)[1])

    assert waiting("up-2") == "row-1-up"
    assert waiting("up-1") == "row-0-down", "it is the first: further up leads nowhere"
    assert waiting("down-0") == "row-1-down"
    assert waiting("down-1") == "row-2-up"
    assert waiting("add") == "rows-3-text"
    assert waiting("drop-2") == "row-1-drop"


def test_the_preview_shows_the_typed_question_as_learners_will_see_it(tea, quiz):
    answer = tea.post(
        f"/quizzes/{quiz.id}/questions/new?kind=single",
        typed(**{"do": "look", "text": "Is **green** tea hot?", "rows-0-text": "Yes", "rows-0-right": "y"}),
        headers={"HX-Request": "true"},
    )
    assert "<strong>green</strong>" in answer.text and "Question 1 of 1" in answer.text


def test_a_new_gap_is_marked_in_the_text_too(tea, quiz):
    fields = typed(text="Tea comes from [[1]].") | {"rows-0-gap": "1", "rows-0-text": "China", "do": "add"}
    page = tea.post(f"/quizzes/{quiz.id}/questions/new?kind=cloze", fields).text
    assert "Tea comes from [[1]]. [[2]]" in page and 'name="rows-1-gap" value="2"' in page


def test_options_keep_their_ids_and_those_of_removed_ones_are_not_given_again(tea, quiz):
    tea.post(
        f"/quizzes/{quiz.id}/questions/new?kind=single",
        typed(**{"rows-0-text": "A", "rows-1-text": "B", "rows-1-right": "y", "rows-2-text": "C"}),
    )
    question, version = latest(tea)
    rows = {
        "rows-0-text": "C", "rows-0-id": "3", "rows-1-text": "New", "rows-2-text": "B, put better",
        "rows-2-id": "2", "rows-2-right": "y",
    }  # fmt: skip
    tea.post(f"/questions/{question.id}", typed(**rows, base=str(version.id)))
    _, again = latest(tea)
    assert again.number == 2
    assert [(o["id"], o["text"]) for o in again.content["options"]] == [
        ("3", "C"), ("4", "New"), ("2", "B, put better"),
    ]  # fmt: skip


def test_an_attempt_under_way_keeps_the_version_it_began_with(tea, quiz, app, bob, as_user):
    tea.post(f"/quizzes/{quiz.id}/questions/new?kind=true_false", typed(answer="true"))
    tea.post("/publication")
    quizzes.enrolled(app, bob, tea.course)
    browser = as_user(bob)
    home = "/courses/tea/lessons/lesson-1/quizzes/steeping"
    attempt = post(browser, f"{home}/attempts", form_at=home).location
    question, version = latest(tea)
    tea.post(f"/questions/{question.id}", typed(answer="true", text="Is it?", base=str(version.id)))
    assert latest(tea)[1].number == 2
    assert "How is it made?" in browser.get(attempt).text


def test_two_authors_do_not_overwrite_each_other_silently(tea, quiz):
    tea.post(f"/quizzes/{quiz.id}/questions/new?kind=essay", typed())
    question, version = latest(tea)
    tea.post(f"/questions/{question.id}", typed(text="Hers", base=str(version.id)))
    answer = tea.post(f"/questions/{question.id}", typed(text="His", base=str(version.id)))
    assert answer.status_code == 409 and "His" in answer.text and "Somebody else saved" in answer.text
    assert latest(tea)[1].content["text"] == "Hers"
    tea.post(f"/questions/{question.id}", typed(text="His", base=str(latest(tea)[1].id)))
    assert latest(tea)[1].content["text"] == "His"


def test_questions_of_other_courses_are_not_found(tea, quiz, app, alice, as_user, dana):
    from tests import factories

    coffee = factories.course(app, dana, slug="coffee")
    quizzes.quiz(app, coffee, slug="beans")
    foreign = latest(tea)[0].id
    for path in ("", "/copy", "/removal", "/removal/end", "/points", "/position", "/bank"):
        assert tea.post(f"/questions/{foreign}{path}", typed(to="up")).status_code == 404, path


@pytest.mark.parametrize(
    "fields",
    [
        {"rows-0-format": "x" * 300, "format": "rtf"},
        {"text": "\x00", "general": "\x00", "rows-0-text": "\x00"},
        {"rows-0-weight": "1e999", "rows-1-weight": "NaN", "points": "Infinity"},
        {"do": "down-99"},
        {"do": "drop-7"},
    ],
)
@pytest.mark.parametrize("kind", ["single", "matching", "cloze"])
def test_what_no_form_of_ours_sends_is_never_an_error(tea, quiz, kind, fields):
    rows = {"rows-0-text": "A", "rows-0-choice": "B", "rows-0-gap": "[[", "rows-0-id": "<"}
    answer = tea.post(f"/quizzes/{quiz.id}/questions/new?kind={kind}", typed(**rows) | fields)
    assert answer.status_code in (200, 400, 422)


def test_a_corrected_key_leads_to_the_regrading_of_who_was_graded_by_the_old_one(
    tea, quiz, app, bob, as_user
):
    tea.post(f"/quizzes/{quiz.id}/questions/new?kind=true_false", typed(answer="true"))
    tea.post("/publication")
    quizzes.enrolled(app, bob, tea.course)
    browser, home = as_user(bob), "/courses/tea/lessons/lesson-1/quizzes/steeping"
    attempt = post(browser, f"{home}/attempts", form_at=home).location
    post(browser, f"{attempt}/submission", {"then": "finish"}, form_at=attempt)
    assert "/regrade" not in tea.page(f"/quizzes/{quiz.id}").partition("quiz-questions")[2]
    question, version = latest(tea)
    tea.post(f"/questions/{question.id}", typed(answer="false", base=str(version.id)))
    assert "1 attempt was graded before a question was corrected." in tea.page(f"/quizzes/{quiz.id}")
