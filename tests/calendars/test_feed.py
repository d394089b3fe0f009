"""Bob's dates in the calendar program that he uses anyway."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import update

from lms.accounts.models import User
from lms.assignments.models import Assignment
from lms.core import clock, work
from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.learning import actions as learning
from lms.quizzes.models import Accommodation, Question, Quiz
from tests import factories
from tests.support import assignments, quizzes, sql
from tests.support.forms import post

BEGINS = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
OPENS = datetime(2026, 4, 10, 9, 0, tzinfo=UTC)
ENDS = datetime(2026, 6, 30, 22, 0, tzinfo=UTC)


@pytest.fixture
def tea(app, alice, bob):
    course = factories.course(app, alice)
    quizzes.enrolled(app, bob, course)
    change(app, update(Course).values(starts_at=BEGINS, ends_at=ENDS, title="Tea; black, green & “white”"))
    return course


@pytest.fixture
def exam(app, tea):
    made = quizzes.quiz(app, tea, [quizzes.single()])
    change(app, update(Quiz).values(opens_at=OPENS, closes_at=OPENS + timedelta(hours=1)))
    return made


@pytest.fixture
def address(as_user, bob):
    """The path of bob's calendar."""
    browser = as_user(bob)
    return shown(post(browser, "/calendar/address", form_at="/calendar", follow_redirects=True))


def shown(page):
    found = re.search(r'value="http://localhost(/calendar/[\w-]+\.ics)"', page.text)
    assert found, page.text
    return found[1]


def change(app, *statements):
    with app.app_context(), work.unit():
        for statement in statements:
            db.session.execute(statement)


def look(client, address):
    """The entries by their stable names, as another program reads them."""
    answer = client.get(address)
    assert answer.status_code == 200 and answer.content_type == "text/calendar; charset=utf-8"
    read = Calendar.from_ical(answer.data)
    assert read["version"] == "2.0" and read.errors == []
    assert all(not event.errors for event in read.events)
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))
    return {str(event["uid"]).partition("@")[0]: event for event in read.events}


def test_courses_and_sittings_stand_in_it_in_utc(client, tea, exam, address):
    seen = look(client, address)
    assert list(seen) == ["course-1-starts", "course-1-ends", "quiz-1-window"]
    starts, window = seen["course-1-starts"], seen["quiz-1-window"]
    assert starts["summary"] == "“Tea; black, green & “white”” begins"
    assert starts["dtstart"].dt == BEGINS and "dtend" not in starts
    assert (window["dtstart"].dt, window["dtend"].dt) == (OPENS, OPENS + timedelta(hours=1))
    assert window["url"].startswith("http://localhost/courses/tea/lessons/lesson-1/quizzes/")
    assert b"DTSTART:20260410T090000Z" in client.get(address).data


def test_a_long_window_is_two_moments(app, client, exam, address):
    change(app, update(Quiz).values(closes_at=OPENS + timedelta(days=7)))
    seen = look(client, address)
    assert seen["quiz-1-opens"]["dtstart"].dt == OPENS
    assert seen["quiz-1-closes"]["dtstart"].dt == OPENS + timedelta(days=7)
    assert "quiz-1-window" not in seen


def test_moved_dates_move_and_names_stay(app, client, exam, address):
    first = client.get(address)
    same = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    change(
        app, update(Quiz).values(opens_at=OPENS + timedelta(hours=2), closes_at=OPENS + timedelta(hours=3))
    )
    moved = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert moved.status_code == 200
    assert look(client, address)["quiz-1-window"]["dtstart"].dt == OPENS + timedelta(hours=2)


def test_a_window_of_ones_own_takes_the_place_of_the_quiz_s(app, client, bob, exam, address):
    own = OPENS + timedelta(days=3)
    with app.app_context(), work.unit():
        db.session.add(
            Accommodation(
                quiz_id=exam.id,
                user_id=bob.id,
                opens_at=own,
                closes_at=own + timedelta(hours=2),
                reason="Was ill.",
                changed_at=clock.now(),
            )
        )
    window = look(client, address)["quiz-1-window"]
    assert (window["dtstart"].dt, window["dtend"].dt) == (own, own + timedelta(hours=2))
    assert "ill" not in client.get(address).text


def test_only_what_the_learner_takes_part_in_and_may_see(app, client, alice, bob, tea, exam, address):
    other = factories.course(app, alice, slug="coffee")
    change(app, update(Course).where(Course.id == other.id).values(starts_at=BEGINS))
    assert not [name for name in look(client, address) if name.startswith(f"course-{other.id}")]
    change(app, update(Lesson).where(Lesson.id == exam.lesson_id).values(is_published=False))
    assert "quiz-1-window" not in look(client, address)
    change(app, update(Course).where(Course.id == tea.id).values(state="draft"))
    assert look(client, address) == {}
    change(app, update(Course).where(Course.id == tea.id).values(state="published"))
    assert look(client, address) != {}
    with app.app_context(), work.unit():
        learning.leave(tea.id, bob.id, clock.now())
    assert look(client, address) == {}


def test_an_assignment_without_a_text_is_due_for_nobody(app, client, tea, address):
    brief = assignments.assignment(app, tea, due_at=OPENS)
    assert "A pot of tea" in client.get(address).text
    change(app, update(Assignment).where(Assignment.id == brief.id).values(body_html=""))
    assert "A pot of tea" not in client.get(address).text


def test_a_quiz_that_is_hidden_or_asks_nothing_has_no_dates(app, client, exam, address):
    change(app, update(Quiz).values(is_published=False))
    assert "quiz-1-window" not in look(client, address)
    change(app, update(Quiz).values(is_published=True))
    assert "quiz-1-window" in look(client, address)
    change(app, update(Question).values(removed_at=OPENS))
    assert "quiz-1-window" not in look(client, address)


def test_a_wrong_or_an_old_address_is_not_found(app, client, as_user, bob, tea, address):
    assert client.get("/calendar/none.ics").status_code == 404
    browser = as_user(bob)
    page = post(browser, "/calendar/address", form_at="/calendar", follow_redirects=True)
    renewed = shown(page)
    assert renewed != address and "The old one works no longer" in page.text
    assert client.get(address).status_code == 404
    assert client.get(renewed).status_code == 200
    change(app, update(User).where(User.id == bob.id).values(is_active=False))
    assert client.get(renewed).status_code == 404
    change(app, update(User).where(User.id == bob.id).values(is_active=True))
    post(browser, "/calendar/address/removal", form_at="/calendar")
    assert client.get(renewed).status_code == 404
    assert "Make my address" in browser.get("/calendar").text


def test_two_people_have_two_addresses_and_no_session_is_needed(as_user, client, charlie, tea, address):
    browser = as_user(charlie)
    hers = shown(post(browser, "/calendar/address", form_at="/calendar", follow_redirects=True))
    assert hers != address
    assert look(client, hers) == {}


def test_looking_costs_four_statements(app, client, exam, address):
    with sql.count(app) as statements:
        look(client, address)
    assert len(statements) == 4
