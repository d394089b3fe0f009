"""Publishing courses, and a teacher's list of them."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from lms.accounts.models import User
from lms.core import work
from lms.core.db import db
from lms.core.models import Event
from lms.courses.models import Course, CourseInstructor
from tests import factories
from tests.support import quizzes
from tests.support.forms import post

PUBLISH = "/courses/tea/publication"


@pytest.fixture
def draft(app, alice):
    return factories.course(app, alice, published=False)


def state(app):
    with app.app_context():
        return db.session.scalar(select(Course.state))


def published_events(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).where(Event.name == "course.published"))


def test_alice_publishes_her_course_and_takes_it_back(app, client, as_user, alice, draft):
    browser = as_user(alice)
    assert post(browser, PUBLISH, form_at="/teaching").location == "/teaching"
    assert "is published" in browser.get("/teaching").text
    assert client.get("/courses/tea").status_code == 200
    post(browser, PUBLISH, form_at="/teaching")
    assert published_events(app) == 1
    post(browser, f"{PUBLISH}/end", form_at="/teaching")
    assert state(app) == "draft"
    assert client.get("/courses/tea").status_code == 404


def test_a_course_without_lessons_says_what_it_needs(app, as_user, alice):
    factories.course(app, alice, lessons=0, published=False)
    browser = as_user(alice)
    assert "Needs a lesson" in browser.get("/teaching").text
    answer = post(browser, PUBLISH, form_at="/teaching")
    assert answer.status_code == 422
    assert "It needs a lesson before it can be published" in answer.text
    assert (state(app), published_events(app)) == ("draft", 0)


def test_quizzes_that_nobody_can_take_keep_a_course_back_and_are_linked(app, as_user, alice, draft):
    quiz = quizzes.quiz(app, draft, [])
    browser = as_user(alice)
    answer = post(browser, PUBLISH, form_at="/teaching")
    assert answer.status_code == 422
    assert "it has no question" in answer.text
    assert f'href="/teaching/tea/quizzes/{quiz.id}"' in answer.text
    assert (state(app), published_events(app)) == ("draft", 0)


def test_a_question_without_a_right_answer_keeps_a_course_back(app, as_user, alice, draft):
    content, key = quizzes.single()
    none_right = replace(key, options=tuple(replace(mark, weight=Decimal(0)) for mark in key.options))
    quizzes.quiz(app, draft, [(content, none_right), quizzes.true_false()])
    answer = post(as_user(alice), PUBLISH, form_at="/teaching")
    assert "1 question can" in answer.text
    assert state(app) == "draft"


def test_a_course_with_good_quizzes_is_published(app, as_user, alice, draft):
    quizzes.quiz(app, draft, [quizzes.single()])
    assert post(as_user(alice), PUBLISH, form_at="/teaching").status_code == 303
    assert state(app) == "published"


def test_staff_find_the_certificates_of_a_course_from_their_list_and_from_its_page(
    as_user, alice, bob, draft
):
    link = 'href="/courses/tea/certificates"'
    browser = as_user(alice)
    assert link in browser.get("/teaching").text
    assert link in browser.get("/courses/tea").text
    post(browser, PUBLISH, form_at="/teaching")
    assert link not in as_user(bob).get("/courses/tea").text


def test_the_page_of_an_own_draft_says_when_learners_can_enroll(as_user, alice, draft):
    page = as_user(alice).get("/courses/tea").text
    assert "Learners can enroll as soon as it is published" in page
    assert "does not take anyone new" not in page


def test_an_instructor_who_is_not_verified_does_not_publish(app, as_user, alice, draft):
    with app.app_context(), work.unit():
        db.session.execute(update(User).where(User.id == alice.id).values(is_verified_instructor=False))
    browser = as_user(alice)
    assert "has not been verified yet" in browser.get("/teaching").text
    assert post(browser, PUBLISH, form_at="/teaching").status_code == 403
    assert state(app) == "draft"


def test_only_its_staff_and_admins_publish_a_course(app, as_user, bob, dana, draft):
    other = factories.person(app, "Erin Elm", "erin@example.org", role="instructor")
    assert post(as_user(other), PUBLISH, form_at="/teaching").status_code == 404
    assert post(as_user(bob), PUBLISH, form_at="/learning").status_code == 403
    assert state(app) == "draft"
    assert post(as_user(dana), PUBLISH, form_at="/teaching").status_code == 303
    assert state(app) == "published"


def test_a_co_instructor_has_the_course_in_their_list(app, as_user, draft):
    other = factories.person(app, "Erin Elm", "erin@example.org", role="instructor")
    assert "The book of tea" not in as_user(other).get("/teaching").text
    with app.app_context(), work.unit():
        db.session.add(CourseInstructor(course_id=draft.id, user_id=other.id))
    assert "Co-instructor" in as_user(other).get("/teaching").text


def test_the_list_is_for_teachers(client, as_user, bob, alice):
    assert client.get("/teaching").status_code == 303
    assert as_user(bob).get("/teaching").status_code == 403
    assert "You have no course yet" in as_user(alice).get("/teaching").text
