"""Who should hear that something is due: quizzes and courses that end within two days and are not done."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, select

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


def reminders(at: datetime) -> Iterator[Told]:
    """One for each learner and date; a date that moves is told anew."""
    values = {"at": at, "until": at + AHEAD}
    for row in db.session.execute(_QUIZZES, values):
        facts = {"quiz": row.quiz, "course": row.course, "due": row.due.isoformat()}
        link = f"/courses/{row.slug}/lessons/{row.lesson_slug}/quizzes/{row.quiz_slug}"
        yield Told(row.user_id, row.key, facts, link)
    for row in db.session.execute(_COURSES, values):
        yield Told(
            row.user_id,
            row.key,
            {"course": row.course, "due": row.due.isoformat()},
            f"/courses/{row.slug}",
        )
