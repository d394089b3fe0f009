"""Erin enrolls when the quiz has closed: it is not asked of her, counts nowhere, and its page says so."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from lms.calendars import queries as calendars
from lms.calendars.rules import entries
from lms.core import work
from lms.core.db import db
from lms.quizzes.models import Accommodation
from tests import factories
from tests.quizzes import taking
from tests.support import forms, quizzes
from tests.support.sittings import sit

NOW, DAY = factories.NOW, timedelta(days=1)
LESSON, OWN = "/courses/tea/lessons/lesson-1", "/courses/tea/grades"


@pytest.fixture
def closed(make_quiz):
    """Bob was there before it closed."""
    return make_quiz([quizzes.single()], mode="graded", is_required=True, closes_at=NOW + DAY)


@pytest.fixture
def erin(app, tea, closed):
    person = factories.person(app, "Erin Elm", "erin@example.org")
    quizzes.enrolled(app, person, tea, NOW + 2 * DAY)
    return person


def test_a_quiz_that_had_closed_is_not_asked_of_a_newcomer(app, as_user, alice, bob, erin) -> None:
    early, late = as_user(bob), as_user(erin)
    assert "Pass the quiz" in early.get(LESSON).text and "Pass the quiz" not in late.get(LESSON).text
    assert "Closed before you enrolled" in late.get(LESSON).text and "Open until" in early.get(LESSON).text
    assert "Open until" not in late.get(LESSON).text
    assert forms.post(early, f"{LESSON}/completion", form_at=LESSON).status_code == 422
    assert forms.post(late, f"{LESSON}/completion", form_at=LESSON).status_code == 303
    page = late.get(taking.QUIZ).text
    assert "before you enrolled. It is not asked of you and counts in no grade." in page
    assert "complete only when this quiz is passed" not in page
    assert "complete only when this quiz is passed" in early.get(taking.QUIZ).text


def test_it_counts_as_0_for_who_was_there_and_nowhere_for_who_came_later(
    app, as_user, alice, bob, erin
) -> None:
    assert "Missing" in as_user(bob).get(OWN).text
    page = as_user(erin).get(OWN).text
    assert "Closed before you enrolled" in page and "Nothing counts yet" in page and "Missing" not in page
    assert "It was over before enrolling on 4 March 2026, so it is left out." in page
    with app.app_context():
        kinds = [entry.kind for entry in entries((), calendars.quizzes(bob.id))]
        assert (kinds, list(entries((), calendars.quizzes(erin.id)))) == (["quiz_closes"], [])


def test_a_window_of_her_own_asks_her_for_it(app, as_user, closed, erin) -> None:
    with app.app_context(), work.unit():
        facts = {"quiz_id": closed.id, "user_id": erin.id, "reason": "New", "changed_at": NOW}
        db.session.add(Accommodation(closes_at=NOW + 5 * DAY, **facts))
    browser = as_user(erin)
    assert "Pass the quiz" in browser.get(LESSON).text
    assert "Missing" in browser.get(OWN).text
    with app.app_context():
        (entry,) = entries((), calendars.quizzes(erin.id))
    assert entry.begins == NOW + 5 * DAY


def test_what_she_took_in_a_window_that_was_taken_back_is_hers(app, as_user, tea, closed, erin) -> None:
    with app.app_context(), work.unit():
        facts = {"quiz_id": closed.id, "user_id": erin.id, "reason": "New", "changed_at": NOW}
        db.session.add(Accommodation(closes_at=NOW + 5 * DAY, **facts))
    sit(app, tea, closed, erin, [{"option": "2"}], NOW + 3 * DAY)
    with app.app_context(), work.unit():
        db.session.execute(delete(Accommodation))
    browser = as_user(erin)
    page = browser.get(taking.QUIZ).text
    assert "The quiz closed" in page and "counts in no grade" not in page
    assert "100%" in browser.get(OWN).text
