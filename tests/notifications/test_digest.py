"""One message a day, in the reader's morning, and only when there is something to say."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from lms.core import clock, work
from lms.core.db import db
from lms.notifications import digest, notices, rules
from lms.notifications.models import Email, Notice
from lms.notifications.notices import Told
from tests.factories import person
from tests.support.mail import text_of

EVENING = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)


def waits(app, user, number=1, at=EVENING):
    with app.app_context(), work.unit():
        notices.prefer(user.id, {"graded": ("digest", True)})
        facts = {"quiz": f"Quiz {number}", "course": "Tea"}
        notices.tell("graded", [Told(user.id, f"graded:{user.id}:{number}", facts, "/learning")], at)


def run(app, at, run_jobs=None):
    with clock.stopped_at(at):
        with app.app_context(), work.unit():
            written = digest.send(at)
        if run_jobs:
            run_jobs()
    return written


def next_day(hour, minute=0):
    return datetime(2026, 3, 3, hour, minute, tzinfo=UTC)


def test_what_waited_comes_in_one_message_in_the_morning(app, bob, inbox, run_jobs):
    waits(app, bob, 1)
    waits(app, bob, 2)
    assert run(app, EVENING + timedelta(hours=3)) == 0, "nobody is written to at night"
    assert run(app, next_day(6, 59)) == 0
    assert run(app, next_day(7), run_jobs) == 1
    (message,) = inbox.to("bob@example.org")
    assert message["subject"] == "2 pieces of news from Lectern"
    text = text_of(message)
    assert text.index("Graded: Quiz 1") < text.index("Graded: Quiz 2")
    assert "http://localhost/learning" in text
    assert "digest" not in message["list-unsubscribe"], "the link is signed"
    assert run(app, next_day(8)) == 0
    assert run(app, next_day(7) + timedelta(days=1)) == 0, "nothing new, nothing sent"


def test_what_comes_after_the_morning_waits_for_the_next(app, bob, inbox, run_jobs):
    waits(app, bob, 1)
    assert run(app, next_day(7), run_jobs) == 1
    waits(app, bob, 2, at=next_day(9))
    assert run(app, next_day(15)) == 0
    assert run(app, next_day(7) + timedelta(days=1), run_jobs) == 1
    assert len(inbox.to("bob@example.org")) == 2


def test_a_morning_that_was_missed_is_made_up_for_once(app, bob, inbox, run_jobs):
    waits(app, bob, 1)
    assert run(app, next_day(18), run_jobs) == 1
    assert run(app, next_day(18, 5), run_jobs) == 0
    assert len(inbox.to("bob@example.org")) == 1


def test_morning_is_where_the_reader_lives(app, bob, inbox):
    tokyo = person(app, "Aiko", "aiko@example.org")
    with app.app_context(), work.unit():
        db.session.merge(tokyo).time_zone = "Asia/Tokyo"
    waits(app, bob)
    waits(app, tokyo)
    assert run(app, datetime(2026, 3, 2, 22, 5, tzinfo=UTC)) == 1
    with app.app_context():
        assert db.session.scalars(select(Email.to_address)).all() == ["aiko@example.org"]


def test_a_zone_that_nobody_knows_holds_nobody_up(app, bob, charlie, inbox):
    with app.app_context(), work.unit():
        db.session.merge(charlie).time_zone = "Mars/Base"
    waits(app, bob)
    waits(app, charlie)
    assert run(app, next_day(8)) == 2


def test_a_crash_before_the_commit_sends_nothing_and_loses_nothing(app, bob, inbox, run_jobs):
    waits(app, bob)
    with pytest.raises(LookupError), app.app_context(), work.unit():
        assert digest.send(next_day(7)) == 1
        raise LookupError
    run_jobs()
    assert not inbox.messages
    assert run(app, next_day(7, 5), run_jobs) == 1
    assert len(inbox.to("bob@example.org")) == 1


def test_two_workers_at_once_write_it_once(app, bob, inbox):
    waits(app, bob)
    with app.app_context(), work.unit():
        assert digest.send(next_day(7)) == 1
        with app.app_context(), work.unit():
            assert digest.send(next_day(7)) == 0
    with app.app_context():
        assert len(db.session.scalars(select(Email.id)).all()) == 1


def test_what_was_read_in_the_inbox_does_not_come_by_mail(app, bob, inbox):
    waits(app, bob)
    with app.app_context(), work.unit():
        notices.read_all(bob.id, next_day(1))
    assert run(app, next_day(7)) == 0


def test_a_digest_whose_notices_are_gone_is_not_sent(app, bob, inbox, run_jobs):
    waits(app, bob)
    assert run(app, next_day(7)) == 1
    with app.app_context(), work.unit():
        db.session.execute(update(Notice).values(digest_id=None))
    run_jobs()
    assert not inbox.messages


@settings(max_examples=60, deadline=None)
@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(
        ["UTC", "Asia/Tokyo", "America/St_Johns", "Europe/Paris", "Pacific/Kiritimati", "Nowhere"]
    ),
)
def test_a_morning_is_never_ahead_and_never_two_days_back(at, zone):
    morning = rules.last_morning(zone, at)
    assert morning <= at < morning + timedelta(hours=26)
    assert morning.hour == 7
    assert zone == "Nowhere" or morning.tzinfo == ZoneInfo(zone)
