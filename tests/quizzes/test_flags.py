"""Marking questions to look at them again: with scripts one by one, without as part of the form."""

import pytest

from tests.quizzes import taking
from tests.support import sql


@pytest.fixture
def browser(make_quiz, as_user, bob):
    make_quiz(time_limit=600)
    return as_user(bob)


@pytest.fixture
def attempt(browser) -> int:
    return taking.start(browser)


def _mark(client, attempt: int, slot: int, on: bool):
    headers = {"Accept": "application/json", "X-CSRFToken": taking.token(client, "/no-such-page")}
    data = {"seq": "5"} | ({"on": "1"} if on else {})
    return client.post(f"/attempts/{attempt}/answers/flag{slot}", data=data, headers=headers)


def _flags(app, attempt: int) -> list:
    with app.app_context():
        return taking.row("select flags from attempts where id = :id", id=attempt).flags


def test_a_mark_is_kept_and_shown_and_taken_back(app, browser, attempt) -> None:
    for slot in (0, 3, 3):
        assert _mark(browser, attempt, slot, True).get_json()["seq"] == 5
    assert _flags(app, attempt) == ["0", "3"]
    page = browser.get(f"/attempts/{attempt}").text
    assert page.count(" checked>") == 2
    review = browser.get(f"/attempts/{attempt}/submission").text
    assert "You marked 2 questions to look at again." in review
    _mark(browser, attempt, 0, False)
    assert _flags(app, attempt) == ["3"]


def test_the_plain_form_keeps_marks_of_the_questions_that_it_shows(app, browser, attempt) -> None:
    _mark(browser, attempt, 5, True)
    _mark(browser, attempt, 0, True)
    taking.submit(browser, attempt, {"then": "save", "q0-seq": "0", "q1-seq": "0", "qflag1-on": "1"})
    assert _flags(app, attempt) == ["5", "1"]


def test_a_mark_is_kept_also_where_the_answer_is_refused(app, browser, attempt) -> None:
    form = {"then": "save", "q3-seq": "0", "q3-text": "x" * 2000, "qflag3-on": "1"}
    answer = taking.submit(browser, attempt, form)
    assert answer.status_code == 422 and 'name="qflag3-on" value="1" checked' in answer.text
    assert _flags(app, attempt) == ["3"]


def test_a_mark_is_no_answer(app, browser, attempt) -> None:
    _mark(browser, attempt, 0, True)
    assert "6 questions have no answer yet." in browser.get(f"/attempts/{attempt}/submission").text
    with app.app_context():
        assert taking.row("select count(*) as n from answers").n == 0


def test_only_ones_own_open_attempt_and_only_its_questions(browser, attempt, as_user, charlie) -> None:
    assert _mark(as_user(charlie), attempt, 0, True).status_code == 404
    assert _mark(browser, attempt, 6, True).status_code == 404
    taking.submit(browser, attempt)
    assert _mark(browser, attempt, 0, True).status_code == 409


def test_marking_costs_two_statements(app, browser, attempt) -> None:
    headers = {"Accept": "application/json", "X-CSRFToken": taking.token(browser, "/no-such-page")}
    with sql.count(app) as statements:
        browser.post(f"/attempts/{attempt}/answers/flag0", data={"seq": 1, "on": "1"}, headers=headers)
    assert len(statements) == 2, statements
