"""One learner's figures, from the rows that are shown behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lms.assignments import rules
from lms.core.db import AnyRow
from lms.learning.rules import LIVE, progress_percent


@dataclass(frozen=True, slots=True)
class Work:
    """An assignment that the learner handed in, with the grade that they know (None: none, or it does not count)."""

    row: AnyRow
    percent: Decimal | None

    @classmethod
    def of(cls, row: AnyRow) -> "Work":
        """From a row of `queries.own.works`. What is returned to be revised has no grade, unless a person decided."""
        if not row.shown or row.percent is not None:
            return cls(row, row.percent if row.shown else None)
        if row.given is None or row.work_state == "returned":
            return cls(row, None)
        terms = rules.Terms.of(row).as_graded(row.out_of)
        return cls(row, rules.result(terms, row.given, row.graded_work_at).percent)


@dataclass(frozen=True, slots=True)
class Own:
    """`courses` and `works` as the queries give them."""

    courses: Sequence[AnyRow]
    quizzes: Sequence[AnyRow]
    assignments: Sequence[Work]

    @classmethod
    def of(cls, courses: Sequence[AnyRow], works: Sequence[AnyRow]) -> "Own":
        """Quizzes and assignments apart."""
        assignments = [Work.of(row) for row in works if row.kind == "assignment"]
        return cls(courses, [row for row in works if row.kind == "quiz"], assignments)

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
        return _mean([row.percent for row in self.graded])

    @property
    def grades(self) -> list[Decimal]:
        """The grades of assignments that the learner knows, in percent."""
        return [work.percent for work in self.assignments if work.percent is not None]

    @property
    def grade(self) -> float | None:
        """Their mean with one place; None without one."""
        return _mean(self.grades)


def _mean(percents: Sequence[Decimal]) -> float | None:
    return round(float(sum(percents)) / len(percents), 1) if percents else None
