"""What happened in a course on each day (UTC), and who was active on it.

Whoever writes a day of a course tells the site of it: `analytics_changes` gets the day.
"""

from collections.abc import Sequence

from sqlalchemy import text

from lms.core.db import db

_WRITE = """
    written as (
        insert into course_days as d (course_id, day, enrollments, completions, lessons, quizzes, active, active_ids)
        select course_id, day, enrollments, completions, lessons, quizzes, cardinality(active_ids), active_ids from fresh
         where (enrollments, completions, lessons, quizzes, cardinality(active_ids)) <> (0, 0, 0, 0, 0)
        on conflict (course_id, day) do update
           set (enrollments, completions, lessons, quizzes, active, active_ids)
             = (excluded.enrollments, excluded.completions, excluded.lessons, excluded.quizzes, excluded.active,
                excluded.active_ids)
         where (d.enrollments, d.completions, d.lessons, d.quizzes, d.active_ids) is distinct from
               (excluded.enrollments, excluded.completions, excluded.lessons, excluded.quizzes, excluded.active_ids)
        returning day)
    insert into analytics_changes (day) select distinct day from written
"""
# Sorted once, by course, day and person: both the sums and who was active come out of the same pass.
_ANEW = text(f"""
    with learned as (
        select course_id, day, sum(done) as lessons, sum(sat) as quizzes, array_agg(distinct user_id) as ids
          from (select course_id, started as day, user_id, 0 as done, 0 as sat from course_reading
                 where started is distinct from completed
                union all
                select course_id, completed, user_id, 1, 0 from course_reading where completed is not null
                union all
                select q.course_id, (a.submitted_at at time zone 'UTC')::date, a.user_id, 0, 1
                  from quizzes q join attempts a on a.quiz_id = q.id
                 where q.course_id = any(:courses) and a.state <> 'open' and a.submitted_at is not null
                union all
                select a.course_id, (v.submitted_at at time zone 'UTC')::date, s.user_id, 0, 0
                  from assignments a
                  join submissions s on s.assignment_id = a.id
                  join submission_versions v on v.submission_id = s.id
                 where a.course_id = any(:courses)
                union all
                select course_id, (created_at at time zone 'UTC')::date, author_id, 0, 0
                  from discussion_posts
                 where course_id = any(:courses) and author_id is not null and not by_staff) done
         group by course_id, day),
    happened as (
        select course_id, day, sum(e) as e, sum(c) as c
          from (select course_id, (enrolled_at at time zone 'UTC')::date as day, 1 as e, 0 as c
                  from enrollments where course_id = any(:courses)
                union all select course_id, (completed_at at time zone 'UTC')::date, 0, 1
                  from enrollments where course_id = any(:courses) and completed_at is not null) came
         group by course_id, day),
    fresh as (
        select course_id, day, coalesce(e, 0) as enrollments, coalesce(c, 0) as completions,
               coalesce(lessons, 0) as lessons, coalesce(quizzes, 0) as quizzes, coalesce(ids, '{{}}') as active_ids
          from happened full join learned using (course_id, day)),
    gone as (
        delete from course_days d where course_id = any(:courses)
           and not exists (select from fresh f where f.course_id = d.course_id and f.day = d.day)),
    {_WRITE}
""")  # noqa: S608 - our own words
# Who was active is looked up for the people and days that changed, not added up: nobody is there twice.
_ADD = text(f"""
    with told as (
        select course_id, day, coalesce(sum(step) filter (where kind = 'enrolled'), 0) as e,
               coalesce(sum(step) filter (where kind = 'completed'), 0) as c,
               coalesce(sum(step) filter (where kind = 'done'), 0) as l,
               coalesce(sum(step) filter (where kind = 'sat'), 0) as q
          from analytics_changes where course_id = any(:courses) and day is not null group by course_id, day),
    person as (
        select distinct course_id, day, user_id,
               exists (select from enrollments e join lesson_progress lp on lp.enrollment_id = e.id
                        where e.user_id = w.user_id and e.course_id = w.course_id
                          and ((lp.started_at at time zone 'UTC')::date = w.day
                               or (lp.completed_at at time zone 'UTC')::date = w.day))
               or exists (select from attempts a join quizzes q on q.id = a.quiz_id
                           where a.user_id = w.user_id and q.course_id = w.course_id and a.state <> 'open'
                             and (a.submitted_at at time zone 'UTC')::date = w.day)
               or exists (select from assignments a
                            join submissions s on s.assignment_id = a.id and s.user_id = w.user_id
                            join submission_versions v on v.submission_id = s.id
                           where a.course_id = w.course_id and (v.submitted_at at time zone 'UTC')::date = w.day)
               or exists (select from discussion_posts p
                           where p.author_id = w.user_id and p.course_id = w.course_id and not p.by_staff
                             and (p.created_at at time zone 'UTC')::date = w.day) as is_active
          from (select distinct course_id, day, user_id from analytics_changes
                 where course_id = any(:courses) and day is not null and user_id is not null) w),
    fresh as (
        select t.course_id, t.day, coalesce(d.enrollments, 0) + e as enrollments,
               coalesce(d.completions, 0) + c as completions, coalesce(d.lessons, 0) + l as lessons,
               coalesce(d.quizzes, 0) + q as quizzes,
               array(select id from unnest(d.active_ids) id
                      where not exists (select from person p where not p.is_active and p.user_id = id
                                           and (p.course_id, p.day) = (t.course_id, t.day))
                     union
                     select user_id from person p where p.is_active and (p.course_id, p.day) = (t.course_id, t.day)
                      order by 1) as active_ids
          from told t left join course_days d on (d.course_id, d.day) = (t.course_id, t.day)),
    gone as (
        delete from course_days d using fresh f
         where (d.course_id, d.day) = (f.course_id, f.day)
           and (f.enrollments, f.completions, f.lessons, f.quizzes, cardinality(f.active_ids)) = (0, 0, 0, 0, 0)),
    {_WRITE}
""")  # noqa: S608 - our own words


def count_anew(courses: Sequence[int]) -> None:
    """Every day of these courses, from `course_reading`."""
    db.session.execute(_ANEW, {"courses": courses})


def add(courses: Sequence[int]) -> None:
    """What happened since."""
    db.session.execute(_ADD, {"courses": courses})
