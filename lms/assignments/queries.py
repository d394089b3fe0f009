"""Reads of assignments."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, select

from lms.assignments.models import Assignment
from lms.core.db import db, read

Facts = Row[*tuple[Any, ...]]

_OF_LESSON = (
    select(Assignment.id, Assignment.slug, Assignment.title, Assignment.max_points, Assignment.is_required)
    .where(Assignment.lesson_id == bindparam("lesson_id"), Assignment.removed_at.is_(None))
    .order_by(Assignment.position, Assignment.id)
)


def of_lesson(lesson_id: int) -> Sequence[Facts]:
    """The assignments of a lesson, without their texts."""
    return read(_OF_LESSON, lesson_id=lesson_id).all()


_BRIEF = (
    select(
        Assignment.id,
        Assignment.slug,
        Assignment.title,
        Assignment.body_html,
        Assignment.rubric,
        Assignment.max_points,
        Assignment.is_required,
    )
    .where(
        Assignment.lesson_id == bindparam("lesson_id"),
        Assignment.slug == bindparam("slug"),
        Assignment.removed_at.is_(None),
    )
    .limit(1)
)


def brief(lesson_id: int, slug: str) -> Facts | None:
    """One assignment with its text and rubric."""
    return db.session.execute(_BRIEF, {"lesson_id": lesson_id, "slug": slug}).one_or_none()
