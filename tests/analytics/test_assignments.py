"""Assignments in the figures: what is handed in, which grades count, who owes what, and what is told to whom."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from lms.accounts.models import User
from lms.analytics import refreshing
from lms.analytics.models import AssignmentFigures
from lms.assignments import grading
from lms.assignments.models import Assignment, SubmissionVersion
from lms.core import work
from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.gradebook import queries as gradebook
from lms.gradebook.models import GradeOverride
from lms.learning.models import Enrollment
from tests import factories
from tests.analytics.test_pages import rows, words
from tests.support.assignments import assignment, change, decide, extend, grade, hand_in, join, leave

As = Callable[[User], FlaskClient]
DASHBOARD = "/teaching/tea/analytics"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def counted(app: Flask, brief: Assignment, at: datetime) -> AssignmentFigures:
    with app.app_context():
        refreshing.refresh(at)
        found = db.session.get_one(AssignmentFigures, brief.id)
        db.session.expunge(found)
        return found


def grades(app: Flask, brief: Assignment, at: datetime) -> tuple[int, float | None]:
    """How many grades count, and their average."""
    figures = counted(app, brief, at)
    return figures.graded, None if figures.average is None else float(figures.average)


def test_the_course_page_tells_what_was_handed_in_and_how_it_was_graded(
    app: Flask, as_user: As, alice: User, bob: User, charlie: User, tea: Course, now: datetime
) -> None:
    erin = factories.person(app, "Erin", "erin@example.org")
    join(app, tea, erin, at=now - 9 * DAY)
    pot = assignment(app, tea, due_at=now - 2 * DAY, passing_percent=60)
    assignment(app, tea, slug="cup", title="A cup", lesson_id=pot.lesson_id)
    grade(app, pot, hand_in(app, pot, bob, now - 3 * DAY), "18", now - 3 * DAY + 4 * HOUR)
    grade(app, pot, hand_in(app, pot, charlie, now - DAY), "9", now - DAY + 8 * HOUR)
    hand_in(app, pot, erin, now - HOUR)
    counted(app, pot, now)
    alices = as_user(alice)
    page = words(alices.get(DASHBOARD).text)
    assert "A pot of tea 3 1 2 1 6 hours" in page
    assert "2 grades · 67.5% on average" in page and "60% is asked for." in page
    assert "A cup 0 – – 0 –" in page and "There is no grade yet." in page
    assert rows(alices, f"{DASHBOARD}/assignments.csv")[1:] == [
        ["A pot of tea", "3", "1", "2", "1", "0", "360.0", "2", "67.50", *"0000100001"],
        ["A cup", "0", "", "", "0", "0", "", "0", "", *"0000000000"],
    ]
    side = rows(alices, "/teaching/analytics.csv")
    assert dict(zip(side[0], side[1], strict=True))["To grade"] == "1"
    assert "To grade in “The book of tea”: 1" in alices.get("/teaching/analytics").text.replace(
        "\u2068", ""
    ).replace("\u2069", "")


def test_what_is_worth_no_points_is_handed_in_and_graded_but_no_grade(
    app: Flask, as_user: As, alice: User, bob: User, tea: Course, now: datetime
) -> None:
    pot = assignment(app, tea, max_points=0, due_at=now - DAY)
    grade(app, pot, hand_in(app, pot, bob, now - 2 * DAY), "0", now)
    figures = counted(app, pot, now)
    assert (figures.handed_in, figures.graded, figures.average, sum(figures.tenths)) == (1, 0, None, 0)
    page = words(as_user(alice).get(DASHBOARD).text)
    assert "It is worth no points, so it does not count." in page
    assert "Pale columns" not in page, "there are none"
    page = words(as_user(bob).get("/learning/activity").text)
    assert "0 graded" in page and "Graded, does not count" in page


def test_extra_days_make_late_work_on_time_and_take_back_what_lateness_cost(
    app: Flask, bob: User, tea: Course, now: datetime
) -> None:
    pot = assignment(app, tea, due_at=now - 2 * DAY, late_policy="percent", late_percent=10)
    grade(app, pot, hand_in(app, pot, bob, now - DAY), "20", now)
    assert (counted(app, pot, now).late, *grades(app, pot, now)) == (1, 1, 90.0)
    extend(app, pot, bob, 2)
    assert (counted(app, pot, now).late, *grades(app, pot, now)) == (0, 1, 100.0)


def test_another_date_of_enrolling_makes_work_late_or_not(
    app: Flask, bob: User, tea: Course, now: datetime
) -> None:
    pot = assignment(app, tea, due_at=now - 2 * DAY)
    hand_in(app, pot, bob, now - DAY)
    assert counted(app, pot, now).late == 1
    with app.app_context(), work.unit():
        db.session.execute(
            update(Enrollment).where(Enrollment.user_id == bob.id).values(enrolled_at=now - 2 * DAY)
        )
    assert counted(app, pot, now).late == 0


def test_what_comes_again_after_it_was_returned_is_as_late_as_the_returned_one(
    app: Flask, bob: User, tea: Course, now: datetime
) -> None:
    pot = assignment(app, tea, due_at=now - 2 * DAY)
    first = hand_in(app, pot, bob, now - 3 * DAY)
    grade(app, pot, first, "5", now - DAY, back=True)
    assert (counted(app, pot, now).waiting, *grades(app, pot, now)) == (0, 0, None)
    grade(app, pot, hand_in(app, pot, bob, now - HOUR), "15", now)
    figures = counted(app, pot, now)
    assert (figures.handed_in, figures.late, figures.graded, figures.seconds_until_graded) == (1, 0, 1, 3600)


def test_a_grade_that_is_changed_or_taken_back_is_counted_as_it_is_now(
    app: Flask, bob: User, tea: Course, now: datetime
) -> None:
    pot = assignment(app, tea)
    done = hand_in(app, pot, bob, now - 2 * DAY)
    grade(app, pot, done, "10", now - DAY)
    assert grades(app, pot, now) == (1, 50.0)
    grade(app, pot, done, "16", now)
    assert grades(app, pot, now) == (1, 80.0)
    assert counted(app, pot, now).seconds_until_graded == 86400
    change(app, Assignment, pot.id, max_points=40)
    assert grades(app, pot, now) == (1, 80.0)
    grade(app, pot, done, "16", now, back=True)
    assert grades(app, pot, now) == (0, None)


def test_what_the_gradebook_decides_is_the_grade(
    app: Flask, bob: User, charlie: User, tea: Course, now: datetime
) -> None:
    pot = assignment(app, tea)
    grade(app, pot, hand_in(app, pot, bob, now - DAY), "10", now)
    assert grades(app, pot, now) == (1, 50.0)
    decide(app, pot, bob, 70)
    decide(app, pot, charlie, 90)
    assert grades(app, pot, now) == (2, 80.0)
    with app.app_context(), work.unit():
        db.session.execute(update(GradeOverride).values(percent=None, is_excused=True))
    assert grades(app, pot, now) == (0, None)
    with app.app_context(), work.unit():
        db.session.execute(delete(GradeOverride))
    assert grades(app, pot, now) == (1, 50.0)


def test_the_grade_of_who_left_does_not_count_until_they_are_back_and_their_work_still_waits(
    app: Flask, bob: User, charlie: User, tea: Course, now: datetime
) -> None:
    pot = assignment(app, tea)
    grade(app, pot, hand_in(app, pot, bob, now - DAY), "10", now - HOUR)
    hand_in(app, pot, charlie, now - DAY)
    assert grades(app, pot, now) == (1, 50.0)
    leave(app, tea, bob, now)
    leave(app, tea, charlie, now)
    assert grades(app, pot, now) == (0, None)
    assert (counted(app, pot, now).handed_in, counted(app, pot, now).waiting) == (2, 1)
    join(app, tea, bob, at=now)
    assert grades(app, pot, now) == (1, 50.0)


def test_a_grade_of_who_left_waits_for_no_release(
    app: Flask, as_user: As, alice: User, bob: User, tea: Course, now: datetime
) -> None:
    pot = assignment(app, tea, released_together=True)
    grade(app, pot, hand_in(app, pot, bob, now - DAY), "10", now - DAY + timedelta(minutes=2))
    assert counted(app, pot, now).unreleased == 1
    alices = as_user(alice)
    table = rows(alices, f"{DASHBOARD}/assignments.csv")
    assert dict(zip(*table, strict=True))["Median minutes until graded"] == "2.0"
    leave(app, tea, bob, now)
    assert counted(app, pot, now).unreleased == 0
    page = words(alices.get(DASHBOARD).text)
    assert "There is no grade yet." in page and "not released to its learner" not in page


def test_removed_assignments_go_from_the_page_and_unpublished_ones_say_so(
    app: Flask, as_user: As, alice: User, bob: User, tea: Course, now: datetime
) -> None:
    pot = assignment(app, tea)
    hand_in(app, pot, bob, now - DAY)
    counted(app, pot, now)
    change(app, Lesson, pot.lesson_id, is_published=False)
    counted(app, pot, now)
    alices = as_user(alice)
    assert "A pot of tea not published 1" in words(alices.get(DASHBOARD).text)
    change(app, Assignment, pot.id, removed_at=now)
    counted(app, pot, now)
    assert "A pot of tea" not in alices.get(DASHBOARD).text
    assert rows(alices, f"{DASHBOARD}/assignments.csv")[1:] == []
    assert rows(alices, "/teaching/analytics.csv")[1][-1] == "1"  # it waits on, as in the grading queue


def test_an_assignment_that_is_new_is_counted_at_the_next_refresh(
    app: Flask, as_user: As, alice: User, tea: Course, now: datetime
) -> None:
    with app.app_context():
        refreshing.refresh(now)
    pot = assignment(app, tea)
    assert "A pot of tea Not counted yet" in words(as_user(alice).get(DASHBOARD).text)
    assert counted(app, pot, now).handed_in == 0


def test_notes_of_graders_and_drafts_make_nothing_be_counted_again(
    app: Flask, bob: User, tea: Course, now: datetime
) -> None:
    pot = assignment(app, tea)
    done = hand_in(app, pot, bob, now - DAY)
    counted(app, pot, now)
    with app.app_context():
        with work.unit():
            place = grading.place(tea.id, done, 1)
            assert place is not None
            grading.keep_notes(place, grading.Notes(Decimal(3), "Hm."), 0, tea.owner_id, now)
            place.work.draft = "more"
        assert refreshing.refresh(now) == 0


@pytest.mark.parametrize("seed", range(3))
def test_the_average_is_that_of_the_gradebook(app: Flask, alice: User, now: datetime, seed: int) -> None:
    chance = Random(seed)
    course = factories.course(app, alice)
    pot = assignment(
        app,
        course,
        due_at=now - 20 * DAY,
        time_zone="Europe/Berlin",
        late_policy="percent",
        late_percent=Decimal("7.35"),
        max_points=Decimal("23.7"),
    )
    for number in range(12):
        person = factories.person(app, f"L {number}", f"l{number}@example.org")
        # About half of them come when it has been due, whom lateness costs nothing.
        days = chance.randint(2, 40)
        join(app, course, person, at=now - days * DAY)
        if chance.random() < 0.3:
            extend(app, pot, person, chance.randint(1, 30))
        at = now - timedelta(hours=chance.randint(1, days * 24))
        done = hand_in(app, pot, person, at)
        if chance.random() < 0.3:
            grade(app, pot, done, "1", at + HOUR, back=True)
            hand_in(app, pot, person, at + 5 * DAY)
        grade(app, pot, done, str(Decimal(chance.randint(0, 2370)) / 100), now)
        if chance.random() < 0.2:
            decide(app, pot, person, chance.choice((None, 33)))
    with app.app_context():
        enrolled = db.session.scalars(select(Enrollment.id)).all()
        cells = gradebook.cells(course.id, enrolled, now).values()
        found = [cell.found.percent if cell.found.decided is None else cell.found.decided for cell in cells]
        known = [percent for percent, cell in zip(found, cells, strict=True) if not cell.found.is_excused]
    assert len(known) >= 8 and len(set(known)) > 3
    mean = sum(map(Decimal, known), Decimal(0)) / len(known)  # type: ignore[arg-type]
    assert grades(app, pot, now) == (len(known), float(round(mean, 2)))
    late = sum(bool(cell.points and cell.points.days_late) for cell in cells)
    assert 0 < late < 12 and counted(app, pot, now).late == late


def test_bob_sees_his_assignments_and_only_grades_that_are_released(
    app: Flask, as_user: As, bob: User, tea: Course, now: datetime
) -> None:
    bobs = as_user(bob)
    assert "Assignments handed in" not in bobs.get("/learning/activity").text
    pot = assignment(app, tea, due_at=now - 2 * DAY, late_policy="percent", late_percent=10)
    cup = assignment(app, tea, slug="cup", title="A cup", lesson_id=pot.lesson_id, released_together=True)
    grade(app, pot, hand_in(app, pot, bob, now - DAY), "18", now)
    grade(app, cup, hand_in(app, cup, bob, now - DAY), "2", now)
    page = words(bobs.get("/learning/activity").text)
    assert "Assignments handed in 2 1 graded · 80% on average" in page
    assert "The book of tea 80%" in page and "Not graded yet" in page and "10%" not in page
    with app.app_context(), work.unit():
        grading.release(cup.id, now)
    assert "2 graded · 45% on average" in words(bobs.get("/learning/activity").text)
    decide(app, cup, bob, 90)
    assert "2 graded · 85% on average" in words(bobs.get("/learning/activity").text)
    with app.app_context(), work.unit():
        db.session.execute(update(GradeOverride).values(percent=None, is_excused=True))
    page = words(bobs.get("/learning/activity").text)
    assert "Assignments handed in 2 1 graded · 80% on average" in page and "Excused" in page
    with app.app_context():
        first = select(SubmissionVersion.submission_id).order_by(SubmissionVersion.submission_id)
        done = db.session.scalar(first.limit(1))
    grade(app, pot, int(done or 0), "18", now, back=True)
    page = words(bobs.get("/learning/activity").text)
    assert "Assignments handed in 2 0 graded Why" in page and "Returned" in page
