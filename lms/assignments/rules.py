"""When work is on time, when it can be handed in, and what a grade is worth. Time is an argument.

On time means submitted on time: when somebody grades it plays no part. The minute that is named as due belongs to
the learner, so 23:59 lasts until 23:59:59. Days late are counted by the wall clock of the assignment's zone: each
ends at the hour that was named, also in the week in which clocks change.

What is handed in again after it was returned counts as the returned one did: the time that grading took is not the
learner's delay. What had been due before a learner enrolled is never late: it has no due date for them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import ceil
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from lms.learning.decisions import Decision
from lms.learning.owing import came_after

CENT = Decimal("0.01")
MINUTE = timedelta(minutes=1)

Refusal = Literal["removed", "ended", "closed", "graded", "used"]
"""removed: the assignment was taken out of the course. ended: the course is over.
closed: too late. graded: its grade is out, and it was not returned. used: handed in as often as allowed."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for one learner: the rules of the assignment, moved by `extra_days` where they were given more, and
    without a date that had passed when they enrolled. `enrolled_at` None: what holds for everybody."""

    max_points: Decimal
    due_at: datetime | None = None
    closes_at: datetime | None = None
    time_zone: str = "UTC"
    late_policy: str = "none"
    late_percent: Decimal = Decimal(0)
    max_attempts: int | None = None
    passing_percent: Decimal | None = None
    extra_days: int = 0
    enrolled_at: datetime | None = None

    @classmethod
    def of(cls, row: Any) -> Self:
        """From a row of an assignment, perhaps with the learner's `extra_days` and `enrolled_at`."""
        return cls(
            row.max_points,
            row.due_at,
            row.closes_at,
            row.time_zone,
            row.late_policy,
            row.late_percent,
            row.max_attempts,
            row.passing_percent,
            getattr(row, "extra_days", None) or 0,
            getattr(row, "enrolled_at", None),
        )

    def of_learner(self, row: Any) -> Self:
        """The same for one learner: a row with their `extra_days` and `enrolled_at`."""
        return replace(self, extra_days=row.extra_days or 0, enrolled_at=row.enrolled_at)

    def as_graded(self, out_of: Decimal | None) -> Self:
        """The same for a grade that was given of so many points; None: of those that the assignment has now."""
        return self if out_of is None else replace(self, max_points=out_of)

    @property
    def date(self) -> datetime | None:
        """The date that it has with this learner's days, whether they were there by then or not."""
        return self.due_at and days_later(self.due_at, self.extra_days, self.time_zone)

    @property
    def due(self) -> datetime | None:
        """When it is due for this learner."""
        date = self.date
        return None if came_after(date, self.enrolled_at) else date

    @property
    def was_due(self) -> datetime | None:
        """When it had been due before this learner enrolled; None where it had not."""
        date = self.date
        return date if came_after(date, self.enrolled_at) else None

    @property
    def closes(self) -> datetime | None:
        """The last minute in which it can be handed in; None for no such."""
        if self.late_policy == "closed" and self.due_at:
            return self.date
        return self.closes_at and days_later(self.closes_at, self.extra_days, self.time_zone)

    @property
    def was_closed(self) -> bool:
        """Whether nothing could be handed in any more when this learner enrolled."""
        return came_after(self.closes, self.enrolled_at)

    @property
    def is_late_dearer(self) -> bool:
        """Whether late work loses points."""
        return self.late_policy == "percent" and self.late_percent > 0


@dataclass(frozen=True, slots=True)
class Result:
    """`points` that count, of `given` ones, less the `deduction` for `days_late`; `percent` is of `most` points, and None
    of 0: that is done, and counts neither for nor against anybody."""

    given: Decimal
    days_late: int
    deduction: Decimal
    points: Decimal
    percent: Decimal | None
    most: Decimal


def days_later(moment: datetime, days: int, zone: str) -> datetime:
    """The same hour on the wall clock of `zone`, that many days later; in UTC. An hour that comes twice stays the
    first or the second one."""
    there = moment.astimezone(ZoneInfo(zone))
    later = there.replace(tzinfo=None) + timedelta(days=days)
    return later.replace(tzinfo=there.tzinfo, fold=there.fold).astimezone(UTC)


def days_late(submitted_at: datetime, due: datetime | None, zone: str) -> int:
    """Days that had begun after the minute in which it was due; 0 is on time."""
    if due is None or submitted_at < due + MINUTE:
        return 0
    days = max((submitted_at - due).days - 1, 1)
    while submitted_at >= days_later(due, days, zone) + MINUTE:
        days += 1
    return days


def late_from(terms: Terms) -> list[datetime]:
    """The moments at which each day late begins, until nothing more can be lost; empty: it is never late. As many of
    them as have come by then is the `days_late` that counts."""
    if terms.due is None:
        return []
    dear = ceil(100 / terms.late_percent) if terms.is_late_dearer else 1
    return [days_later(terms.due, day, terms.time_zone) + MINUTE for day in range(dear)]


def counted_from(handed_in: Iterable[tuple[datetime, bool]]) -> list[datetime]:
    """The moments that count of (when it was handed in, whether it was returned), oldest first: its own, or that of the
    first one that was returned before it."""
    found: list[datetime] = []
    first_returned: datetime | None = None
    for submitted_at, is_returned in handed_in:
        found.append(first_returned or submitted_at)
        if is_returned and first_returned is None:
            first_returned = submitted_at
    return found


def refusal(terms: Terms, *, at: datetime, state: str, handed_in: int, is_released: bool) -> Refusal | None:
    """Why work can't be handed in now. Work that was returned may come back once more, whatever the number."""
    if terms.closes and at >= terms.closes + MINUTE and state != "returned":
        return "closed"
    if state == "returned":
        return None
    if is_released:
        return "graded"
    if terms.max_attempts is not None and handed_in >= terms.max_attempts:
        return "used"
    return None


def result(terms: Terms, given: Decimal, submitted_at: datetime) -> Result:
    """What `given` points are worth, by when the work was handed in. Never below 0, never more than given."""
    late = days_late(submitted_at, terms.due, terms.time_zone)
    deduction = Decimal(0)
    if late and terms.is_late_dearer:
        deduction = min(
            given, (terms.max_points * terms.late_percent * late / 100).quantize(CENT, ROUND_HALF_UP)
        )
    points = given - deduction
    return Result(given, late, deduction, points, _percent(points, terms.max_points), terms.max_points)


def _percent(points: Decimal, most: Decimal) -> Decimal | None:
    return min(100 * points / most, Decimal(100)).quantize(CENT, ROUND_HALF_UP) if most else None


def is_done(
    terms: Terms, state: str | None, outcome: Result | None, decision: Decision | None = None
) -> bool:
    """Whether a lesson that requires it may be completed: it is handed in and not returned; where points are
    asked for, they are reached. What a person decided stands in the place of all this."""
    if decision is not None:
        return decision.meets(terms.passing_percent)
    if terms.passing_percent is not None:
        return outcome is not None and outcome.points * 100 >= terms.passing_percent * outcome.most
    return state in ("submitted", "resubmitted", "graded")
