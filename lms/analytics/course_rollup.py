"""Counting one course anew. Each statement writes one kind of figures, and only rows that differ.

Parameters of all: `course`, and `today`, the beginning of the day (UTC).
"""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from lms.analytics import rules
from lms.core.db import AnyRow, db

# Optional, unpublished and removed lessons don't count, as in a learner's progress.
_ASKED = "l.removed_at is null and l.is_published and l.is_required"
_QUIET = f"interval '{rules.QUIET_DAYS} days'"
_FIGURES = text(f"""
    with learners as (
        select e.id, e.state, e.enrolled_at, e.completed_at, e.last_active_at,
               count(lp.completed_at) filter (where {_ASKED}) as done,
               coalesce(sum(l.minutes) filter (where lp.completed_at is not null), 0) as minutes
          from enrollments e
          left join lesson_progress lp on lp.enrollment_id = e.id
          left join lessons l on l.id = lp.lesson_id
         where e.course_id = :course
         group by e.id),
    asked as (select count(*) as required from lessons l where l.course_id = :course and {_ASKED}),
    paced as (
        select done / greatest(extract(epoch from coalesce(completed_at, :today) - enrolled_at) / 604800, 1) as pace
          from learners
         where state in ('active', 'completed')
           and enrolled_at <= cast(:today as timestamptz) - interval '{rules.SETTLING_DAYS} days'),
    failed as (
        select enrollment_id, jsonb_agg(jsonb_build_array(quiz_id, times) order by quiz_id) as quizzes
          from (select a.enrollment_id, a.quiz_id, count(*) filter (where not a.passed) as times
                  from quizzes q join attempts a on a.quiz_id = q.id and a.state = 'graded'
                 where q.course_id = :course and q.removed_at is null and q.is_required
                 group by a.enrollment_id, a.quiz_id
                having not bool_or(coalesce(a.passed, false))) each
         where times > 0
         group by enrollment_id)
    select count(id) as enrollments,
           count(*) filter (where state = 'active') as active,
           count(*) filter (where completed_at is not null) as completed,
           count(*) filter (where state in ('dropped', 'expired')) as dropped,
           count(*) filter (where state in ('active', 'completed')
               and last_active_at >= cast(:today as timestamptz) - interval '{rules.RECENT_DAYS} days') as recent,
           coalesce(round(avg(least(100.0 * done / nullif(required, 0), 100))
               filter (where state in ('active', 'completed')), 2), 0) as progress,
           coalesce(sum(minutes), 0)::bigint as minutes,
           max(required) as required,
           (select case when count(*) >= 5
                        then round((percentile_cont(0.5) within group (order by pace))::numeric, 4) end
              from paced) as pace,
           (select jsonb_agg(jsonb_build_array(l.id, extract(epoch from l.enrolled_at),
                                               extract(epoch from l.last_active_at), l.done,
                                               coalesce(f.quizzes, '[]')))
              from learners l left join failed f on f.enrollment_id = l.id
             where l.state = 'active') as on_the_way
      from asked left join learners on true
""")  # noqa: S608 - our own words

_WRITE_FIGURES = text("""
    insert into course_figures as f (course_id, enrollments, active, completed, dropped, recent, at_risk, progress,
                                     minutes, required, pace, took, refreshed_at)
    values (:course, :enrollments, :active, :completed, :dropped, :recent, :at_risk, :progress,
            :minutes, :required, :pace, :took, :at)
    on conflict (course_id) do update
       set (enrollments, active, completed, dropped, recent, at_risk, progress, minutes, required, pace, took,
            refreshed_at)
         = (excluded.enrollments, excluded.active, excluded.completed, excluded.dropped, excluded.recent,
            excluded.at_risk, excluded.progress, excluded.minutes, excluded.required, excluded.pace, excluded.took,
            excluded.refreshed_at)
""")

_LESSONS = text(f"""
    with reached as materialized (
        select e.id, e.completed_at is null
                     and (e.state in ('dropped', 'expired') or e.last_active_at < cast(:today as timestamptz) - {_QUIET})
                     as gave_up,
               lp.lesson_id, lp.completed_at, l.position
          from enrollments e
          join lesson_progress lp on lp.enrollment_id = e.id
          join lessons l on l.id = lp.lesson_id and l.removed_at is null
         where e.course_id = :course),
    counted as (
        select lesson_id, count(*) as reached, count(completed_at) as completed from reached group by lesson_id),
    furthest as (
        select distinct on (id) id, lesson_id from reached where gave_up order by id, position desc, lesson_id desc),
    ended as (select lesson_id, array_agg(id order by id desc) as ids from furthest group by lesson_id),
    fresh as (
        select l.id as lesson_id, coalesce(c.reached, 0) as reached, coalesce(c.completed, 0) as completed,
               coalesce(s.ids, '{{}}') as ids
          from lessons l left join counted c on c.lesson_id = l.id left join ended s on s.lesson_id = l.id
         where l.course_id = :course and l.removed_at is null),
    gone as (delete from lesson_figures where course_id = :course and lesson_id not in (select lesson_id from fresh))
    insert into lesson_figures as f (lesson_id, course_id, reached, completed, stopped, stopped_ids)
    select lesson_id, :course, reached, completed, cardinality(ids), ids from fresh
    on conflict (lesson_id) do update
       set (reached, completed, stopped, stopped_ids)
         = (excluded.reached, excluded.completed, excluded.stopped, excluded.stopped_ids)
     where (f.reached, f.completed, f.stopped_ids)
           is distinct from (excluded.reached, excluded.completed, excluded.stopped_ids)
""")  # noqa: S608 - our own words

_DAYS = text("""
    with done as materialized (
        select e.user_id, (lp.started_at at time zone 'UTC')::date as started,
               (lp.completed_at at time zone 'UTC')::date as completed
          from enrollments e join lesson_progress lp on lp.enrollment_id = e.id
         where e.course_id = :course),
    sat as materialized (
        select a.user_id, (a.submitted_at at time zone 'UTC')::date as day
          from quizzes q join attempts a on a.quiz_id = q.id
         where q.course_id = :course and a.state <> 'open' and a.submitted_at is not null),
    active as (
        select day, array_agg(user_id order by user_id) as ids
          from (select started as day, user_id from done
                union select completed, user_id from done where completed is not null
                union select day, user_id from sat) seen
         group by day),
    happened as (
        select (enrolled_at at time zone 'UTC')::date as day, 1 as e, 0 as c, 0 as l, 0 as q
          from enrollments where course_id = :course
        union all select (completed_at at time zone 'UTC')::date, 0, 1, 0, 0
          from enrollments where course_id = :course and completed_at is not null
        union all select completed, 0, 0, 1, 0 from done where completed is not null
        union all select day, 0, 0, 0, 1 from sat),
    summed as (select day, sum(e) as e, sum(c) as c, sum(l) as l, sum(q) as q from happened group by day),
    fresh as (
        select day, coalesce(e, 0) as enrollments, coalesce(c, 0) as completions, coalesce(l, 0) as lessons,
               coalesce(q, 0) as quizzes, coalesce(ids, '{}') as active_ids
          from summed full join active using (day)),
    gone as (delete from course_days where course_id = :course and day not in (select day from fresh))
    insert into course_days as d (course_id, day, enrollments, completions, lessons, quizzes, active, active_ids)
    select :course, day, enrollments, completions, lessons, quizzes, cardinality(active_ids), active_ids from fresh
    on conflict (course_id, day) do update
       set (enrollments, completions, lessons, quizzes, active, active_ids)
         = (excluded.enrollments, excluded.completions, excluded.lessons, excluded.quizzes, excluded.active,
            excluded.active_ids)
     where (d.enrollments, d.completions, d.lessons, d.quizzes, d.active_ids) is distinct from
           (excluded.enrollments, excluded.completions, excluded.lessons, excluded.quizzes, excluded.active_ids)
""")

_QUIZZES = text("""
    with counted as (
        select q.id,
               case q.counts when 'average' then round(avg(a.percent), 2)
                             when 'last' then (array_agg(a.percent order by a.number desc))[1]
                             else max(a.percent) end as percent,
               case q.counts when 'average' then round(avg(a.percent), 2) >= q.passing_percent
                             when 'last' then (array_agg(a.passed order by a.number desc))[1]
                             else bool_or(a.passed) end as passed
          from quizzes q join attempts a on a.quiz_id = q.id and a.state = 'graded' and a.percent is not null
         where q.course_id = :course and q.removed_at is null
         group by q.id, a.user_id),
    fresh as (
        select id, count(*) as learners, count(*) filter (where passed) as passed,
               round(avg(percent), 2) as average,
               array(select count(*) filter (where least(floor(s / 10), 9) = tenth)
                       from generate_series(0, 9) tenth cross join unnest(array_agg(percent)) s
                      group by tenth order by tenth) as tenths
          from counted group by id),
    gone as (delete from quiz_figures where course_id = :course and quiz_id not in (select id from fresh))
    insert into quiz_figures as f (quiz_id, course_id, learners, passed, average, tenths)
    select id, :course, learners, passed, average, tenths from fresh
    on conflict (quiz_id) do update
       set (learners, passed, average, tenths)
         = (excluded.learners, excluded.passed, excluded.average, excluded.tenths)
     where (f.learners, f.passed, f.average, f.tenths)
           is distinct from (excluded.learners, excluded.passed, excluded.average, excluded.tenths)
""")

_WRITE_RISKS = text("""
    with fresh as (
        select * from jsonb_to_recordset(cast(:risks as jsonb)) as r(id bigint, weight smallint, reasons jsonb)),
    gone as (
        delete from learners_at_risk where course_id = :course and enrollment_id not in (select id from fresh))
    insert into learners_at_risk as r (enrollment_id, course_id, weight, reasons)
    select id, :course, weight, reasons from fresh
    on conflict (enrollment_id) do update set (weight, reasons) = (excluded.weight, excluded.reasons)
     where (r.weight, r.reasons) is distinct from (excluded.weight, excluded.reasons)
""")

_COURSE = text("select ends_at from courses where id = :course")


def count_course(course_id: int, today: datetime, at: datetime) -> None:
    """Write all figures of the course as of now; nothing when it is gone. Costs a constant number of statements."""
    began = time.monotonic()
    where: dict[str, Any] = {"course": course_id, "today": today}
    course = db.session.execute(_COURSE, where).one_or_none()
    if course is None:
        return
    figures = db.session.execute(_FIGURES, where).one()
    for statement in (_LESSONS, _DAYS, _QUIZZES):
        db.session.execute(statement, where)
    risks = list(_risks(figures, course.ends_at, today))
    db.session.execute(_WRITE_RISKS, {"course": course_id, "risks": json.dumps(risks)})
    took = time.monotonic() - began
    known = {**figures._mapping, "at_risk": len(risks), "took": took, "at": at, "course": course_id}
    db.session.execute(_WRITE_FIGURES, known)


def _risks(figures: AnyRow, ends_at: datetime | None, today: datetime) -> Iterator[dict[str, Any]]:
    pace = None if figures.pace is None else float(figures.pace)
    course = rules.Course(figures.required, pace, ends_at)
    for number, enrolled, seen, done, failed in figures.on_the_way or ():
        learner = rules.Learner(_moment(enrolled), _moment(seen), done, failed)
        found = rules.reasons(learner, course, today)
        if found:
            weight = sum(reason.weight for reason in found)
            yield {"id": number, "weight": weight, "reasons": [reason.to_json() for reason in found]}


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
