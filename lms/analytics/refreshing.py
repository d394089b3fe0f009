"""Keeping the rollups: what changed is counted anew, each course in a transaction of its own.

A change is a row that a trigger wrote with it. Counting a course removes its rows and writes its figures in one
transaction that sees one moment, so a crash between loses nothing and counts nothing twice; what is committed
meanwhile has a row that stays. One process counts at a time.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, func, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from lms.analytics.course_rollup import count_course
from lms.analytics.models import AnalyticsState
from lms.analytics.site_rollup import count_days, sample
from lms.core import work
from lms.core.db import db

log = logging.getLogger(__name__)

BUDGET_SECONDS = 45.0
"""A refresh stops after so long; the next one, a minute later, goes on."""
REST_SHARE = 20
MOST_REST = timedelta(minutes=3)
"""A course that takes long to count is counted less often: it rests 20 times as long, but 3 minutes at most."""

PASSING = ("40001", "40P01", "23503")
"""SQLSTATE: could not serialize, deadlock, and a course or learner that was deleted meanwhile."""

_LOCK = 7_302_245  # any number that nothing else locks
_TRY = text("select pg_try_advisory_xact_lock(:key)")
_WAIT = text("select pg_advisory_xact_lock(:key)")

_DUE = text("""
    select course_id from (
        select c.course_id, min(c.id) as first from analytics_changes c
          left join course_figures f on f.course_id = c.course_id
         where c.course_id is not null
           and (f.course_id is null
                or f.refreshed_at + least(f.took * :share * interval '1 second', :most) <= :at)
         group by c.course_id
        union all
        select course_id, null from course_figures where refreshed_at < :today) due
     group by course_id order by min(first) nulls last, course_id
""")
_TAKE = text("delete from analytics_changes where course_id = :course")
_TAKE_DAYS = text("delete from analytics_changes where course_id is null returning day")
_MARK_ALL = text("""
    insert into analytics_changes (course_id) select id from courses
    union select course_id from course_figures
""")
_STATE = insert(AnalyticsState).values(id=1, checked_at=bindparam("at"))
_ROOMY = text("select set_config('work_mem', '64MB', true), set_config('jit', 'off', true)")
"""Large courses are sorted in memory; compiling a statement takes longer than counting most courses."""
_CHECKED = _STATE.on_conflict_do_update(
    index_elements=["id"],
    set_={"checked_at": func.greatest(AnalyticsState.checked_at, _STATE.excluded.checked_at)},
)


def refresh(at: datetime, budget: float = BUDGET_SECONDS) -> int | None:
    """Count what changed; returns how many courses, None when another process is counting.

    Raises RuntimeError when all is done but courses that could not be counted; their changes are kept.
    """
    with _alone(wait=False) as alone:
        return _refresh(at, budget) if alone else None


def rebuild(at: datetime) -> int:
    """Count everything anew, whatever changed. Returns how many courses."""
    with _alone(wait=True):
        with work.unit():
            db.session.execute(_MARK_ALL)
        counted = _refresh(at, float("inf"), rest=timedelta(0))
        with work.unit():
            count_days(None)
        return counted


def _refresh(at: datetime, budget: float, rest: timedelta = MOST_REST) -> int:
    today = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    end, counted, failed = time.monotonic() + budget, 0, []
    with work.unit():
        wish = {"at": at, "today": today, "share": REST_SHARE, "most": rest}
        due = db.session.scalars(_DUE, wish).all()
    for course_id in due:
        if time.monotonic() > end:
            log.info("figures of %s courses are left to the next refresh", len(due) - counted)
            break
        try:
            with _one_moment():
                db.session.execute(_TAKE, {"course": course_id})
                count_course(course_id, today, at)
        except Exception as error:
            if not _is_passing(error):
                log.exception("course %s could not be counted", course_id)
                failed.append(course_id)
        counted += 1
    with _one_moment():
        days = {day for day in db.session.scalars(_TAKE_DAYS) if day is not None}
        if days:
            count_days(days)
        sample(today.date())
        if counted == len(due):
            db.session.execute(_CHECKED, {"at": at})
    if failed:
        raise RuntimeError(f"courses that could not be counted: {failed}")
    return counted


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
