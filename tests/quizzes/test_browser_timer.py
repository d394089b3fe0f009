"""The time limit in a real browser, and the whole quiz without scripts."""

import re

from playwright.sync_api import expect

from lms.core.db import db
from tests.quizzes import taking
from tests.quizzes.pages import SAVED, read, start
from tests.support import axe, quizzes


def _attempt(app, attempt: int):
    with app.app_context():
        return taking.row("select state, closed_by, score from attempts where id = :id", id=attempt)


def test_at_the_deadline_what_is_on_the_screen_is_handed_in(app, make_quiz, window_of, bob) -> None:
    make_quiz(time_limit=4)
    page = window_of(bob)
    attempt = start(page)
    expect(page.get_by_role("timer")).to_contain_text("0:0")
    page.get_by_label("80 degrees").check()
    page.locator("[name=q3-text]").press_sequentially("oolongleaf")
    page.wait_for_url("**/result", timeout=15000)
    expect(page.get_by_text("2 of 6 points", exact=False).first).to_be_visible()
    assert _attempt(app, attempt) == ("graded", "deadline", 2)


def test_time_that_ends_on_the_last_look_hands_in_too(app, make_quiz, window_of, bob) -> None:
    make_quiz(time_limit=4)
    page = window_of(bob)
    attempt = start(page)
    page.get_by_label("80 degrees").check()
    page.get_by_role("button", name="Finish").click()
    page.wait_for_url("**/result", timeout=15000)
    assert _attempt(app, attempt) == ("graded", "deadline", 1)


def test_the_time_left_is_announced_and_follows_the_server(app, make_quiz, window_of, bob) -> None:
    make_quiz(time_limit=63)
    page = window_of(bob)
    start(page)
    said = page.locator("[data-timer-said]")
    expect(said).to_have_text("1 minute left", timeout=10000)
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("update attempts set deadline_at = deadline_at + interval '9 minutes'")
    page.get_by_label("80 degrees").check()
    expect(page.get_by_role("timer")).to_contain_text(re.compile(r"9:\d\d"))


def test_a_wrong_clock_in_the_computer_changes_nothing(app, make_quiz, window_of, bob) -> None:
    make_quiz(time_limit=600)
    page = window_of(bob)
    page.add_init_script("const real = Date.now; Date.now = () => real() + 86400000 * 400")
    attempt = start(page)
    expect(page.get_by_role("timer")).to_contain_text(re.compile(r"9:5\d"))
    page.get_by_label("80 degrees").check()
    expect(page.locator("#saved-0")).to_have_text(SAVED)
    expect(page.get_by_role("timer")).to_contain_text(re.compile(r"9:5\d"))
    assert _attempt(app, attempt).state == "open"


def test_the_whole_quiz_without_scripts(app, make_quiz, window_of, bob) -> None:
    make_quiz(time_limit=600)
    page = window_of(bob, java_script_enabled=False)
    attempt = start(page)
    page.get_by_label("80 degrees").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#flashes")).to_contain_text(SAVED)
    expect(page.get_by_label("80 degrees")).to_be_checked()
    page.get_by_label("Assam").check()
    page.get_by_label("Darjeeling").check()
    page.get_by_label("True", exact=True).check()
    page.locator("[name=q3-text]").fill("oolongleaf")
    page.get_by_label("Longjing").select_option("China")
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("1 question has no answer yet.")).to_be_visible()
    page.get_by_role("link", name="Question 5").click()
    page.locator("[name=q4-text]").fill("3.5")
    page.get_by_label("Nilgiri").select_option("India")
    page.get_by_role("button", name="Finish").click()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("6 of 6 points; 70% needed to pass.")).to_be_visible()
    expect(page.get_by_text(quizzes.SECRET).first).to_be_visible()
    assert len(read(app, attempt)) == 6


def test_one_question_a_page_with_and_without_scripts(app, make_quiz, window_of, bob) -> None:
    make_quiz(one_per_page=True)
    for scripts in (False, True):
        page = window_of(bob, java_script_enabled=scripts)
        page.goto(taking.QUIZ)
        page.get_by_role("button", name=re.compile("Start the quiz|Try again")).click()
        page.get_by_label("80 degrees").check()
        page.get_by_role("button", name="Next").click()
        page.get_by_label("Assam").check()
        page.get_by_role("button", name="1 answered").click()
        expect(page.get_by_label("80 degrees")).to_be_checked()
        if scripts:
            assert axe.violations(page) == []
        page.get_by_role("button", name=re.compile("^6 ")).click()
        page.get_by_role("button", name="Finish").click()
        expect(page.get_by_text("4 questions have no answer yet.")).to_be_visible()
        page.get_by_role("button", name="Hand in").click()
        expect(page.get_by_text("1.5 of 6 points; 70% needed to pass.")).to_be_visible()
