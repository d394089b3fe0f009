"""Handing in: drafts that are kept, one submission at the server's time, a receipt, and nothing written over."""

import io
from datetime import timedelta
from threading import Barrier, Thread

from lms.core import clock
from tests import factories
from tests.assignments.conftest import BRIEF, LESSON, WORK
from tests.support import forms, sql

NOW = factories.NOW
SCRIPT = {"Accept": "application/json"}


def draft(browser, words: str, seen: str):
    page = browser.get(BRIEF).text
    data = {"text": words, "seen": seen, "csrf_token": forms.filled(page, "work-form")["csrf_token"]}
    return browser.post(f"{WORK}/draft", data=data, headers=SCRIPT)


def test_a_draft_is_kept_without_scripts_and_seen_by_its_writer_alone(as_user, desk, bob, alice) -> None:
    browser = as_user(bob)
    assert desk.write(browser, "Warm the pot.", to="draft").status_code == 303
    page = browser.get(BRIEF).text
    assert "Warm the pot." in page and "Your draft is saved" in page
    assert "Warm the pot." not in as_user(alice).get(BRIEF).text
    assert (
        "Not handed in" in as_user(alice).get(f"/teaching/tea/assignments/{desk.assignment}/submissions").text
    )


def test_the_page_keeps_drafts_by_itself_and_says_when(as_user, desk, bob) -> None:
    browser = as_user(bob)
    with clock.stopped_at(NOW):
        answer = draft(browser, "Warm", "0.0").json
    assert answer == {"saved_at": NOW.isoformat(), "seen": "0.1"}
    assert draft(browser, "Warm the pot", "0.1").json["seen"] == "0.2"


def test_a_second_window_never_writes_over_the_first(as_user, desk, bob) -> None:
    browser = as_user(bob)
    draft(browser, "From the first window", "0.0")
    assert draft(browser, "From the second window", "0.0").status_code == 409
    answer = desk.write(browser, "From the second window", seen="0.0")
    assert answer.status_code == 409
    assert "From the first window" in answer.text and "From the second window" in answer.text
    assert desk.look("select draft, number from submissions") == [("From the first window", 0)]
    # What stands on that page knows of both now, and may be handed in.
    again = forms.filled(answer.text, "work-form")
    assert again["text"] == "From the second window"
    assert browser.post(f"{WORK}/submission", data=again).status_code == 303


def test_handing_in_takes_the_servers_time_and_gives_a_receipt(app, as_user, desk, bob) -> None:
    browser = as_user(bob)
    at = NOW + timedelta(seconds=7)
    with clock.stopped_at(at):
        answer = desk.write(
            browser, "My **pot** <b>of</b> tea", submitted_at="2020-01-01", state="graded", points="20"
        )
    assert (answer.status_code, answer.location) == (303, f"{BRIEF}#receipt")
    row = desk.look("select text, submitted_at, points, graded_at from submission_versions")
    assert row == [("My **pot** <b>of</b> tea", at, None, None)]
    assert desk.look("select state, number from submissions") == [("submitted", 1)]
    with sql.count(app) as statements:
        page = browser.get(BRIEF).text
    assert len(statements) <= 5
    assert "09:00:07" in page and "Receipt" in page and "My **pot** &lt;b&gt;of&lt;/b&gt; tea" in page


def test_the_same_sent_twice_is_one_submission(app, as_user, desk, bob) -> None:
    fields = forms.filled(as_user(bob).get(BRIEF).text, "work-form") | {"text": "Once"}
    browsers, start, seen = [as_user(bob) for _ in range(4)], Barrier(4), []

    def press(browser) -> None:
        token = forms.filled(browser.get(BRIEF).text, "work-form")["csrf_token"]
        start.wait()
        seen.append(browser.post(f"{WORK}/submission", data=fields | {"csrf_token": token}).status_code)

    threads = [Thread(target=press, args=(browser,)) for browser in browsers]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert seen == [303] * 4
    assert desk.look("select number, text from submission_versions") == [(1, "Once")]


def test_nothing_cannot_be_handed_in_and_much_is_kept_as_typed(as_user, desk, bob) -> None:
    browser = as_user(bob)
    answer = desk.write(browser, "  ")
    assert answer.status_code == 422 and "nothing to hand in yet" in answer.text
    answer = desk.write(browser, "x" * 100_001)
    assert answer.status_code == 422 and "longer than 100,000" in answer.text and "x" * 100_001 in answer.text
    assert desk.look("select number from submissions where number > 0") == []


def test_it_can_be_handed_in_again_until_it_is_graded_and_the_newest_counts(
    as_user, desk, bob, alice
) -> None:
    browser = as_user(bob)
    desk.hand_in(browser, "First")
    assert desk.hand_in(browser, "Second", NOW + timedelta(hours=1)).status_code == 303
    assert desk.look("select state, number from submissions") == [("resubmitted", 2)]
    desk.grade(as_user(alice), bob, "18")
    page = browser.get(BRIEF).text
    assert "ask your instructor to return it" in page and 'id="work-form"' not in page
    answer = forms.post(browser, f"{WORK}/submission", {"text": "Third", "seen": "2.2"}, form_at="/profile")
    assert answer.status_code == 422 and "graded already" in answer.text and "Third" in answer.text
    assert desk.look("select max(number) from submission_versions") == [(2,)]


def test_the_number_of_times_may_be_limited(as_user, desk, bob) -> None:
    desk.set(max_attempts=1)
    browser = as_user(bob)
    desk.hand_in(browser, "First")
    answer = forms.post(browser, f"{WORK}/submission", {"text": "Again", "seen": "1.1"}, form_at="/profile")
    assert answer.status_code == 422 and "as often as is allowed" in answer.text


def test_a_lesson_that_requires_the_work_says_so_and_completes_when_it_is_handed_in(
    as_user, desk, bob
) -> None:
    browser = as_user(bob)
    assert "Hand in the assignment “A pot of tea”" in browser.get(LESSON).text
    assert forms.post(browser, f"{LESSON}/completion", form_at=LESSON).status_code == 422
    desk.hand_in(browser, "Here")
    assert "Handed in" in browser.get(LESSON).text
    assert forms.post(browser, f"{LESSON}/completion", form_at=LESSON).status_code == 303


def test_a_lesson_may_ask_for_points_instead(as_user, desk, bob, alice) -> None:
    desk.set(passing_percent=60)
    browser = as_user(bob)
    desk.hand_in(browser, "Here")
    desk.grade(as_user(alice), bob, "11.99")
    assert "Reach 60% in the assignment" in browser.get(LESSON).text
    desk.grade(as_user(alice), bob, "12")
    assert forms.post(browser, f"{LESSON}/completion", form_at=LESSON).status_code == 303


def test_a_draft_outlives_that_texts_are_not_taken_for_a_while(as_user, desk, bob) -> None:
    browser = as_user(bob)
    desk.write(browser, "My long text", to="draft")
    desk.set(takes_text=False)
    page = browser.get(BRIEF).text
    fields = forms.filled(page, "work-form")
    assert "text" not in fields and "What you had written" in page and "My long text" in page
    file = {"files": (io.BytesIO(b"pot"), "pot.txt")}
    answer = browser.post(f"{WORK}/submission", data=fields | file, content_type="multipart/form-data")
    assert answer.status_code == 303
    assert desk.look("select text from submission_versions") == [("",)]
    desk.set(takes_text=True)
    assert forms.filled(browser.get(BRIEF).text, "work-form")["text"] == "My long text"


def test_what_was_not_handed_in_can_be_read_after_it_closed(as_user, desk, bob) -> None:
    browser = as_user(bob)
    desk.write(browser, "Nearly done", to="draft")
    desk.set(due_at=NOW, late_policy="closed")
    with clock.stopped_at(NOW + timedelta(minutes=1)):
        page = browser.get(BRIEF).text
    assert 'id="work-form"' not in page and "What you had written" in page and "Nearly done" in page
    with clock.stopped_at(NOW):
        desk.write(browser, "All done")
    with clock.stopped_at(NOW + timedelta(minutes=1)):
        assert "What you had written" not in browser.get(BRIEF).text


def test_who_is_late_reads_by_how_much_and_what_it_costs(as_user, desk, bob, charlie) -> None:
    browser = as_user(bob)
    desk.set(due_at=NOW - timedelta(days=2, hours=12), late_policy="percent", late_percent=10)
    with clock.stopped_at(NOW - timedelta(days=3)):
        assert "It is on time until" in browser.get(BRIEF).text
    with clock.stopped_at(NOW):
        page = browser.get(BRIEF).text
    assert (
        "It was due on" in page
        and "now it is 3 days late. Each day late takes 10% of the points off." in page
    )
    assert page.count("alert-warning") == 1 and page.count(" late") == 2, "said once, as a warning"
    assert "It is on time until" not in page
    desk.hand_in(browser, "Late")
    with clock.stopped_at(NOW + timedelta(days=5)):
        page = browser.get(BRIEF).text
    assert (
        "You handed it in on" in page and ", 3 days late. Each day late takes 10% of the points off." in page
    )
    assert "It is on time until" not in page and "now it is" not in page
    desk.hand_in(as_user(charlie), "In time", NOW - timedelta(days=3))
    page = as_user(charlie).get(BRIEF).text
    assert "</time>, on time." in page and "days late" not in page


def test_who_is_late_reads_that_it_costs_nothing_or_that_it_has_closed(as_user, desk, bob) -> None:
    browser = as_user(bob)
    desk.set(due_at=NOW - timedelta(hours=1), closes_at=NOW + timedelta(hours=1))
    with clock.stopped_at(NOW):
        page = browser.get(BRIEF).text
    assert "now it is 1 day late. Being late costs nothing here. It closes on" in page
    with clock.stopped_at(NOW + timedelta(days=1)):
        page = browser.get(BRIEF).text
    assert "It was due on" in page and "It closed on" in page and "now it is" not in page
    assert "It closes on" not in page and "It is on time until" not in page
