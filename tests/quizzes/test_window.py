"""When a quiz may be taken, and when its score and right answers are shown."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.core import clock, work
from lms.core.db import db
from lms.courses.models import Course
from lms.quizzes import rules
from lms.quizzes.authoring.quizzes import change_quiz
from lms.quizzes.models import Quiz
from tests.quizzes import taking
from tests.support import quizzes

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))


def _press(browser):
    token = {"csrf_token": taking.token(browser, "/no-such-page")}
    return browser.post(f"{taking.QUIZ}/attempts", data=token)


def test_before_it_opens_the_page_says_when_in_the_readers_own_time(app, make_quiz, as_user, bob) -> None:
    make_quiz(opens_at=NOON, closes_at=NOON + HOUR)
    with app.app_context(), work.unit():
        db.session.connection().exec_driver_sql("update users set time_zone = 'Asia/Kolkata'")
    with clock.stopped_at(NOON - HOUR):
        browser = as_user(bob)
        said = "Open from 2 Mar 2026, 17:30 (Asia/Kolkata) to 2 Mar 2026, 18:30 (Asia/Kolkata)."
        assert said in browser.get("/courses/tea/lessons/lesson-1").text
        page = browser.get(taking.QUIZ).text
        assert said in page
        assert "The quiz opens 2 Mar 2026, 17:30 (Asia/Kolkata)." in page and "Start the quiz" not in page
        assert _press(browser).location.endswith("/quizzes/steeping")


def test_it_opens_and_closes_to_the_second(make_quiz, as_user, bob) -> None:
    make_quiz(opens_at=NOON, closes_at=NOON + HOUR, max_attempts=None)
    browser = as_user(bob)
    with clock.stopped_at(NOON):
        attempt = taking.start(browser)
        taking.submit(browser, attempt)
    with clock.stopped_at(NOON + HOUR):
        page = browser.get(taking.QUIZ).text
        assert "The quiz closed 2 Mar 2026, 13:00 (UTC)." in page and "Try again" not in page
        assert "Try again" not in browser.get(f"/attempts/{attempt}/result").text
        assert _press(browser).location.endswith("/quizzes/steeping")


@pytest.mark.parametrize("time_limit", [None, 3600])
def test_an_attempt_ends_when_the_quiz_closes(app, make_quiz, as_user, bob, time_limit) -> None:
    make_quiz(closes_at=NOON + HOUR, time_limit=time_limit)
    with clock.stopped_at(NOON + HOUR - timedelta(minutes=5)):
        attempt = taking.start(as_user(bob))
    with app.app_context():
        row = taking.row("select deadline_at from attempts where id = :id", id=attempt)
    assert row.deadline_at == NOON + HOUR


def test_right_answers_wait_until_the_quiz_has_closed(make_quiz, as_user, bob) -> None:
    make_quiz(reveal="close", closes_at=NOON + HOUR)
    browser = as_user(bob)
    with clock.stopped_at(NOON):
        attempt = taking.start(browser)
        taking.save(browser, attempt, 0, 1, option="1")
        taking.submit(browser, attempt)
        page = browser.get(f"/attempts/{attempt}/result").text
        assert "0 of 6 points" in page and quizzes.SECRET not in page
        assert "are shown when the quiz has closed for everyone: 2 Mar 2026, 13:00 (UTC)." in page
    with clock.stopped_at(NOON + HOUR + timedelta(seconds=31)):
        assert quizzes.SECRET in browser.get(f"/attempts/{attempt}/result").text


def test_they_wait_for_a_learner_whose_own_window_is_longer(
    app, make_quiz, as_user, bob, charlie, tea
) -> None:
    made = make_quiz(reveal="close", closes_at=NOON + HOUR)
    with app.app_context(), work.unit():
        db.session.connection().exec_driver_sql(
            "insert into accommodations (quiz_id, user_id, extra_percent, extra_minutes, extra_attempts, untimed,"
            " closes_at, reason, changed_at) values (%s, %s, 0, 0, 0, false, %s, 'ill', now())",
            (made.id, charlie.id, NOON + 5 * HOUR),
        )
    browser = as_user(bob)
    with clock.stopped_at(NOON):
        attempt = taking.start(browser)
        taking.submit(browser, attempt)
    with clock.stopped_at(NOON + 2 * HOUR):
        assert quizzes.SECRET not in browser.get(f"/attempts/{attempt}/result").text
    with clock.stopped_at(NOON + 6 * HOUR):
        assert quizzes.SECRET in browser.get(f"/attempts/{attempt}/result").text


def test_the_score_can_wait_too(make_quiz, as_user, bob) -> None:
    make_quiz([quizzes.single()], reveal="never", reveal_score="close", closes_at=NOON + HOUR)
    browser = as_user(bob)
    with clock.stopped_at(NOON):
        attempt = taking.start(browser)
        taking.save(browser, attempt, 0, 1, option="2")
        taking.submit(browser, attempt)
        for page in (browser.get(f"/attempts/{attempt}/result").text, browser.get(taking.QUIZ).text):
            assert "100%" not in page and "1 of 1 points" not in page
            assert "Your score is shown when the quiz has closed" in page
    with clock.stopped_at(NOON + 2 * HOUR):
        assert "1 of 1 points" in browser.get(f"/attempts/{attempt}/result").text


def test_after_it_closes_never_comes_while_no_end_is_set() -> None:
    assert not rules.is_shown("close", None, timedelta(0), NOON)
    assert rules.is_shown("submission", None, timedelta(0), NOON)


@settings(max_examples=60)
@given(
    start=moments,
    limit=st.none() | st.integers(1, 10**6),
    closes=st.none() | moments,
    ends=st.none() | moments,
)
def test_no_deadline_is_after_the_close_or_the_time_limit(start, limit, closes, ends) -> None:
    found = rules.Terms(limit, None, None, closes, None, ends).deadline(start)
    bounds = [bound for bound in (closes, ends, limit and start + timedelta(seconds=limit)) if bound]
    assert found == (min(bounds) if bounds else None)


def test_the_night_when_clocks_change_neither_lengthens_nor_shortens_an_attempt() -> None:
    """Berlin, 29 March 2026: 01:30 is followed by 03:00. Ninety minutes later it is 04:00 there."""
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 3, 29, 1, 30, tzinfo=berlin).astimezone(UTC)
    end = rules.deadline(start, 90 * 60, None)
    assert end and end - start == timedelta(minutes=90)
    assert end.astimezone(berlin).strftime("%H:%M") == "04:00"


@pytest.mark.parametrize(
    ("before", "after", "minutes"),
    [
        ({"time_limit": 3600}, {"time_limit": 7200}, 120),
        ({"time_limit": 3600}, {"time_limit": 600}, 60),
        ({"time_limit": 3600}, {"closes_at": NOON + timedelta(minutes=40)}, 40),
        ({"time_limit": 3600}, {"closes_at": NOON + timedelta(minutes=1)}, 11),
        ({"closes_at": NOON + HOUR}, {"closes_at": NOON + 2 * HOUR}, 120),
        ({"time_limit": 7200, "closes_at": NOON + HOUR}, {"closes_at": NOON + 9 * HOUR}, 120),
        ({"time_limit": 3600}, {"time_limit": None}, None),
        ({}, {"time_limit": 600}, None),
    ],
)
def test_a_changed_quiz_gives_more_time_to_who_sits_and_closes_for_all(
    app, make_quiz, as_user, bob, before, after, minutes
) -> None:
    """The change is made ten minutes after the start."""
    made = make_quiz(**before)
    with clock.stopped_at(NOON):
        attempt = taking.start(as_user(bob))
    with app.app_context(), work.unit():
        quiz = db.session.get_one(Quiz, made.id)
        course = db.session.get_one(Course, quiz.course_id)
        change_quiz(course, quiz, after, NOON + timedelta(minutes=10))
    with app.app_context():
        row = taking.row("select deadline_at from attempts where id = :id", id=attempt)
    assert row.deadline_at == (None if minutes is None else NOON + timedelta(minutes=minutes))
