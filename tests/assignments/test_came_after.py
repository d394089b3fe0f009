"""Erin enrolls when the pot of tea has been due for days: she owes nothing of it, and what she hands in is not late."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import text

from lms.calendars import queries as calendars
from lms.calendars.rules import entries
from lms.core import clock, work
from lms.core.db import db
from lms.notifications import due_soon
from lms.webhooks import payloads
from tests import factories
from tests.assignments.conftest import BRIEF, LESSON
from tests.support import forms, sql
from tests.support.assignments import join, leave

BOOK, OWN = "/teaching/tea/gradebook", "/courses/tea/grades"
NOW, DAY = factories.NOW, timedelta(days=1)
DUE = NOW - 3 * DAY


@pytest.fixture
def erin(app, desk):
    """Everybody else has been there since a week; each day late costs a tenth."""
    desk.set(due_at=DUE, late_policy="percent", late_percent=10)
    person = factories.person(app, "Erin Elm", "erin@example.org")
    join(app, desk, person, at=NOW)
    return person


@pytest.fixture
def desk(desk):
    """With the id of its course, for `join` and `leave`."""
    desk.id = 1
    return desk


def plain(answer) -> str:
    """The words of a page without the marks around names."""
    return answer.text.replace("\u2068", "").replace("\u2069", "")


def grades(desk, browser) -> dict[str, str]:
    """What the file of the gradebook says of each learner: the work and the grade so far."""
    lines = list(csv.reader(io.StringIO(browser.get(f"{BOOK}.csv").text.lstrip("\ufeff"))))
    return {line[0].split()[0]: line[2:] for line in lines[1:]}


def test_a_newcomer_misses_nothing_and_is_told_why(app, as_user, desk, alice, bob, erin) -> None:
    teacher, learner = as_user(alice), as_user(erin)
    assert grades(desk, teacher) == {
        "Bob": ["0", "0.00"],
        "Charlie": ["0", "0.00"],
        "Erin": ["Due before they enrolled", ""],
    }
    with sql.count(app) as statements:
        page = learner.get(OWN).text
    assert len(statements) <= 5
    assert "Due before you enrolled" in page and "Nothing counts yet" in page and "Missing" not in page
    assert "It was due before enrolling on 2 March 2026, so nothing is owed and it is left out." in page
    page = teacher.get(BOOK).text
    assert page.count('muted">Came later<') == 1 and page.count("Missing") == 2
    page = teacher.get(f"{BOOK}/3").text
    assert "Due before they enrolled" in page and "before enrolling on 2 March 2026" in page
    assert "Due before you enrolled" in learner.get(LESSON).text
    with clock.stopped_at(NOW):
        page = learner.get(BRIEF).text
    assert "before you enrolled. It has no due date for you: if you hand it in" in page
    assert "counts as late" not in page and "days late" not in page and "Each day" not in page
    listed = teacher.get(f"/teaching/tea/assignments/{desk.assignment}/submissions?show=all").text
    assert listed.count("Due before they enrolled") == 1


def test_what_a_newcomer_hands_in_counts_like_any_other_work_and_is_not_late(
    app, as_user, desk, alice, bob, erin
) -> None:
    teacher, learner = as_user(alice), as_user(erin)
    for person, browser in ((bob, as_user(bob)), (erin, learner)):
        desk.hand_in(browser, "A pot", NOW + DAY)
        desk.grade(teacher, person, "20")
    assert grades(desk, teacher) == {
        "Bob": ["60.00", "60.00"],
        "Charlie": ["0", "0.00"],
        "Erin": ["100.00", "100.00"],
    }
    page = learner.get(BRIEF).text
    assert "So what you handed in is not late." in page and "so it is not late" in page and "100%" in page
    assert "on time" not in page and "days late" not in page
    assert "100%" in learner.get(LESSON).text and "100%" in learner.get(OWN).text
    assert "100%" in learner.get("/learning/activity").text
    desk_page = teacher.get(f"/teaching/tea/submissions/{desk.work_of(erin)}").text
    assert "due before they enrolled, so not late" in desk_page and "days late" not in desk_page
    listed = teacher.get(f"/teaching/tea/assignments/{desk.assignment}/submissions").text
    assert "20 / 20" in listed and "12 / 20" in listed and listed.count("days late") == 1
    with app.app_context():
        told = payloads._submission({"submission_id": desk.work_of(erin), "number": 1})
    assert (told["submission"]["days_late"], told["submission"]["percent"]) == (0, 100)


def test_a_nameless_work_does_not_tell_that_its_learner_came_later(as_user, desk, alice, erin) -> None:
    desk.set(is_blind=True)
    desk.hand_in(as_user(erin), "A pot", NOW + DAY)
    page = as_user(alice).get(f"/teaching/tea/submissions/{desk.work_of(erin)}").text
    assert "A pot" in page and "before they enrolled" not in page and "days late" not in page


def test_more_days_give_a_newcomer_a_due_date_like_anybodys(app, as_user, desk, alice, erin) -> None:
    teacher, learner = as_user(alice), as_user(erin)
    form = f"/teaching/tea/assignments/{desk.assignment}/extensions/{erin.id}"
    assert "they owe nothing, and what they hand in is not late" in plain(teacher.get(form))
    # Too few to reach beyond the day on which she came.
    forms.post(teacher, form, {"days": "2", "reason": "New"})
    assert grades(desk, teacher)["Erin"] == ["Due before they enrolled", ""]
    forms.post(teacher, form, {"days": "5", "reason": "New"})
    assert "they owe nothing" not in plain(teacher.get(form))
    with app.app_context():
        (told,) = [one for one in due_soon.reminders(NOW + DAY) if one.user_id == erin.id]
        (date,) = entries((), (), calendars.assignments(erin.id))
    assert told.facts["due"] == (DUE + 5 * DAY).isoformat() and date.begins == DUE + 5 * DAY
    with clock.stopped_at(NOW + DAY):
        assert grades(desk, teacher)["Erin"] == ["", ""]
        assert "It is on time until" in learner.get(BRIEF).text
    assert grades(desk, teacher)["Erin"] == ["0", "0.00"]
    desk.hand_in(learner, "A pot", DUE + 6 * DAY)
    desk.grade(teacher, erin, "20")
    assert grades(desk, teacher)["Erin"] == ["90.00", "90.00"]


def test_nothing_reminds_a_newcomer_and_no_date_stands_in_the_calendar(app, desk, bob, erin) -> None:
    with app.app_context():
        assert not list(due_soon.reminders(NOW + timedelta(minutes=1)))
        assert not list(entries((), (), calendars.assignments(erin.id)))
        (date,) = entries((), (), calendars.assignments(bob.id))
    assert date.begins == DUE


def test_leaving_and_coming_back_clears_no_date(app, as_user, desk, alice, bob, erin) -> None:
    teacher = as_user(alice)
    leave(app, desk, bob, NOW - 4 * DAY)
    join(app, desk, bob, at=NOW)
    assert grades(desk, teacher)["Bob"] == ["0", "0.00"]
    desk.set(due_at=NOW + DAY)
    leave(app, desk, erin, NOW + timedelta(hours=1))
    join(app, desk, erin, at=NOW + 2 * DAY)
    assert grades(desk, teacher)["Erin"] == ["0", "0.00"]


def test_a_lesson_asks_a_newcomer_for_the_work_while_it_is_taken_and_not_when_it_never_was(
    as_user, desk, bob, erin
) -> None:
    learner, completion = as_user(erin), f"{LESSON}/completion"
    assert forms.post(learner, completion, form_at=LESSON).status_code == 422
    assert "Hand in the assignment" in learner.get(LESSON).text
    for rules in ({"late_policy": "closed"}, {"late_policy": "none", "closes_at": NOW - DAY}):
        desk.set(**rules)
        assert "Hand in the assignment" not in learner.get(LESSON).text
        assert "Hand in the assignment" in as_user(bob).get(LESSON).text
        page = learner.get(BRIEF).text
        assert "before you enrolled. You owe nothing: it is left out of your grade." in page
        assert 'id="work-form"' not in page
    assert forms.post(learner, completion, form_at=LESSON).status_code == 303
    assert forms.post(as_user(bob), completion, form_at=LESSON).status_code == 422


def test_what_had_closed_without_a_due_date_is_not_owed_when_the_course_ends(
    app, as_user, desk, alice, bob, erin
) -> None:
    desk.set(due_at=None, late_policy="none", closes_at=NOW - DAY)
    with app.app_context(), work.unit():
        db.session.execute(text("update courses set ends_at = :at"), {"at": NOW + DAY})
    teacher = as_user(alice)
    for at in (NOW, NOW + 2 * DAY):
        with clock.stopped_at(at):
            assert grades(desk, teacher)["Erin"] == ["Closed before they enrolled", ""]
    assert grades(desk, teacher)["Bob"] == ["0", "0.00"]
    listed = teacher.get(f"/teaching/tea/assignments/{desk.assignment}/submissions?show=all").text
    assert listed.count("Closed before they enrolled") == 1
    with clock.stopped_at(NOW):
        assert "You owe nothing: it is left out of your grade." in as_user(erin).get(BRIEF).text
        assert "You owe nothing" not in as_user(bob).get(BRIEF).text
    page = as_user(erin).get(OWN).text
    assert "Closed before you enrolled" in page and "It was over before enrolling on 2 March 2026" in page
