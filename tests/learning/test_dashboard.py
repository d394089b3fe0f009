"""The learner's own page."""

from sqlalchemy import update

from lms.core import work
from lms.courses.models import Course
from lms.learning import actions
from tests import factories
from tests.support.forms import post


def test_a_new_learner_is_shown_the_way_to_the_catalogue(as_user, bob):
    page = as_user(bob).get("/learning").text
    assert "You have not joined a course yet" in page
    assert "Browse the catalogue" in page


def test_bob_goes_on_where_he_stopped_and_sees_why_the_number(as_user, bob, tea):
    tea.complete("lesson-1")
    browser = as_user(bob)
    browser.get("/courses/tea/lessons/lesson-2")
    page = browser.get("/learning").text
    assert "Continue where you stopped" in page
    assert "Lesson 2" in page
    assert "33%" in page
    assert "1 of 3, rounded down" in page


def test_a_completed_course_moves_to_its_own_list_with_its_certificate(as_user, bob, tea):
    for number in (1, 2, 3):
        tea.complete(f"lesson-{number}")
    page = as_user(bob).get("/learning").text
    assert "Completed on 2 March 2026" in page
    assert 'href="/courses/tea/certificate"' in page
    assert "Continue where you stopped" not in page


def test_nobody_sees_another_learners_courses(as_user, charlie, tea):
    assert "The book of tea" not in as_user(charlie).get("/learning").text


def test_a_visitor_is_led_to_sign_in(client):
    assert client.get("/learning").location == "/sign-in?next=/learning"


def test_a_course_that_was_taken_back_is_not_linked(as_user, bob, tea):
    tea.change(update(Course).values(state="draft"))
    assert "The book of tea" not in as_user(bob).get("/learning").text


def test_a_course_without_lessons_shows_0_percent_and_can_be_opened(app, as_user, bob, alice):
    course = factories.course(app, alice, slug="empty", lessons=0)
    with app.app_context(), work.unit():
        actions.enroll(course.id, bob.id, factories.NOW)
    browser = as_user(bob)
    page = browser.get("/learning").text
    assert "0%" in page
    assert "nan" not in page.lower().replace("finance", "")
    assert browser.get("/courses/empty").status_code == 200
    assert browser.get("/courses/empty/continue").location == "/courses/empty"


def test_left_courses_are_kept_in_sight(as_user, bob, tea):
    browser = as_user(bob)
    post(browser, "/courses/tea/enrollment/leave", form_at="/courses/tea")
    assert "1 course you left" in browser.get("/learning").text
