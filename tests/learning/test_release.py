"""Lessons that open later: on a date, some days after enrolling, or after another lesson."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from lms.core import clock
from lms.courses.models import Lesson
from tests import factories
from tests.support.forms import post

SECOND = "/courses/tea/lessons/lesson-2"


@pytest.fixture
def hold_back(tea):
    def put(rule):
        tea.change(update(Lesson).where(Lesson.slug == "lesson-2").values(release=rule))

    return put


def test_a_lesson_opens_on_its_date(hold_back, as_user, bob):
    hold_back({"date": "2026-05-01T09:00:00+00:00"})
    browser = as_user(bob)
    with clock.stopped_at(factories.NOW):
        answer = browser.get(SECOND)
        assert answer.status_code == 403
        assert "This lesson is not open yet" in answer.text and "1 May 2026, 09:00" in answer.text
        assert "Opens on 1 May 2026, 09:00" in browser.get("/courses/tea").text
        assert "Opens on 1 May 2026, 09:00" in browser.get("/courses/tea/lessons/lesson-1").text
    with clock.stopped_at(factories.NOW + timedelta(days=70)):
        assert browser.get(SECOND).status_code == 200


def test_a_lesson_opens_some_days_after_each_learner_enrolled(tea, hold_back, as_user, bob, charlie):
    hold_back({"days": 7})
    with clock.stopped_at(factories.NOW + timedelta(days=6)):
        assert as_user(bob).get(SECOND).status_code == 403
    with clock.stopped_at(factories.NOW + timedelta(days=7)):
        assert as_user(bob).get(SECOND).status_code == 200


def test_a_lesson_opens_after_another(tea, hold_back, as_user, bob):
    hold_back({"after": "basics/lesson-1"})
    browser = as_user(bob)
    assert "Opens when you have completed “Lesson 1”" in browser.get(SECOND).text
    form = "/courses/tea/lessons/lesson-1"
    assert post(browser, f"{SECOND}/completion", form_at=form).status_code == 403
    answer = post(browser, f"{form}/completion", form_at=form, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "Opens when" not in answer.text
    assert browser.get(SECOND).status_code == 200


def test_what_belongs_to_a_lesson_waits_with_it(tea, hold_back, as_user, bob):
    hold_back({"after": "basics/lesson-1"})
    assert as_user(bob).get(f"{SECOND}/more").status_code == 403
    assert as_user(bob).get(f"{SECOND}/assignment").status_code == 403


def test_a_preview_waits_for_its_date_and_for_nothing_else(tea, hold_back, client):
    tea.change(update(Lesson).where(Lesson.slug == "lesson-2").values(is_preview=True))
    hold_back({"after": "basics/lesson-1"})
    assert client.get(SECOND).status_code == 200
    hold_back({"date": "2999-01-01"})
    assert "not open yet" in client.get(SECOND).text


def test_staff_do_not_wait(hold_back, as_user, alice, dana):
    hold_back({"date": "2999-01-01"})
    assert as_user(alice).get(SECOND).status_code == as_user(dana).get(SECOND).status_code == 200


@pytest.mark.parametrize("rule", [{"date": "soon"}, {"after": "no-such-lesson"}, {"days": "many"}, {"x": 1}])
def test_a_rule_that_nobody_can_read_holds_nothing_back(hold_back, as_user, bob, rule):
    hold_back(rule)
    assert as_user(bob).get(SECOND).status_code == 200
