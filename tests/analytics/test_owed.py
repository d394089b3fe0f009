"""Work that is overdue or graded too low, as reasons why somebody may not finish; and what is never told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from lms.accounts.models import User
from lms.analytics import refreshing
from lms.assignments import grading
from lms.assignments.models import Assignment
from lms.core import work
from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.gradebook import queries as gradebook
from lms.gradebook.models import GradeCategory, GradePlace
from lms.gradebook.standing import Learner, standing
from lms.learning.models import Enrollment
from lms.quizzes.models import Attempt
from tests import factories
from tests.analytics.test_pages import rows, words
from tests.support.assignments import assignment, change, decide, extend, grade, hand_in, join, leave
from tests.support.quizzes import quiz

As = Callable[[User], FlaskClient]
DASHBOARD = "/teaching/tea/analytics"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def risk(app: Flask, alices: FlaskClient, at: datetime) -> dict[str, str]:
    """Who may not finish, and why."""
    with app.app_context():
        refreshing.refresh(at)
    found = rows(alices, f"{DASHBOARD}/risk.csv")[1:]
    return {row[0]: row[3].replace("\u2068", "").replace("\u2069", "") for row in found}


def test_work_that_was_due_and_did_not_come_is_a_reason_with_its_name_and_date(
    app: Flask, as_user: As, alice: User, bob: User, charlie: User, tea: Course, now: datetime
) -> None:
    due = (now - 2 * DAY).replace(hour=12)
    pot = assignment(app, tea, due_at=due)
    hand_in(app, pot, bob, now)
    alices = as_user(alice)
    said = f"An assignment is overdue: “A pot of tea”, since {due.day} {due:%B %Y}"
    assert risk(app, alices, now) == {"Charlie Croft": said}
    assert said in words(alices.get(DASHBOARD).text)
    assert said in words(alices.get(f"{DASHBOARD}/risk").text)
    hand_in(app, pot, charlie, now)
    assert risk(app, alices, now) == {}


def test_what_is_worth_no_points_is_owed_only_where_it_is_required(
    app: Flask, as_user: As, alice: User, bob: User, charlie: User, tea: Course, now: datetime
) -> None:
    pot = assignment(app, tea, due_at=now - 2 * DAY, max_points=0)
    alices = as_user(alice)
    assert risk(app, alices, now) == {}
    change(app, Assignment, pot.id, is_required=True)
    assert set(risk(app, alices, now)) == {"Bob Brook", "Charlie Croft"}


def test_nothing_is_overdue_before_the_day_after_and_extra_days_move_it(
    app: Flask, as_user: As, alice: User, bob: User, charlie: User, tea: Course, now: datetime
) -> None:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    pot = assignment(app, tea, due_at=midnight + timedelta(hours=1))
    alices = as_user(alice)
    assert risk(app, alices, midnight + timedelta(hours=23)) == {}
    extend(app, pot, bob, 3)
    assert set(risk(app, alices, midnight + DAY)) == {"Charlie Croft"}
    assert set(risk(app, alices, midnight + 4 * DAY)) == {"Bob Brook", "Charlie Croft"}


def test_a_newcomer_owes_nothing_that_was_due_before_and_is_late_with_nothing(
    app: Flask, as_user: As, alice: User, bob: User, charlie: User, tea: Course, now: datetime
) -> None:
    erin = factories.person(app, "Erin Elm", "erin@example.org")
    pot = assignment(
        app,
        tea,
        due_at=now - 3 * DAY,
        late_policy="percent",
        late_percent=30,
        is_required=True,
        passing_percent=60,
    )
    join(app, tea, erin, at=now - 2 * DAY)
    alices = as_user(alice)
    assert set(risk(app, alices, now)) == {"Bob Brook", "Charlie Croft"}
    for person in (bob, erin):
        grade(app, pot, hand_in(app, pot, person, now - DAY), "20", now)
    # 20 of 20 points: 100 % for erin, and 40 % two days late.
    assert risk(app, alices, now)["Bob Brook"] == "“A pot of tea” was graded 40%; 60% is asked for"
    assert set(risk(app, alices, now)) == {"Bob Brook", "Charlie Croft"}
    # Handed in, on time, late.
    assert rows(alices, f"{DASHBOARD}/assignments.csv")[1][1:4] == ["2", "1", "1"]


@pytest.mark.parametrize("seed", range(3))
def test_who_owes_what_is_what_the_gradebook_counts_as_missing(
    app: Flask, as_user: As, alice: User, now: datetime, seed: int
) -> None:
    """By one rule in SQL and in Python, for everybody who came before, after, or at the very moment."""
    chance, today = Random(seed), now.replace(hour=0, minute=0, second=0, microsecond=0)
    course = factories.course(app, alice, lessons=3)
    pots = [
        assignment(
            app,
            course,
            slug=f"pot-{number}",
            due_at=today - chance.randint(1, 6) * DAY - chance.randint(0, 23) * HOUR,
            time_zone=chance.choice(("UTC", "Europe/Berlin")),
        )
        for number in range(4)
    ]
    for number in range(12):
        person = factories.person(app, f"L {number}", f"l{number}@example.org")
        pot = chance.choice(pots)
        moments = (pot.due_at, pot.due_at - HOUR, pot.due_at + HOUR, today - chance.randint(0, 9) * DAY)
        join(app, course, person, at=chance.choice(moments))
        if chance.random() < 0.4:
            extend(app, pot, person, chance.randint(1, 5))
        if chance.random() < 0.3:
            hand_in(app, chance.choice(pots), person, today)
    with app.app_context():
        book, page = gradebook.book(course.id), gradebook.learners(course.id, "", 1)
        cells = gradebook.cells(course.id, [row.id for row in page.items], today)
        stands = {
            row.name: standing(book, cells, Learner(row.id, row.enrolled_at), today, None)
            for row in page.items
        }
    states = [line.grade.status for stand in stands.values() for line in stand.lines]
    assert states.count("missing") > 5 and states.count("not_owed") > 5
    missing = {
        name: sum(line.grade.status == "missing" for line in stand.lines)
        for name, stand in stands.items()
        if any(line.grade.status == "missing" for line in stand.lines)
    }
    found = risk(app, as_user(alice), today)
    assert {name: said.count("is overdue") for name, said in found.items()} == missing


@pytest.mark.parametrize("how", ["removed", "unpublished", "not due", "returned", "excused", "given", "left"])
def test_what_nobody_can_be_blamed_for_is_not_overdue(
    app: Flask, as_user: As, alice: User, bob: User, charlie: User, tea: Course, now: datetime, how: str
) -> None:
    leave(app, tea, charlie, now)
    pot = assignment(app, tea, due_at=now - 2 * DAY)
    alices = as_user(alice)
    assert set(risk(app, alices, now)) == {"Bob Brook"}
    if how == "removed":
        change(app, Assignment, pot.id, removed_at=now)
    elif how == "unpublished":
        change(app, Lesson, pot.lesson_id, is_published=False)
    elif how == "not due":
        change(app, Assignment, pot.id, due_at=now + 2 * DAY)
    elif how == "returned":
        grade(app, pot, hand_in(app, pot, bob, now), "1", now, back=True)
    elif how == "left":
        leave(app, tea, bob, now)
    else:
        decide(app, pot, bob, 50 if how == "given" else None)
    # A course that was counted anew a moment ago rests before it is again.
    assert risk(app, alices, now + timedelta(minutes=4)) == {}


def test_optional_work_that_counts_for_nothing_is_not_overdue(
    app: Flask, as_user: As, alice: User, tea: Course, now: datetime
) -> None:
    pot = assignment(app, tea, due_at=now - 2 * DAY)
    alices = as_user(alice)
    assert len(risk(app, alices, now)) == 2
    with app.app_context(), work.unit():
        part = GradeCategory(course_id=tea.id, name="Works", weight=100, position=1)
        db.session.add(part)
        db.session.flush()
        number = part.id
    assert risk(app, alices, now) == {}
    with app.app_context(), work.unit():
        db.session.add(GradePlace(category_id=number, assignment_id=pot.id))
    assert len(risk(app, alices, now)) == 2
    change(app, GradeCategory, number, weight=0)
    assert risk(app, alices, now) == {}
    change(app, Assignment, pot.id, is_required=True)
    assert len(risk(app, alices, now)) == 2


def test_a_required_grade_below_what_is_asked_for_is_a_reason_while_it_stands(
    app: Flask, as_user: As, alice: User, bob: User, tea: Course, now: datetime
) -> None:
    pot = assignment(app, tea, passing_percent=60, is_required=True)
    done = hand_in(app, pot, bob, now - DAY)
    grade(app, pot, done, "9", now)
    alices = as_user(alice)
    assert risk(app, alices, now) == {"Bob Brook": "“A pot of tea” was graded 45%; 60% is asked for"}
    grade(app, pot, done, "12", now)
    assert risk(app, alices, now) == {}
    change(app, Assignment, pot.id, passing_percent=70)
    assert set(risk(app, alices, now)) == {"Bob Brook"}
    change(app, Assignment, pot.id, is_required=False)
    assert risk(app, alices, now) == {}


def test_a_blind_grade_is_not_given_away_before_it_is_released(
    app: Flask, as_user: As, alice: User, bob: User, tea: Course, now: datetime
) -> None:
    pot = assignment(
        app,
        tea,
        passing_percent=60,
        is_required=True,
        is_blind=True,
        released_together=True,
        due_at=now + DAY,
    )
    grade(app, pot, hand_in(app, pot, bob, now - DAY), "3", now)
    alices = as_user(alice)
    assert risk(app, alices, now) == {}
    page = words(alices.get(DASHBOARD).text)
    assert "Bob Brook" not in page and "1 grade · 15% on average" in page
    assert "1 grade is not released to its learner yet." in page
    assert "Bob" not in alices.get(f"{DASHBOARD}/assignments.csv").text
    with app.app_context(), work.unit():
        assert grading.release(pot.id, now) == 1
    assert set(risk(app, alices, now)) == {"Bob Brook"}
    assert "not released to" not in words(alices.get(DASHBOARD).text)


def test_what_a_person_decided_is_the_grade_that_is_too_low_or_is_not(
    app: Flask, as_user: As, alice: User, bob: User, tea: Course, now: datetime
) -> None:
    pot = assignment(app, tea, passing_percent=60, is_required=True)
    grade(app, pot, hand_in(app, pot, bob, now - DAY), "9", now)
    alices = as_user(alice)
    assert set(risk(app, alices, now)) == {"Bob Brook"}
    decide(app, pot, bob, 60)
    assert risk(app, alices, now) == {}
    decide(app, pot, bob, 59)
    assert risk(app, alices, now) == {"Bob Brook": "“A pot of tea” was graded 59%; 60% is asked for"}
    decide(app, pot, bob, None)
    assert risk(app, alices, now) == {}


def test_who_was_let_off_a_quiz_has_not_failed_it(
    app: Flask, as_user: As, alice: User, bob: User, tea: Course, now: datetime
) -> None:
    made = quiz(app, tea, mode="graded", is_required=True, passing_percent=70)
    with app.app_context(), work.unit():
        mine = db.session.scalars(select(Enrollment.id).where(Enrollment.user_id == bob.id)).one()
        facts = {
            "quiz_id": made.id,
            "user_id": bob.id,
            "enrollment_id": mine,
            "state": "graded",
            "layout": [],
        }
        facts |= {"started_at": now, "submitted_at": now, "percent": 10, "passed": False}
        db.session.execute(insert(Attempt), [facts | {"number": number} for number in (1, 2)])
    alices = as_user(alice)
    assert set(risk(app, alices, now)) == {"Bob Brook"}
    for percent, is_met in ((70, True), (69, False), (None, True)):
        decide(app, made, bob, percent)
        assert (risk(app, alices, now) == {}) is is_met
    decide(app, made, bob, None, taken_back=True)
    assert set(risk(app, alices, now)) == {"Bob Brook"}
