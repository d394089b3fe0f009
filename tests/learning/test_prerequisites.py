"""A course that comes after another one."""

import pytest
from sqlalchemy import update

from lms.core import work
from lms.core.db import db
from lms.courses.models import Course, CoursePrerequisite
from lms.learning.models import Enrollment
from tests import factories
from tests.support import sql
from tests.support.forms import post


@pytest.fixture
def brewing(app, tea, alice) -> Course:
    """A course that asks for `tea` first."""
    made = factories.course(app, alice, slug="brewing")
    with app.app_context(), work.unit():
        db.session.add(CoursePrerequisite(course_id=made.id, required_id=tea.course.id))
    return made


def enrolled(tea, course, person) -> bool:
    return tea.row(Enrollment, course_id=course.id, user_id=person.id) is not None


def test_enrolling_is_refused_with_words_and_the_way(tea, brewing, as_user, charlie):
    browser = as_user(charlie)
    page = browser.get("/courses/brewing").text
    assert "Complete this course first" in page and 'href="/courses/tea"' in page
    answer = post(browser, "/courses/brewing/enrollment", form_at="/profile", follow_redirects=True)
    assert "Another course comes before this one" in answer.text
    assert not enrolled(tea, brewing, charlie)


def test_who_completed_it_comes_in(tea, brewing, as_user, bob):
    for slug in ("lesson-1", "lesson-2", "lesson-3"):
        tea.complete(slug)
    post(as_user(bob), "/courses/brewing/enrollment", form_at="/courses/brewing")
    assert enrolled(tea, brewing, bob)


def test_who_was_there_before_comes_back_without_being_asked(app, tea, brewing, as_user, charlie):
    with app.app_context(), work.unit():
        db.session.add(
            Enrollment(
                course_id=brewing.id, user_id=charlie.id, state="dropped",
                enrolled_at=factories.NOW, last_active_at=factories.NOW,
            )
        )  # fmt: skip
    post(as_user(charlie), "/courses/brewing/enrollment", form_at="/courses/brewing")
    assert tea.row(Enrollment, course_id=brewing.id).state == "active"


def test_a_course_that_nobody_can_open_holds_nobody_back(tea, brewing, as_user, charlie):
    tea.change(update(Course).where(Course.slug == "tea").values(state="draft"))
    post(as_user(charlie), "/courses/brewing/enrollment", form_at="/courses/brewing")
    assert enrolled(tea, brewing, charlie)


def test_the_course_page_keeps_its_budget(app, brewing, as_user, charlie):
    browser = as_user(charlie)
    browser.get("/courses/brewing")
    with sql.count(app) as statements:
        browser.get("/courses/brewing")
    assert len(statements) <= 5
