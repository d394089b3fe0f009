"""In a real browser: a draft survives a lost connection, and a whole stack is graded by keyboard without a page load."""

import re

from playwright.sync_api import expect

from tests.assignments.conftest import BRIEF, TEACHING


def test_a_draft_keeps_itself_also_while_the_connection_is_gone(live, desk, window_of, bob) -> None:
    page = window_of(bob)
    page.goto(live.url + BRIEF)
    state = page.locator("[data-autosave-state]")
    page.locator("#text").fill("Warm the pot")
    expect(state).to_have_text(re.compile(r"Draft saved \d\d:\d\d:\d\d"))
    assert desk.look("select draft from submissions") == [("Warm the pot",)]
    page.context.set_offline(True)
    page.locator("#text").fill("Warm the pot first")
    expect(state).to_contain_text("Not connected")
    page.context.set_offline(False)
    expect(state).to_have_text(re.compile(r"Draft saved"), timeout=15_000)
    assert desk.look("select draft from submissions") == [("Warm the pot first",)]
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator("#receipt")).to_contain_text("Received")


def test_a_rubric_of_wordy_levels_fits_beside_the_outline_and_on_a_phone(live, desk, window_of, bob) -> None:
    levels = ["Excellent (25 points)", "Good (18 points)", "Needs another go (8 points)"]
    desk.set(rubric={"levels": levels, "criteria": [{"title": "Taste", "cells": ["rich", "thin", "none"]}]})
    page = window_of(bob)
    page.goto(live.url + BRIEF)
    table = page.get_by_role("region", name="Rubric")
    assert table.evaluate("table => table.scrollWidth - table.clientWidth") == 0
    page.set_viewport_size({"width": 390, "height": 844})
    assert table.evaluate("table => table.scrollWidth - table.clientWidth") == 0, "level below level"


def test_a_stack_is_graded_by_keyboard_and_the_next_is_there_at_once(
    live, desk, window_of, as_user, alice, bob, charlie
) -> None:
    desk.set(rubric={"levels": ["Good", "Fair"], "criteria": [{"title": t, "cells": ["", ""]} for t in "AB"]})
    desk.hand_in(as_user(bob), "Bob's pot")
    desk.hand_in(as_user(charlie), "Charlie's cup")
    page = window_of(alice)
    with page.expect_response(re.compile(f"/submissions/{desk.work_of(charlie)}$")):
        page.goto(f"{live.url}{TEACHING}/submissions/{desk.work_of(bob)}")
    page.evaluate("window.stayed = true")
    page.keyboard.press("1")
    page.keyboard.press("2")
    expect(page.locator("#points")).to_have_value("15")
    page.keyboard.press("f")
    page.keyboard.type("Warm.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#desk")).to_contain_text("Charlie's cup")
    assert page.evaluate("window.stayed") and page.url.endswith(str(desk.work_of(charlie)))
    expect(page.locator("#feedback")).to_have_value("")
    page.keyboard.press("2")
    expect(page.locator("[data-autosave-state]")).to_contain_text("Notes saved")
    rows = desk.look(
        "select points, feedback, choices, graded_at is null from submission_versions order by 1"
    )
    assert rows == [(15, "Warm.", {"0": 0, "1": 1}, False), (None, "", {"0": 1}, True)]


def test_a_rubric_is_written_by_keyboard(live, desk, window_of, alice) -> None:
    page = window_of(alice)
    page.goto(f"{live.url}{TEACHING}/lessons/lesson-1/assignment/assignment")
    page.get_by_role("button", name="Add a rubric").press("Enter")
    expect(page.locator("#rubric-level-0")).to_be_focused()
    page.keyboard.type("Good")
    page.locator("#rubric-row-0").fill("Taste")
    page.get_by_role("button", name="Add a criterion").press("Enter")
    expect(page.locator("#rubric-row-2")).to_be_focused()
    page.keyboard.type("Warmth")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved. Learners see it from now on.")).to_be_visible()
    kept = desk.look("select rubric from assignments")[0][0]
    assert ([one["title"] for one in kept["criteria"]], kept["levels"]) == (["Taste", "Warmth"], ["Good"])


def test_a_rubric_that_was_typed_and_not_saved_is_there_again(live, desk, window_of, alice) -> None:
    page = window_of(alice)
    page.goto(f"{live.url}{TEACHING}/lessons/lesson-1/assignment/assignment")
    page.get_by_role("button", name="Add a rubric").press("Enter")
    page.locator("#rubric-row-0").fill("Taste")
    page.locator("#title").focus()
    expect(page.locator("#editor-state")).to_contain_text("Draft saved")
    page.goto(page.url)
    expect(page.locator("#rubric-row-0")).to_have_value("Taste")
    assert desk.look("select rubric from assignments") == [(None,)]


def test_typing_and_saving_at_once_is_no_conflict_with_oneself(
    live, desk, window_of, as_user, alice, bob, charlie
) -> None:
    desk.hand_in(as_user(bob), "Bob's pot")
    desk.hand_in(as_user(charlie), "Charlie's cup")
    page = window_of(alice)
    page.goto(f"{live.url}{TEACHING}/submissions/{desk.work_of(bob)}")
    for words, following in (("Warm.", "Charlie's cup"), ("Cold.", "Nothing waits")):
        page.locator("#points").fill("15")
        page.locator("#feedback").fill(words)
        page.get_by_role("button", name="Save").click()
        expect(page.locator("body")).to_contain_text(following)
    rows = desk.look("select feedback, graded_at is null from submission_versions order by submission_id")
    assert rows == [("Warm.", False), ("Cold.", False)]


def test_a_return_that_fails_stays_a_return_and_nothing_is_graded(
    live, desk, window_of, as_user, alice, bob
) -> None:
    desk.hand_in(as_user(bob), "Bob's pot")
    page = window_of(alice)
    page.goto(f"{live.url}{TEACHING}/submissions/{desk.work_of(bob)}")
    page.locator("#points").fill("15")
    page.locator("#feedback").fill("Warm it first.")
    page.route("**/grade", lambda route: route.fulfill(status=503), times=1)
    page.get_by_role("button", name="Return to be revised").click()
    expect(page.get_by_role("alert").filter(has_text="Not saved")).to_be_visible()
    expect(page.locator("#feedback")).to_have_value("Warm it first.")
    assert desk.look("select state from submissions") == [("submitted",)]
    page.get_by_role("button", name="Return to be revised").click()
    expect(page.locator("body")).to_contain_text("Returned")
    assert desk.look("select state from submissions") == [("returned",)]
