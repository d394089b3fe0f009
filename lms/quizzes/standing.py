"""How a learner stands in a quiz: what counts of all attempts, by the quiz's own rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from lms.quizzes.scores import counting_attempt


@dataclass(frozen=True, slots=True)
class Standing:
    """The percent that counts, the number of the attempt it comes from (None for an average), and whether it
    passes (None while somebody's grading may decide it)."""

    percent: Decimal
    number: int | None
    passed: bool | None


def of(quiz: Row[Any], attempts: Sequence[Row[Any]]) -> Standing | None:
    """The standing from a learner's attempts, oldest first; None before the first is over.

    `quiz` is any row with `counts` and `passing_percent`.
    """
    over = [attempt for attempt in attempts if attempt.state != "open"]
    if quiz.counts == "average":
        over = [attempt for attempt in over if attempt.state == "graded"]
    counting = counting_attempt([attempt.percent for attempt in over], quiz.counts)
    if counting is None:
        return None
    if counting.index is None:
        return Standing(counting.percent, None, counting.percent >= quiz.passing_percent)
    chosen = over[counting.index]
    passed = chosen.passed
    if quiz.counts == "best":
        passed = True if any(attempt.passed for attempt in over) else chosen.passed
    return Standing(counting.percent, chosen.number, passed)
