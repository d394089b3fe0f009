"""Keeping the rollups: what changed is counted, all courses at once.

A change is a row that a trigger wrote with it. Counting removes the rows and writes the figures in one transaction
that sees one moment, so a crash between loses nothing and counts nothing twice; what is committed meanwhile has a row
that stays. One process counts at a time.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, func, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from lms.analytics.models import AnalyticsState
from lms.analytics.rollups import changes, site
from lms.analytics.rollups.counting import count
from lms.core import work
from lms.core.db import AnyRow, db

log = logging.getLogger(__name__)

BUDGET_SECONDS = 45.0
"""A refresh begins nothing new after so long; the next one goes on."""
TOGETHER = 100_000
"""Enrollments of the courses that are counted in one transaction: it is begun again where it fails, and it is what
a refresh may go over its budget by."""

PASSING = ("40001", "40P01", "23503")
"""SQLSTATE: could not serialize, deadlock, and a course or learner that was deleted meanwhile."""

_LOCK = 7_302_245  # any number that nothing else locks
_TRY = text("select pg_try_advisory_xact_lock(:key)")
_WAIT = text("select pg_advisory_xact_lock(:key)")
_STATE = insert(AnalyticsState).values(id=1, checked_at=bindparam("at"))
_ROOMY = text("select set_config('work_mem', '64MB', true), set_config('jit', 'off', true)")
"""What is large is sorted in memory; compiling a statement takes longer than counting most courses."""
_KNOW = text(
    "analyze assignment_figures, course_figures, course_days, learner_figures, learners_at_risk, lesson_figures"
)
"""What was just filled is known to the planner at once."""
_CHECKED = _STATE.on_conflict_do_update(
    index_elements=["id"],
    set_={"checked_at": func.greatest(AnalyticsState.checked_at, _STATE.excluded.checked_at)},
)


def refresh(
    at: datetime, budget: float = BUDGET_SECONDS, when_left: Callable[[], None] | None = None
) -> int | None:
    """Count what changed; returns how many courses, None when another process is counting.

    `when_left` is called at the end when the budget was over before everything was counted.
    Raises RuntimeError when all is done but courses that could not be counted; their changes are kept.
    """
    with _alone(wait=False) as alone:
        if not alone:
            return None
        counted, left = _refresh(at, budget)
    if left and when_left:
        when_left()
    return counted


def rebuild(at: datetime) -> int:
    """Count everything anew, whatever changed. Returns how many courses."""
    with _alone(wait=True):
        with work.unit():
            changes.mark_all()
        counted, _left = _refresh(at, float("inf"), rest=timedelta(0), every_day=True)
        with work.unit():
            db.session.execute(_KNOW)
        return counted


def _refresh(
    at: datetime, budget: float, rest: timedelta = changes.MOST_REST, *, every_day: bool = False
) -> tuple[int, int]:
    """How many courses were counted, and how many are left."""
    today = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    end, counted, failed = time.monotonic() + budget, 0, list[int]()
    with work.unit():
        changes.note_new()
        due = changes.due(today, at, rest)
    for courses in _together(due):
        if time.monotonic() > end:
            log.info("figures of %s courses are left to the next refresh", len(due) - counted)
            break
        failed += _count(courses, today, at)
        counted += len(courses)
    with _one_moment():
        days = changes.take_days()
        if every_day or days:
            site.count_days(None if every_day else days)
        site.sample(today.date())
        if counted == len(due):
            db.session.execute(_CHECKED, {"at": at})
    if failed:
        raise RuntimeError(f"courses that could not be counted: {failed}")
    return counted, len(due) - counted


def _together(due: Sequence[AnyRow]) -> Iterator[Sequence[AnyRow]]:
    """Courses in the given order that are counted in the same way, up to so many enrollments."""
    batch: list[AnyRow] = []
    size = 0
    for row in due:
        if batch and (row.anew != batch[0].anew or size + row.size > TOGETHER):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += row.size
    if batch:
        yield batch


def _count(courses: Sequence[AnyRow], today: datetime, at: datetime) -> list[int]:
    """Count these courses; where that fails, each half of them. Returns those that could not be counted."""
    try:
        with _one_moment():
            count(courses, today, at)
    except Exception as error:
        if len(courses) > 1:
            middle = len(courses) // 2
            return _count(courses[:middle], today, at) + _count(courses[middle:], today, at)
        if not _is_passing(error):
            log.exception("course %s could not be counted", courses[0].id)
            return [courses[0].id]
    return []


def _is_passing(error: Exception) -> bool:
    """Whether the rows were changed or deleted at that moment; the next refresh does it."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", "") in PASSING


@contextmanager
def _one_moment() -> Iterator[None]:
    """A unit of work whose statements all see the database as it was at the first."""
    with work.unit():
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        db.session.execute(_ROOMY)
        yield


@contextmanager
def _alone(*, wait: bool) -> Iterator[bool]:
    """Hold the lock on a connection of its own; it is free again when that closes, however the process ends."""
    with db.engine.connect() as connection:
        yield bool(connection.scalar(_WAIT if wait else _TRY, {"key": _LOCK})) or wait
