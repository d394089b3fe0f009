"""Whose calendar it is, and the dates in it."""

from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select, text

from lms.accounts import passwords
from lms.accounts.models import User
from lms.assignments.models import Assignment, Extension
from lms.assignments.queries import RULES
from lms.calendars.models import CalendarFeed
from lms.core.db import AnyRow, AnySelect, db
from lms.courses.models import Course, Lesson
from lms.learning.models import Enrollment
from lms.quizzes.models import Accommodation, Quiz
from lms.quizzes.queries import seen_sql
from lms.quizzes.windows import closes_sql

_LEARNS = and_(Enrollment.state != "dropped", Course.state == "published", Course.removed_at.is_(None))


def feed_of(user_id: int) -> AnyRow | None:
    """The address that somebody has now."""
    return db.session.execute(
        select(CalendarFeed.id, CalendarFeed.created_at).where(CalendarFeed.user_id == user_id)
    ).one_or_none()


def reader(token: str) -> AnyRow | None:
    """Who looks at their dates under this address; None when nobody does, or the account is switched off."""
    return db.session.execute(
        select(User.id, User.language)
        .join(CalendarFeed, CalendarFeed.user_id == User.id)
        .where(CalendarFeed.token_hash == passwords.fingerprint(token), User.is_active)
    ).one_or_none()


def courses(user_id: int) -> list[AnyRow]:
    """The courses of a learner that begin or end at some time."""
    return list(
        db.session.execute(
            select(Course.id, Course.slug, Course.title, Course.starts_at, Course.ends_at, Course.updated_at)
            .join(Enrollment, Enrollment.course_id == Course.id)
            .where(Enrollment.user_id == user_id, _LEARNS)
            .where(or_(Course.starts_at.is_not(None), Course.ends_at.is_not(None)))
            .order_by(Course.id)
        ).all()
    )


def quizzes(user_id: int) -> list[AnyRow]:
    """The quizzes of a learner that open or close at some time, with the learner's own window if there is one."""
    dates = (Quiz.opens_at, Quiz.closes_at, Accommodation.opens_at, Accommodation.closes_at)
    statement = _work(Quiz, Accommodation, Accommodation.quiz_id == Quiz.id, user_id).add_columns(
        func.coalesce(Accommodation.opens_at, Quiz.opens_at).label("opens_at"),
        literal_column(closes_sql("accommodations", "quizzes", "courses"), Quiz.closes_at.type).label(
            "closes_at"
        ),
    )
    statement = statement.where(or_(*(date.is_not(None) for date in dates)), text(seen_sql("quizzes")))
    return list(db.session.execute(statement).all())


def assignments(user_id: int) -> list[AnyRow]:
    """The assignments of a learner that are due at some time, with the days that the learner has more."""
    statement = _work(Assignment, Extension, Extension.assignment_id == Assignment.id, user_id).add_columns(
        *RULES, func.coalesce(Extension.extra_days, 0).label("extra_days")
    )
    return list(
        db.session.execute(statement.where(Assignment.due_at.is_not(None), Assignment.body_html != "")).all()
    )


def _work(model: Any, own: Any, is_own: ColumnElement[bool], user_id: int) -> AnySelect:
    """Quizzes or assignments of the courses of a learner, each with what the learner has of their `own` in it."""
    return (
        select(
            model.id,
            model.slug,
            model.title,
            own.changed_at,
            Enrollment.enrolled_at,
            Lesson.slug.label("lesson_slug"),
            Course.slug.label("course_slug"),
            Course.title.label("course_title"),
            Course.updated_at,
        )
        .join(Lesson, Lesson.id == model.lesson_id)
        .join(Course, Course.id == model.course_id)
        .join(Enrollment, Enrollment.course_id == Course.id)
        .outerjoin(own, and_(is_own, own.user_id == user_id))
        .where(Enrollment.user_id == user_id, _LEARNS)
        .where(model.removed_at.is_(None), Lesson.removed_at.is_(None), Lesson.is_published)
        .order_by(model.id)
    )
