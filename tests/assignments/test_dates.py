"""Due dates reach the calendar and the inbox, with the days that one learner has more."""

from datetime import UTC, datetime, timedelta

from lms.assignments import extensions
from lms.calendars import queries, rules
from lms.core import work
from lms.notifications import due_soon, notices

DUE = datetime(2026, 3, 28, 22, 59, tzinfo=UTC)
"""23:59 in Berlin, the evening before clocks go forward there."""


def test_bob_hears_two_days_before_it_is_due_and_charlie_by_his_own_date(
    app, as_user, desk, alice, bob, charlie, run_jobs
) -> None:
    desk.set(due_at=DUE, time_zone="Europe/Berlin")
    with app.app_context(), work.unit():
        extensions.give(
            desk.assignment, "", extensions.learner(desk.assignment, charlie.id), 3, "", alice.id, DUE
        )

    def told(at: datetime) -> list[int]:
        with app.app_context(), work.unit():
            notices.tell("due_soon", due_soon.reminders(at), at)
        return [
            row[0] for row in desk.look("select user_id from notices where kind = 'due_soon' order by id")
        ]

    assert told(DUE - timedelta(days=2, hours=1)) == []
    assert told(DUE - timedelta(days=1)) == [bob.id]
    assert told(DUE - timedelta(hours=1)) == [bob.id]
    # Three days later at 23:59 is an hour less away than three times 24 hours.
    assert told(DUE + timedelta(days=1)) == [bob.id, charlie.id]
    assert "Due soon: A pot of tea" in as_user(bob).get("/inbox").text


def test_who_has_handed_in_is_not_reminded(app, as_user, desk, bob, charlie) -> None:
    desk.set(due_at=DUE)
    desk.hand_in(as_user(bob), "Early")
    at = DUE - timedelta(hours=5)
    with app.app_context(), work.unit():
        notices.tell("due_soon", due_soon.reminders(at), at)
    assert desk.look("select user_id from notices where kind = 'due_soon'") == [(charlie.id,)]


def test_the_calendar_has_the_date_with_its_own_days(app, desk, alice, bob, charlie) -> None:
    desk.set(due_at=DUE, time_zone="Europe/Berlin")
    with app.app_context(), work.unit():
        extensions.give(
            desk.assignment, "", extensions.learner(desk.assignment, charlie.id), 1, "", alice.id, DUE
        )
    with app.app_context():
        dates = [next(rules.entries((), (), queries.assignments(user.id))) for user in (bob, charlie)]
    assert [entry.kind for entry in dates] == ["assignment_due"] * 2
    assert [entry.begins for entry in dates] == [DUE, DUE + timedelta(hours=23)]
