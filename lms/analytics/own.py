"""One learner's figures, from the rows that are shown behind them."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.core.db import AnyRow
from lms.learning.rules import LIVE, progress_percent


@dataclass(frozen=True, slots=True)
class Own:
    """`courses` and `quizzes` as the queries give them."""

    courses: Sequence[AnyRow]
    quizzes: Sequence[AnyRow]

    @property
    def active(self) -> int:
        return sum(row.state == "active" for row in self.courses)

    @property
    def completed(self) -> int:
        return sum(row.completed_at is not None for row in self.courses)

    @property
    def left(self) -> int:
        return sum(row.state not in LIVE for row in self.courses)

    @property
    def progress(self) -> int | None:
        """The mean of the percents of the courses that the learner is in, rounded down; None without one."""
        percents = [progress_percent(row.done, row.required) for row in self.courses if row.state in LIVE]
        return sum(percents) // len(percents) if percents else None

    @property
    def lessons(self) -> int:
        return sum(row.lessons for row in self.courses)

    @property
    def minutes(self) -> int:
        return sum(row.minutes for row in self.courses)

    @property
    def graded(self) -> list[AnyRow]:
        """The quizzes whose score the learner may know."""
        return [row for row in self.quizzes if row.shown and row.percent is not None]

    @property
    def passed(self) -> int:
        return sum(row.passed for row in self.graded)

    @property
    def score(self) -> float | None:
        """The mean of the scores that count, in percent with one place; None without one."""
        scores = [row.percent for row in self.graded]
        return round(float(sum(scores)) / len(scores), 1) if scores else None
