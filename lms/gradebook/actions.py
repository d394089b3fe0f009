"""What those who teach decide about grades: categories, and single grades with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from lms.accounts import audit
from lms.core.db import db
from lms.core.plain import decimal_text
from lms.courses.models import Course
from lms.gradebook.changes import changes
from lms.gradebook.models import GradeCategory, GradeOverride, GradePlace
from lms.gradebook.queries import Item, Kind
from lms.learning.models import Enrollment


@dataclass(frozen=True, slots=True)
class Wanted:
    """A category as it is to be; `id` None for a new one."""

    id: int | None
    name: str
    weight: Decimal
    drop: int


def set_categories(
    course: Course, wanted: Sequence[Wanted], places: Mapping[str, int], items: Sequence[Item], at: datetime
) -> None:
    """Make the categories what is wanted, and put each item (by its key) into the category at that place in
    `wanted`; what is in none counts only while there are no categories. The course is locked by who calls. Nothing
    is noted of what stays as it is."""
    rows = db.session.scalars(
        select(GradeCategory)
        .where(GradeCategory.course_id == course.id)
        .order_by(GradeCategory.position, GradeCategory.id)
    ).all()
    known = {row.id: row for row in rows}
    said = changes(
        [(row.id, _said(row.name, row.weight, row.drop_lowest)) for row in rows],
        [(one.id if one.id in known else None, _said(one.name, one.weight, one.drop)) for one in wanted],
        _places(items, [row.id for row in rows]),
        {key: place for key, place in places.items() if 0 <= place < len(wanted)},
        {item.key: item.title for item in items},
    )
    if not said:
        return
    made: list[GradeCategory] = []
    for position, one in enumerate(wanted, 1):
        row = known.pop(one.id, None) if one.id is not None else None
        if row is None:
            row = GradeCategory(course_id=course.id)
            db.session.add(row)
        row.name, row.weight, row.drop_lowest, row.position = one.name, one.weight, one.drop, position
        made.append(row)
    db.session.flush()
    for gone in known.values():
        db.session.delete(gone)
    _place(items, {key: made[place].id for key, place in places.items() if 0 <= place < len(made)})
    audit.record(
        "gradebook.changed",
        at,
        subject_kind="course",
        subject_id=course.id,
        subject_name=course.title,
        gradebook=said,
    )


def _said(name: str, weight: Decimal, drop: int) -> dict[str, Any]:
    return {"name": name, "weight": decimal_text(weight), "drop": drop}


def _places(items: Sequence[Item], categories: Sequence[int]) -> dict[str, int]:
    """Where the items stand now: {key: place of their category}."""
    order = {number: place for place, number in enumerate(categories)}
    rows = db.session.execute(
        select(GradePlace.category_id, GradePlace.quiz_id, GradePlace.assignment_id).where(
            GradePlace.category_id.in_(categories)
        )
    )
    found = {
        f"quiz-{row.quiz_id}" if row.quiz_id else f"assignment-{row.assignment_id}": order[row.category_id]
        for row in rows
    }
    return {item.key: found[item.key] for item in items if item.key in found}


def _place(items: Sequence[Item], categories: Mapping[str, int]) -> None:
    for kind, column in (("quiz", GradePlace.quiz_id), ("assignment", GradePlace.assignment_id)):
        ids = [item.id for item in items if item.kind == kind]
        db.session.execute(
            delete(GradePlace).where(column.in_(ids)).execution_options(synchronize_session=False)
        )
    rows = [
        {
            "category_id": categories[item.key],
            "quiz_id": None,
            "assignment_id": None,
            f"{item.kind}_id": item.id,
        }
        for item in items
        if item.key in categories
    ]
    if rows:
        db.session.execute(insert(GradePlace), rows)
    db.session.flush()


def hold(enrollment_id: int) -> None:
    """Let decisions about this learner come one after the other, until the end of the transaction."""
    db.session.execute(select(Enrollment.id).where(Enrollment.id == enrollment_id).with_for_update())


@dataclass(frozen=True, slots=True)
class Decision:
    """Another percent for one grade, or None: it does not count for this learner."""

    percent: Decimal | None
    reason: str


def decide(learner: Any, item: Item, decision: Decision | None, by_id: int, at: datetime) -> None:
    """Put the decision in the place of what the work itself says; None takes it back. `learner` is a row of
    `queries.learner`. It stands in the audit log, without the reason: that may tell of somebody's health."""
    column: Kind = item.kind
    mine = {"enrollment_id": learner.id, f"{column}_id": item.id}
    if decision is None:
        db.session.execute(delete(GradeOverride).filter_by(**mine))
        said = "none"
    else:
        values = {
            "percent": decision.percent,
            "is_excused": decision.percent is None,
            "reason": decision.reason,
            "by_id": by_id,
            "at": at,
        }
        db.session.execute(
            upsert(GradeOverride)
            .values(**mine, **values)
            .on_conflict_do_update(index_elements=list(mine), set_=values)
        )
        said = decimal_text(decision.percent) if decision.percent is not None else "excused"
    audit.record(
        "grade.decided",
        at,
        subject_kind="user",
        subject_id=learner.user_id,
        subject_name=learner.name,
        work=item.title,
        percent=said,
    )
