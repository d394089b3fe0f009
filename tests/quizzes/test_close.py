"""Handing in and the deadline: graded once, from what was saved, never a zero for lateness."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest

from lms.core import clock, work
from lms.core.db import db
from lms.quizzes import actions, jobs
from tests.quizzes import taking
from tests.support import forms, quizzes

RIGHT_FORM = {
    f"q{slot}-{name}": value
    for slot, (content, _) in enumerate(quizzes.one_of_each())
    for name, value in (quizzes.RIGHT[content.type] | {"seq": "0"}).items()
}
"""The whole page filled in by somebody who knows tea."""


@pytest.fixture
def browser(make_quiz, as_user, bob):
    make_quiz(time_limit=600)
    return as_user(bob)


@pytest.fixture
def attempt(browser) -> int:
    return taking.start(browser)


def _attempt(app):
    with app.app_context():
        return taking.row("select * from attempts where id = 1")


def _events(app) -> list:
    with app.app_context(), db.engine.connect() as connection:
        rows = connection.exec_driver_sql("select payload from events where name = 'quiz.submitted'")
        return [row.payload for row in rows]


def _answers(app) -> dict:
    with app.app_context(), db.engine.connect() as connection:
        rows = connection.exec_driver_sql("select slot, state, fraction, response from answers order by slot")
        return {row.slot: row for row in rows}


def _sweep(app, at) -> None:
    with clock.stopped_at(at), app.app_context(), work.unit():
        jobs.close_overdue.body()


def test_a_plain_form_carries_all_answers_and_hands_in(app, browser, attempt, bob) -> None:
    answer = taking.submit(browser, attempt, RIGHT_FORM)
    assert answer.status_code == 303 and answer.location == f"/attempts/{attempt}/result"
    row = _attempt(app)
    assert (row.state, row.closed_by, row.percent, row.passed) == ("graded", "learner", 100, True)
    assert {kept.state for kept in _answers(app).values()} == {"correct"} and len(_answers(app)) == 6
    assert _events(app) == [{"attempt_id": attempt, "user_id": bob.id, "quiz_id": row.quiz_id}]


def test_points_add_up_from_saved_answers(app, browser, attempt) -> None:
    taking.save(browser, attempt, 0, 1, option="2")
    taking.save(browser, attempt, 1, 1, options=["1"])
    taking.save(browser, attempt, 5, 1, pair_1="1", pair_2="3")
    taking.save(browser, attempt, 4, 1, text="three")
    taking.submit(browser, attempt)
    row = _attempt(app)
    assert (row.score, row.points, row.percent, row.passed) == (2, 6, Decimal("33.33"), False)
    states = {slot: kept.state for slot, kept in _answers(app).items()}
    assert states == {0: "correct", 1: "partial", 4: "incorrect", 5: "partial"}


def test_handing_in_twice_grades_once(app, browser, attempt) -> None:
    taking.submit(browser, attempt, RIGHT_FORM)
    before = _attempt(app)
    answer = taking.submit(browser, attempt, {"q0-seq": "99", "q0-option": "1"})
    assert answer.location == f"/attempts/{attempt}/result"
    assert _attempt(app) == before and len(_events(app)) == 1


def test_many_closings_at_once_grade_once(app, attempt) -> None:
    def close(by: str) -> bool:
        with app.app_context(), work.unit():
            return actions.close(attempt, clock.now(), by)

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(close, ["learner", "deadline"] * 3)) == [False] * 5 + [True]
    assert len(_events(app)) == 1


def test_forms_that_hand_in_at_once_wait_for_each_other(app, browser, attempt, as_user, bob) -> None:
    """Two tabs, or an impatient finger: none of them fails, one grades."""
    browsers = [as_user(bob) for _ in range(4)]
    tokens = [taking.token(each, "/no-such-page") for each in browsers]

    def press(number: int) -> int:
        form = {"csrf_token": tokens[number], **RIGHT_FORM}
        return browsers[number].post(f"/attempts/{attempt}/submission", data=form).status_code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(press, range(4))) == [303] * 4
    assert _attempt(app).percent == 100 and len(_events(app)) == 1


def test_an_answer_that_races_with_the_closing_is_graded_or_refused(app, browser, attempt, bob) -> None:
    """Nothing is ever kept after the grading that the grading did not see."""

    def save(slot: int) -> str:
        with app.app_context(), work.unit():
            return actions.save(attempt, slot, bob.id, {"option": "2"}, 1, clock.now(), timedelta(0)).outcome

    def close(_: int) -> str:
        with app.app_context(), work.unit():
            actions.close(attempt, clock.now(), "learner")
        return "done"

    with ThreadPoolExecutor(6) as pool:
        work_ahead = [pool.submit(save, slot) for slot in (0, 1)]
        work_ahead += [pool.submit(close, 0)] + [pool.submit(save, slot) for slot in (2, 3, 4, 5)]
        outcomes = [done.result() for done in work_ahead]
    kept = _answers(app)
    assert len(kept) == outcomes.count("saved") and all(row.state for row in kept.values())


def test_the_deadline_closes_and_grades_what_was_saved(app, browser, attempt) -> None:
    taking.save(browser, attempt, 0, 1, option="2")
    deadline = _attempt(app).deadline_at
    _sweep(app, deadline + timedelta(seconds=29))
    assert _attempt(app).state == "open"
    _sweep(app, deadline + timedelta(seconds=31))
    row = _attempt(app)
    assert (row.state, row.closed_by, row.submitted_at) == ("graded", "deadline", deadline)
    assert row.score == 1 and len(_events(app)) == 1
    _sweep(app, deadline + timedelta(seconds=90))
    assert _attempt(app) == row and len(_events(app)) == 1


def test_the_sweep_leaves_attempts_without_deadline_alone(app, make_quiz, as_user, bob) -> None:
    make_quiz()
    taking.start(as_user(bob))
    _sweep(app, clock.now() + timedelta(days=365))
    assert _attempt(app).state == "open"


def test_one_broken_attempt_keeps_no_other_open(app, tea, as_user, bob, charlie, browser, attempt) -> None:
    quizzes.enrolled(app, charlie, tea)
    other = taking.start(as_user(charlie))
    with app.app_context(), work.unit():
        connection = db.session.connection()
        connection.exec_driver_sql(
            "update attempts set layout = jsonb_set(layout, '{0,points}', '\"-1\"') where id = %s", (attempt,)
        )
    with pytest.raises(RuntimeError, match=rf"\[{attempt}\]"):
        _sweep(app, clock.now() + timedelta(hours=1))
    with app.app_context():
        assert taking.row("select state from attempts where id = :id", id=other).state == "graded"
        assert taking.row("select state from attempts where id = :id", id=attempt).state == "open"


def test_a_page_that_meets_an_overdue_attempt_closes_it(app, browser, attempt) -> None:
    taking.save(browser, attempt, 0, 1, option="2")
    with clock.stopped_at(clock.now() + timedelta(minutes=11)):
        assert "The time was over." in browser.get(f"/attempts/{attempt}/result").text
    assert (_attempt(app).closed_by, _attempt(app).score) == ("deadline", 1)


def test_a_form_within_the_grace_is_taken_whole(app, browser, attempt) -> None:
    with clock.stopped_at(_attempt(app).deadline_at + timedelta(seconds=20)):
        taking.submit(browser, attempt, RIGHT_FORM)
    row = _attempt(app)
    assert (row.percent, row.closed_by, row.submitted_at) == (100, "deadline", row.deadline_at)


def test_a_form_after_the_grace_counts_what_was_saved_before(app, browser, attempt) -> None:
    taking.save(browser, attempt, 0, 1, option="2")
    with clock.stopped_at(_attempt(app).deadline_at + timedelta(seconds=40)):
        answer = taking.submit(browser, attempt, RIGHT_FORM)
    assert answer.location == f"/attempts/{attempt}/result"
    assert (_attempt(app).score, _attempt(app).closed_by) == (1, "deadline")


def test_an_old_page_never_replaces_a_newer_answer(app, browser, attempt) -> None:
    taking.save(browser, attempt, 0, 50, option="2")
    taking.submit(browser, attempt, {"then": "save", "q0-seq": "3", "q0-option": "1"})
    assert _answers(app)[0].response == {"option": "2"}


def test_what_cannot_be_taken_is_shown_with_what_was_typed_and_the_rest_is_kept(
    app, browser, attempt
) -> None:
    form = RIGHT_FORM | {"q3-text": "leaf" * 400, "then": "review"}
    answer = taking.submit(browser, attempt, form)
    assert answer.status_code == 422 and "leaf" * 400 in answer.text and "too long" in answer.text
    assert sorted(_answers(app)) == [0, 1, 2, 4, 5]
    assert _attempt(app).state == "open"


def test_finish_first_shows_what_is_missing(browser, attempt) -> None:
    answer = taking.submit(browser, attempt, {"then": "review", "q0-seq": "0", "q0-option": "2"})
    page = browser.get(answer.location).text
    assert "5 questions have no answer yet." in page and page.count("Not answered") == 5


def test_an_essay_waits_for_a_person(app, make_quiz, as_user, bob) -> None:
    make_quiz([quizzes.single(), quizzes.essay()])
    browser = as_user(bob)
    attempt = taking.start(browser)
    taking.submit(browser, attempt, {"q0-seq": "0", "q0-option": "2", "q1-seq": "0", "q1-text": "For calm."})
    row = _attempt(app)
    assert (row.state, row.passed, row.percent) == ("needs_grading", None, 50)
    assert "graded by a person" in browser.get(f"/attempts/{attempt}/result").text


def test_a_form_takes_an_answer_back_and_notes_nothing_for_what_was_never_answered(
    app, browser, attempt
) -> None:
    taking.save(browser, attempt, 1, 4, options=["1"])
    taking.submit(browser, attempt, {"then": "save", "q0-seq": "0", "q1-seq": "4"})
    assert {slot: kept.response for slot, kept in _answers(app).items()} == {1: None}


def test_an_attempt_that_outlives_its_published_course_leads_nowhere_that_is_not_there(app, browser, attempt):
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("update courses set state = 'draft'")
    page = browser.get(f"/attempts/{attempt}").text
    assert 'href="/courses/' not in page
    forms.post(browser, f"/attempts/{attempt}/submission", {"then": "finish"}, form_at="/profile")
    page = browser.get(f"/attempts/{attempt}/result").text
    assert "The course is not open to learners at the moment" in page
    assert 'href="/courses/' not in page and 'action="/courses/' not in page
    assert 'href="/learning"' in page
