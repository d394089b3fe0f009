"""The categories of a gradebook, to a course folder and from it. Grades and what was decided about them stay."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms.assignments.models import Assignment
from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.gradebook import actions
from lms.gradebook.actions import Wanted
from lms.gradebook.models import GradeCategory, GradePlace
from lms.gradebook.queries import Item, Kind
from lms.interop.course_folder.model import CategorySource
from lms.interop.export_lessons import plain
from lms.interop.report import Changes
from lms.quizzes.models import Quiz

Member = tuple[Kind, str]
"""(quiz or assignment, its id in the folder)."""
_KINDS: tuple[tuple[Kind, Any, Any], ...] = (
    ("quiz", Quiz, GradePlace.quiz_id),
    ("assignment", Assignment, GradePlace.assignment_id),
)


def said(course_id: int) -> list[dict[str, Any]]:
    """The categories as front matter says them."""
    members = _members(course_id)
    return [
        {
            "name": row.name,
            "weight": plain(row.weight),
            **({"drop": row.drop_lowest} if row.drop_lowest else {}),
            **_lists(members.get(row.id, [])),
        }
        for row in _rows(course_id)
    ]


def bring_to(
    course: Course, sources: Sequence[CategorySource] | None, changes: Changes, at: datetime
) -> None:
    """Make the categories what the folder says, told by their names; None leaves them as they are."""
    if sources is None:
        return
    rows, members = _rows(course.id), _members(course.id)
    stands = [(row.name, row.weight, row.drop_lowest, set(members.get(row.id, []))) for row in rows]
    wanted = [(one.name, one.weight, one.drop, set(_of(one))) for one in sources]
    ids = _match(rows, sources)
    for place, (source, row_id) in enumerate(zip(sources, ids, strict=True)):
        is_same = place < len(rows) and rows[place].id == row_id and stands[place] == wanted[place]
        changes.note("kept" if is_same else "added" if row_id is None else "changed", "category", source.name)
    for row in rows:
        if row.id not in ids:
            changes.note("removed", "category", row.name)
    if stands == wanted:
        return
    items = {(item.kind, item.slug): item for item in _items(course.id)}
    places = {items[one].key: place for place, source in enumerate(sources) for one in _of(source)}
    asked = [Wanted(row_id, one.name, one.weight, one.drop) for row_id, one in zip(ids, sources, strict=True)]
    actions.set_categories(course, asked, places, list(items.values()), at)


def _of(source: CategorySource) -> list[Member]:
    return [("quiz", one) for one in source.quizzes] + [("assignment", one) for one in source.assignments]


def _match(rows: Iterable[GradeCategory], sources: Sequence[CategorySource]) -> list[int | None]:
    """The row of each source, by its name."""
    free: dict[str, list[int]] = {}
    for row in rows:
        free.setdefault(row.name, []).append(row.id)
    return [free[one.name].pop(0) if free.get(one.name) else None for one in sources]


def _rows(course_id: int) -> Sequence[GradeCategory]:
    return db.session.scalars(
        select(GradeCategory)
        .where(GradeCategory.course_id == course_id)
        .order_by(GradeCategory.position, GradeCategory.id)
    ).all()


def _members(course_id: int) -> dict[int, list[Member]]:
    """What is in each category, in the course's order."""
    found: dict[int, list[Member]] = {}
    for kind, table, key in _KINDS:
        rows = db.session.execute(
            select(GradePlace.category_id, table.source_id)
            .join(table, table.id == key)
            .join(Lesson, Lesson.id == table.lesson_id)
            .where(table.course_id == course_id, table.removed_at.is_(None), Lesson.removed_at.is_(None))
            .order_by(Lesson.position, table.position, table.id)
        )
        for row in rows:
            found.setdefault(row.category_id, []).append((kind, row.source_id))
    return found


def _items(course_id: int) -> list[Item]:
    """All that a category may hold, also what learners don't see yet; `slug` is its id in the folder."""
    return [
        Item(kind, row.id, row.title, row.source_id, "", None, None, None)
        for kind, table, _ in _KINDS
        for row in db.session.execute(
            select(table.id, table.title, table.source_id).where(
                table.course_id == course_id, table.removed_at.is_(None)
            )
        )
    ]


def _lists(members: Sequence[Member]) -> dict[str, list[str]]:
    lists = {
        "quizzes": [name for kind, name in members if kind == "quiz"],
        "assignments": [name for kind, name in members if kind == "assignment"],
    }
    return {name: ids for name, ids in lists.items() if ids}
