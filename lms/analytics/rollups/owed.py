"""What learners who are on the way owe: work that is overdue, and work whose grade is too low to go on.

Common table expressions for `risks.py`, with `{who}` as the learners `e`. Need `assignment_terms`.
"""

from lms.analytics.rollups.assignments import COUNTED
from lms.analytics.rollups.terms import days_late_sql
from lms.assignments.counted import percent_sql, points_sql
from lms.learning.decisions import undecided_sql
from lms.learning.owing import came_after_sql

# What is worth no points counts nowhere; with categories only what stands in one with a weight, as in the gradebook.
_COUNTS = """
    (a.is_required
     or a.max_points > 0
        and (not exists (select from grade_categories k where k.course_id = a.course_id)
             or exists (select from grade_places p join grade_categories k on k.id = p.category_id
                         where p.assignment_id = a.id and k.weight > 0)))
"""
_THERE = "l.removed_at is null and l.is_published and a.removed_at is null"
_OPEN = undecided_sql("assignment", "a", "e.id")
# Work that was returned is in its learner's hands, and not late: the time that grading took is not theirs.
OVERDUE = f"""
    overdue as (
        select e.id, jsonb_agg(jsonb_build_array(a.id, extract(epoch from t.due)::bigint) order by t.due, a.id) as works
          from assignments a
          join lessons l on l.id = a.lesson_id
          join enrollments e on e.course_id = a.course_id and e.state = 'active' and {{who}}
          left join extensions x on x.assignment_id = a.id and x.user_id = e.user_id
          join assignment_terms t on t.assignment_id = a.id and t.extra_days = coalesce(x.extra_days, 0)
         where a.course_id = any(:courses) and a.due_at < :today and t.late_from[1] <= :today
           and {_THERE} and {_COUNTS} and {_OPEN} and not {came_after_sql("t.due", "e.enrolled_at")}
           and not exists (select from submissions s
                            where s.assignment_id = a.id and s.user_id = e.user_id and s.number > 0)
         group by e.id)
"""  # noqa: S608 - our own words
_POINTS = points_sql("g.points", "g.most", "g.days_late", "a")
# As for completing a lesson, by points and not by the rounded percent. What its learner doesn't know says nothing.
_LOW_GRADE = f"""
        select e.id, a.id as assignment_id, {percent_sql(_POINTS, "g.most")} as percent, a.passing_percent
          from assignments a
          join lessons l on l.id = a.lesson_id
          join enrollments e on e.course_id = a.course_id and e.state = 'active' and {{who}}
          join submissions s on s.assignment_id = a.id and s.user_id = e.user_id and s.state = 'graded'
          join submission_versions v on v.submission_id = s.id and v.number = s.number
          left join extensions x on x.assignment_id = a.id and x.user_id = e.user_id
          join assignment_terms t on t.assignment_id = a.id and t.extra_days = coalesce(x.extra_days, 0)
         cross join lateral (
             select v.points, coalesce(v.out_of, a.max_points) as most, {days_late_sql(COUNTED)} as days_late) g
         where a.course_id = any(:courses) and a.is_required and a.passing_percent is not null
           and v.released_at is not null and v.points is not null and {_THERE} and {_OPEN}
           and {_POINTS} * 100 < a.passing_percent * g.most
"""  # noqa: S608 - our own words
_LOW_DECISION = f"""
        select e.id, a.id, o.percent, a.passing_percent
          from assignments a
          join lessons l on l.id = a.lesson_id
          join grade_overrides o on o.assignment_id = a.id and o.percent < a.passing_percent
          join enrollments e on e.id = o.enrollment_id and e.state = 'active' and {{who}}
         where a.course_id = any(:courses) and a.is_required and {_THERE}
"""  # noqa: S608 - our own words
LOW = f"""
    low as (
        select id, jsonb_agg(jsonb_build_array(assignment_id, percent, passing_percent) order by assignment_id) as works
          from ({_LOW_GRADE} union all {_LOW_DECISION}) too_low
         group by id)
"""  # noqa: S608 - our own words
