"""What was handed in of each assignment, and how its grades are spread. Needs `assignment_terms`."""

from collections.abc import Sequence

from sqlalchemy import text

from lms.analytics.rollups.learners import CHANGED
from lms.analytics.rollups.terms import days_late_sql
from lms.assignments.counted import counted_sql, percent_sql, points_sql
from lms.core.db import db

# Only what came again may count from an earlier moment than its own.
COUNTED = f"case when s.number > 1 then {counted_sql('v')} else v.submitted_at end"
_LIVE = "('active', 'completed')"
_POINTS = points_sql("w.points", "w.most", "w.days_late", "a")
# What a person decided in the gradebook is the grade, as on its pages; what is worth no points has none.
_COUNT = f"""
    with work as (
        select s.assignment_id, s.enrollment_id, s.state, v.points, v.released_at, e.state in {_LIVE} as is_enrolled,
               v.submitted_at, least(v.graded_at, v.released_at) as graded_at,
               coalesce(v.out_of, a.max_points) as most, {days_late_sql(COUNTED)} as days_late
          from assignments a
          join submissions s on s.assignment_id = a.id and s.number > 0
          join enrollments e on e.id = s.enrollment_id
          join submission_versions v on v.submission_id = s.id and v.number = s.number
          left join extensions x on x.assignment_id = a.id and x.user_id = s.user_id
          join assignment_terms t on t.assignment_id = a.id and t.extra_days = coalesce(x.extra_days, 0)
         where a.course_id = any(:courses) {{which}}),
    handed as (
        select assignment_id, count(*) as handed_in, count(*) filter (where days_late > 0) as late,
               count(*) filter (where state in ('submitted', 'resubmitted')) as waiting,
               count(*) filter (where state = 'graded' and released_at is null and is_enrolled) as unreleased,
               (percentile_cont(0.5) within group (order by extract(epoch from graded_at - submitted_at)::float8)
                   filter (where state = 'graded'))::bigint as seconds_until_graded
          from work group by assignment_id),
    given as (
        select w.assignment_id, {percent_sql(_POINTS, "w.most")} as percent
          from work w
          join assignments a on a.id = w.assignment_id
         where w.state = 'graded' and w.points is not null and w.is_enrolled
           and not exists (select from grade_overrides o
                            where o.enrollment_id = w.enrollment_id and o.assignment_id = w.assignment_id)
        union all
        select a.id, o.percent
          from assignments a
          join grade_overrides o on o.assignment_id = a.id and not o.is_excused
          join enrollments e on e.id = o.enrollment_id and e.state in {_LIVE}
         where a.course_id = any(:courses) {{which}}),
    spread as (
        select assignment_id, count(*) as graded, round(avg(percent), 2) as average,
               array(select count(*) filter (where least(floor(s / 10), 9) = tenth)
                       from generate_series(0, 9) tenth cross join unnest(array_agg(percent)) s
                      group by tenth order by tenth) as tenths
          from given where percent is not null group by assignment_id),
    fresh as (
        select a.id, a.course_id, coalesce(h.handed_in, 0) as handed_in, coalesce(h.late, 0) as late,
               coalesce(h.waiting, 0) as waiting, coalesce(h.unreleased, 0) as unreleased,
               coalesce(g.graded, 0) as graded, g.average,
               coalesce(g.tenths, array_fill(0::bigint, array[10])) as tenths, h.seconds_until_graded
          from assignments a
          left join handed h on h.assignment_id = a.id
          left join spread g on g.assignment_id = a.id
         where a.course_id = any(:courses) {{which}})
    insert into assignment_figures as f (assignment_id, {{columns}})
    select id, {{columns}} from fresh
    on conflict (assignment_id) do update set ({{columns}}) = ({{excluded}})
     where ({{old}}) is distinct from ({{excluded}})
"""  # noqa: S608 - our own words
_COLUMNS = (
    "course_id",
    "handed_in",
    "late",
    "waiting",
    "unreleased",
    "graded",
    "average",
    "tenths",
    "seconds_until_graded",
)
_SAME = {
    "columns": ", ".join(_COLUMNS),
    "old": ", ".join(f"f.{name}" for name in _COLUMNS),
    "excluded": ", ".join(f"excluded.{name}" for name in _COLUMNS),
}
# Whose coming or going is not known yet: grades count while somebody is enrolled, and nothing is late that was due before.
_CAME_OR_WENT = f"""
    select e.id from enrollments e join learner_figures f on f.enrollment_id = e.id
     where e.id in {CHANGED}
       and ((e.state in {_LIVE}) <> (f.state in {_LIVE}) or e.enrolled_at <> f.enrolled_at)
"""  # noqa: S608 - our own words
_CHANGED = f"""
    and a.id in (select assignment_id from analytics_changes where course_id = any(:courses) and assignment_id is not null
                 union select assignment_id from submissions where enrollment_id in ({_CAME_OR_WENT})
                 union select assignment_id from grade_overrides where enrollment_id in ({_CAME_OR_WENT}))
"""  # noqa: S608 - our own words
_ANEW = text(_COUNT.format(**_SAME, which=""))
_AGAIN = text(_COUNT.format(**_SAME, which=_CHANGED))


def count_anew(courses: Sequence[int]) -> None:
    """Every assignment of these courses."""
    db.session.execute(_ANEW, {"courses": courses})


def count_changed(courses: Sequence[int]) -> None:
    """Those assignments of these courses on which somebody worked since, or came, or went. Before `learner_figures` know
    of it."""
    db.session.execute(_AGAIN, {"courses": courses})
