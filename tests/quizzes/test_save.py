"""Saving answers: kept once, the newest wins, nobody else's, not after the end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from lms.core import clock, work
from lms.core.db import db
from lms.quizzes import actions
from tests.quizzes import taking
from tests.support import quizzes, sql

GRACE = timedelta(seconds=30)


@pytest.fixture
def browser(make_quiz, as_user, bob):
    make_quiz(time_limit=600)
    return as_user(bob)


@pytest.fixture
def attempt(browser) -> int:
    return taking.start(browser)


def _kept(app, slot: int = 0):
    with app.app_context():
        return taking.row("select response, seq from answers where slot = :slot", slot=slot)


def test_an_answer_is_kept_and_acknowledged(app, browser, attempt) -> None:
    answer = taking.save(browser, attempt, 0, 1, option="2")
    assert answer.status_code == 200
    said = answer.get_json()
    assert (said["outcome"], said["seq"]) == ("saved", 1)
    assert {"saved_at", "server_now", "deadline"} <= said.keys()
    assert _kept(app) == ({"option": "2"}, 1)


def test_every_type_is_kept_and_shown_again(app, browser, attempt) -> None:
    for slot, (content, _) in enumerate(quizzes.one_of_each()):
        fields = {name.replace("-", "_"): value for name, value in quizzes.RIGHT[content.type].items()}
        assert taking.save(browser, attempt, slot, 1, **fields).status_code == 200
    page = browser.get(f"/attempts/{attempt}").text
    assert page.count(" checked") == 4 and page.count(" selected") == 2
    assert 'value="Oolongleaf"' in page and 'value="3,5"' in page


def test_a_late_repeat_never_replaces_a_newer_answer(app, browser, attempt) -> None:
    taking.save(browser, attempt, 0, 7, option="2")
    said = taking.save(browser, attempt, 0, 6, option="1").get_json()
    assert (said["outcome"], said["seq"]) == ("stale", 7)
    assert _kept(app) == ({"option": "2"}, 7)


def test_a_repeat_is_acknowledged_like_the_first_time(app, browser, attempt) -> None:
    first = taking.save(browser, attempt, 0, 3, option="2").get_json()
    again = taking.save(browser, attempt, 0, 3, option="2").get_json()
    assert (again["outcome"], again["seq"], again["saved_at"]) == ("stale", 3, first["saved_at"])


def test_an_answer_can_be_taken_back(app, browser, attempt) -> None:
    taking.save(browser, attempt, 1, 1, options=["1", "2"])
    taking.save(browser, attempt, 1, 2)
    assert _kept(app, 1) == (None, 2)


def test_of_many_at_once_the_highest_number_stays(app, attempt, bob) -> None:
    def send(seq: int) -> None:
        with app.app_context(), work.unit():
            actions.save(attempt, 0, bob.id, {"option": str(seq)}, seq, clock.now(), GRACE)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(send, [3, 9, 1, 12, 7, 5, 2, 11, 4, 10, 8, 6]))
    assert _kept(app) == ({"option": "12"}, 12)


def test_within_the_grace_an_answer_under_way_is_taken(app, browser, attempt) -> None:
    with clock.stopped_at(clock.now() + timedelta(seconds=620)):
        assert taking.save(browser, attempt, 0, 1, option="2").status_code == 200
    assert _kept(app).seq == 1


def test_after_the_grace_it_is_not_and_the_page_is_told(app, browser, attempt) -> None:
    with clock.stopped_at(clock.now() + timedelta(seconds=640)):
        answer = taking.save(browser, attempt, 0, 1, option="2")
    assert (answer.status_code, answer.get_json()["outcome"]) == (409, "closed")
    with app.app_context():
        assert taking.row("select count(*) as n from answers").n == 0


def test_after_handing_in_nothing_is_changed(app, browser, attempt) -> None:
    taking.save(browser, attempt, 0, 1, option="2")
    taking.submit(browser, attempt)
    answer = taking.save(browser, attempt, 0, 2, option="1")
    assert (answer.status_code, answer.get_json()["message"]) == (409, "This attempt has been handed in.")
    assert _kept(app) == ({"option": "2"}, 1)


def test_nobody_elses_attempt_can_be_seen_or_answered(
    browser, attempt, as_user, charlie, alice, dana
) -> None:
    for person in (charlie, alice, dana):
        other = as_user(person)
        assert taking.save(other, attempt, 0, 1, option="2").status_code == 404
        assert taking.submit(other, attempt).status_code == 404
        for page in ("", "/submission", "/result"):
            assert other.get(f"/attempts/{attempt}{page}").status_code == 404


@pytest.mark.parametrize("slot", [6, 999, 1000, 99999999999])
def test_there_is_no_slot_beyond_the_last(browser, attempt, slot) -> None:
    assert taking.save(browser, attempt, slot, 1, option="2").status_code == 404


@pytest.mark.parametrize("seq", ["0", "-1", "", "x", "1e9", "9" * 30, "9007199254740992"])
def test_an_answer_without_a_proper_number_is_refused(browser, attempt, seq) -> None:
    answer = taking.save(browser, attempt, 0, seq, option="2")
    assert answer.status_code == 422 and "reload" in answer.get_json()["message"]


@pytest.mark.parametrize(
    ("slot", "fields"),
    [
        (0, {"option": "4"}),
        (0, {"option": ["1", "2"]}),
        (1, {"options": ["1", "x"]}),
        (3, {"text": "x" * 1001}),
        (5, {"pair_1": "9"}),
        (5, {"pair_9": "1"}),
    ],
)
def test_what_a_question_cannot_take_is_said_and_not_kept(app, browser, attempt, slot, fields) -> None:
    answer = taking.save(browser, attempt, slot, 1, **fields)
    assert answer.status_code == 422 and answer.get_json()["message"]
    with app.app_context():
        assert taking.row("select count(*) as n from answers").n == 0


def test_a_signed_out_browser_is_told_by_the_status(app, browser, attempt) -> None:
    headers = {"Accept": "application/json", "X-CSRFToken": taking.token(browser, "/no-such-page")}
    with app.app_context(), work.unit():
        db.session.connection().exec_driver_sql("update user_sessions set ended_at = now()")
    answer = browser.post(f"/attempts/{attempt}/answers/0", data={"seq": 1, "option": "2"}, headers=headers)
    assert answer.status_code == 401


def test_saving_costs_three_statements(app, browser, attempt) -> None:
    headers = {"Accept": "application/json", "X-CSRFToken": taking.token(browser, "/no-such-page")}
    with sql.count(app) as statements:
        browser.post(f"/attempts/{attempt}/answers/0", data={"seq": 1, "option": "2"}, headers=headers)
    assert len(statements) == 3, statements


def test_htmx_gets_the_acknowledgement_as_a_fragment(browser, attempt) -> None:
    headers = {"HX-Request": "true", "X-CSRFToken": taking.token(browser, "/no-such-page")}
    answer = browser.post(f"/attempts/{attempt}/answers/0", data={"seq": 1, "option": "2"}, headers=headers)
    assert answer.status_code == 200 and 'id="saved-0"' in answer.text and "<html" not in answer.text
