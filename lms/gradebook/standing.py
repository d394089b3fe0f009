"""The grades of one learner put together: each with what it counts, and the whole with how it came about."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from lms.gradebook import rules
from lms.gradebook.queries import EMPTY, Book, Cell, Item


class Learner(NamedTuple):
    """Whose grades they are: what was due before they enrolled they do not owe."""

    enrollment_id: int
    enrolled_at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a learner's gradebook."""

    item: Item
    cell: Cell
    grade: rules.Grade
    is_dropped: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """The lines in the order of the course, and their total."""

    lines: list[Line]
    total: rules.Total


def standing(
    book: Book, cells: Mapping[tuple[int, str], Cell], learner: Learner, at: datetime, ends: datetime | None
) -> Standing:
    """How a learner stands; `ends` is when the course ends."""
    number, since = learner
    known = [(item, _whole(cells.get((number, item.key), EMPTY), item, since)) for item in book.items]
    graded = [(item, cell, _grade(item, cell, at, ends)) for item, cell in known]
    total = rules.total(
        book.categories, [(item.category_id, _counted(item, grade)) for item, _cell, grade in graded]
    )
    dropped = {place for part in total.parts for place in part.dropped}
    lines = [Line(*three, place in dropped) for place, three in enumerate(graded)]
    return Standing(lines, total)


def _grade(item: Item, cell: Cell, at: datetime, ends: datetime | None) -> rules.Grade:
    """What is hidden is due for nobody."""
    grade = rules.grade(cell.found, at, ends)
    return rules.Grade("open", None) if item.is_hidden and grade.status == "missing" else grade


def _counted(item: Item, grade: rules.Grade) -> rules.Grade:
    return replace(grade, percent=None) if item.is_hidden else grade


def _whole(cell: Cell, item: Item, enrolled_at: datetime) -> Cell:
    """With what holds for everybody. A date of its own comes with what is known of the learner."""
    found = replace(
        cell.found,
        due=cell.found.due or item.due_at,
        closes=cell.found.closes or item.closes_at,
        enrolled_at=enrolled_at,
        is_worthless=item.max_points == 0,
    )
    return replace(cell, found=found)


def undecided(item: Item, cell: Cell, enrolled_at: datetime, at: datetime, ends: datetime | None) -> Line:
    """One item as the work itself has it, whatever a person decided."""
    whole = _whole(cell, item, enrolled_at)
    bare = replace(whole, found=replace(whole.found, decided=None, is_excused=False))
    return Line(item, bare, rules.grade(bare.found, at, ends), is_dropped=False)


def taken_out(cells: Mapping[tuple[int, str], Cell], at: datetime) -> list[Line]:
    """What one learner took or handed in of what the course does not ask for any more, with the grade that it had. `cells`
    are of that learner alone."""
    gone = [(cell.taken_out, cell) for cell in cells.values() if cell.taken_out]
    return [Line(item, cell, rules.grade(cell.found, at), is_dropped=False) for item, cell in gone]
