"""How the scores that count are spread over each quiz."""

from collections.abc import Sequence

from sqlalchemy import text

from lms.core.db import db

_COUNT = """
    with counted as (
        select q.id, q.course_id,
               case q.counts when 'average' then round(avg(a.percent), 2)
                             when 'last' then (array_agg(a.percent order by a.number desc))[1]
                             else max(a.percent) end as percent,
               case q.counts when 'average' then round(avg(a.percent), 2) >= q.passing_percent
                             when 'last' then (array_agg(a.passed order by a.number desc))[1]
                             else bool_or(a.passed) end as passed
          from quizzes q join attempts a on a.quiz_id = q.id and a.state = 'graded' and a.percent is not null
         where q.course_id = any(:courses) and q.removed_at is null {which}
         group by q.id, a.user_id),
    fresh as (
        select id, course_id, count(*) as learners, count(*) filter (where passed) as passed,
               round(avg(percent), 2) as average,
               array(select count(*) filter (where least(floor(s / 10), 9) = tenth)
                       from generate_series(0, 9) tenth cross join unnest(array_agg(percent)) s
                      group by tenth order by tenth) as tenths
          from counted group by id, course_id),
    gone as (
        delete from quiz_figures q
         where course_id = any(:courses) and quiz_id not in (select id from fresh) {which_gone})
    insert into quiz_figures as f (quiz_id, course_id, learners, passed, average, tenths)
    select id, course_id, learners, passed, average, tenths from fresh
    on conflict (quiz_id) do update
       set (learners, passed, average, tenths)
         = (excluded.learners, excluded.passed, excluded.average, excluded.tenths)
     where (f.learners, f.passed, f.average, f.tenths)
           is distinct from (excluded.learners, excluded.passed, excluded.average, excluded.tenths)
"""
_CHANGED = (
    "in (select quiz_id from analytics_changes where course_id = any(:courses) and quiz_id is not null)"
)
_ANEW = text(_COUNT.format(which="", which_gone=""))
_AGAIN = text(_COUNT.format(which=f"and q.id {_CHANGED}", which_gone=f"and q.quiz_id {_CHANGED}"))


def count_anew(courses: Sequence[int]) -> None:
    """Every quiz of these courses."""
    db.session.execute(_ANEW, {"courses": courses})


def count_changed(courses: Sequence[int]) -> None:
    """Those quizzes of these courses in which something was graded since."""
    db.session.execute(_AGAIN, {"courses": courses})
