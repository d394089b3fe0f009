"""Alice looks at her course as a learner, and finds out why somebody does not see a lesson."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from lms.core import clock, work
from lms.core.db import db
from lms.core.models import Event
from lms.courses.models import Course, CoursePrerequisite, Lesson
from lms.learning import actions
from lms.learning.models import Enrollment, LessonProgress
from tests import factories
from tests.support import sql

BANNER = "You are viewing this course as a learner"
FIRST = "/courses/tea/lessons/lesson-1"


@pytest.fixture
def look(tea):
    def begin(**data):
        answer = tea.post("/view", data)
        assert answer.status_code == 303
        return answer.location

    return begin


def kept(app):
    with app.app_context():
        return [
            db.session.scalar(select(func.count()).select_from(t))
            for t in (Enrollment, LessonProgress, Event)
        ]


def test_the_course_looks_as_to_somebody_who_has_just_enrolled(app, tea, look):
    tea.change(update(Lesson).where(Lesson.slug == "lesson-2").values(release={"after": "basics/lesson-1"}))
    tea.change(update(Lesson).where(Lesson.slug == "lesson-3").values(is_published=False))
    before = kept(app)
    assert look() == "/courses/tea"
    page = tea.browser.get("/courses/tea").text
    assert BANNER in page and "Start the first lesson" in page and "Edit the course" not in page
    assert "Opens when you have completed “Lesson 1”" in page and "Lesson 3" not in page
    assert "Mark as completed" in tea.browser.get(FIRST).text
    assert tea.browser.get("/courses/tea/lessons/lesson-2").status_code == 403
    assert tea.browser.get("/courses/tea/lessons/lesson-3").status_code == 404
    assert kept(app) == before


def test_a_learners_buttons_change_nothing(app, tea, look):
    look()
    before = kept(app)
    for path in (f"{FIRST}/completion", f"{FIRST}/position", "/courses/tea/enrollment"):
        answer = tea.browser.post(path, data={"csrf_token": tea.token, "position": "0.5"})
        assert answer.status_code == 403 and "nothing is recorded" in answer.text
    assert kept(app) == before


def test_leaving_the_view_leads_back_to_the_studio(tea, look):
    look()
    answer = tea.post("/view/end")
    assert answer.location == "/teaching/tea"
    page = tea.browser.get("/courses/tea").text
    assert BANNER not in page and "Edit the course" in page


def test_a_lesson_is_looked_at_from_its_editor_and_nowhere_else(look):
    assert look(next=FIRST) == FIRST
    assert look(next="/admin/users") == look(next="//evil.example/courses/tea/") == "/courses/tea"


def test_only_this_course_is_looked_at(app, tea, look, alice):
    factories.course(app, alice, slug="coffee")
    look()
    assert BANNER not in tea.browser.get("/courses/coffee").text
    assert tea.post("/modules", {"title": "More"}).status_code == 303


def test_who_teaches_no_longer_sees_what_everybody_sees(tea, look, charlie):
    look()
    tea.change(update(Course).values(owner_id=charlie.id))
    assert tea.browser.get("/courses/tea").status_code == 404


def test_a_teacher_who_also_learns_keeps_their_own_place(app, tea, look, alice):
    tea.change(update(Course).values(state="published"))
    with app.app_context(), work.unit():
        enrollment = actions.enroll(tea.course.id, alice.id, factories.NOW).enrollment_id
        lesson = db.session.scalar(select(Lesson.id).where(Lesson.slug == "lesson-1"))
        actions.complete_lesson(enrollment, lesson, (), factories.NOW)
    look()
    assert "Mark as completed" in tea.browser.get(FIRST).text
    tea.post("/view/end")
    assert "You have completed this lesson" in tea.browser.get(FIRST).text


# Why can't they see it?


def why(tea, email="bob@example.org", lesson="lesson-1"):
    return tea.browser.get("/teaching/tea/access", query_string={"email": email, "lesson": lesson})


@pytest.fixture
def bob_enrolled(app, tea, bob):
    tea.change(update(Course).values(state="published"))
    with app.app_context(), work.unit():
        actions.enroll(tea.course.id, bob.id, factories.NOW)
    return bob


def test_every_rule_is_named(tea, bob):
    page = why(tea).text
    assert "Bob Brook does not see this lesson." in page
    assert "The course is a draft" in page and "They are not enrolled." in page
    assert "has no release rule" in page


def test_an_enrolled_learner_sees_it(tea, bob_enrolled):
    page = why(tea).text
    assert "Bob Brook sees this lesson." in page and "They have been enrolled since 2 Mar 2026" in page


def test_the_release_rule_says_what_is_lacking(tea, bob_enrolled):
    tea.change(update(Lesson).where(Lesson.slug == "lesson-1").values(release={"days": 7}))
    with clock.stopped_at(factories.NOW + timedelta(days=1)):
        page = why(tea).text
    assert "does not see" in page and "Opens on 9 Mar 2026" in page
    with clock.stopped_at(factories.NOW + timedelta(days=8)):
        assert "counted from their enrolling" in why(tea).text


def test_a_rule_counts_from_enrolling_on(tea, bob):
    tea.change(update(Course).values(state="published"))
    tea.change(update(Lesson).where(Lesson.slug == "lesson-2").values(release={"after": "basics/lesson-1"}))
    page = why(tea, lesson="lesson-2").text
    assert "From enrolling on its release rule counts: Opens when you have completed “Lesson 1”." in page


def test_a_hidden_lesson_and_a_closed_door(app, tea, bob, alice):
    tea.change(update(Course).values(state="published", access="code", access_code="leaf"))
    tea.change(update(Lesson).where(Lesson.slug == "lesson-1").values(is_published=False))
    page = why(tea).text
    assert "The lesson is hidden" in page and "they need the code" in page.lower()


def test_courses_that_come_first_are_linked(app, tea, bob, alice):
    tea.change(update(Course).values(state="published"))
    first = factories.course(app, alice, slug="water")
    with app.app_context(), work.unit():
        db.session.add(CoursePrerequisite(course_id=tea.course.id, required_id=first.id))
    page = why(tea).text
    assert "courses that come first" in page and 'href="/courses/water"' in page


def test_staff_see_everything_and_strangers_are_not_known(tea, alice):
    assert "They teach this course" in why(tea, "alice@example.org").text
    answer = why(tea, "nobody@example.org")
    assert (
        answer.status_code == 422
        and "Nobody is registered" in answer.text
        and "nobody@example.org" in answer.text
    )


def test_looking_for_reasons_costs_the_same_for_any_course(app, tea, bob_enrolled):
    why(tea)
    with sql.count(app) as statements:
        why(tea)
    assert len(statements) <= 7, statements
