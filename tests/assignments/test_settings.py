"""The rules of an assignment: set in the studio, in the zone of who sets them; and carried by a course folder."""

from datetime import UTC, datetime, timedelta

from lms.core import clock
from tests.assignments.conftest import BRIEF
from tests.support import forms

DUE = datetime(2026, 3, 10, 22, 59, tzinfo=UTC)
"""23:59 in Berlin."""


def settings(desk, browser, **typed: str):
    path = f"/teaching/tea/assignments/{desk.assignment}/settings"
    page = browser.get(path).text
    fields = {"csrf_token": forms.token(browser, path), "late_policy": "none", "late_percent": "10"}
    assert "Due" in page
    return browser.post(path, data=fields | {"takes_text": "y", "takes_files": "y"} | typed)


def live_in(desk, user, zone: str) -> None:
    from sqlalchemy import text

    from lms.core import work
    from lms.core.db import db

    with desk.app.app_context(), work.unit():
        db.session.execute(
            text("update users set time_zone = :zone where id = :id"), {"zone": zone, "id": user.id}
        )


def test_a_date_is_typed_in_ones_own_zone_and_read_in_the_readers(as_user, desk, alice, bob) -> None:
    live_in(desk, alice, "Europe/Berlin")
    live_in(desk, bob, "Asia/Kathmandu")
    assert settings(desk, as_user(alice), due_at="2026-03-10T23:59", late_policy="percent").status_code == 303
    assert desk.look("select due_at, time_zone from assignments") == [(DUE, "Europe/Berlin")]
    page = as_user(bob).get(BRIEF).text
    assert "11 Mar 2026, 04:44 (Asia/Kathmandu)" in page and "takes 10% of the points off" in page


def test_late_work_loses_points_and_the_learner_sees_how(as_user, desk, alice, bob) -> None:
    desk.set(due_at=DUE, late_policy="percent", late_percent=10, time_zone="Europe/Berlin")
    with clock.stopped_at(DUE + timedelta(hours=1)):
        assert (
            "now it is 1 day late. Each day late takes 10% of the points off." in as_user(bob).get(BRIEF).text
        )
    desk.hand_in(as_user(bob), "Late", DUE + timedelta(days=1, hours=1))
    desk.grade(as_user(alice), bob, "15")
    page = as_user(bob).get(BRIEF).text
    assert "11 of 20 points" in page and "55%" in page
    assert "2 days late; each such day takes 10% of 20 points off, which is 4." in page


def test_submitted_on_time_and_graded_weeks_later_is_on_time(as_user, desk, alice, bob) -> None:
    desk.set(due_at=DUE, late_policy="percent", late_percent=10)
    desk.hand_in(as_user(bob), "In the last second", DUE + timedelta(seconds=59))
    with clock.stopped_at(DUE + timedelta(days=40)):
        desk.grade(as_user(alice), bob, "20")
    page = as_user(bob).get(BRIEF).text
    assert "100%" in page and "on time" in page


def test_after_the_end_nothing_is_taken_and_the_draft_stays(as_user, desk, bob) -> None:
    desk.set(due_at=DUE, late_policy="closed")
    browser = as_user(bob)
    with clock.stopped_at(DUE + timedelta(seconds=30)):
        begun = forms.filled(browser.get(BRIEF).text, "work-form") | {"text": "A minute too late"}
    with clock.stopped_at(DUE + timedelta(minutes=1)):
        answer = browser.post("/courses/tea/lessons/lesson-1/assignments/assignment/submission", data=begun)
    assert answer.status_code == 422 and "the time for it has passed" in answer.text
    assert "A minute too late" in answer.text
    assert desk.look("select draft, number from submissions") == [("A minute too late", 0)]


def test_settings_that_make_no_sense_are_refused_in_place(as_user, desk, alice) -> None:
    browser = as_user(alice)
    wrong = {
        "late_policy": ({"late_policy": "closed"}, "Say above when it is due."),
        "closes_at": (
            {"due_at": "2026-03-10T10:00", "closes_at": "2026-03-09T10:00"},
            "It must close after it is due.",
        ),
        "takes": ({"takes_text": "", "takes_files": ""}, "Choose text, files, or both."),
        "percent": ({"late_percent": "101"}, "A number from 0 to 100."),
    }
    for typed, words in wrong.values():
        answer = settings(desk, browser, **typed)
        assert answer.status_code == 422 and words in answer.text
    assert desk.look("select due_at, late_policy from assignments") == [(None, "none")]


def test_one_learner_gets_more_days_and_everything_of_theirs_moves(
    as_user, desk, alice, bob, charlie
) -> None:
    desk.set(due_at=DUE, late_policy="closed", time_zone="Europe/Berlin")
    path = f"/teaching/tea/assignments/{desk.assignment}/extensions/{bob.id}"
    teacher = as_user(alice)
    assert "Say why" in forms.post(teacher, path, {"days": "2", "reason": ""}).text
    assert forms.post(teacher, path, {"days": "2", "reason": "Ill"}).status_code == 303
    listed = teacher.get(f"/teaching/tea/assignments/{desk.assignment}/submissions").text
    assert "2 days more" in listed
    after = DUE + timedelta(days=2)
    with clock.stopped_at(after):
        page = as_user(bob).get(BRIEF).text
        assert "12 Mar 2026" in page and "2 days more than others" in page and "Ill" not in page
    assert desk.hand_in(as_user(bob), "With more time", after).status_code == 303
    assert "on time" in as_user(bob).get(BRIEF).text
    with clock.stopped_at(after):
        assert "can’t be handed in any more" in as_user(charlie).get(BRIEF).text
    log = desk.look("select details from audit_entries where action = 'extension.given'")
    assert log[0].details["after"] == 2 and "Ill" not in str(log[0].details)


def test_what_somebody_handed_in_is_in_their_copy_and_goes_when_they_are_forgotten(
    app, as_user, desk, alice, bob
) -> None:
    from lms.assignments import personal
    from lms.core import work

    desk.set(released_together=True)
    desk.hand_in(as_user(bob), "My pot")
    desk.grade(as_user(alice), bob, "15", "Warm it")
    with app.app_context():
        (row,) = personal.export(bob.id)["submissions"]
    assert (row["text"], row["points"], row["feedback"]) == ("My pot", None, None)
    forms.post(as_user(alice), f"/teaching/tea/assignments/{desk.assignment}/release", form_at="/profile")
    with app.app_context():
        (row,) = personal.export(bob.id)["submissions"]
    assert (row["points"], row["feedback"]) == (15, "Warm it")
    with app.app_context(), work.unit():
        personal.erase(bob.id, DUE)
    assert desk.look("select text, feedback, points from submission_versions") == [("", "", 15)]
