"""Where learners of a course are: how many opened each lesson, completed it, and went no further."""

from collections.abc import Sequence

from sqlalchemy import text

from lms.core.db import db

_ANEW = text("""
    with counted as (
        select lesson_id, count(*) as reached, count(completed) as completed from course_reading group by lesson_id),
    fresh as (
        select l.id as lesson_id, l.course_id, coalesce(c.reached, 0) as reached, coalesce(c.completed, 0) as completed
          from lessons l left join counted c on c.lesson_id = l.id
         where l.course_id = any(:courses) and l.removed_at is null),
    gone as (
        delete from lesson_figures where course_id = any(:courses) and lesson_id not in (select lesson_id from fresh))
    insert into lesson_figures as f (lesson_id, course_id, reached, completed, stopped)
    select lesson_id, course_id, reached, completed, 0 from fresh
    on conflict (lesson_id) do update set (reached, completed) = (excluded.reached, excluded.completed)
     where (f.reached, f.completed) is distinct from (excluded.reached, excluded.completed)
""")
_ADD = text("""
    update lesson_figures f set reached = f.reached + c.reached, completed = f.completed + c.completed
      from (select lesson_id, coalesce(sum(step) filter (where kind = 'opened'), 0) as reached,
                   coalesce(sum(step) filter (where kind = 'done'), 0) as completed
              from analytics_changes where course_id = any(:courses) and lesson_id is not null group by lesson_id) c
     where f.lesson_id = c.lesson_id
""")
_STOPS = text("""
    update lesson_figures f set stopped = c.stopped
      from (select l.lesson_id, count(s.enrollment_id) as stopped
              from lesson_figures l left join learner_figures s on s.stopped_id = l.lesson_id
             where l.course_id = any(:courses) group by l.lesson_id) c
     where f.lesson_id = c.lesson_id and f.stopped <> c.stopped
""")


def count_anew(courses: Sequence[int]) -> None:
    """Every lesson of these courses, from `course_reading`."""
    db.session.execute(_ANEW, {"courses": courses})


def add(courses: Sequence[int]) -> None:
    """What was opened and completed since."""
    db.session.execute(_ADD, {"courses": courses})


def count_stops(courses: Sequence[int]) -> None:
    """How many went no further, from `learner_figures`."""
    db.session.execute(_STOPS, {"courses": courses})
