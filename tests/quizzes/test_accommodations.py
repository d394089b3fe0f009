"""More time, more attempts, no limit, other dates for one learner: given, changed, taken back, also in the middle."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from lms.core import clock, work
from lms.core.db import db
from lms.quizzes import accommodations, rules, windows
from lms.quizzes.accommodations import Grant
from tests.quizzes import taking
from tests.support import forms, quizzes

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LIST = "/teaching/tea/quizzes/1/accommodations"


@pytest.fixture
def give(app, alice, bob):
    """give(at, extra_minutes=10): to Bob in quiz 1."""

    def given(at: datetime = NOON, **what) -> None:
        with app.app_context(), work.unit():
            accommodations.give(1, bob.id, Grant(**what), "dyslexia", alice.id, at)

    return given


def _deadline(app, attempt: int):
    with app.app_context():
        return taking.row("select deadline_at from attempts where id = :id", id=attempt).deadline_at


@pytest.mark.parametrize(
    ("what", "minutes"),
    [
        ({"extra_percent": 25}, 75),
        ({"extra_minutes": 10}, 70),
        ({"extra_percent": 50, "extra_minutes": 5}, 95),
        ({"extra_attempts": 1}, 60),
    ],
)
def test_more_time_is_in_the_deadline_and_on_the_page(
    app, make_quiz, as_user, bob, give, what, minutes
) -> None:
    make_quiz(time_limit=3600)
    give(**what)
    with clock.stopped_at(NOON):
        browser = as_user(bob)
        assert f"You have {minutes} minutes." in browser.get(taking.QUIZ).text
        assert _deadline(app, taking.start(browser)) == NOON + minutes * MINUTE


def test_an_untimed_sitting_has_no_timer_but_ends_when_the_quiz_closes(
    app, make_quiz, as_user, bob, give
) -> None:
    make_quiz(time_limit=3600, closes_at=NOON + 9 * HOUR)
    give(untimed=True)
    with clock.stopped_at(NOON):
        assert _deadline(app, taking.start(as_user(bob))) == NOON + 9 * HOUR


def test_nobody_else_gets_it(app, make_quiz, as_user, charlie, tea, give) -> None:
    quizzes.enrolled(app, charlie, tea)
    make_quiz(time_limit=3600)
    give(extra_percent=100)
    with clock.stopped_at(NOON):
        assert _deadline(app, taking.start(as_user(charlie))) == NOON + HOUR


def test_one_more_attempt(make_quiz, as_user, bob, give) -> None:
    make_quiz([quizzes.single()], max_attempts=1)
    browser = as_user(bob)
    taking.submit(browser, taking.start(browser))
    assert "You have used all your attempts." in browser.get(taking.QUIZ).text
    give(extra_attempts=1)
    assert "Try again" in browser.get("/attempts/1/result").text
    taking.submit(browser, taking.start(browser))
    assert "You have used all your attempts." in browser.get(taking.QUIZ).text


def ends(app, at: datetime) -> None:
    """The course ends then."""
    with app.app_context(), work.unit():
        db.session.connection().exec_driver_sql("update courses set ends_at = %s", (at,))


def test_a_window_of_ones_own_takes_the_place_of_the_quizs(app, make_quiz, as_user, bob, give) -> None:
    make_quiz(opens_at=NOON - 9 * HOUR, closes_at=NOON - 8 * HOUR, time_limit=3600)
    with clock.stopped_at(NOON):
        browser = as_user(bob)
        assert "The quiz closed" in browser.get(taking.QUIZ).text
        give(opens_at=NOON - HOUR, closes_at=NOON + 30 * MINUTE)
        assert "This was arranged for you." in browser.get(taking.QUIZ).text
        assert _deadline(app, taking.start(browser)) == NOON + 30 * MINUTE


def test_a_window_of_ones_own_ends_with_the_course_unless_it_was_given_for_after_that(
    app, make_quiz, as_user, bob, give
) -> None:
    make_quiz(closes_at=NOON - 8 * HOUR, time_limit=3600)
    give(opens_at=NOON - 9 * HOUR, closes_at=NOON + 30 * MINUTE)
    ends(app, NOON - HOUR)
    browser = as_user(bob)
    with clock.stopped_at(NOON - 90 * MINUTE):
        assert "2 Mar 2026, 11:00" in browser.get(taking.QUIZ).text, "the course's end is when it closes"
    with clock.stopped_at(NOON):
        page = browser.get(taking.QUIZ).text
        assert "can no longer be taken" in page and "Start the quiz" not in page
        start = forms.post(browser, f"{taking.QUIZ}/attempts", form_at="/profile")
        assert start.location.endswith("/quizzes/steeping")
        give(closes_at=NOON + 30 * MINUTE, after_end=True)
        assert "This was arranged for you." in browser.get(taking.QUIZ).text
        assert _deadline(app, taking.start(browser)) == NOON + 30 * MINUTE


def test_who_gives_a_window_past_the_end_of_the_course_says_so(
    app, make_quiz, as_user, alice, bob, tea
) -> None:
    make_quiz()
    browser, page = as_user(alice), f"{LIST}/{bob.id}"
    assert "Also after the end" not in browser.get(page).text, "the course has none"
    ends(app, NOON + HOUR)
    typed = {"closes_at": "2026-03-02T14:00", "reason": "Was ill"}
    with clock.stopped_at(NOON):
        shown = browser.get(page).text
        assert "Also after the end of the course" in shown and "2 Mar 2026, 13:00" in shown
        refused = forms.post(browser, page, typed)
        assert refused.status_code == 422 and "The course ends 2 Mar 2026, 13:00" in refused.text
        assert 'value="2026-03-02T14:00"' in refused.text and "Was ill" in refused.text
        lacking = forms.post(browser, page, {"after_end": "y", "extra_attempts": "1", "reason": "Was ill"})
        assert lacking.status_code == 422 and "Say above until when" in lacking.text
        assert forms.post(browser, page, typed | {"after_end": "y"}).status_code == 303
        assert "after the end of the course" in browser.get(LIST).text
        assert forms.post(browser, page, typed | {"closes_at": "2026-03-02T12:30"}).status_code == 303
    ends(app, NOON)
    assert "but no later than the course ends" in browser.get(LIST).text
    assert "The course ended 2 Mar 2026, 12:00" in browser.get(page).text


instants = st.none() | st.integers(0, 3).map(lambda hours: NOON + hours * HOUR)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(own=instants, quiz=instants, course=instants, after_end=st.booleans(), given=st.booleans())
def test_python_and_sql_say_the_same_of_when_a_quiz_closes(app, own, quiz, course, after_end, given) -> None:
    own, after_end = (own, after_end) if given else (None, False)
    statement = text(f"""
        select {windows.closes_sql("x", "q", "c")} as closes
          from (select cast(:quiz as timestamptz) as closes_at) q
          cross join (select cast(:course as timestamptz) as ends_at) c
          left join (select cast(:own as timestamptz) as closes_at, cast(:after as bool) as after_end) x on :given
    """)  # noqa: S608 - our own words
    values = {"own": own, "quiz": quiz, "course": course, "after": after_end, "given": given}
    with app.app_context():
        told = db.session.scalar(statement, values)
    assert told == windows.closes(own, quiz, course, after_end=after_end)
    terms = rules.Terms.of(
        SimpleNamespace(
            time_limit=None, max_attempts=None, extra_attempts=0, opens_at=None, own_opens_at=None, starts_at=None,
            own_closes_at=own, closes_at=quiz, ends_at=course, after_end=after_end,
        )
    )  # fmt: skip
    assert course is None or (own and after_end) or terms.last_moment <= course, (
        "nothing goes on after the end"
    )


def test_given_in_the_middle_the_deadline_moves_and_the_next_answer_says_so(
    app, make_quiz, as_user, bob, give
) -> None:
    make_quiz(time_limit=3600)
    browser = as_user(bob)
    with clock.stopped_at(NOON):
        attempt = taking.start(browser)
    give(NOON + 50 * MINUTE, extra_percent=50)
    assert _deadline(app, attempt) == NOON + 90 * MINUTE
    with clock.stopped_at(NOON + 80 * MINUTE):
        said = taking.save(browser, attempt, 0, 1, option="2").get_json()
    assert (said["outcome"], said["deadline"]) == ("saved", (NOON + 90 * MINUTE).isoformat())
    give(NOON + 80 * MINUTE, untimed=True)
    assert _deadline(app, attempt) is None


def test_a_page_that_handed_in_by_itself_before_it_heard_of_more_time_goes_on(
    app, make_quiz, as_user, bob, give
) -> None:
    make_quiz(time_limit=3600)
    browser = as_user(bob)
    with clock.stopped_at(NOON):
        attempt = taking.start(browser)
    give(NOON + 50 * MINUTE, extra_minutes=30)
    with clock.stopped_at(NOON + HOUR):
        answer = taking.submit(browser, attempt, {"then": "over", "q0-seq": "0", "q0-option": "2"})
        assert answer.location == f"/attempts/{attempt}"
        assert 'data-seconds="1800.0"' in browser.get(answer.location).text
    with app.app_context():
        assert taking.row("select response from answers").response == {"option": "2"}
    with clock.stopped_at(NOON + HOUR + 30 * MINUTE):
        assert taking.submit(browser, attempt, {"then": "over"}).location.endswith("/result")


def test_taken_back_in_the_middle_a_minute_is_left(app, make_quiz, as_user, bob, give) -> None:
    make_quiz(time_limit=3600)
    give(extra_percent=100)
    with clock.stopped_at(NOON):
        attempt = taking.start(as_user(bob))
    with app.app_context(), work.unit():
        assert accommodations.remove(1, bob.id, NOON + 90 * MINUTE)
        assert not accommodations.remove(1, bob.id, NOON + 90 * MINUTE)
    assert _deadline(app, attempt) == NOON + 91 * MINUTE


@settings(max_examples=80)
@given(old=st.none() | st.integers(0, 500), new=st.none() | st.integers(0, 500), at=st.integers(0, 500))
def test_a_moved_deadline_is_never_sooner_than_a_minute_unless_it_was(old, new, at) -> None:
    before, goal, now = (None if m is None else NOON + m * MINUTE for m in (old, new, at))
    moved = rules.moved_deadline(before, goal, now)
    if goal is None or (before is not None and goal >= before):
        assert moved == goal
    else:
        assert moved is not None and moved >= goal
        assert moved >= now + MINUTE or moved == before


@settings(max_examples=60)
@given(limit=st.integers(1, 10**6), percent=st.integers(0, 900), minutes=st.integers(0, 10080))
def test_more_time_is_never_less(limit: int, percent: int, minutes: int) -> None:
    row = SimpleNamespace(
        time_limit=limit, extra_percent=percent, extra_minutes=minutes, untimed=False, max_attempts=None,
        extra_attempts=0, own_opens_at=None, own_closes_at=None, opens_at=None, closes_at=None, starts_at=None,
        ends_at=None, after_end=False,
    )  # fmt: skip
    longer = rules.Terms.of(row).time_limit
    assert longer is not None and longer >= limit + minutes * 60
    assert limit * percent / 100 <= longer - limit - minutes * 60 < limit * percent / 100 + 1


def test_alice_finds_the_learner_gives_changes_and_takes_back(app, make_quiz, as_user, alice, bob) -> None:
    make_quiz(time_limit=3600)
    browser = as_user(alice)
    assert "Bob" in browser.get(f"{LIST}?q=bo").text and "No learner" in browser.get(f"{LIST}?q=zz").text
    page = f"{LIST}/{bob.id}"
    answer = forms.post(browser, page, {"extra_percent": "25", "reason": "Certificate of 3 March"})
    assert answer.status_code == 303
    listed = browser.get(LIST).text
    assert "25% more time" in listed and "Certificate of 3 March" in listed
    forms.post(browser, page, {"extra_percent": "50", "reason": "A second certificate"})
    assert "50% more time" in browser.get(LIST).text
    assert forms.post(browser, f"{page}/removal", form_at=page).status_code == 303
    assert "The same rules hold for everyone so far." in browser.get(LIST).text
    with app.app_context(), db.engine.connect() as connection:
        noted = connection.exec_driver_sql(
            "select action, actor_name, subject_name, details from audit_entries where action ~ '^accommodation' order by id"
        ).all()
    assert [row.action for row in noted] == [
        f"accommodation.{what}" for what in ("given", "changed", "removed")
    ]
    assert not any("ertificate" in str(row.details) for row in noted), "reasons may tell of somebody's health"
    assert {(row.actor_name, row.subject_name) for row in noted} == {(alice.name, bob.name)}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"extra_percent": "1000", "reason": "x"}, "Use a whole number from 0 to 900."),
        ({"extra_minutes": "ten", "reason": "x"}, "Use a whole number from 0 to 10080."),
        ({"extra_percent": "25"}, "Say why"),
        ({"reason": "Just so"}, "Say above what the learner gets"),
        (
            {"opens_at": "2026-03-02T12:00", "closes_at": "2026-03-02T12:00", "reason": "x"},
            "close after it opens",
        ),
    ],
)
def test_what_cannot_be_given_is_said_and_what_was_typed_stays(
    make_quiz, as_user, alice, bob, typed, said
) -> None:
    make_quiz(time_limit=3600)
    answer = forms.post(as_user(alice), f"{LIST}/{bob.id}", typed)
    assert answer.status_code == 422 and said in answer.text
    assert all(value in answer.text for value in typed.values())


def test_dates_are_typed_in_the_zone_of_who_types_them_also_when_clocks_change(
    app, make_quiz, as_user, alice, bob
) -> None:
    """New York, 8 March 2026: 02:30 does not exist, and half past three is 07:30 UTC."""
    make_quiz()
    with app.app_context(), work.unit():
        db.session.connection().exec_driver_sql(
            "update users set time_zone = 'America/New_York' where id = %s", (alice.id,)
        )
    browser, page = as_user(alice), f"{LIST}/{bob.id}"
    forms.post(
        browser, page, {"opens_at": "2026-03-07T12:00", "closes_at": "2026-03-08T03:30", "reason": "x"}
    )
    with app.app_context():
        row = taking.row("select opens_at, closes_at from accommodations")
    assert row.opens_at == datetime(2026, 3, 7, 17, 0, tzinfo=UTC)
    assert row.closes_at == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert 'value="2026-03-08T03:30"' in browser.get(page).text


def test_a_learner_of_another_course_is_not_found(make_quiz, as_user, alice, charlie) -> None:
    make_quiz()
    assert as_user(alice).get(f"{LIST}/{charlie.id}").status_code == 404
