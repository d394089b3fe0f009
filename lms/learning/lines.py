"""The lines of a course's outline as SQL: every lesson in order, with its state and what its release rule asks for."""

from typing import Any

from sqlalchemy import JSON, and_, case, column, func, literal, or_, select, table, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from lms.courses.models import Lesson, Module
from lms.learning.models import Enrollment, LessonProgress
from lms.learning.owing import came_after_sql

_STATE = case(
    (LessonProgress.completed_at.is_not(None), "completed"),
    (LessonProgress.started_at.is_not(None), "in_progress"),
    else_="not_started",
)
# Quizzes stand above learning; all that a release rule reads of them are these columns.
_quiz = table(
    "quizzes",
    *map(column, ("id", "lesson_id", "source_id", "slug", "title", "counts", "is_published", "removed_at")),
)
_window = table("accommodations", *map(column, ("quiz_id", "user_id")))
_attempt = table("attempts", *map(column, ("quiz_id", "enrollment_id", "number", "state", "percent")))
_QuizLesson = aliased(Lesson, name="quiz_lesson")


def _was_over(enrollment_id: Any) -> Any:
    """Whether the quiz had closed when its learner enrolled: no score in it can be reached."""
    mine = aliased(Enrollment, name="mine")
    closes = "coalesce(accommodations.closes_at, quizzes.closes_at)"
    return (
        select(literal(1))
        .select_from(mine)
        .outerjoin(_window, and_(_window.c.quiz_id == _quiz.c.id, _window.c.user_id == mine.user_id))
        .where(mine.id == enrollment_id, text(came_after_sql(closes, "mine.enrolled_at")))
        .correlate(_quiz, Enrollment)
        .exists()
    )


def _named_quiz(enrollment_id: Any) -> Any:
    """The quiz of a lesson's release rule with the score that counts, for `release.hold`; null without one that its
    learner could take."""
    latest = aggregate_order_by(_attempt.c.percent, _attempt.c.number.desc())
    percent = (
        select(
            case(
                (_quiz.c.counts == "last", func.array_agg(latest)[1]),
                (_quiz.c.counts == "average", func.round(func.avg(_attempt.c.percent), 2)),
                else_=func.max(_attempt.c.percent),
            )
        )
        .where(
            _attempt.c.quiz_id == _quiz.c.id,
            _attempt.c.enrollment_id == enrollment_id,
            _attempt.c.state == "graded",
        )
        .correlate(_quiz, Enrollment)
        .scalar_subquery()
    )
    name = Lesson.release["quiz"].astext
    named = (
        select(func.json_build_array(_quiz.c.title, _QuizLesson.id, _QuizLesson.slug, _quiz.c.slug, percent))
        .select_from(_quiz)
        .join(_QuizLesson, _QuizLesson.id == _quiz.c.lesson_id)
        .where(
            _QuizLesson.course_id == Lesson.course_id,
            or_(_quiz.c.source_id == name, func.concat(_QuizLesson.slug, "/", _quiz.c.slug) == name),
            _quiz.c.removed_at.is_(None),
            _quiz.c.is_published,
            _QuizLesson.removed_at.is_(None),
            _QuizLesson.is_published,
            ~_was_over(enrollment_id),
        )
        .order_by((_quiz.c.source_id == name).desc(), _quiz.c.id)
        .limit(1)
        .correlate(Lesson, Enrollment)
        .scalar_subquery()
    )
    return case((Lesson.release.has_key("quiz"), named))


def _lines(enrollment_id: Any) -> Any:
    return func.json_agg(
        aggregate_order_by(
            func.json_build_array(
                Lesson.id,
                Lesson.slug,
                Lesson.title,
                Lesson.minutes,
                Lesson.is_preview,
                Lesson.is_required,
                Lesson.is_published,
                _STATE,
                Module.slug,
                Module.title,
                Lesson.source_id,
                Lesson.release,
                _named_quiz(enrollment_id),
            ),
            Lesson.position,
            Lesson.id,
        )
    )


def outline(course_id: Any, enrollment_id: Any) -> Any:
    """The lines of `outline.Outline`, without any lesson's text."""
    return (
        select(func.coalesce(_lines(enrollment_id), literal([], JSON)))
        .select_from(Lesson)
        .join(Module, Module.id == Lesson.module_id)
        .outerjoin(
            LessonProgress,
            and_(LessonProgress.lesson_id == Lesson.id, LessonProgress.enrollment_id == enrollment_id),
        )
        .where(Lesson.course_id == course_id, Lesson.removed_at.is_(None))
    )
