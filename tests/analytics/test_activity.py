"""Whatever a learner works on is activity: nobody who hands in work becomes quiet."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update

from lms.accounts.models import User
from lms.analytics import refreshing
from lms.assignments import submitting
from lms.core import work
from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.discussions import posts
from lms.discussions.models import Post
from lms.learning.models import Enrollment
from lms.quizzes.models import Attempt, Quiz
from tests import factories
from tests.analytics.histories import rollups
from tests.analytics.test_pages import rows, words
from tests.support import assignments, quizzes

As = Callable[[User], FlaskClient]
Deed = Callable[[Flask, Course, User, datetime], None]


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def tea(app: Flask, alice: User, bob: User, now: datetime) -> Course:
    """Bob came three weeks ago, and opened no lesson."""
    course = factories.course(app, alice, lessons=3)
    assignments.join(app, course, bob, at=now - timedelta(days=21))
    return course


def enrollment_of(course: Course, person: User) -> Enrollment:
    found = select(Enrollment).where(Enrollment.course_id == course.id, Enrollment.user_id == person.id)
    return db.session.scalars(found).one()


def last_active(app: Flask, course: Course, person: User) -> datetime:
    with app.app_context():
        return enrollment_of(course, person).last_active_at


def hand_in(app: Flask, course: Course, person: User, at: datetime) -> None:
    assignments.hand_in(app, assignments.assignment(app, course), person, at)


def draft(app: Flask, course: Course, person: User, at: datetime) -> None:
    brief = assignments.assignment(app, course)
    with app.app_context(), work.unit():
        done = submitting.locked(brief.id, person.id, enrollment_of(course, person).id)
        submitting.keep_draft(done, "Warm the pot", submitting.Seen(0, 0), at)


def begin_quiz(app: Flask, course: Course, person: User, at: datetime) -> None:
    quiz = quizzes.quiz(app, course)
    with app.app_context(), work.unit():
        mine = {"user_id": person.id, "enrollment_id": enrollment_of(course, person).id}
        db.session.add(Attempt(quiz_id=quiz.id, number=1, layout=[], started_at=at, **mine))


def fail_quiz(app: Flask, course: Course, person: User, at: datetime, number: int) -> None:
    """Hand in attempt `number` with nothing right in it."""
    quiz_id = quizzes.quiz(app, course).id if number == 1 else 1
    with app.app_context(), work.unit():
        mine = {"user_id": person.id, "enrollment_id": enrollment_of(course, person).id, "number": number}
        closed = {"state": "graded", "submitted_at": at, "percent": 0, "passed": False}
        db.session.add(Attempt(quiz_id=quiz_id, layout=[], started_at=at, **closed, **mine))


def ask(app: Flask, course: Course, person: User, at: datetime) -> None:
    with app.app_context(), work.unit():
        posts.ask(course, 1, person.id, "How long?", "Three minutes?", at, by_staff=False)


@pytest.mark.parametrize("deed", [hand_in, draft, begin_quiz, ask])
def test_work_is_activity_and_keeps_a_learner_from_being_quiet(
    app: Flask, as_user: As, alice: User, bob: User, tea: Course, now: datetime, deed: Deed
) -> None:
    risk = "/teaching/tea/analytics/risk"
    with app.app_context():
        refreshing.refresh(now)
    assert "No activity for 20 days" in words(as_user(alice).get(risk).text)
    deed(app, tea, bob, now)
    assert last_active(app, tea, bob) == now
    with app.app_context():
        refreshing.refresh(now)
    assert "No activity" not in words(as_user(alice).get(risk).text)


@pytest.mark.parametrize(("deed", "column"), [(hand_in, 4), (ask, 5)])
def test_a_day_of_work_is_a_day_of_activity(
    app: Flask, as_user: As, bob: User, tea: Course, now: datetime, deed: Deed, column: int
) -> None:
    deed(app, tea, bob, now)
    with app.app_context():
        refreshing.refresh(now)
    active = {row[1]: row[7] for row in rollups(app)["course_days"]}
    assert active[now.date()] == [bob.id]
    page = words(as_user(bob).get("/learning/activity").text)
    assert "You were active on 1 day: you opened or completed a lesson, handed in" in page
    [_heads, day] = rows(as_user(bob), "/learning/activity.csv")
    assert day[column] == "1"


def test_what_was_taken_back_makes_no_day(app: Flask, bob: User, tea: Course, now: datetime) -> None:
    ask(app, tea, bob, now)
    with app.app_context():
        refreshing.refresh(now)
        with work.unit():
            posts.remove(db.session.scalars(select(Post)).one())
        refreshing.refresh(now)
    assert now.date() not in [row[1] for row in rollups(app)["course_days"]]


def test_a_draft_that_is_kept_at_every_word_moves_the_learner_on_once_in_a_quarter_of_an_hour(
    app: Flask, bob: User, tea: Course, now: datetime
) -> None:
    draft(app, tea, bob, now)
    for minutes, seen in ((5, 0), (14, 0), (16, 16)):
        with app.app_context(), work.unit():
            done = submitting.locked(1, bob.id, enrollment_of(tea, bob).id)
            at = now + timedelta(minutes=minutes)
            submitting.keep_draft(done, f"Word {minutes}", submitting.Seen(0, done.draft_seq), at)
        assert last_active(app, tea, bob) == now + timedelta(minutes=seen)


def test_who_teaches_and_answers_is_no_learner_of_that_day(
    app: Flask, alice: User, tea: Course, now: datetime
) -> None:
    with app.app_context(), work.unit():
        posts.ask(tea, 1, alice.id, "Any questions?", "Ask.", now, by_staff=True)
    with app.app_context():
        refreshing.refresh(now)
    assert now.date() not in [row[1] for row in rollups(app)["course_days"]]


def test_who_holds_an_enrollment_holds_nobody_up(app: Flask, tea: Course, bob: User, now: datetime) -> None:
    """Starting an attempt locks first the enrollment, then the attempts; ending one locks the attempt. Noting activity
    waits for neither, so that the two never wait for each other."""
    begin_quiz(app, tea, bob, now - timedelta(hours=1))
    with app.app_context(), db.engine.connect() as elsewhere, elsewhere.begin():
        elsewhere.execute(text("select id from enrollments for update"))
        with work.unit():
            db.session.execute(text("set local lock_timeout = '2s'"))
            db.session.execute(text("update attempts set submitted_at = :at, state = 'graded'"), {"at": now})
    assert last_active(app, tea, bob) == now - timedelta(hours=1)


def test_a_hidden_quiz_is_in_nobody_s_list_and_failed_by_nobody(
    app: Flask, as_user: As, alice: User, bob: User, tea: Course, now: datetime
) -> None:
    for number in (1, 2):
        fail_quiz(app, tea, bob, now, number)

    def figures() -> tuple[bool, bool]:
        with app.app_context():
            refreshing.refresh(now)
        own, risk = (
            as_user(bob).get("/learning/activity").text,
            as_user(alice).get("/teaching/tea/analytics/risk").text,
        )
        return "Steeping" in own, "Failed “Steeping” 2 times" in risk

    assert figures() == (True, True)
    with app.app_context(), work.unit():
        db.session.execute(update(Quiz).values(is_published=False))
    assert figures() == (False, False)
    page = as_user(alice).get("/teaching/tea/analytics").text
    assert "Steeping" in page and "not published" in page


@pytest.mark.parametrize("gone", [{"is_published": False}, {"removed_at": factories.NOW}])
def test_work_in_a_lesson_that_learners_do_not_see_is_in_nobody_s_list(
    app: Flask, as_user: As, bob: User, tea: Course, now: datetime, gone: dict[str, Any]
) -> None:
    fail_quiz(app, tea, bob, now, 1)
    hand_in(app, tea, bob, now)
    page = as_user(bob).get("/learning/activity").text
    assert "Steeping" in page and "A pot of tea" in page
    with app.app_context(), work.unit():
        db.session.execute(update(Lesson).values(**gone))
    page = as_user(bob).get("/learning/activity").text
    assert "Steeping" not in page and "A pot of tea" not in page
