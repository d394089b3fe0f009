"""A rubric is changed while graders' notes have chosen its levels: the choices follow, or the change is refused.

Choices are kept by place. Words may change freely; what has moved is followed; a criterion or level that some note
has chosen stays. What is graded or returned keeps the rubric that it was graded by: no change touches it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from lms.assignments.models import Assignment, Submission, SubmissionVersion
from lms.core.db import db

Places = Mapping[int, int]
"""{place before: place after}; what is gone is not in it."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a new rubric does to what has been chosen. `lost` names the criteria and levels that notes hold and
    that would be gone; with any the change must not be made."""

    versions: Sequence[SubmissionVersion]
    rows: Places
    levels: Places
    lost: tuple[str, ...] = ()

    def follow(self) -> None:
        """Let the choices follow. Whoever has one of these works open is told that it changed."""
        for version in self.versions:
            version.choices = moved(version.choices, self.rows, self.levels)
            version.noted_by_id = None
            version.revision += 1
        db.session.flush()


def used(assignment_id: int) -> int:
    """How many pieces of work have a level chosen in notes, before they are graded."""
    return db.session.scalar(_chosen(assignment_id).with_only_columns(func.count())) or 0


def change(assignment: Assignment, rows: Places, levels: Places) -> Change:
    """What moving rows and levels does; the works it is about are held. Without a move nothing is read."""
    rubric = assignment.rubric
    if not rubric or (_stays(rows, len(rubric["criteria"])) and _stays(levels, len(rubric["levels"]))):
        return Change((), rows, levels)
    statement = (
        select(SubmissionVersion)
        .join(Submission, Submission.id == SubmissionVersion.submission_id)
        .where(Submission.assignment_id == assignment.id, SubmissionVersion.out_of.is_(None))
        .order_by(SubmissionVersion.submission_id, SubmissionVersion.number)
        .with_for_update(of=SubmissionVersion)
        .execution_options(populate_existing=True)
    )
    versions = db.session.scalars(statement).all()
    return Change(versions, rows, levels, _lost(rubric, versions, rows, levels))


def by_words(before: Mapping[str, Any], after: Mapping[str, Any] | None) -> tuple[Places, Places]:
    """Which criteria and levels of one rubric are which of another, by their names, else by what their cells say."""
    if after is None:
        return {}, {}
    return _same(_rows(before), _rows(after)), _same(_columns(before), _columns(after))


Named = tuple[str, tuple[str, ...]]
"""The name of a criterion or level, with the words of its cells."""


def _rows(rubric: Mapping[str, Any]) -> list[Named]:
    return [(one["title"], tuple(sorted(one["cells"]))) for one in rubric["criteria"]]


def _columns(rubric: Mapping[str, Any]) -> list[Named]:
    cells = [one["cells"] for one in rubric["criteria"]]
    return [
        (name, tuple(sorted(row[place] for row in cells if place < len(row))))
        for place, name in enumerate(rubric["levels"])
    ]


def _same(before: Sequence[Named], after: Sequence[Named]) -> Places:
    found: dict[int, int] = {}
    for part in (0, 1):
        for old, one in enumerate(before):
            free = [new for new in range(len(after)) if new not in found.values()]
            same = [new for new in free if after[new][part] == one[part]]
            if old not in found and same and (part == 0 or any(one[1])):
                found[old] = same[0]
    return found


def moved(choices: Mapping[str, Any], rows: Places, levels: Places) -> dict[str, int]:
    """The same choices at their new places."""
    kept = ((rows.get(int(row)), levels.get(level)) for row, level in choices.items())
    return {str(row): level for row, level in kept if row is not None and level is not None}


def _lost(
    rubric: Mapping[str, Any], versions: Sequence[SubmissionVersion], rows: Places, levels: Places
) -> tuple[str, ...]:
    chosen = [(int(row), level) for version in versions for row, level in version.choices.items()]
    gone = {row for row, _ in chosen if row not in rows and row < len(rubric["criteria"])}
    gone_levels = {level for _, level in chosen if level not in levels and level < len(rubric["levels"])}
    titles = [rubric["criteria"][row]["title"] for row in sorted(gone)]
    return (*titles, *(rubric["levels"][level] for level in sorted(gone_levels)))


def _stays(places: Places, count: int) -> bool:
    return all(places.get(place) == place for place in range(count))


def _chosen(assignment_id: int) -> Any:
    return (
        select(SubmissionVersion.number)
        .join(Submission, Submission.id == SubmissionVersion.submission_id)
        .where(
            Submission.assignment_id == assignment_id,
            SubmissionVersion.out_of.is_(None),
            SubmissionVersion.choices != {},
        )
    )
