"""What a learner may read of an attempt that was handed in, and the receipt to keep."""

import re
from datetime import UTC, datetime, timedelta

from lms.core import clock, work
from lms.core.db import db
from tests.quizzes import taking
from tests.support import quizzes

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_while_the_score_waits_nothing_says_how_an_attempt_went(make_quiz, as_user, bob) -> None:
    make_quiz([quizzes.single()], reveal_score="close", closes_at=NOON + timedelta(hours=1))
    browser = as_user(bob)
    with clock.stopped_at(NOON):
        for option in ("1", "2"):
            attempt = taking.start(browser)
            taking.save(browser, attempt, 0, 1, option=option)
            taking.submit(browser, attempt)
        page = browser.get(taking.QUIZ).text
        assert page.count('<span class="badge badge-info">Handed in') == 2
        assert "assed</span>" not in page and "counts</span>" not in page
    with clock.stopped_at(NOON + timedelta(hours=2)):
        page = browser.get(taking.QUIZ).text
        assert "Not passed</span>" in page and "counts</span>" in page


def test_a_receipt_keeps_each_answer_apart_from_its_time(make_quiz, as_user, bob) -> None:
    """In a language from right to left, "3,5, 12:00:05" would be read as one number with its end first."""
    make_quiz([quizzes.numeric(), quizzes.essay()])
    browser = as_user(bob)
    with clock.stopped_at(NOON + timedelta(seconds=5)):
        attempt = taking.start(browser)
        taking.save(browser, attempt, 0, 1, text=" 3,5 ")
        taking.save(browser, attempt, 1, 1, text="<b>bold</b>")
        taking.submit(browser, attempt)
        receipt = browser.get(f"/attempts/{attempt}/result").text.partition('class="receipt"')[2]
    assert re.search(r"<bdi>3,5</bdi>, <bdi[^>]*>12:00:05</bdi>", receipt)
    assert "<bdi>&lt;b&gt;bold&lt;/b&gt;</bdi>" in receipt
    assert receipt.count("2 Mar 2026, 12:00:05 (UTC)") == 2  # begun and received


def test_true_and_false_are_said_in_the_reader_s_language(app, make_quiz, as_user, bob, alice) -> None:
    make_quiz([quizzes.true_false()])
    browser = as_user(bob)
    attempt = taking.start(browser)
    taking.save(browser, attempt, 0, 1, option="true")
    taking.submit(browser, attempt)
    with app.app_context(), work.unit():
        db.session.connection().exec_driver_sql("update users set language = 'ar'")
    for person, page in (
        (bob, f"/attempts/{attempt}/result"),
        (alice, f"/teaching/tea/quizzes/1/attempts/{attempt}"),
    ):
        text = as_user(person).get(page).text
        assert "صواب" in text and ">True<" not in text


def test_one_button_leads_on_from_a_result(make_quiz, as_user, bob) -> None:
    make_quiz([quizzes.single()])
    browser = as_user(bob)
    first = taking.start(browser)
    taking.submit(browser, first)
    for begun in (None, taking.start):
        if begun:
            begun(browser)
        main = browser.get(f"/attempts/{first}/result").text.partition("<main")[2].partition("</main>")[0]
        assert main.count("button-primary") == 1
