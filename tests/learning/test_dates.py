"""When a course begins and ends: what is open before, between and after."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from lms.assignments.models import Assignment
from lms.core import clock, work
from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.gradebook import queries as gradebook
from lms.learning import actions, rules
from lms.learning.models import Enrollment
from tests import factories
from tests.support import sql
from tests.support.forms import post

PAGE = "/courses/tea"
FIRST, SECOND = f"{PAGE}/lessons/lesson-1", f"{PAGE}/lessons/lesson-2"
DAY = timedelta(days=1)


@pytest.fixture
def dated(app, tea):
    """Sets the course's dates, in days from now."""

    def set_to(begins=None, ends=None):
        now = clock.now()
        dates = {"starts_at": begins and now + begins * DAY, "ends_at": ends and now + ends * DAY}
        tea.change(update(Course).values(**dates))

    return set_to


@pytest.mark.parametrize(
    ("begins", "ends", "season"),
    [
        (None, None, "open"),
        (1, None, "before"),
        (-1, 1, "open"),
        (-2, -1, "over"),
        (0, None, "open"),
        (None, 0, "over"),
    ],
)
def test_a_course_is_before_its_beginning_open_or_over(begins, ends, season):
    starts_at, ends_at = (None if days is None else factories.NOW + days * DAY for days in (begins, ends))
    assert rules.season(starts_at, ends_at, factories.NOW) == season


def test_before_the_beginning_one_enrolls_and_the_lessons_are_closed(
    app, as_user, charlie, alice, dated, tea
):
    dated(begins=2)
    tea.change(update(Lesson).where(Lesson.slug == "lesson-3").values(is_preview=True))
    browser = as_user(charlie)
    assert "You can enroll now" in browser.get(PAGE).text
    post(browser, f"{PAGE}/enrollment", form_at=PAGE)
    page = browser.get(PAGE).text
    assert "You are enrolled. The course begins on" in page and "Start the first lesson" not in page
    closed = browser.get(FIRST)
    assert closed.status_code == 403 and "The course begins on" in closed.text
    assert post(browser, f"{FIRST}/completion", form_at=PAGE).status_code == 403
    assert browser.get(f"{PAGE}/lessons/lesson-3").status_code == 200, "previews are open"
    mine = browser.get("/learning").text
    assert "Begins on" in mine and "/courses/tea/continue" not in mine
    assert as_user(alice).get(FIRST).status_code == 200, "staff are not kept out"
    dated(begins=-1)
    assert browser.get(FIRST).status_code == 200


def test_after_the_end_lessons_are_read_and_nothing_is_completed(app, as_user, bob, dated, tea):
    browser = as_user(bob)
    browser.get(FIRST)
    dated(begins=-3, ends=-1)
    page = browser.get(FIRST)
    assert page.status_code == 200 and "This course ended on" in page.text
    assert "Mark as completed" not in page.text
    for headers in ({}, {"HX-Request": "true"}):
        answer = post(browser, f"{FIRST}/completion", form_at="/profile", headers=headers)
        assert answer.status_code == 422 and "This course ended on" in answer.text
    course = browser.get(PAGE).text
    assert "This course ended on" in course and "Go on reading" in course and "Ended" in course
    mine = browser.get("/learning").text
    assert "These courses ended before you had completed them" in mine and "Ended on" in mine
    assert "Continue where you stopped" not in mine


def test_after_the_end_nothing_is_handed_in(app, as_user, bob, dated, tea):
    with app.app_context(), work.unit():
        facts = {"source_id": "pot", "slug": "assignment", "title": "A pot", "body_html": "<p>Make one.</p>"}
        lesson = tea.lesson("lesson-1")
        db.session.add(
            Assignment(course_id=tea.course.id, lesson_id=lesson, max_points=5, position=1, **facts)
        )
    browser = as_user(bob)
    assert 'name="text"' in browser.get(f"{FIRST}/assignment").text
    dated(ends=-1)
    page = browser.get(f"{FIRST}/assignment").text
    assert "nothing can be handed in any more" in page and 'name="text"' not in page
    for way in ("draft", "submission"):
        answer = post(
            browser, f"{FIRST}/assignments/assignment/{way}", {"text": "A pot."}, form_at="/profile"
        )
        assert answer.status_code == 422


def test_time_that_is_over_is_written_down_and_comes_back(app, as_user, bob, charlie, dated, tea):
    tea.enroll(charlie)
    for lesson in ("lesson-1", "lesson-2", "lesson-3"):
        tea.complete(lesson)
    dated(ends=-1)
    assert moved(app) == 1
    assert tea.row(Enrollment, user_id=charlie.id).state == "expired"
    assert tea.row(Enrollment, user_id=bob.id).state == "completed", "what is completed stays so"
    assert moved(app) == 0
    browser = as_user(charlie)
    assert browser.get(FIRST).status_code == 200
    with app.app_context():
        rows = gradebook.learners(tea.course.id, "", 1).items
    assert "charlie@example.org" in {row.email for row in rows}, "their grades stay in the book"
    dated(ends=1)
    assert post(browser, f"{FIRST}/completion", form_at="/profile").status_code == 303, "the date decides"
    assert moved(app) == 1
    assert tea.row(Enrollment, user_id=charlie.id).state == "active"


def moved(app):
    with app.app_context(), work.unit():
        return actions.follow_dates(clock.now())


def test_who_ran_out_of_time_may_leave_and_is_counted_once(app, as_user, bob, dated, tea):
    dated(ends=-1)
    moved(app)
    browser = as_user(bob)
    post(browser, f"{PAGE}/enrollment", form_at=PAGE)
    assert (tea.row(Enrollment).state, tea.row(Course).enrollment_count) == ("expired", 1)
    post(browser, f"{PAGE}/enrollment/leave", form_at="/profile")
    assert (tea.row(Enrollment).state, tea.row(Course).enrollment_count) == ("dropped", 0)


def test_dates_cost_no_statement(app, as_user, bob, dated, tea):
    browser = as_user(bob)
    browser.get(FIRST)
    dated(begins=-3, ends=-1)
    for path in (FIRST, PAGE, "/learning"):
        with sql.count(app) as seen:
            assert browser.get(path).status_code == 200
        assert len(seen) <= 5, path
