"""Counting days of the whole site anew, and noting how much there is today."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import text

from lms.core.db import db

_FORGET = text("delete from site_days where :every or day = any(:days)")
# People are told apart day by day: sorted in memory, where all days at once are not.
_COUNT = text("""
    with joined as (
        select (created_at at time zone 'UTC')::date as day, count(*) as users,
               count(*) filter (where role = 'instructor') as instructors
          from users
         where erased_at is null
           and (:every or created_at >= cast(:first as date) - 1 and created_at < cast(:last as date) + 2)
         group by 1),
    happened as (
        select day, sum(enrollments) as enrollments, sum(completions) as completions, sum(lessons) as lessons,
               sum(quizzes) as quizzes
          from course_days where :every or day = any(:days) group by day),
    active as (
        select day, (select count(distinct person) from course_days d cross join unnest(d.active_ids) person
                      where d.day = happened.day) as active
          from happened)
    insert into site_days (day, users, instructors, enrollments, completions, lessons, quizzes, active)
    select day, coalesce(users, 0), coalesce(instructors, 0), coalesce(enrollments, 0), coalesce(completions, 0),
           coalesce(lessons, 0), coalesce(quizzes, 0), coalesce(active, 0)
      from joined full join happened using (day) left join active using (day)
     where :every or day = any(:days)
""")
_SAMPLE = text("""
    insert into site_samples (day, courses, files_size, database_size, jobs_failed, emails_failed)
    select :day, (select count(*) from courses where state = 'published' and removed_at is null),
           (select coalesce(sum(size), 0)::bigint from stored_files), pg_database_size(current_database()),
           (select count(*) from deliveries where state = 'failed')
               + (select count(*) from tasks where state = 'failed'),
           (select count(*) from emails where state = 'failed')
    on conflict (day) do update
       set (courses, files_size, database_size, jobs_failed, emails_failed)
         = (excluded.courses, excluded.files_size, excluded.database_size, excluded.jobs_failed,
            excluded.emails_failed)
""")


def count_days(days: Collection[date] | None) -> None:
    """Write the figures of these days, or of every day with None."""
    known = sorted(days or ())
    where = {
        "every": days is None,
        "days": known,
        "first": min(known, default=None),
        "last": max(known, default=None),
    }
    db.session.execute(_FORGET, where)
    db.session.execute(_COUNT, where)


def sample(day: date) -> None:
    """Note how much there is now as what there was on `day`."""
    db.session.execute(_SAMPLE, {"day": day})
