"""Due dates reach the calendar and the inbox, with the days that one learner has more."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.assignments import extensions, rules
from lms.calendars import queries
from lms.calendars.rules import entries
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


CHANGES = {
    "Europe/Berlin": (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)),
    "America/New_York": (datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)),
    "Australia/Lord_Howe": (datetime(2026, 4, 4, 15, tzinfo=UTC), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    "Africa/Casablanca": (datetime(2026, 2, 15, 2, tzinfo=UTC), datetime(2026, 3, 22, 2, tzinfo=UTC)),
    "UTC": (DUE, DUE),
}
"""When clocks change, there and back."""


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(CHANGES)), st.integers(0, 1), st.integers(-180, 180), st.integers(0, 3), st.data()
)
def test_reminders_name_the_hour_by_which_work_is_late(
    app, desk, alice, bob, zone, which, minutes, days, data
) -> None:
    """Whatever the zone, near the hours that come twice or never: one rule says when it is due."""
    final = CHANGES[zone][which] + timedelta(minutes=minutes)
    due = rules.days_later(final, -data.draw(st.integers(0, days)), zone)
    desk.set(due_at=due, time_zone=zone)
    with app.app_context(), work.unit():
        extensions.give(
            desk.assignment, "", extensions.learner(desk.assignment, bob.id), days, "", alice.id, DUE
        )
    expected = rules.days_later(due, days, zone)
    with app.app_context():
        told = {one.user_id: one for one in due_soon.reminders(expected - timedelta(minutes=1))}
        late = list(due_soon.reminders(expected))
    assert told[bob.id].facts["due"] == expected.isoformat()
    assert bob.id not in {one.user_id for one in late}
    assert rules.days_late(expected + timedelta(seconds=59), expected, zone) == 0


def test_the_calendar_has_the_date_with_its_own_days(app, desk, alice, bob, charlie) -> None:
    desk.set(due_at=DUE, time_zone="Europe/Berlin")
    with app.app_context(), work.unit():
        extensions.give(
            desk.assignment, "", extensions.learner(desk.assignment, charlie.id), 1, "", alice.id, DUE
        )
    with app.app_context():
        dates = [next(entries((), (), queries.assignments(user.id))) for user in (bob, charlie)]
    assert [entry.kind for entry in dates] == ["assignment_due"] * 2
    assert [entry.begins for entry in dates] == [DUE, DUE + timedelta(hours=23)]
