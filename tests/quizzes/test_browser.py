"""Taking a quiz in a real browser against the real server: nothing that was answered is ever lost."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.quizzes import taking
from tests.quizzes.pages import SAVED, read, start
from tests.support import axe, quizzes


@pytest.fixture
def page(make_quiz, window_of, bob):
    """Bob's browser; a quiz of six questions waits."""
    make_quiz()
    return window_of(bob)


def test_each_change_is_saved_and_acknowledged(app, page) -> None:
    attempt = start(page)
    page.get_by_label("80 degrees").check()
    expect(page.locator("#saved-0")).to_have_text(SAVED)
    page.get_by_label("Assam").check()
    page.get_by_label("Darjeeling").check()
    expect(page.locator("#saved-1")).to_have_text(SAVED)
    page.get_by_label("True", exact=True).check()
    line = page.locator("[data-slot='3'] input[name='q3-text']")
    line.press_sequentially("oolongleaf")
    page.locator("[name=q4-text]").fill("3,5")
    page.get_by_label("Longjing").select_option("China")
    page.get_by_label("Nilgiri").select_option("India")
    for slot in range(6):
        expect(page.locator(f"#saved-{slot}")).to_have_text(SAVED)
    assert read(app, attempt) == {
        0: {"option": "2"},
        1: {"options": ["1", "2"]},
        2: {"option": "true"},
        3: {"text": "oolongleaf"},
        4: {"text": "3,5"},
        5: {"pairs": {"1": "1", "2": "2"}},
    }
    page.reload()
    expect(page.get_by_label("80 degrees")).to_be_checked()
    expect(line).to_have_value("oolongleaf")
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("Every question is answered")).to_be_visible()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("6 of 6 points; 70% needed to pass.")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('answer:'))") == []


def test_offline_answers_are_kept_and_sent_when_the_network_is_back(app, page) -> None:
    attempt = start(page)
    page.context.set_offline(True)
    page.get_by_label("80 degrees").check()
    expect(page.locator("#saved-0")).to_have_text("Kept here, will be sent")
    page.get_by_label("60 degrees").check()
    page.get_by_label("True", exact=True).check()
    expect(page.locator("#saved-2")).to_have_text("Kept here, will be sent")
    assert read(app, attempt) == {}
    page.context.set_offline(False)
    expect(page.locator("#saved-0")).to_have_text(SAVED)
    expect(page.locator("#saved-2")).to_have_text(SAVED)
    assert read(app, attempt) == {0: {"option": "1"}, 2: {"option": "true"}}


def test_a_reload_keeps_what_the_server_never_heard_of(app, page) -> None:
    attempt = start(page)
    page.route("**/answers/*", lambda route: route.abort())
    page.get_by_label("80 degrees").check()
    expect(page.locator("#saved-0")).to_have_text("Kept here, will be sent")
    page.reload()
    expect(page.get_by_label("80 degrees")).to_be_checked()
    expect(page.locator("#saved-0")).to_have_text("Kept here, will be sent")
    page.unroute("**/answers/*")
    expect(page.locator("#saved-0")).to_have_text(SAVED, timeout=15000)
    assert read(app, attempt) == {0: {"option": "2"}}


def test_a_failing_server_is_asked_again(app, page) -> None:
    attempt = start(page)
    failures = iter([503, 500])

    def sometimes(route) -> None:
        status = next(failures, None)
        route.fulfill(status=status) if status else route.continue_()

    page.route("**/answers/*", sometimes)
    page.get_by_label("80 degrees").check()
    expect(page.locator("#saved-0")).to_have_text(SAVED, timeout=15000)
    assert read(app, attempt) == {0: {"option": "2"}}


def test_a_web_server_killed_in_the_middle_loses_nothing(app, page, live) -> None:
    attempt = start(page)
    page.get_by_label("80 degrees").check()
    expect(page.locator("#saved-0")).to_have_text(SAVED)
    live.kill("web")
    page.get_by_label("True", exact=True).check()
    expect(page.locator("#saved-2")).to_have_text("Kept here, will be sent")
    live.start_web()
    expect(page.locator("#saved-2")).to_have_text(SAVED, timeout=20000)
    assert read(app, attempt) == {0: {"option": "2"}, 2: {"option": "true"}}


def test_finishing_waits_for_answers_under_way(app, page) -> None:
    attempt = start(page)
    page.locator("[name=q3-text]").fill("oolongleaf")
    page.get_by_role("button", name="Finish").click()
    page.wait_for_url("**/submission")
    assert read(app, attempt) == {3: {"text": "oolongleaf"}}


def test_finishing_offline_says_what_is_waiting_and_stays(page) -> None:
    start(page)
    page.context.set_offline(True)
    page.get_by_label("80 degrees").check()
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("Some answers are not sent yet.")).to_be_visible(timeout=20000)
    page.context.set_offline(False)
    expect(page.locator("#saved-0")).to_have_text(SAVED)
    page.get_by_role("button", name="Finish").click()
    page.wait_for_url("**/submission")


def test_two_tabs_show_the_same_answers(app, page) -> None:
    attempt = start(page)
    other = page.context.new_page()
    other.goto(page.url)
    page.get_by_label("80 degrees").check()
    expect(other.get_by_label("80 degrees")).to_be_checked()
    expect(other.locator("#saved-0")).to_have_text(SAVED)
    other.get_by_label("100 degrees").check()
    expect(page.get_by_label("100 degrees")).to_be_checked()
    expect(other.locator("#saved-0")).to_have_text(SAVED)
    page.get_by_role("button", name="Finish").click()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name="Receipt")).to_be_visible()
    assert read(app, attempt) == {0: {"option": "3"}}
    other.get_by_label("60 degrees").check()
    expect(other.get_by_role("link", name="See the result")).to_be_visible()


def test_signed_out_in_the_middle_keeps_the_answer_and_sends_it_after_the_return(
    live, app, page, bob
) -> None:
    attempt = start(page)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.get_by_label("80 degrees").check()
    link = page.get_by_role("link", name="Sign in to send them")
    expect(link).to_be_visible()
    assert link.get_attribute("target") == "_blank", "the answers stay on this page"
    page.context.add_cookies(cookies)
    page.reload()
    expect(page.locator("#saved-0")).to_have_text(SAVED)
    assert read(app, attempt) == {0: {"option": "2"}}


def test_an_outdated_token_is_renewed(app, page) -> None:
    attempt = start(page)
    page.evaluate("document.querySelector('#attempt [name=csrf_token]').value = 'old'")
    page.get_by_label("80 degrees").check()
    expect(page.locator("#saved-0")).to_have_text(SAVED)
    assert read(app, attempt) == {0: {"option": "2"}}


def test_enter_in_a_line_saves_and_stays(page) -> None:
    start(page)
    page.locator("[name=q3-text]").fill("oolongleaf")
    page.locator("[name=q3-text]").press("Enter")
    expect(page.locator("#saved-3")).to_have_text(SAVED)
    expect(page.locator("[name=q3-text]")).to_have_value("oolongleaf")


def test_by_keyboard_alone(page) -> None:
    page.goto(taking.QUIZ)
    page.get_by_role("button", name="Start the quiz").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/attempts/*")
    page.get_by_label("60 degrees").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("80 degrees")).to_be_checked()
    expect(page.locator("#saved-0")).to_have_text(SAVED)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Mark to look at again").first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Assam")).to_be_focused()


def test_every_page_of_a_quiz_is_accessible(page) -> None:
    page.goto(taking.QUIZ)
    assert axe.faults(page) == []
    start(page)
    page.get_by_label("60 degrees").check()
    expect(page.locator("#saved-0")).to_have_text(SAVED)
    assert axe.faults(page) == []
    page.get_by_role("button", name="Finish").click()
    page.wait_for_url("**/submission")
    assert axe.faults(page) == []
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url("**/result")
    page.get_by_text("Why this number?").click()
    assert axe.faults(page) == []
    page.goto(taking.QUIZ)
    assert axe.faults(page) == []


def test_code_in_a_question_scrolls_on_a_phone_and_the_page_does_not(make_quiz, window_of, bob) -> None:
    content, key = quizzes.single(f"What is printed?\n\n```python\nprint({'1 + ' * 60}0)\n```")
    make_quiz([(replace(content, format="markdown"), key)])
    page = window_of(bob, viewport={"width": 390, "height": 800})
    start(page)
    expect(page.locator("pre")).to_be_visible()
    assert axe.too_wide(page) == []
    assert axe.violations(page) == []
