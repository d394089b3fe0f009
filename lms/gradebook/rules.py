"""How single grades become the grade of a course. Pure; time is an argument.

Every grade is a percent, so that a quiz of 5 points and an assignment of 100 weigh alike. A category's grade is the
mean of the grades in it, without its lowest ones; the course's grade is the mean of its categories by their weights.
What is not there yet counts neither for nor against anybody: work that is not due, waits to be graded, or was
returned to be revised is left out. What was due and did not come counts as 0, until it comes; but what had been due
before its learner enrolled is left out unless it comes. What is worth no points never counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from lms.learning.owing import came_after

CENT = Decimal("0.01")

Status = Literal[
    "graded", "decided", "excused", "waiting", "returned", "hidden", "missing", "not_owed", "open"
]
"""graded: by the work itself. decided: a person set another percent. excused: it does not count for this learner.
waiting: to be graded. returned: it came, and is to be revised.
hidden: graded, and its learner may not know yet. missing: it was due. not_owed: it had been due before its learner
enrolled. open: not due yet."""


@dataclass(frozen=True, slots=True)
class Category:
    """`weight` is relative to the other categories; `drop` is how many of the lowest grades are left out."""

    id: int
    name: str
    weight: Decimal
    drop: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of one piece of work: its percent (None without one), and what is in its way. `is_graded` without a
    percent: of no points. `is_worthless`: it has no points to give. `due` is the date as it stands for the learner, whether
    they had enrolled by then or not; `closes` the last moment of work that may have no date."""

    percent: Decimal | None = None
    is_waiting: bool = False
    is_hidden: bool = False
    due: datetime | None = None
    decided: Decimal | None = None
    is_excused: bool = False
    is_returned: bool = False
    is_graded: bool = False
    is_worthless: bool = False
    enrolled_at: datetime | None = None
    closes: datetime | None = None

    @property
    def is_owed(self) -> bool:
        """Whether the date binds the learner; without one, whether it was still taken when they enrolled."""
        return not came_after(self.due or self.closes, self.enrolled_at)


@dataclass(frozen=True, slots=True)
class Grade:
    """One piece of work in the gradebook. `percent` is what counts; None counts neither for nor against."""

    status: Status
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Part:
    """A category with the places (in the list of grades) that count in it and those that are dropped. `percent` None:
    nothing in it counts yet. `share` is how much of the whole it makes now, in percent."""

    category: Category
    counted: tuple[int, ...]
    dropped: tuple[int, ...]
    percent: Decimal | None
    share: Decimal


@dataclass(frozen=True, slots=True)
class Total:
    """The grade of the course so far, in percent with two places; None while nothing counts."""

    percent: Decimal | None
    parts: tuple[Part, ...]


def grade(found: Found, at: datetime, course_ends: datetime | None = None) -> Grade:
    """What one piece of work counts. Work without a date of its own is due when the course ends."""
    if found.is_excused:
        return Grade("excused", None)
    if found.decided is not None:
        return Grade("decided", found.decided)
    if found.is_returned:
        return Grade("returned", None)
    if found.percent is not None or found.is_graded:
        return Grade("hidden", None) if found.is_hidden else Grade("graded", found.percent)
    if found.is_waiting:
        return Grade("waiting", None)
    due = found.due or course_ends
    if not found.is_owed or came_after(due, found.enrolled_at):
        return Grade("not_owed", None)
    if due is None or at < due:
        return Grade("open", None)
    return Grade("missing", None if found.is_worthless else Decimal(0))


def total(categories: Sequence[Category], grades: Sequence[tuple[int | None, Grade]]) -> Total:
    """The grade of a course from (category, grade) of each piece of work. Without categories all weigh alike; with
    them, work that belongs to none does not count."""
    known = list(categories) or [Category(0, "", Decimal(100))]
    parts = [_part(one, grades, everything=not categories) for one in known]
    weights = sum((part.category.weight for part in parts if part.percent is not None), Decimal(0))
    if not weights:
        return Total(None, tuple(_rounded(part, Decimal(0)) for part in parts))
    whole = sum(
        (part.percent * part.category.weight for part in parts if part.percent is not None), Decimal(0)
    )
    return Total(
        (whole / weights).quantize(CENT, ROUND_HALF_UP), tuple(_rounded(part, weights) for part in parts)
    )


def _part(category: Category, grades: Sequence[tuple[int | None, Grade]], *, everything: bool) -> Part:
    mine = [
        (found.percent, place)
        for place, (belongs, found) in enumerate(grades)
        if found.percent is not None and (everything or belongs == category.id)
    ]
    # At least one grade stays, however many are to be dropped; of equal ones the later is dropped.
    lowest = sorted(mine, key=lambda one: (one[0], -one[1]))[: max(min(category.drop, len(mine) - 1), 0)]
    dropped = {place for _percent, place in lowest}
    counted = [(percent, place) for percent, place in mine if place not in dropped]
    mean = _mean([percent for percent, _place in counted])
    return Part(
        category, tuple(place for _percent, place in counted), tuple(sorted(dropped)), mean, Decimal(0)
    )


def _mean(percents: Iterable[Decimal]) -> Decimal | None:
    numbers = list(percents)
    return sum(numbers, Decimal(0)) / len(numbers) if numbers else None


def _rounded(part: Part, weights: Decimal) -> Part:
    """For people: two places. The total is counted from what is not rounded."""
    counts = part.percent is not None and weights
    share = (100 * part.category.weight / weights).quantize(CENT, ROUND_HALF_UP) if counts else Decimal(0)
    percent = part.percent.quantize(CENT, ROUND_HALF_UP) if part.percent is not None else None
    return Part(part.category, part.counted, part.dropped, percent, share)
