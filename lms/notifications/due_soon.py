"""Who should hear that something is due: quizzes, assignments and courses that end within two days and are not done."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, select, text

from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.learning.models import Enrollment
from lms.notifications.models import Notice
from lms.notifications.notices import Told
from lms.quizzes.models import Accommodation, Attempt, Quiz

AHEAD = timedelta(days=2)
MOST = 5000
"""People told in one run; the next one goes on."""

_AT: Any = bindparam("at", type_=Notice.created_at.type)
_UNTIL: Any = bindparam("until", type_=Notice.created_at.type)


def _key(*parts: Any) -> Any:
    return func.concat_ws(":", "due_soon", *parts)


_CLOSES = func.coalesce(Accommodation.closes_at, Quiz.closes_at)
_QUIZ_KEY = _key("quiz", Quiz.id, Enrollment.user_id, func.extract("epoch", _CLOSES))
_QUIZZES = (
    select(
        Enrollment.user_id,
        _QUIZ_KEY.label("key"),
        _CLOSES.label("due"),
        Quiz.title.label("quiz"),
        Quiz.slug.label("quiz_slug"),
        Lesson.slug.label("lesson_slug"),
        Course.slug,
        Course.title.label("course"),
    )
    .join(Lesson, Lesson.id == Quiz.lesson_id)
    .join(Course, Course.id == Quiz.course_id)
    .join(Enrollment, Enrollment.course_id == Course.id)
    .outerjoin(
        Accommodation, and_(Accommodation.quiz_id == Quiz.id, Accommodation.user_id == Enrollment.user_id)
    )
    .where(
        Enrollment.state == "active",
        Course.state == "published",
        Course.removed_at.is_(None),
        Quiz.removed_at.is_(None),
        Lesson.removed_at.is_(None),
        Lesson.is_published,
        _CLOSES > _AT,
        _CLOSES <= _UNTIL,
        ~exists().where(
            Attempt.quiz_id == Quiz.id, Attempt.user_id == Enrollment.user_id, Attempt.state != "open"
        ),
        ~exists().where(Notice.dedupe_key == _QUIZ_KEY),
    )
    .limit(MOST)
)
_COURSE_KEY = _key("course", Course.id, Enrollment.user_id, func.extract("epoch", Course.ends_at))
_COURSES = (
    select(
        Enrollment.user_id,
        _COURSE_KEY.label("key"),
        Course.ends_at.label("due"),
        Course.slug,
        Course.title.label("course"),
    )
    .join(Enrollment, Enrollment.course_id == Course.id)
    .where(
        Enrollment.state == "active",
        Course.state == "published",
        Course.removed_at.is_(None),
        Course.ends_at > _AT,
        Course.ends_at <= _UNTIL,
        ~exists().where(Notice.dedupe_key == _COURSE_KEY),
    )
    .limit(MOST)
)
# Days more for one learner keep the hour, also where clocks change: they are added by the wall clock of the assignment.
_ASSIGNMENTS = text("""
    select d.user_id, d.key, d.due, d.assignment, d.assignment_slug, d.lesson_slug, d.slug, d.course
      from (
        select e.user_id, a.title as assignment, a.slug as assignment_slug, l.slug as lesson_slug, c.slug,
               c.title as course, w.due,
               concat_ws(':', 'due_soon', 'assignment', a.id, e.user_id, extract(epoch from w.due)) as key
          from assignments a
          join lessons l on l.id = a.lesson_id and l.removed_at is null and l.is_published
          join courses c on c.id = a.course_id and c.state = 'published' and c.removed_at is null
          join enrollments e on e.course_id = c.id and e.state = 'active'
          left join extensions x on x.assignment_id = a.id and x.user_id = e.user_id
          left join submissions s on s.assignment_id = a.id and s.user_id = e.user_id
          cross join lateral (
              select (a.due_at at time zone a.time_zone + make_interval(days => coalesce(x.extra_days, 0)))
                     at time zone a.time_zone as due) w
         where a.removed_at is null and a.due_at > cast(:at as timestamptz) - interval '366 days'
           and a.due_at <= :until and w.due > :at and w.due <= :until
           and (s.id is null or s.state in ('draft', 'returned'))) d
     where not exists (select from notices n where n.dedupe_key = d.key)
     limit :most
""")


def reminders(at: datetime) -> Iterator[Told]:
    """One for each learner and date; a date that moves is told anew."""
    values = {"at": at, "until": at + AHEAD}
    for row in db.session.execute(_QUIZZES, values):
        facts = {"quiz": row.quiz, "course": row.course, "due": row.due.isoformat()}
        link = f"/courses/{row.slug}/lessons/{row.lesson_slug}/quizzes/{row.quiz_slug}"
        yield Told(row.user_id, row.key, facts, link)
    for row in db.session.execute(_ASSIGNMENTS, {**values, "most": MOST}):
        facts = {"assignment": row.assignment, "course": row.course, "due": row.due.isoformat()}
        link = f"/courses/{row.slug}/lessons/{row.lesson_slug}/assignments/{row.assignment_slug}"
        yield Told(row.user_id, row.key, facts, link)
    for row in db.session.execute(_COURSES, values):
        yield Told(
            row.user_id,
            row.key,
            {"course": row.course, "due": row.due.isoformat()},
            f"/courses/{row.slug}",
        )
