"""What each learner did in a course: required lessons, minutes, how far they came, quizzes they never passed.

Parameters: `courses`, and `today`, the beginning of the day (UTC).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from lms.analytics import rules
from lms.core.db import db
from lms.learning.decisions import meets_sql

# Optional, unpublished and removed lessons don't count, as in a learner's progress.
ASKED = "l.removed_at is null and l.is_published and l.is_required"
CHANGED = "(select enrollment_id from analytics_changes where course_id = any(:courses) and enrollment_id is not null)"
_GAVE_UP = f"""
    (e.completed_at is null and (e.state in ('dropped', 'expired')
        or e.last_active_at < cast(:today as timestamptz) - interval '{rules.QUIET_DAYS} days'))
"""
_RECENT = f"""
    (e.state in ('active', 'completed')
     and e.last_active_at >= cast(:today as timestamptz) - interval '{rules.RECENT_DAYS} days')
"""
_COUNT = """
    with line as materialized (
        select l.id, l.course_id, l.minutes::int as minutes, {asked} as asked,
               case when l.removed_at is null then row_number() over (
                   partition by l.course_id, l.removed_at is null order by l.position, l.id) end as place
          from lessons l where l.course_id = any(:courses)),
    walked as (
        select r.id, count(r.completed) filter (where l.asked) as done,
               sum(l.minutes) filter (where r.completed is not null) as minutes, max(l.place) as place
          from {reading} r join line l on l.id = r.lesson_id group by r.id),
    failed as (
        select enrollment_id, jsonb_agg(jsonb_build_array(quiz_id, times) order by quiz_id) as quizzes
          from (select a.enrollment_id, a.quiz_id, count(*) filter (where not a.passed) as times
                  from quizzes q join attempts a on a.quiz_id = q.id and a.state = 'graded'
                 where q.course_id = any(:courses) and q.removed_at is null and q.is_published and q.is_required {of_whom}
                   and {decided} is not true
                 group by a.enrollment_id, a.quiz_id
                having not bool_or(coalesce(a.passed, false))) each
         where times > 0 group by enrollment_id),
    fresh as (
        select e.id, e.course_id, e.state, e.enrolled_at, e.completed_at, {recent} as is_recent,
               coalesce(w.done, 0) as done, coalesce(w.minutes, 0) as minutes, l.id as furthest_id,
               case when {gave_up} then l.id end as stopped_id, f.quizzes as failed
          from enrollments e
          left join walked w on w.id = e.id
          left join line l on l.course_id = e.course_id and l.place = w.place
          left join failed f on f.enrollment_id = e.id
         where {who})
    insert into learner_figures as f (enrollment_id, {columns})
    select id, {columns} from fresh
     where not exists (select from learner_figures o where o.enrollment_id = fresh.id
                          and ({old}) is not distinct from ({new}))
    on conflict (enrollment_id) do update set ({columns}) = ({excluded})
"""
_COLUMNS = [
    "course_id",
    "state",
    "enrolled_at",
    "completed_at",
    "is_recent",
    "done",
    "minutes",
    "furthest_id",
    "stopped_id",
    "failed",
]
_SAME = {
    "asked": ASKED,
    "decided": meets_sql("quiz", "q", "a.enrollment_id"),
    "gave_up": _GAVE_UP,
    "recent": _RECENT,
    "columns": ", ".join(_COLUMNS),
    "old": ", ".join(f"o.{name}" for name in _COLUMNS),
    "new": ", ".join(f"fresh.{name}" for name in _COLUMNS),
    "excluded": ", ".join(f"excluded.{name}" for name in _COLUMNS),
}
_EVERYONE = text(
    _COUNT.format(**_SAME, reading="course_reading", of_whom="", who="e.course_id = any(:courses)")
)
_MOVED = text(
    _COUNT.format(
        **_SAME,
        reading=f"""(select enrollment_id as id, lesson_id, completed_at as completed
                     from lesson_progress where enrollment_id in {CHANGED})""",  # noqa: S608 - our own words
        of_whom=f"and a.enrollment_id in {CHANGED}",
        who=f"e.id in {CHANGED}",
    )
)
_GONE = text("""
    delete from learner_figures f where course_id = any(:courses)
       and not exists (select from enrollments e where e.id = f.enrollment_id and e.course_id = f.course_id)
""")
_AGE = text(f"""
    update learner_figures f
       set is_recent = {_RECENT}, stopped_id = case when {_GAVE_UP} then f.furthest_id end
      from enrollments e
     where e.id = f.enrollment_id and f.course_id = any(:courses)
       and (f.is_recent, f.stopped_id) is distinct from ({_RECENT}, case when {_GAVE_UP} then f.furthest_id end)
""")  # noqa: S608 - our own words


def count_everyone(courses: Sequence[int], today: datetime) -> None:
    """All learners of these courses, from `course_reading`."""
    where = {"courses": courses, "today": today}
    db.session.execute(_GONE, where)
    db.session.execute(_EVERYONE, where)


def count_changed(courses: Sequence[int], today: datetime) -> None:
    """Those learners of these courses of whom something changed."""
    db.session.execute(_MOVED, {"courses": courses, "today": today})


def age(courses: Sequence[int], today: datetime) -> None:
    """Who has stopped with the new day, who has not after all, and who was not active lately any more."""
    db.session.execute(_AGE, {"courses": courses, "today": today})
