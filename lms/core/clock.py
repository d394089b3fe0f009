"""The one clock. Views and jobs ask it once and hand the time on as an argument; rules never ask."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system


def now() -> datetime:
    """The current moment in UTC, with its zone."""
    return _source()


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Within the block `now()` answers `moment` (tests and rehearsals only). Needs a zone."""
    global _source
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    before, _source = _source, lambda: moment
    try:
        yield
    finally:
        _source = before
