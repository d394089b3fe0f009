"""Joining, leaving and coming back."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select, update

from lms.core import work
from lms.core.db import db
from lms.courses.models import Course
from lms.learning import actions, admission
from lms.learning.models import Enrollment, LessonProgress
from tests import factories
from tests.support.forms import post

PAGE = "/courses/tea"


@pytest.fixture
def course(app, alice):
    return factories.course(app, alice)


def count(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Enrollment))


def learners(app):
    with app.app_context():
        return db.session.scalar(select(Course.enrollment_count).where(Course.slug == "tea"))


def changed(app, **values):
    with app.app_context(), work.unit():
        db.session.execute(update(Course).values(**values))


def together(app, *jobs):
    """Run each job in a thread and transaction of its own, all beginning at once."""
    start = Barrier(len(jobs))

    def run(job):
        with app.app_context(), work.unit():
            start.wait(10)
            job()

    threads = [Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)


def test_bob_enrolls_and_is_told_so(app, as_user, bob, course):
    browser = as_user(bob)
    answer = post(browser, f"{PAGE}/enrollment", form_at=PAGE)
    assert (answer.status_code, answer.location) == (303, PAGE)
    page = browser.get(PAGE).text
    assert "You are enrolled" in page
    assert "Start the first lesson" in page
    assert learners(app) == 1


def test_a_visitor_is_led_to_sign_in_and_back(client, course):
    assert 'href="/sign-in?next=/courses/tea"' in client.get(PAGE).text


def test_enrolling_twice_is_one_enrollment_one_event_one_learner(app, tea, bob):
    assert tea.enroll(bob) == tea.enrollment
    assert (count(app), learners(app), tea.events("enrollment.created")) == (1, 1, 1)


def test_a_double_click_enrolls_once(app, bob, course):
    def click():
        actions.enroll(course.id, bob.id, factories.NOW)

    together(app, click, click, click)
    assert (count(app), learners(app)) == (1, 1)


def test_the_last_seat_is_given_once(app, bob, charlie, course):
    with app.app_context(), work.unit():
        db.session.execute(update(Course).values(capacity=1))
    outcomes = []

    def join(person):
        return lambda: outcomes.append(actions.enroll(course.id, person.id, factories.NOW))

    together(app, join(bob), join(charlie))
    assert sorted(outcome.refusal or "" for outcome in outcomes) == ["", "full"]
    assert learners(app) == 1


def test_nobody_enrolls_in_a_draft(app, as_user, bob, alice):
    factories.course(app, alice, slug="attic", published=False)
    factories.course(app, alice)
    browser = as_user(bob)
    assert post(browser, "/courses/attic/enrollment", form_at=PAGE).status_code == 404
    assert count(app) == 0


def test_a_course_by_invitation_says_so(app, as_user, bob, course):
    with app.app_context(), work.unit():
        db.session.execute(update(Course).values(access="invitation"))
    assert "by invitation" in as_user(bob).get(PAGE).text


def test_leaving_keeps_the_work_and_returning_goes_on_with_it(app, as_user, bob, tea):
    tea.complete("lesson-1")
    browser = as_user(bob)
    post(browser, f"{PAGE}/enrollment/leave", form_at=PAGE)
    page = browser.get(PAGE).text
    assert "Your work is kept" in page
    assert "Enroll again" in page
    assert learners(app) == 0
    assert browser.get(f"{PAGE}/lessons/lesson-2").status_code == 403
    post(browser, f"{PAGE}/enrollment", form_at=PAGE)
    assert "33%" in browser.get(PAGE).text
    assert (learners(app), tea.events("enrollment.created")) == (1, 1)
    assert tea.row(LessonProgress).completed_at == factories.NOW


def test_who_left_a_course_by_invitation_returns_without_another_one(app, as_user, bob, tea):
    browser = as_user(bob)
    changed(app, access="invitation")
    post(browser, f"{PAGE}/enrollment/leave", form_at=PAGE)
    assert "Enroll again" in browser.get(PAGE).text
    post(browser, f"{PAGE}/enrollment", form_at=PAGE)
    assert (tea.row(Enrollment).state, learners(app)) == ("active", 1)


def test_who_left_a_course_with_a_code_returns_without_typing_it(app, as_user, bob, tea):
    browser = as_user(bob)
    changed(app, access="code", access_code="sesame")
    post(browser, f"{PAGE}/enrollment/leave", form_at=PAGE)
    post(browser, f"{PAGE}/enrollment", form_at=PAGE)
    assert tea.row(Enrollment).state == "active"


def test_who_left_a_full_course_waits_for_a_place_or_is_brought_back(
    app, as_user, bob, charlie, tea, run_jobs, inbox
):
    browser = as_user(bob)
    changed(app, capacity=1)
    post(browser, f"{PAGE}/enrollment/leave", form_at=PAGE)
    tea.enroll(charlie)
    assert "You may come back as soon as one is free" in browser.get(PAGE).text
    post(browser, f"{PAGE}/enrollment", form_at=PAGE)
    assert tea.row(Enrollment, user_id=bob.id).state == "dropped"
    run_jobs()
    before = len(inbox.to("bob@example.org"))

    with app.app_context(), work.unit():
        assert admission.admit(tea.course.id, [bob.id, charlie.id], factories.NOW) == 1
    assert (tea.row(Enrollment, user_id=bob.id).state, learners(app)) == ("active", 2)
    run_jobs()
    assert len(inbox.to("bob@example.org")) == before + 1, "who is brought back is told"


def test_who_was_taken_out_needs_to_be_let_in_again(app, as_user, bob, tea):
    changed(app, access="invitation")
    with app.app_context(), work.unit():
        actions.leave(tea.course.id, bob.id, factories.NOW, may_return=False)
    assert "by invitation" in as_user(bob).get(PAGE).text
    with app.app_context(), work.unit():
        admission.admit(tea.course.id, [bob.id], factories.NOW)
    assert tea.row(Enrollment).may_return


def test_leaving_twice_counts_once(app, as_user, bob, tea):
    browser = as_user(bob)
    post(browser, f"{PAGE}/enrollment/leave", form_at=PAGE)
    post(browser, f"{PAGE}/enrollment/leave", form_at=PAGE)
    assert learners(app) == 0


def test_who_completed_leaves_and_returns_is_still_complete(app, tea, bob):
    for number in (1, 2, 3):
        tea.complete(f"lesson-{number}")
    with app.app_context(), work.unit():
        actions.leave(tea.course.id, bob.id, factories.NOW)
    tea.enroll(bob)
    assert tea.row(Enrollment).state == "completed"


def test_without_its_token_a_form_changes_nothing(app, as_user, bob, course):
    assert as_user(bob).post(f"{PAGE}/enrollment").status_code == 400
    assert count(app) == 0
