"""What changed since figures were counted: rows that triggers wrote in the transactions of the changes.

A row without a `kind` asks for its course to be counted anew; the others say what is more or less by one.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import text

from lms.core.db import AnyRow, db

REST_PER_SECOND = 500
MOST_REST = timedelta(minutes=3)
"""A course that was counted anew is not counted anew again for a second for each 500 enrollments, 3 minutes at most:
who edits a large course for an hour does not make it be counted sixty times."""

_DUE = text("""
    with waiting as (
        select course_id, min(id) as first, bool_or(kind is null) as anew
          from analytics_changes where course_id is not null group by course_id)
    select c.id, f.course_id is null or coalesce(w.anew, false) as anew, coalesce(f.refreshed_at < :today, false) as aged,
           case when f.course_id is null then (select count(*) from enrollments e where e.course_id = c.id)
                else f.enrollments end as size
      from courses c
      left join waiting w on w.course_id = c.id
      left join course_figures f on f.course_id = c.id
     where (w.course_id is not null or f.refreshed_at < :today)
       and (f.course_id is null or not coalesce(w.anew, false)
            or f.counted_at + least(f.enrollments / :per_second * interval '1 second', :most) <= :at)
     order by 2, w.first nulls last, c.id
""")


def due(today: datetime, at: datetime, most_rest: timedelta = MOST_REST) -> Sequence[AnyRow]:
    """The courses to count, `anew` those of which everything is to be counted, `aged` those that were not counted
    today; with about how many enrollments. Who waited longest comes first, after all that are quickly done."""
    wish = {"today": today, "at": at, "per_second": REST_PER_SECOND, "most": most_rest}
    return db.session.execute(_DUE, wish).all()


_ASKED = text("""
    select distinct course_id from analytics_changes where course_id = any(:courses) and kind = 'asked'
""")
_NOTE_NEW = text("""
    insert into analytics_changes (course_id, kind, assignment_id)
    select a.course_id, 'asked', a.id from assignments a
     where not exists (select from assignment_figures f where f.assignment_id = a.id)
       and not exists (select from analytics_changes w where w.course_id = a.course_id and w.assignment_id = a.id)
""")
_MARK_ALL = text("insert into analytics_changes (course_id) select id from courses")
_TAKE = text("delete from analytics_changes where course_id = any(:courses)")
_TAKE_DAYS = text("""
    with gone as (delete from analytics_changes where course_id is null returning day),
    left_over as (
        delete from analytics_changes w
         where course_id is not null and not exists (select from courses c where c.id = w.course_id)
        returning course_id),
    learners as (delete from learner_figures where course_id in (select course_id from left_over)),
    risks as (delete from learners_at_risk where course_id in (select course_id from left_over))
    select distinct day from gone where day is not null
""")


def asked(courses: Sequence[int]) -> Sequence[int]:
    """Those of these courses in which an assignment asks for something else than before."""
    return db.session.scalars(_ASKED, {"courses": courses}).all()


def note_new() -> None:
    """Ask for the figures of assignments that have none yet."""
    db.session.execute(_NOTE_NEW)


def mark_all() -> None:
    """Ask for every course to be counted anew."""
    db.session.execute(_MARK_ALL)


def take(courses: Sequence[int]) -> None:
    """Remove what was counted. In a transaction that sees one moment, what was written meanwhile stays."""
    db.session.execute(_TAKE, {"courses": courses})


def take_days() -> list[date]:
    """Remove and return the days of the site that changed, and remove what is about courses that are gone."""
    return list(db.session.scalars(_TAKE_DAYS))
