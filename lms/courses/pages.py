"""Extra pages of a lesson: ordered, taken out, brought back. The course is locked by who calls; nothing here commits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms.core.db import db
from lms.courses.models import Course, Lesson, LessonPage
from lms.courses.naming import unused


def move(rows: Sequence[Any], row: Any, step: int) -> None:
    """Put `row` one place on (1) or back (-1) among `rows`, which are in order, and number them anew."""
    order = list(rows)
    here = order.index(row)
    order.insert(max(0, min(here + step, len(order) - 1)), order.pop(here))
    for position, each in enumerate(order, 1):
        each.position = position


def of(lesson: Lesson) -> Sequence[LessonPage]:
    """The pages that are there, in order."""
    statement = select(LessonPage).where(LessonPage.lesson_id == lesson.id, LessonPage.removed_at.is_(None))
    return db.session.scalars(statement.order_by(LessonPage.position, LessonPage.id)).all()


def remove(course: Course, page: LessonPage, at: datetime) -> None:
    """Take the page out, for `restore`."""
    page.removed_at = at
    course.updated_at = at


def restore(course: Course, lesson: Lesson, page_id: int, at: datetime) -> LessonPage | None:
    """Undo a removal: the page stands at its place again."""
    page = db.session.scalars(
        select(LessonPage).where(LessonPage.id == page_id, LessonPage.lesson_id == lesson.id)
    ).one_or_none()
    if page is not None and page.removed_at is not None:
        page.slug = unused(page.slug, {each.slug for each in of(lesson)})
        page.removed_at = None
        course.updated_at = at
    return page
