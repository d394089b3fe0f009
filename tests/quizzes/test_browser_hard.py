"""The hard cases of taking a quiz, in a real browser: long silence, a lost session, time that is given meanwhile."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from lms.core import clock, work
from lms.core.db import db
from lms.quizzes import accommodations
from lms.quizzes.accommodations import Grant
from tests.factories import PASSWORD
from tests.quizzes import taking
from tests.quizzes.pages import SAVED, read, start
from tests.support import axe, quizzes


@pytest.fixture
def page(window_of, bob):
    return window_of(bob)


def _sign_in_beside(page, link) -> None:
    """In the window that the link opens, and back to the attempt."""
    with page.context.expect_page() as opened:
        link.click()
    window = opened.value
    window.get_by_label("Email address").fill("bob@example.org")
    window.get_by_label("Password", exact=True).fill(PASSWORD)
    window.get_by_label("Password", exact=True).press("Enter")
    expect(window.get_by_role("heading", name="You are signed in")).to_be_visible()
    window.close()
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")


def _give(app, alice, bob, **what) -> None:
    with app.app_context(), work.unit():
        accommodations.give(1, bob.id, Grant(**what), "ill", alice.id, clock.now())


def _flags(app, attempt: int) -> list:
    with app.app_context():
        return taking.row("select flags from attempts where id = :id", id=attempt).flags


def test_ten_minutes_offline_in_a_timed_quiz_lose_nothing(app, make_quiz, page) -> None:
    """The computer's clock runs ten minutes ahead in an instant; the server's time is what the page returns to."""
    make_quiz(time_limit=1800)
    page.clock.install()
    attempt = start(page)
    page.context.set_offline(True)
    page.get_by_label("80 degrees").check()
    page.locator("[name=q3-text]").fill("oolongleaf")
    page.clock.fast_forward("10:00")
    page.get_by_label("True", exact=True).check()
    expect(page.get_by_role("timer")).to_contain_text(re.compile("19:5|20:0"))
    for slot in (0, 2, 3):
        expect(page.locator(f"#saved-{slot}")).to_have_text("Kept here, will be sent")
    assert read(app, attempt) == {}
    page.context.set_offline(False)
    page.clock.run_for(1000)
    for slot in (0, 2, 3):
        expect(page.locator(f"#saved-{slot}")).to_have_text(SAVED)
    assert read(app, attempt) == {0: {"option": "2"}, 2: {"option": "true"}, 3: {"text": "oolongleaf"}}
    page.clock.run_for(1000)
    expect(page.get_by_role("timer")).to_contain_text("29:")


def test_the_time_left_is_said_four_times_and_not_more(make_quiz, page) -> None:
    make_quiz(time_limit=720)
    page.clock.install()
    start(page)
    said = page.locator("[data-timer-said]")
    expect(said).to_have_text("")
    for ahead, words in (
        ("02:05", "10 minutes left"),
        ("05:00", "5 minutes left"),
        ("04:00", "1 minute left"),
        ("00:30", "30 seconds left"),
    ):
        page.clock.run_for(ahead)
        expect(said).to_have_text(words)


def test_a_session_that_ended_costs_nothing(app, make_quiz, page) -> None:
    make_quiz()
    attempt = start(page)
    with app.app_context(), work.unit():
        db.session.connection().exec_driver_sql("update user_sessions set ended_at = now()")
    page.get_by_label("80 degrees").check()
    _sign_in_beside(page, page.get_by_role("link", name="Sign in to send them"))
    expect(page.get_by_label("80 degrees")).to_be_checked()
    expect(page.locator("#saved-0")).to_have_text(SAVED)
    assert read(app, attempt) == {0: {"option": "2"}}


def test_finishing_while_signed_out_says_so_at_once(app, make_quiz, page) -> None:
    """With an answer that was never sent: typed, and the button pressed in the same moment."""
    make_quiz()
    attempt = start(page)
    with app.app_context(), work.unit():
        db.session.connection().exec_driver_sql("update user_sessions set ended_at = now()")
    page.locator("[name=q3-text]").fill("oolongleaf")
    page.get_by_role("button", name="Finish").click()
    notice = page.locator("[data-waiting]")
    expect(notice).to_contain_text("You were signed out. Your answers are kept here.", timeout=3000)
    expect(page.get_by_role("button", name="Finish")).not_to_have_attribute("aria-busy", "true")
    _sign_in_beside(page, notice.get_by_role("link", name="Sign in to send them"))
    expect(page.locator("#saved-3")).to_have_text(SAVED)
    expect(notice).to_have_text("")
    assert read(app, attempt) == {3: {"text": "oolongleaf"}}
    page.get_by_role("button", name="Finish").click()
    page.wait_for_url("**/submission")


def test_the_back_button_shows_what_was_answered_last(app, make_quiz, page) -> None:
    make_quiz()
    attempt = start(page)
    page.get_by_label("80 degrees").check()
    expect(page.locator("#saved-0")).to_have_text(SAVED)
    page.get_by_role("button", name="Finish").click()
    page.wait_for_url("**/submission")
    page.go_back()
    expect(page.get_by_label("80 degrees")).to_be_checked()
    page.get_by_label("60 degrees").check()
    expect(page.locator("#saved-0")).to_have_text(SAVED)
    page.go_forward()
    page.go_back()
    expect(page.get_by_label("60 degrees")).to_be_checked()
    assert read(app, attempt) == {0: {"option": "1"}}


def test_more_time_given_meanwhile_keeps_the_page_from_handing_in(app, make_quiz, page, alice, bob) -> None:
    make_quiz(time_limit=4)
    attempt = start(page)
    page.get_by_label("80 degrees").check()
    expect(page.locator("#saved-0")).to_have_text(SAVED)
    _give(app, alice, bob, extra_minutes=30)
    expect(page.get_by_role("timer")).to_contain_text("29:5", timeout=15000)
    page.get_by_label("60 degrees").check()
    expect(page.locator("#saved-0")).to_have_text(SAVED)
    with app.app_context():
        assert taking.row("select state from attempts where id = :id", id=attempt).state == "open"


def test_on_the_last_look_it_leads_back_to_the_questions(app, make_quiz, page, alice, bob) -> None:
    make_quiz(time_limit=4)
    attempt = start(page)
    page.get_by_role("button", name="Finish").click()
    page.wait_for_url("**/submission")
    _give(app, alice, bob, extra_minutes=30)
    page.wait_for_url(f"**/attempts/{attempt}", timeout=15000)
    expect(page.get_by_role("timer")).to_contain_text("29:5")


def test_an_untimed_sitting_given_meanwhile_takes_the_timer_away(app, make_quiz, page, alice, bob) -> None:
    make_quiz(time_limit=600)
    start(page)
    expect(page.locator("#timer")).to_be_visible()
    _give(app, alice, bob, untimed=True)
    page.get_by_label("80 degrees").check()
    expect(page.locator("#timer")).to_be_hidden()
    _give(app, alice, bob, extra_minutes=5)
    page.get_by_label("60 degrees").check()
    expect(page.get_by_role("timer")).to_contain_text("14:5")


def test_questions_are_marked_also_offline_and_without_scripts(app, make_quiz, window_of, page, bob) -> None:
    make_quiz()
    attempt = start(page)
    first = page.get_by_role("group", name=re.compile("Question 1 of 6")).get_by_label(
        "Mark to look at again"
    )
    first.check()
    expect(page.locator(".navigator .flagged")).to_have_count(1)
    page.get_by_label("80 degrees").check()
    expect(page.get_by_role("link", name="1 answered, marked")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("group", name=re.compile("Question 3 of 6")).get_by_label(
        "Mark to look at again"
    ).check()
    page.context.set_offline(False)
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("You marked 2 questions to look at again.")).to_be_visible()
    assert axe.violations(page) == []
    assert sorted(_flags(app, attempt)) == ["0", "2"]
    plain = window_of(bob, java_script_enabled=False)
    plain.goto(f"/attempts/{attempt}")
    group = plain.get_by_role("group", name=re.compile("Question 1 of 6"))
    expect(group.get_by_label("Mark to look at again")).to_be_checked()
    group.get_by_label("Mark to look at again").uncheck()
    plain.get_by_role("button", name="Save").click()
    assert _flags(app, attempt) == ["2"]


def test_the_whole_quiz_by_keyboard_alone(app, make_quiz, page) -> None:
    make_quiz([quizzes.single(), quizzes.short_answer(), quizzes.matching()])
    page.goto(taking.QUIZ)
    _tab_to(page, "Start the quiz")
    page.keyboard.press("Enter")
    page.wait_for_url("**/attempts/*")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.type") != "radio":
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    _tab_to(page, "Mark to look at again")
    page.keyboard.press("Space")
    _tab_to(page, "Your answer")
    page.keyboard.type("oolongleaf")
    for letter in "CI":
        page.keyboard.press("Tab")
        while page.evaluate("document.activeElement.tagName") != "SELECT":
            page.keyboard.press("Tab")
        page.keyboard.type(letter)
    _tab_to(page, "Finish")
    page.keyboard.press("Enter")
    page.wait_for_url("**/submission")
    _tab_to(page, "Hand in")
    page.keyboard.press("Enter")
    expect(page.get_by_text("3 of 3 points; 70% needed to pass.")).to_be_visible()


def _tab_to(page, name: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        words = page.evaluate(
            "((e) => e.labels?.[0]?.innerText ?? e.ariaLabel ?? e.innerText ?? '')(document.activeElement)"
        )
        if words.strip() == name:
            return
    raise AssertionError(f"the keyboard does not reach {name!r}")


def test_at_four_hundred_percent_nothing_scrolls_sideways(app, make_quiz, page) -> None:
    """320 CSS pixels: a window of 1280 at 400 %."""
    make_quiz(time_limit=600, closes_at=clock.now() + timedelta(days=2))
    page.set_viewport_size({"width": 320, "height": 256})
    page.goto(taking.QUIZ)
    assert axe.too_wide(page) == []
    start(page)
    page.get_by_label("80 degrees").check()
    expect(page.locator("#saved-0")).to_have_text(SAVED)
    page.get_by_label("Mark to look at again").first.check()
    assert axe.too_wide(page) == []
    page.get_by_role("button", name="Finish").scroll_into_view_if_needed()
    expect(page.get_by_role("heading", name="Steeping", level=1)).not_to_be_in_viewport()
    expect(page.get_by_role("timer")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Finish").click()
    page.wait_for_url("**/submission")
    assert axe.too_wide(page) == []
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url("**/result")
    assert axe.too_wide(page) == []
    page.goto(taking.QUIZ)
    assert axe.too_wide(page) == []
