"""Reads of the rollups of the whole site."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import text

from lms.core.db import AnyRow, read

_FIGURES = text("""
    select d.*, f.*, s.checked_at as as_of,
           (select count(*) from courses where state = 'published' and removed_at is null) as courses
      from (select coalesce(sum(users), 0)::bigint as users, coalesce(sum(instructors), 0)::bigint as instructors,
                   coalesce(sum(enrollments), 0)::bigint as enrollments,
                   coalesce(sum(completions), 0)::bigint as completions,
                   coalesce(sum(lessons), 0)::bigint as lessons, coalesce(sum(quizzes), 0)::bigint as quizzes,
                   coalesce(sum(active) filter (where day = :today), 0)::bigint as active_today,
                   coalesce(sum(active) filter (where day = :today - 1), 0)::bigint as active_yesterday
              from site_days) d
     cross join (select coalesce(sum(active), 0)::bigint as under_way, coalesce(sum(minutes), 0)::bigint as minutes,
                        coalesce(sum(at_risk), 0)::bigint as at_risk from course_figures) f
      left join analytics_state s on true
""")


def figures(today: date) -> AnyRow:
    """The site as it stands."""
    return read(_FIGURES, today=today).one()


_DAYS = text("""
    with samples as (
        select day, courses, files_size, database_size, jobs_failed, emails_failed from site_samples where day < :until
        union all
        select :until, (select count(*) from courses where state = 'published' and removed_at is null),
               (select coalesce(sum(size), 0)::bigint from stored_files), pg_database_size(current_database()),
               (select count(*) from deliveries where state = 'failed')
                   + (select count(*) from tasks where state = 'failed'),
               (select count(*) from emails where state = 'failed'))
    select coalesce(d.day, s.day, e.day) as day, d.users, d.instructors, d.enrollments, d.completions, d.lessons,
           d.quizzes, d.active, s.courses, s.files_size, s.database_size, s.jobs_failed, s.emails_failed,
           e.count as errors
      from site_days d full join samples s on s.day = d.day full join fault_days e on e.day = coalesce(d.day, s.day)
     where coalesce(d.day, s.day, e.day) between :since and :until
     order by 1
""")


def days(since: date, until: date) -> dict[date, AnyRow]:
    """What happened on each day, and how much there was; days without either are left out, what is not known is
    None. What there is on the last day is looked up at this moment."""
    return {row.day: row for row in read(_DAYS, since=since, until=until)}


_LARGEST = text("""
    select c.slug, c.title, f.enrollments, f.active, f.completed, f.progress
      from course_figures f join courses c on c.id = f.course_id and c.removed_at is null
     where f.enrollments > 0
     order by f.active desc, c.id limit 10
""")


def liveliest() -> Sequence[AnyRow]:
    """The ten courses with most learners under way."""
    return read(_LARGEST).all()
