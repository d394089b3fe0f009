"""From the grades of questions to the percent of an attempt, whether it passes, and which attempt counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

CountingMode = Literal["best", "last", "average"]

CENT = Decimal("0.01")
HALF_MICRO = Decimal("0.0000005")


@dataclass(frozen=True, slots=True)
class Score:
    """Points `earned` of those `possible`; `percent` is for people, rounded half up to two places."""

    earned: Decimal
    possible: Decimal

    @property
    def percent(self) -> Decimal:
        # Where nothing can be earned (only descriptions), handing in is all that was asked, and nobody gets
        # stuck.
        exact = 100 * self.earned / self.possible if self.possible else Decimal(100)
        return min(max(exact, Decimal(0)), Decimal(100)).quantize(CENT, ROUND_HALF_UP)


def attempt_score(items: Iterable[tuple[Decimal, Decimal]]) -> Score:
    """The points earned of all the points, from (fraction 0..1, points) of each question: one of 3 points
    weighs three times one of 1. Raises ValueError for negative points."""
    earned = possible = Decimal(0)
    for fraction, points in items:
        if points < 0:
            raise ValueError("points cannot be negative")
        earned += min(max(fraction, Decimal(0)), Decimal(1)) * points
        possible += points
    return Score(earned, possible)


def passed(score: Score, passing_percent: Decimal | int) -> bool:
    """Compares unrounded: 69.996 % shows as 70.00 and does not pass 70.

    Fractions are kept in millionths, so the half millionth that 1/3 loses is given back: 1/3 + 2/3 of two
    points pass 50 in whatever pieces they were earned.
    """
    needed = Decimal(passing_percent) * score.possible
    return 100 * (score.earned + HALF_MICRO * score.possible) >= needed


@dataclass(frozen=True, slots=True)
class Counting:
    """The percent that counts, and the position of the attempt it comes from (None for an average)."""

    percent: Decimal
    index: int | None


def counting_attempt(percents: Sequence[Decimal], mode: CountingMode) -> Counting | None:
    """Which of the finished attempts counts, oldest first in `percents`; None before the first.

    Of equally good attempts the earlier one counts: that is when the result was reached.
    """
    if not percents:
        return None
    if mode == "average":
        mean = sum(percents, Decimal(0)) / len(percents)
        return Counting(mean.quantize(CENT, ROUND_HALF_UP), None)
    index = (
        len(percents) - 1 if mode == "last" else max(range(len(percents)), key=lambda i: (percents[i], -i))
    )
    return Counting(percents[index], index)
