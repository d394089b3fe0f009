"""In a real browser: chosen files go up at once, say how far they are, survive a lost connection, and are handed in."""

from playwright.sync_api import expect

from tests.assignments.conftest import BRIEF

DRAFTED = "select name from submission_files where number is null order by id"


def chosen(name: str, size: int = 9) -> dict:
    return {"name": name, "mimeType": "text/plain", "buffer": b"a leaf of" * (size // 9)}


def test_a_file_goes_up_when_it_is_chosen_stays_with_the_draft_and_can_be_taken_out(
    live, desk, window_of, bob
) -> None:
    page = window_of(bob)
    page.goto(live.url + BRIEF)
    page.locator("#text").fill("Warm the pot")
    page.get_by_label("Files").set_input_files([chosen("first.txt"), chosen("second.txt")])
    kept = page.locator("[data-files] li")
    expect(kept).to_have_count(2)
    expect(page.locator("#text")).to_have_value("Warm the pot")
    page.get_by_role("button", name="Take out first.txt").click()
    expect(kept).to_have_count(1)
    expect(page.locator("[data-autosave-state]")).to_contain_text("Draft saved")
    page.reload()
    expect(kept).to_contain_text("second.txt")
    expect(page.locator("#text")).to_have_value("Warm the pot")
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator("#receipt")).to_contain_text("Received")
    assert desk.look("select name, number from submission_files where number = 1") == [("second.txt", 1)]


def test_what_is_too_much_or_of_a_wrong_kind_is_said_in_its_place(live, desk, window_of, bob) -> None:
    page = window_of(bob)
    page.goto(live.url + BRIEF)
    expect(page.locator("#files-hint")).to_contain_text("at most 20 files, each at most")
    page.get_by_label("Files").set_input_files([chosen("tea.exe"), chosen("empty.txt", 0)])
    lines = page.locator("[data-sending] > li")
    expect(lines.nth(0)).to_contain_text("tea.exe is of a kind")
    expect(lines.nth(1)).to_contain_text("empty.txt is empty")
    page.get_by_label("Files").set_input_files(
        {"name": "scan.png", "mimeType": "image/png", "buffer": b"no picture"}
    )
    expect(lines.nth(2)).to_contain_text("scan.png can't be read as a picture")
    page.get_by_label("Files").set_input_files([chosen(f"{number}.txt") for number in range(21)])
    expect(page.locator("[data-files] li")).to_have_count(20)
    expect(lines.nth(3)).to_contain_text("20.txt is one too many")
    lines.nth(3).get_by_role("button", name="Remove").click()
    expect(lines).to_have_count(3)


def test_a_file_that_was_lost_on_the_way_can_be_sent_again_and_nothing_else_is_lost(
    live, desk, window_of, bob
) -> None:
    page = window_of(bob)
    page.goto(live.url + BRIEF)
    page.get_by_label("Files").set_input_files(chosen("first.txt"))
    expect(page.locator("[data-files] li")).to_have_count(1)
    page.context.set_offline(True)
    page.locator("#text").fill("Warm the pot")
    page.get_by_label("Files").set_input_files(chosen("second.txt", 900_000))
    line = page.locator("[data-sending] > li")
    expect(line).to_contain_text("Not connected: this file has not arrived")
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator("[data-attach-state]")).to_contain_text("A file has not arrived")
    again = line.get_by_role("button", name="Try again")
    expect(again).to_be_focused()
    expect(page.locator("#text")).to_have_value("Warm the pot")
    page.context.set_offline(False)
    again.click()
    expect(page.locator("[data-files] li")).to_have_count(2)
    assert desk.look(DRAFTED) == [("first.txt",), ("second.txt",)]
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator("#receipt")).to_contain_text("first.txt, second.txt")


def test_handing_in_waits_for_what_is_on_its_way(live, desk, window_of, bob) -> None:
    page = window_of(bob)
    page.goto(live.url + BRIEF)
    held = []
    page.route("**/files", lambda route: held.append(route))
    page.locator("#text").fill("Warm the pot")
    page.get_by_label("Files").set_input_files(chosen("first.txt"))
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator("[data-attach-state]")).to_contain_text("Waiting for the files")
    assert desk.look("select number from submissions where number > 0") == []
    held[0].continue_()
    expect(page.locator("#receipt")).to_contain_text("first.txt")
