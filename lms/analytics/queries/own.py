"""What one learner did, from their own rows: as fresh as the page, and few however large the school is."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import text

from lms.core.db import AnyRow, read

_COURSES = text("""
    select c.slug, c.title, c.state as course_state, e.state, e.completed_at, p.lessons, p.minutes,
           least(p.done, a.required) as done, a.required
      from enrollments e
      join courses c on c.id = e.course_id and c.removed_at is null
     cross join lateral (
         select count(*) as lessons, coalesce(sum(l.minutes), 0) as minutes,
                count(*) filter (where l.removed_at is null and l.is_published and l.is_required) as done
           from lesson_progress lp join lessons l on l.id = lp.lesson_id
          where lp.enrollment_id = e.id and lp.completed_at is not null) p
     cross join lateral (
         select count(*) as required from lessons l
          where l.course_id = e.course_id and l.removed_at is null and l.is_published and l.is_required) a
     where e.user_id = :user
     order by e.last_active_at desc, e.id desc
""")


def courses(user_id: int) -> Sequence[AnyRow]:
    """Every course the learner enrolled in, with their lessons and minutes there, last active first."""
    return read(_COURSES, user=user_id).all()


# A score that the quiz keeps back until its end says nothing here either. A day's grace covers late hand-ins.
_QUIZZES = text("""
    select q.title, c.title as course_title, l.slug as lesson_slug, q.slug, c.slug as course_slug, q.counts,
           s.percent, coalesce(s.passed, false) as passed, s.shown, c.state as course_state
      from (select a.quiz_id,
                   bool_or(q.reveal_score = 'submission'
                           or greatest(q.closes_at, o.closes_at) + interval '1 day' < :at) as shown,
                   case q.counts when 'average' then round(avg(a.percent), 2)
                                 when 'last' then (array_agg(a.percent order by a.number desc)
                                                   filter (where a.percent is not null))[1]
                                 else max(a.percent) end as percent,
                   case q.counts when 'average' then round(avg(a.percent), 2) >= q.passing_percent
                                 when 'last' then (array_agg(a.passed order by a.number desc)
                                                   filter (where a.percent is not null))[1]
                                 else bool_or(a.passed) end as passed
              from attempts a
              join quizzes q on q.id = a.quiz_id and q.removed_at is null
              left join accommodations o on o.quiz_id = q.id and o.user_id = a.user_id
             where a.user_id = :user and a.state <> 'open'
             group by a.quiz_id, q.id) s
      join quizzes q on q.id = s.quiz_id
      join courses c on c.id = q.course_id and c.removed_at is null
      join lessons l on l.id = q.lesson_id
     order by c.title, l.position, q.position
""")


def quizzes(user_id: int, at: datetime) -> Sequence[AnyRow]:
    """Every quiz the learner handed in, with the score that counts; `shown` tells whether they may know it, and
    `percent` is None while nothing is graded."""
    return read(_QUIZZES, user=user_id, at=at).all()


_DAYS = text("""
    with mine as (
        select lp.started_at, lp.completed_at from enrollments e join lesson_progress lp on lp.enrollment_id = e.id
         where e.user_id = :user)
    select (at at time zone :zone)::date as day, sum(opened)::bigint as opened, sum(completed)::bigint as completed,
           sum(quizzes)::bigint as quizzes
      from (select started_at as at, 1 as opened, 0 as completed, 0 as quizzes from mine
            union all select completed_at, 0, 1, 0 from mine where completed_at is not null
            union all select submitted_at, 0, 0, 1 from attempts
                       where user_id = :user and state <> 'open' and submitted_at is not null) seen
     where (at at time zone :zone)::date >= :since
     group by 1 order by 1
""")


def days(user_id: int, zone: str, since: date) -> dict[date, AnyRow]:
    """Lessons opened and completed and quizzes handed in on each day of the learner's zone."""
    rows = read(_DAYS, user=user_id, zone=zone, since=since)
    return {row.day: row for row in rows}
