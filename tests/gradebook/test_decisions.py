"""What a person decides about a grade holds wherever its learner meets the work: lesson, page and completion."""

import re

import pytest

from lms.core.db import db
from lms.courses.models import Course
from tests.assignments.conftest import BRIEF, LESSON, desk  # noqa: F401 - the course with its assignment
from tests.support import forms, quizzes, sql

BOOK = "/teaching/tea/gradebook"


@pytest.fixture
def decide(desk, as_user, alice, bob):  # noqa: F811
    """Alice decides about bob's work, or takes it back."""
    enrollment = desk.look("select id from enrollments where user_id = :id", id=bob.id)[0].id

    def act(what: str, percent: str = "", reason: str = "He was ill", *, on: str = "assignment/1") -> None:
        browser, path = as_user(alice), f"{BOOK}/{enrollment}/{on}"
        shown = forms.filled(browser.get(path).text, "decision")["shown"]
        fields = {"what": what, "percent": percent, "reason": reason, "shown": shown}
        assert forms.post(browser, path, fields).status_code == 303

    return act


def completes(browser) -> bool:
    """Whether the lesson may be marked as completed."""
    answer = forms.post(browser, f"{LESSON}/completion", {})
    assert answer.status_code in (303, 422)
    return answer.status_code == 303


def test_a_decided_percent_stands_in_lesson_and_page_and_lets_it_be_completed(
    app,
    as_user,
    desk,  # noqa: F811
    decide,
    alice,
    bob,
) -> None:
    desk.set(passing_percent=50)
    learner = as_user(bob)
    desk.hand_in(learner, "A pot")
    desk.grade(as_user(alice), bob, "8")
    assert "Reach 50%" in learner.get(LESSON).text and not completes(learner)
    decide("percent", "50.5", "The scale was broken")
    with sql.count(app) as statements:
        page = learner.get(BRIEF).text
    assert len(statements) <= 5
    assert "Your instructor decided otherwise" in page and "The scale was broken" in page
    assert "Graded: 50.5%" in page and "Graded: 40%" not in page and "The work itself has 40%" in page
    lesson = learner.get(LESSON).text
    assert "Graded: 50.5%" in lesson and "Reach 50%" not in lesson
    decide("percent", "49")
    assert "Reach 50%" in learner.get(LESSON).text and not completes(learner)
    decide("work")
    assert "Your instructor decided" not in learner.get(BRIEF).text and not completes(learner)
    decide("percent", "50")
    assert completes(learner)


def test_the_title_of_the_work_keeps_its_own_direction(as_user, desk, decide, alice, bob) -> None:  # noqa: F811
    enrollment = desk.look("select id from enrollments where user_id = :id", id=bob.id)[0].id
    page = as_user(alice).get(f"{BOOK}/{enrollment}/assignment/1").text
    assert re.search(r'<h1><span dir="auto">[^<]+</span></h1>', page)


def test_who_is_excused_owes_nothing_to_the_lesson(as_user, desk, decide, bob, charlie) -> None:  # noqa: F811
    desk.set(passing_percent=50)
    learner = as_user(bob)
    assert not completes(learner)
    decide("excused")
    page = learner.get(BRIEF).text
    assert "You are excused" in page and "He was ill" in page and "Not handed in" not in page
    lesson = learner.get(LESSON).text
    assert "Excused" in lesson and "Reach 50%" not in lesson
    assert "He was ill" not in as_user(charlie).get(BRIEF).text and not completes(as_user(charlie))
    assert completes(learner)


def test_a_decision_takes_the_place_of_a_return_too(as_user, desk, decide, alice, bob) -> None:  # noqa: F811
    learner = as_user(bob)
    desk.hand_in(learner, "A pot")
    desk.grade(as_user(alice), bob, "8", then="return")
    assert not completes(learner)
    decide("percent", "70")
    assert "Revise" not in learner.get(LESSON).text and completes(learner)


def test_the_same_holds_for_a_required_quiz(app, as_user, desk, decide, bob) -> None:  # noqa: F811
    desk.set(is_required=False)
    with app.app_context():
        course = db.session.get_one(Course, 1)
        db.session.expunge(course)
    made = quizzes.quiz(app, course, [quizzes.single()], mode="graded", is_required=True, passing_percent=70)
    page, on = f"{LESSON}/quizzes/{made.slug}", f"quiz/{made.id}"
    learner = as_user(bob)
    assert "Pass the quiz" in learner.get(LESSON).text and not completes(learner)
    decide("percent", "69", on=on)
    assert "Pass the quiz" in learner.get(LESSON).text and not completes(learner)
    assert "69% counts" in learner.get(page).text
    decide("percent", "70", on=on)
    assert "Pass the quiz" not in learner.get(LESSON).text
    decide("excused", on=on)
    assert "You are excused" in learner.get(page).text and "Excused" in learner.get(LESSON).text
    assert completes(learner)
