"""Files of submissions: kept with the draft, handed in with the text, and for nobody else's eyes."""

import io
import re
from datetime import timedelta

from werkzeug.test import TestResponse

from lms.assignments import jobs
from lms.core import clock, work
from lms.files import orphans
from tests import factories
from tests.assignments.conftest import BRIEF, WORK
from tests.support import forms


def send(desk, browser, *files: tuple[str, bytes], to: str = "submission", text: str = ""):
    fields = forms.filled(browser.get(BRIEF).text, "work-form") | {"text": text}
    fields["files"] = [(io.BytesIO(data), name) for name, data in files]
    return browser.post(f"{WORK}/{to}", data=fields, content_type="multipart/form-data")


def links(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r'href="(/submissions/\d+/files/\d+)"', page)))


def test_a_file_is_handed_in_and_downloaded_by_its_learner_and_the_staff_alone(
    as_user, client, desk, alice, bob, charlie
) -> None:
    learner = as_user(bob)
    assert (
        send(desk, learner, ("My pot.pdf", b"%PDF-1.4 pot"), ("scan.png", factories.picture())).status_code
        == 303
    )
    page = learner.get(BRIEF).text
    assert "My pot.pdf" in page and "scan.png" in page
    teacher = as_user(alice)
    work = teacher.get(f"/teaching/tea/submissions/{desk.work_of(bob)}").text
    handed_in = links(work)
    assert len(handed_in) == 2
    for browser in (learner, teacher):
        answer = browser.get(handed_in[0])
        assert answer.data == b"%PDF-1.4 pot" and "My%20pot.pdf" in answer.headers["Content-Disposition"]
    assert as_user(charlie).get(handed_in[0]).status_code == 404
    assert client.get(handed_in[0]).status_code == 303


def test_what_is_only_a_draft_is_its_learners_alone_and_can_be_taken_out(as_user, desk, alice, bob) -> None:
    learner = as_user(bob)
    assert send(desk, learner, ("notes.txt", b"hm"), to="draft", text="So far").status_code == 303
    page = learner.get(BRIEF).text
    (draft,) = links(page)
    assert "So far" in page and learner.get(draft).data == b"hm"
    assert as_user(alice).get(draft).status_code == 404
    fields = forms.filled(page, "work-form") | {"text": "And more"}
    assert learner.post(f"{WORK}/files/{draft.rpartition('/')[2]}/removal", data=fields).status_code == 303
    page = learner.get(BRIEF).text
    assert links(page) == [] and "And more" in page


def test_what_was_handed_in_keeps_its_files_whatever_becomes_of_the_draft(as_user, desk, alice, bob) -> None:
    learner = as_user(bob)
    send(desk, learner, ("first.txt", b"one"), text="First")
    page = learner.get(BRIEF).text
    drafted = next(link for link in links(page) if f"{WORK}/files/{link.rpartition('/')[2]}/removal" in page)
    learner.post(f"{WORK}/files/{drafted.rpartition('/')[2]}/removal", data=forms.filled(page, "work-form"))
    send(desk, learner, ("second.txt", b"two"), text="Second")
    rows = desk.look("select number, name from submission_files order by number nulls last, name")
    assert rows == [(1, "first.txt"), (2, "second.txt"), (None, "second.txt")]


def test_a_file_that_is_not_what_it_says_is_named_and_all_else_is_kept(as_user, desk, bob) -> None:
    learner = as_user(bob)
    answer = send(
        desk, learner, ("good.txt", b"fine"), ("bad.pdf", b"MZ no pdf"), ("x.exe", b"MZ"), text="My words"
    )
    assert answer.status_code == 422
    assert "bad.pdf is not what its name says" in answer.text and "x.exe is of a kind" in answer.text
    assert "My words" in answer.text and "good.txt" in answer.text
    assert desk.look("select number, draft from submissions") == [(0, "My words")]
    # The form that stands there now goes through.
    assert learner.post(f"{WORK}/submission", data=forms.filled(answer.text, "work-form")).status_code == 303
    assert desk.look("select name from submission_files where number = 1") == [("good.txt",)]


def test_a_name_from_elsewhere_is_made_harmless_and_blind_grading_hides_it(as_user, desk, alice, bob) -> None:
    desk.set(is_blind=True)
    send(desk, as_user(bob), ("../../Bob Brook\u202e essay.txt", b"text"))
    assert desk.look("select name from submission_files where number = 1") == [("Bob Brook essay.txt",)]
    page = as_user(alice).get(f"/teaching/tea/submissions/{desk.work_of(bob)}").text
    assert "Bob" not in page
    assert "Bob" not in as_user(alice).get(links(page)[0]).headers["Content-Disposition"]
    desk.grade(as_user(alice), bob, "15")
    assert "Bob" in as_user(alice).get(links(page)[0]).headers["Content-Disposition"], (
        "known like everywhere else"
    )


def upload(browser, name: str, data: bytes) -> TestResponse:
    """As the page's script does it."""
    token = forms.filled(browser.get(BRIEF).text, "work-form")["csrf_token"]
    fields = {"csrf_token": token, "files": (io.BytesIO(data), name)}
    return browser.post(f"{WORK}/files", data=fields, headers={"Accept": "application/json"})


def test_a_file_that_is_sent_by_itself_is_in_the_draft_of_its_learner_alone(
    as_user, desk, alice, bob, charlie
) -> None:
    learner = as_user(bob)
    answer = upload(learner, "pot.txt", b"a pot")
    (draft,) = links(answer.text)
    assert "pot.txt" in answer.text and learner.get(draft).data == b"a pot"
    assert draft in learner.get(BRIEF).text
    for other in (alice, charlie):
        assert as_user(other).get(draft).status_code == 404
    desk.hand_in(learner, "With a file")
    (handed_in,) = links(as_user(alice).get(f"/teaching/tea/submissions/{desk.work_of(bob)}").text)
    assert as_user(alice).get(handed_in).data == b"a pot"
    assert as_user(charlie).get(handed_in).status_code == 404


def test_text_of_another_window_is_no_conflict_with_files_that_were_added_meanwhile(
    as_user, desk, bob
) -> None:
    learner = as_user(bob)
    opened = forms.filled(learner.get(BRIEF).text, "work-form")
    upload(learner, "pot.txt", b"a pot")
    assert learner.post(f"{WORK}/submission", data=opened | {"text": "Mine"}).status_code == 303
    assert desk.look("select text from submission_versions") == [("Mine",)]


def test_a_file_is_refused_in_words_also_where_the_assignment_takes_none_any_more(as_user, desk, bob) -> None:
    learner = as_user(bob)
    answer = upload(learner, "tea.exe", b"MZ")
    assert answer.status_code == 422 and "tea.exe is of a kind" in answer.json["message"]
    desk.set(takes_files=False)
    assert upload(learner, "pot.txt", b"a pot").json["message"] == "This assignment takes no files."
    assert desk.look("select id from submission_files") == []


def test_files_that_were_never_handed_in_are_let_go_after_half_a_year(app, as_user, desk, bob) -> None:
    learner = as_user(bob)
    with clock.stopped_at(factories.NOW):
        upload(learner, "sent.txt", b"sent")
        desk.write(learner, "Done")
        upload(learner, "never.txt", b"never")
    kept = "select name from submission_files order by number nulls last, name"
    for days, names in ((179, ["sent.txt", "never.txt", "sent.txt"]), (181, ["sent.txt", "sent.txt"])):
        with clock.stopped_at(factories.NOW + timedelta(days=days)):
            with app.app_context(), work.unit():
                jobs.forget_drafted.body()
            assert [row.name for row in desk.look(kept)] == names
    with app.app_context(), work.unit():
        orphans.forget_unused(clock.now() + timedelta(days=3))
    assert desk.look("select size from stored_files") == [(4,)]
