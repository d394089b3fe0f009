"""What instructors do with the briefs of a lesson. The course is locked by who calls; nothing here commits."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select

from lms.assignments.models import Assignment, Submission
from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.courses.naming import slug, unused

COPIED = (
    "rubric", "max_points", "is_required", "late_policy", "late_percent", "takes_text", "takes_files", "max_attempts",
    "is_blind", "released_together", "passing_percent",
)  # fmt: skip
"""What a copy takes over. Dates are those of a time that is over."""

FIRST = "assignment"
"""The address of a lesson's first brief."""


def add(course: Course, lesson: Lesson, title: str, taken: Collection[str], at: datetime) -> Assignment:
    """A new, empty brief at the end of the lesson; `taken` are the addresses of its pages."""
    mine = db.session.scalars(select(Assignment.slug).where(Assignment.lesson_id == lesson.id)).all()
    name = FIRST if FIRST not in mine else unused(slug(title, FIRST), {*mine, *taken, "quizzes"})
    known = select(Assignment.source_id).where(Assignment.course_id == course.id)
    last = db.session.scalar(select(func.max(Assignment.position)).where(Assignment.lesson_id == lesson.id))
    made = Assignment(
        course_id=course.id,
        lesson_id=lesson.id,
        source_id=unused(f"{lesson.source_id}/{name}", set(db.session.scalars(known))),
        slug=name,
        title=title,
        position=(last or 0) + 1,
    )
    db.session.add(made)
    course.updated_at = at
    return made


def copy_all(course: Course, source: Lesson, target: Lesson, at: datetime) -> int:
    """The briefs of a lesson with their rubrics once more, in another that has none. How many."""
    found = of(source.id)
    for brief in found:
        made = add(course, target, brief.title, (), at)
        # Nothing else has an address in the copy yet, so that each keeps its own.
        for name in ("slug", "body", "body_html", *COPIED):
            setattr(made, name, getattr(brief, name))
        db.session.flush()
    return len(found)


def of(lesson_id: int) -> Sequence[Assignment]:
    """The briefs that are there, in order."""
    statement = select(Assignment).where(Assignment.lesson_id == lesson_id, Assignment.removed_at.is_(None))
    return db.session.scalars(statement.order_by(Assignment.position, Assignment.id)).all()


def handed_in(briefs: Sequence[Assignment]) -> list[tuple[Assignment, int]]:
    """How many learners handed in work on each; those without any are left out."""
    if not briefs:
        return []
    rows = db.session.execute(
        select(Submission.assignment_id, func.count())
        .where(Submission.assignment_id.in_([brief.id for brief in briefs]), Submission.number > 0)
        .group_by(Submission.assignment_id)
    )
    works = {row[0]: row[1] for row in rows}
    return [(brief, works[brief.id]) for brief in briefs if brief.id in works]


def remove(course: Course, brief: Assignment, at: datetime) -> None:
    """Take the brief out, for `restore`; what learners handed in stays."""
    brief.removed_at = at
    course.updated_at = at


def restore(course: Course, lesson: Lesson, brief_id: int, at: datetime) -> Assignment | None:
    """Undo a removal."""
    brief = db.session.scalars(
        select(Assignment).where(Assignment.id == brief_id, Assignment.lesson_id == lesson.id)
    ).one_or_none()
    if brief is not None and brief.removed_at is not None:
        brief.removed_at = None
        course.updated_at = at
    return brief
