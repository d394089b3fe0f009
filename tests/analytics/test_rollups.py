"""The figures kept along the way are those that counting everything anew gives."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rq import Queue
from sqlalchemy import text, update

from lms.accounts.models import User
from lms.analytics import jobs as analytics_jobs
from lms.analytics import refreshing
from lms.analytics.models import AnalyticsChange, CourseFigures
from lms.core import jobs, work
from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.learning import actions as learning
from tests import factories
from tests.analytics.histories import History, forget, rollups
from tests.support import assignments, quizzes

NOW = factories.NOW


def school(app: Flask, chance: Random) -> History:
    alice = factories.person(app, "Alice", "alice@example.org", role="instructor")
    courses = [factories.course(app, alice, slug=slug, lessons=4) for slug in ("tea", "coffee", "water")]
    for course in courses[:2]:
        quizzes.quiz(app, course, counts=chance.choice(("best", "last", "average")))
        assignments.assignment(
            app,
            course,
            due_at=NOW + timedelta(days=chance.randint(1, 40)),
            late_policy=chance.choice(("none", "percent")),
            passing_percent=chance.choice((None, 60)),
            is_required=chance.random() < 0.7,
            released_together=chance.random() < 0.3,
        )
    people = [factories.person(app, f"Learner {n}", f"learner{n}@example.org") for n in range(8)]
    return History(app, chance, courses, people)


@pytest.mark.parametrize("seed", range(6))
def test_counting_from_scratch_gives_identical_figures(app: Flask, seed: int) -> None:
    chance = Random(seed)
    history = school(app, chance)
    for _ in range(100):
        history.step()
        if chance.random() < 0.25:
            with app.app_context():
                refreshing.refresh(history.at)
    end = history.at + timedelta(minutes=5)
    with app.app_context():
        refreshing.refresh(end)
    kept = rollups(app)
    assert all(kept.values())
    with app.app_context():
        refreshing.rebuild(end)
    assert rollups(app) == kept
    forget(app)
    with app.app_context():
        refreshing.rebuild(end)
    assert rollups(app) == kept


def figures(app: Flask, course: Course) -> CourseFigures:
    with app.app_context():
        found = db.session.get(CourseFigures, course.id)
        assert found is not None
        db.session.expunge(found)
        return found


def test_a_refresh_that_dies_loses_nothing_and_counts_nothing_twice(
    app: Flask, alice: User, bob: User
) -> None:
    course = factories.course(app, alice)
    quizzes.enrolled(app, bob, course)
    with app.app_context(), pytest.raises(RuntimeError), work.unit():
        db.session.execute(text("delete from analytics_changes"))
        raise RuntimeError("the power went")
    with app.app_context():
        assert refreshing.refresh(NOW) == 1
        assert figures(app, course).enrollments == 1
        assert refreshing.refresh(NOW + timedelta(minutes=5)) == 0
    assert figures(app, course).enrollments == 1


def test_what_happens_while_figures_are_counted_is_counted_next_time(
    app: Flask, alice: User, bob: User, charlie: User
) -> None:
    course = factories.course(app, alice)
    quizzes.enrolled(app, bob, course)
    with app.app_context(), db.engine.connect() as late:
        late.execute(
            text(
                "insert into enrollments (course_id, user_id, state, enrolled_at, last_active_at)"
                " values (:course, :user, 'active', :at, :at)"
            ),
            {"course": course.id, "user": charlie.id, "at": NOW},
        )
        refreshing.refresh(NOW)
        assert figures(app, course).enrollments == 1
        late.connection.commit()
        refreshing.refresh(NOW + timedelta(minutes=1))
        assert figures(app, course).enrollments == 2


def test_two_processes_never_count_at_the_same_time(app: Flask, alice: User) -> None:
    course = factories.course(app, alice)
    with app.app_context(), refreshing._alone(wait=True):
        assert refreshing.refresh(NOW) is None
        assert db.session.query(AnalyticsChange).filter_by(course_id=course.id).count() > 0
    with app.app_context():
        assert refreshing.refresh(NOW) == 1


def test_a_refresh_ends_with_its_budget_and_the_next_goes_on(app: Flask, alice: User) -> None:
    for slug in ("tea", "coffee", "water"):
        factories.course(app, alice, slug=slug)
    with app.app_context():
        assert refreshing.refresh(NOW, budget=-1) == 0
        assert refreshing.refresh(NOW) == 3


def test_what_a_refresh_leaves_is_counted_when_nothing_else_waits_not_a_minute_later(
    app: Flask, alice: User, run_jobs: Callable[[], None]
) -> None:
    course = factories.course(app, alice)
    with app.app_context():
        assert refreshing.refresh(NOW, budget=-1, when_left=lambda: jobs.go_on(analytics_jobs.refresh)) == 0
        names = [queue for queue in jobs.QUEUES if Queue(queue, connection=jobs.redis()).count]
        assert names == [jobs.QUEUES[-1]]
    run_jobs()
    assert figures(app, course).enrollments == 0
    with app.app_context():
        assert refreshing.refresh(NOW, when_left=lambda: pytest.fail("nothing is left")) == 0


def test_a_large_course_that_is_being_edited_rests_but_never_for_five_minutes(
    app: Flask, alice: User, bob: User
) -> None:
    course = factories.course(app, alice)
    with app.app_context():
        refreshing.refresh(NOW)
        with work.unit():
            db.session.execute(update(CourseFigures).values(enrollments=1_000_000))
            db.session.execute(update(Lesson).values(minutes=7))
            learning.enroll(course.id, bob.id, NOW)
        assert refreshing.refresh(NOW + timedelta(minutes=1)) == 0
        assert refreshing.refresh(NOW + timedelta(minutes=3)) == 1
    assert figures(app, course).enrollments == 1


def test_a_course_that_cannot_be_counted_keeps_no_other_from_being_counted(app: Flask, alice: User) -> None:
    odd, tea = (factories.course(app, alice, slug=slug) for slug in ("odd", "tea"))
    with app.app_context():
        with work.unit():
            db.session.execute(
                text(f"alter table course_figures add constraint odd check (course_id <> {odd.id})")
            )
        try:
            with pytest.raises(RuntimeError, match=rf"\[{odd.id}\]"):
                refreshing.refresh(NOW)
            assert db.session.get(CourseFigures, tea.id) is not None
        finally:
            db.session.rollback()
            with work.unit():
                db.session.execute(text("alter table course_figures drop constraint odd"))
        assert refreshing.refresh(NOW) == 1
    assert figures(app, odd).enrollments == 0


def test_the_scheduler_keeps_the_figures(app: Flask) -> None:
    seconds = {job.name: seconds for job, seconds in app.extensions["lectern-schedule"]}
    assert seconds["analytics.refresh"] <= 5 * 60
    assert jobs.registered("analytics.refresh").queue == "progress"


def test_the_command_counts_everything_anew(app: Flask, alice: User, bob: User) -> None:
    course = factories.course(app, alice)
    quizzes.enrolled(app, bob, course)
    said = app.test_cli_runner().invoke(args=["analytics", "rebuild"])
    assert said.exit_code == 0, said.output
    assert "Counted 1 courses anew" in said.output
    assert figures(app, course).enrollments == 1


def test_the_funnel_tells_where_learners_stop(
    app: Flask, alice: User, as_user: Callable[[User], FlaskClient]
) -> None:
    course = factories.course(app, alice, lessons=3)
    people = [factories.person(app, f"L {n}", f"l{n}@example.org") for n in range(3)]
    with app.app_context(), work.unit():
        lessons = [1, 2, 3]
        for person, reach in zip(people, (1, 2, 3), strict=True):
            number = learning.enroll(course.id, person.id, NOW).enrollment_id
            assert number is not None
            for lesson in lessons[:reach]:
                learning.open_lesson(number, lesson, NOW)
                learning.complete_lesson(number, lesson, (), NOW)
    later = NOW + timedelta(days=20)
    with app.app_context():
        refreshing.refresh(later)
    assert [row[2:5] for row in rollups(app)["lesson_figures"]] == [(3, 3, 1), (2, 2, 1), (1, 1, 0)]
    known = figures(app, course)
    assert (known.enrollments, known.active, known.completed, known.at_risk) == (3, 2, 1, 2)
    assert (float(known.progress), known.minutes) == (66.67, 60)
