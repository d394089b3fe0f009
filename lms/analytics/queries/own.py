"""What one learner did, from their own rows: as fresh as the page, and few however large the school is."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import text

from lms.assignments.counted import counted_sql
from lms.core.db import AnyRow, read
from lms.quizzes.queries import offered_sql
from lms.quizzes.windows import closed_for_all_sql

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
_QUIZZES = """
    select 'quiz' as kind, q.title, c.title as course_title, l.slug as lesson_slug, q.slug, c.slug as course_slug,
           s.percent, coalesce(s.passed, false) as passed, s.shown, c.state as course_state,
           {no_work}, l.position as lesson_place, q.position as place
      from (select a.quiz_id,
                   bool_or(q.reveal_score = 'submission'
                           or {closed} + interval '1 day' < :at) as shown,
                   case q.counts when 'average' then round(avg(a.percent), 2)
                                 when 'last' then (array_agg(a.percent order by a.number desc)
                                                   filter (where a.percent is not null))[1]
                                 else max(a.percent) end as percent,
                   case q.counts when 'average' then round(avg(a.percent), 2) >= q.passing_percent
                                 when 'last' then (array_agg(a.passed order by a.number desc)
                                                   filter (where a.percent is not null))[1]
                                 else bool_or(a.passed) end as passed
              from attempts a
              join quizzes q on q.id = a.quiz_id
              join lessons m on m.id = q.lesson_id and {offered}
              join courses k on k.id = q.course_id
             where a.user_id = :user and a.state <> 'open'
             group by a.quiz_id, q.id) s
      join quizzes q on q.id = s.quiz_id
      join courses c on c.id = q.course_id and c.removed_at is null
      join lessons l on l.id = q.lesson_id
"""
# Only what is released, as on the page of the assignment; a decision in the gradebook takes its place.
_ASSIGNMENTS = f"""
    select 'assignment', a.title, c.title, l.slug, a.slug, c.slug, o.percent, false, not coalesce(o.is_excused, false),
           c.state, s.state, n.points, n.out_of, n.counts_from, a.max_points, a.due_at, a.closes_at, a.time_zone,
           a.late_policy, a.late_percent, a.max_attempts, a.passing_percent, coalesce(x.extra_days, 0), e.enrolled_at,
           l.position, a.position
      from submissions s
      join enrollments e on e.id = s.enrollment_id
      join assignments a on a.id = s.assignment_id and a.removed_at is null
      join courses c on c.id = a.course_id and c.removed_at is null
      join lessons l on l.id = a.lesson_id and l.removed_at is null and l.is_published
      left join lateral (
          select w.points, w.out_of, {counted_sql("w")} as counts_from
            from submission_versions w
           where w.submission_id = s.id and w.graded_at is not null and w.released_at is not null
           order by w.number desc limit 1) n on true
      left join extensions x on x.assignment_id = a.id and x.user_id = s.user_id
      left join grade_overrides o on o.assignment_id = a.id and o.enrollment_id = s.enrollment_id
     where s.user_id = :user and s.number > 0
"""  # noqa: S608 - our own words
_NO_WORK = """
    null as work_state, null::numeric as given, null::numeric as out_of, null::timestamptz as graded_work_at,
    null::numeric as max_points, null::timestamptz as due_at, null::timestamptz as closes_at, null as time_zone,
    null as late_policy, null::numeric as late_percent, null::smallint as max_attempts,
    null::numeric as passing_percent, 0 as extra_days, null::timestamptz as enrolled_at
"""
_OFFERED = _QUIZZES.format(
    no_work=_NO_WORK, offered=offered_sql("q", "m"), closed=closed_for_all_sql("q", "k")
)
_WORKS = text(f"{_OFFERED} union all {_ASSIGNMENTS} order by course_title, lesson_place, place")


def works(user_id: int, at: datetime) -> Sequence[AnyRow]:
    """Every quiz and assignment that the learner handed in, by their `kind`; `shown` tells whether they may know the
    grade, and counts it.

    A quiz comes with the `percent` of the score that counts, None while nothing is graded. An assignment with the
    `percent` that a person decided, else with what its grade is counted from (`lms.assignments.rules`): `given` is
    None while none is released."""
    return read(_WORKS, user=user_id, at=at).all()


_DAYS = text("""
    with mine as (
        select lp.started_at, lp.completed_at from enrollments e join lesson_progress lp on lp.enrollment_id = e.id
         where e.user_id = :user)
    select (at at time zone :zone)::date as day, sum(opened)::bigint as opened, sum(completed)::bigint as completed,
           sum(quizzes)::bigint as quizzes, sum(works)::bigint as works, sum(posts)::bigint as posts
      from (select started_at as at, 1 as opened, 0 as completed, 0 as quizzes, 0 as works, 0 as posts from mine
            union all select completed_at, 0, 1, 0, 0, 0 from mine where completed_at is not null
            union all select submitted_at, 0, 0, 1, 0, 0 from attempts
                       where user_id = :user and state <> 'open' and submitted_at is not null
            union all select v.submitted_at, 0, 0, 0, 1, 0
                        from submissions s join submission_versions v on v.submission_id = s.id
                       where s.user_id = :user
            union all select created_at, 0, 0, 0, 0, 1 from discussion_posts
                       where author_id = :user and not by_staff) seen
     where (at at time zone :zone)::date >= :since
     group by 1 order by 1
""")


def days(user_id: int, zone: str, since: date) -> dict[date, AnyRow]:
    """Lessons opened and completed, quizzes and assignments handed in, and what was written in discussions, on each day
    of the learner's zone."""
    rows = read(_DAYS, user=user_id, zone=zone, since=since)
    return {row.day: row for row in rows}
