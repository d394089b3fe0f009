"""What a question counts in an attempt: its points, and whether it was set aside. Pure rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal, get_args

from lms.quizzes.grading import Grade

How = Literal["full", "out"]
"""full: everybody has all of its points. out: it is left out of the score, and its points of the total."""
HOWS: tuple[How, ...] = get_args(How)


@dataclass(frozen=True, slots=True)
class Worth:
    """`aside` is the decision that set the question aside (a row of `set_asides`), `how` what it says."""

    points: Decimal
    aside: int | None = None
    how: How | None = None

    def to_json(self) -> dict[str, Any]:
        return {"points": str(self.points), "aside": self.aside, "how": self.how}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Worth":
        """From a slot of `attempts.layout`, or from what `to_json` made."""
        return cls(Decimal(data["points"]), data.get("aside"), data.get("how"))


@dataclass(frozen=True, slots=True)
class Part:
    """A slot of a closed attempt: the share of its points that was earned, whether it `waits` for a person to say
    so, and its worth now and as it is `offered`."""

    fraction: Decimal
    waits: bool
    now: Worth
    offered: Worth


def counted(grade: Grade, points: Decimal, how: How | None) -> tuple[Grade, Decimal]:
    """The grade and the points that a question brings into the score; what is set aside waits for nobody."""
    if how == "full":
        return Grade(Decimal(1), "correct"), points
    if how == "out":
        return Grade(Decimal(0), "unanswered"), Decimal(0)
    return grade, points


def raised(parts: Sequence[Part]) -> list[Worth]:
    """The worth of each slot where nobody may lose: what is offered, step by step, unless the step could lower the
    attempt's percent, whatever a person still gives for what waits.

    Each question that is set aside, or no longer is, is a step of its own, full points first. Points are one step
    together: what questions weigh against each other was meant as a whole.
    """
    chosen = [part.now for part in parts]
    weights = [_weight(part, part.now) for part in parts]
    for step in _steps(parts):
        tried, then = [*chosen], [*weights]
        for place, worth in step.items():
            tried[place] = replace(tried[place], **worth)
            then[place] = _weight(parts[place], tried[place])
        if not _may_lower(weights, then):
            chosen, weights = tried, then
    return chosen


Step = Mapping[int, dict[str, Any]]
"""What of the worth of which slots is taken over together."""


def _steps(parts: Sequence[Part]) -> Iterator[Step]:
    moved = [place for place, part in enumerate(parts) if part.offered.aside != part.now.aside]
    for place in sorted(moved, key=lambda place: parts[place].offered.how != "full"):
        yield {place: {"aside": parts[place].offered.aside, "how": parts[place].offered.how}}
    weighed = [place for place, part in enumerate(parts) if part.offered.points != part.now.points]
    if weighed:
        yield {place: {"points": parts[place].offered.points} for place in weighed}


@dataclass(frozen=True, slots=True)
class _Weight:
    """What a slot brings into the score: `possible` in hundredths of a point; `earned` for certain and what `may` still
    come to it in hundred millionths, so that all of it is whole numbers."""

    possible: int
    earned: int
    may: int


_MILLION = 10**6


def _weight(part: Part, worth: Worth) -> _Weight:
    if worth.how == "out":
        return _Weight(0, 0, 0)
    possible = int(worth.points.scaleb(2))
    if worth.how == "full":
        return _Weight(possible, possible * _MILLION, 0)
    if part.waits:
        return _Weight(possible, 0, possible * _MILLION)
    return _Weight(possible, possible * int(part.fraction.scaleb(6)), 0)


def _may_lower(before: Sequence[_Weight], after: Sequence[_Weight]) -> bool:
    """Compares exactly, the shares of all points multiplied by both wholes. A percent is linear in what each waiting
    answer will earn, so its ends decide. Where nothing can be earned, all of it is."""
    whole, whole_then = (sum(weight.possible for weight in side) for side in (before, after))
    earned, earned_then = (sum(weight.earned for weight in side) for side in (before, after))
    if not whole_then:
        return False
    if not whole:
        return earned_then < whole_then * _MILLION
    at_worst = sum(
        min(then.may * whole - now.may * whole_then, 0) for now, then in zip(before, after, strict=True)
    )
    return earned_then * whole - earned * whole_then + at_worst < 0
