"""A lesson that opens once a quiz is passed well enough."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update

from lms.core import work
from lms.core.db import db
from lms.courses.models import Lesson
from lms.learning import actions
from lms.learning.models import Enrollment
from lms.quizzes.models import Accommodation, Attempt, Quiz
from tests import factories
from tests.support import quizzes, sql

SECOND = "/courses/tea/lessons/lesson-2"


@pytest.fixture
def quiz(app, tea) -> Quiz:
    return quizzes.quiz(app, tea.course, title="Leaves")


@pytest.fixture
def wait_for(tea, quiz):
    def put(score=70, **more):
        rule = {"quiz": quiz.source_id, "score": score} | more
        tea.change(update(Lesson).where(Lesson.slug == "lesson-2").values(release=rule))

    return put


@pytest.fixture
def sit(app, tea, quiz):
    def close(percent, number=1):
        with app.app_context(), work.unit():
            enrollment = db.session.get_one(Enrollment, tea.enrollment)
            db.session.add(
                Attempt(
                    quiz_id=quiz.id, user_id=enrollment.user_id, enrollment_id=enrollment.id, number=number,
                    state="graded", layout=[], started_at=factories.NOW, submitted_at=factories.NOW,
                    closed_by="learner", score=Decimal(1), points=Decimal(1), percent=Decimal(percent), passed=True,
                )
            )  # fmt: skip

    return close


def test_the_lesson_waits_for_the_score_and_says_what_is_lacking(wait_for, sit, quiz, as_user, bob):
    wait_for(80)
    browser = as_user(bob)
    answer = browser.get(SECOND)
    assert answer.status_code == 403
    assert "Opens when you have at least 80 % in the quiz “Leaves”" in answer.text
    assert f"/lessons/lesson-1/quizzes/{quiz.slug}" in answer.text
    assert "at least 80 %" in browser.get("/courses/tea").text
    sit("79.99")
    assert "you have 79.99 %" in browser.get(SECOND).text
    sit(80, number=2)
    assert browser.get(SECOND).status_code == 200


@pytest.mark.parametrize(
    ("counts", "scores", "opens"),
    [
        ("best", (90, 10), True),
        ("last", (90, 10), False),
        ("average", (90, 50), True),
        ("average", (90, 48), False),
    ],
)
def test_the_score_that_counts_is_the_quizs_own(
    tea, quiz, wait_for, sit, as_user, bob, counts, scores, opens
):
    tea.change(update(Quiz).values(counts=counts))
    wait_for(70)
    for number, score in enumerate(scores, 1):
        sit(score, number)
    assert (as_user(bob).get(SECOND).status_code == 200) is opens


def test_the_quizzes_of_a_lesson_wait_with_it(app, tea, wait_for, as_user, bob):
    wait_for()
    later = quizzes.quiz(app, tea.course, slug="later")
    tea.change(update(Quiz).where(Quiz.slug == "later").values(lesson_id=db_id(tea, "lesson-2")))
    answer = as_user(bob).get(f"{SECOND}/quizzes/{later.slug}")
    assert answer.status_code == 303 and answer.location.endswith(SECOND)


def test_a_quiz_that_nobody_can_take_holds_nothing_back(tea, wait_for, quiz, as_user, bob):
    wait_for(quiz="no/such-quiz")
    assert as_user(bob).get(SECOND).status_code == 200
    wait_for()
    tea.change(update(Quiz).values(removed_at=factories.NOW))
    assert as_user(bob).get(SECOND).status_code == 200


def test_a_lesson_does_not_wait_for_its_own_quiz(tea, wait_for, as_user, bob):
    wait_for()
    tea.change(update(Quiz).values(lesson_id=db_id(tea, "lesson-2")))
    assert as_user(bob).get(SECOND).status_code == 200


def db_id(tea, slug):
    return tea.row(Lesson, slug=slug).id


def test_a_page_costs_no_more_statements_for_it(app, wait_for, as_user, bob):
    wait_for()
    browser = as_user(bob)
    for path in ("/courses/tea", "/courses/tea/lessons/lesson-1", SECOND):
        browser.get(path)
        with sql.count(app) as statements:
            browser.get(path)
        assert len(statements) <= 5, statements


def test_the_folders_short_form_names_lesson_and_quiz(wait_for, quiz, as_user, bob):
    wait_for(quiz=f"lesson-1/{quiz.slug}")
    assert as_user(bob).get(SECOND).status_code == 403


def test_completing_a_lesson_shows_what_opened(app, tea, wait_for, sit):
    wait_for()
    sit(100)
    with app.app_context(), work.unit():
        done = actions.complete_lesson(tea.enrollment, db_id(tea, "lesson-1"), (), factories.NOW)
        assert done.outline.holds(factories.NOW, factories.NOW) == {}


def test_a_quiz_that_had_closed_holds_no_newcomer_back(app, tea, wait_for, quiz, as_user, bob, charlie):
    wait_for(80)
    closed = factories.NOW + timedelta(days=1)
    tea.change(update(Quiz).values(closes_at=closed))
    quizzes.enrolled(app, charlie, tea.course, closed)
    assert as_user(charlie).get(SECOND).status_code == 200
    assert as_user(bob).get(SECOND).status_code == 403
    with app.app_context(), work.unit():
        facts = {"quiz_id": quiz.id, "user_id": charlie.id, "reason": "New", "changed_at": closed}
        db.session.add(Accommodation(closes_at=closed + timedelta(days=3), **facts))
    assert as_user(charlie).get(SECOND).status_code == 403


def test_a_hidden_quiz_keeps_no_lesson_closed(wait_for, quiz, tea, as_user, bob):
    wait_for(80)
    browser = as_user(bob)
    assert browser.get(SECOND).status_code == 403
    tea.change(update(Quiz).values(is_published=False))
    assert browser.get(SECOND).status_code == 200
    assert "Leaves" not in browser.get("/courses/tea").text
