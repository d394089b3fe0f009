"""The rows behind a course's figures: its learners, page by page."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import text

from lms.analytics import rules
from lms.core.db import AnyRow, db, read
from lms.core.paging import PER_PAGE, Page

_OF_COURSE = "select e.id from enrollments e where e.course_id = :course and {}"
_OF_LESSON = "select lp.enrollment_id as id from lesson_progress lp where lp.lesson_id = :lesson"
SHOWN: dict[str, str] = {
    "all": _OF_COURSE.format("true"),
    "active": _OF_COURSE.format("e.state = 'active'"),
    "completed": _OF_COURSE.format("e.completed_at is not null"),
    "left": _OF_COURSE.format("e.state in ('dropped', 'expired')"),
    "recent": _OF_COURSE.format("e.state in ('active', 'completed') and e.last_active_at >= :recent"),
    "learning": _OF_COURSE.format("e.state in ('active', 'completed')"),
    "reached": _OF_LESSON,
    "done": f"{_OF_LESSON} and lp.completed_at is not null",
    "stopped": "select enrollment_id as id from learner_figures where stopped_id = :lesson",
}
"""Which learners a page lists. The last three ask for a lesson, which belongs to the course."""
OF_A_LESSON = {"reached": "reached", "done": "completed", "stopped": "stopped"}
"""The figure of the lesson that says how many there are."""

# The page is found by an index alone, then its rows are read.
_ROWS = """
    select e.id, u.name, u.email, e.state, e.enrolled_at, e.completed_at, e.last_active_at,
           coalesce(f.done, 0) as done, coalesce(f.minutes, 0) as minutes
      from ({shown} order by id desc limit :most offset :skipped) page
      join enrollments e on e.id = page.id
      join users u on u.id = e.user_id
      left join learner_figures f on f.enrollment_id = e.id
     order by e.id desc
"""


def _wish(course_id: int, lesson_id: int | None, at: datetime) -> dict[str, object]:
    today = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "course": course_id,
        "lesson": lesson_id,
        "recent": today - timedelta(days=rules.RECENT_DAYS),
        "quiet": today - timedelta(days=rules.QUIET_DAYS),
    }


def learners(course: AnyRow, shown: str, lesson: AnyRow | None, number: int, at: datetime) -> Page[AnyRow]:
    """One page of them, who came last first. `course` and `lesson` come with their figures."""
    page = {**_wish(course.id, lesson.id if lesson else None, at), "most": PER_PAGE}
    page["skipped"] = (number - 1) * PER_PAGE
    rows = read(text(_ROWS.format(shown=SHOWN[shown])), **page).all()
    return Page(rows, number, _total(course, shown, lesson))


def _total(course: AnyRow, shown: str, lesson: AnyRow | None) -> int:
    """As many as the figure says, so that nobody is counted to show twenty of them."""
    if lesson is not None:
        return int(getattr(lesson, OF_A_LESSON[shown]))
    staying = (course.enrollments or 0) - (course.dropped or 0)
    known = {"all": course.enrollments, "left": course.dropped, "learning": staying}
    return int(known[shown] if shown in known else getattr(course, shown)) if course.enrollments else 0


def all_learners(course_id: int, shown: str, lesson_id: int | None, at: datetime) -> Iterator[AnyRow]:
    """All of them, read while they are used."""
    wish = {**_wish(course_id, lesson_id, at), "most": None, "skipped": 0}
    found = db.session.execute(
        text(_ROWS.format(shown=SHOWN[shown])), wish, execution_options={"yield_per": 500}
    )
    yield from found


_AT_RISK = text("""
    select u.name, u.email, r.reasons, e.enrolled_at, e.last_active_at,
           (select coalesce(jsonb_object_agg(q.id, q.title), '{}') from quizzes q
             where r.reasons @> '[["failed"]]' and q.course_id = r.course_id) as quiz_titles,
           (select coalesce(jsonb_object_agg(a.id, a.title), '{}') from assignments a
             where (r.reasons @> '[["overdue"]]' or r.reasons @> '[["low"]]')
               and a.course_id = r.course_id) as assignment_titles
      from (select * from learners_at_risk r where r.course_id = :course
             order by r.weight desc, r.enrollment_id desc limit :most offset :skipped) r
      join enrollments e on e.id = r.enrollment_id and e.state = 'active'
      join users u on u.id = e.user_id
     order by r.weight desc, r.enrollment_id desc
""")


def at_risk(course_id: int, most: int | None, skipped: int = 0) -> Sequence[AnyRow]:
    """Who may not finish, the weightiest reasons first; all of them with `most` None."""
    wish = {"course": course_id, "most": most, "skipped": skipped}
    return read(_AT_RISK, **wish).all()


_LESSON = text("""
    select l.id, l.title, f.reached, f.completed, f.stopped from lessons l join lesson_figures f on f.lesson_id = l.id
     where l.id = :lesson and l.course_id = :course and l.removed_at is null
""")


def lesson(course_id: int, lesson_id: int) -> AnyRow | None:
    """The lesson with its figures, if the course has it and it was counted."""
    return read(_LESSON, course=course_id, lesson=lesson_id).one_or_none()
