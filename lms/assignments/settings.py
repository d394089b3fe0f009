"""What those who teach decide about an assignment: when it is due, what lateness costs, what is taken."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms.assignments.models import Assignment
from lms.core.db import db
from lms.courses.models import Course, Lesson


def assignment_of(course: Course, assignment_id: int) -> Assignment | None:
    """An assignment of the course, to be changed; the course is locked by who calls."""
    statement = select(Assignment).where(
        Assignment.id == assignment_id, Assignment.course_id == course.id, Assignment.removed_at.is_(None)
    )
    return db.session.scalars(statement).one_or_none()


def change(course: Course, assignment: Assignment, values: dict[str, Any], zone: str, at: datetime) -> None:
    """Set the rules. The clocks by which late days are counted are those of who names a new date."""
    if values.get("due_at") != assignment.due_at:
        assignment.time_zone = zone
    percents = values.pop("percents", None)
    for name, value in values.items():
        setattr(assignment, name, value)
    if assignment.rubric:
        kept = {name: value for name, value in assignment.rubric.items() if name != "percents"}
        assignment.rubric = kept | (
            {"percents": [float(percent) for percent in percents]} if percents else {}
        )
    course.updated_at = at
    db.session.flush()


def lesson_slug(assignment: Assignment) -> str | None:
    """The address of its lesson."""
    found: str | None = db.session.scalar(select(Lesson.slug).where(Lesson.id == assignment.lesson_id))
    return found
