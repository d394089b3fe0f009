"""The one clock."""

from datetime import UTC, datetime, timedelta

import pytest

from lms.core import clock
from tests.factories import NOW


def test_now_has_a_zone_and_is_now():
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_it_stands_still_in_a_block_and_runs_on_afterwards():
    with clock.stopped_at(NOW):
        assert clock.now() == NOW
        with clock.stopped_at(NOW + timedelta(days=1)):
            assert clock.now() == NOW + timedelta(days=1)
        assert clock.now() == NOW
    assert clock.now() > NOW


def test_it_runs_on_also_after_an_error():
    with pytest.raises(LookupError), clock.stopped_at(NOW):
        raise LookupError
    assert clock.now() != NOW


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"), clock.stopped_at(datetime(2026, 1, 1)):
        pass
