"""What the attempts of a quiz say of it, in numbers and answers: all that follows from these attempts alone.

It is kept in memory while the same attempts count, each as it was: the next look costs a hundredth of the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from lms.core.sameness import Kept
from lms.quizzes import statistics_queries as queries
from lms.quizzes.content import content_from_json
from lms.quizzes.keys import key_from_json
from lms.quizzes.plain_words import question_words
from lms.quizzes.statistics import Item, ItemStatistics, QuizStatistics, of_items, of_quiz, variance
from lms.quizzes.statistics_answers import Given, Part, count_answers
from lms.quizzes.statistics_hints import Hint, hints, random_guess
from lms.quizzes.worth import How

MOST = 50
"""Measures kept in a process, and as many again; one of 40 questions has some 50 kB."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it was asked last. `seconds` is the median time, None where it is not known; `versions` counts
    wordings, `slot` is its mean place. `how` it counts in attempts that set it aside. Its `number` on the page and
    whether it `is_removed` by now do not follow from the attempts: a report says them."""

    id: int
    kind: str
    words: str
    slot: float
    points: float
    figures: ItemStatistics
    answered: int
    guess: float | None
    seconds: float | None
    versions: int
    how: How | None
    parts: tuple[Part, ...]
    hints: tuple[Hint, ...]
    number: int = 0
    is_removed: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """`is_same` tells that every attempt was asked the same questions: only then the quiz is one measure."""

    figures: QuizStatistics
    is_same: bool
    questions: tuple[Asked, ...]


_kept = Kept[Measure](MOST)


def measure(quiz_id: int, which: queries.Which, sittings: Row[Any]) -> Measure:
    """The measure of these `sittings`, from memory when their stamp is that of the last time."""
    key = quiz_id, which, sittings.stamp
    found = _kept.find(key)
    if found is None:
        found = taken(quiz_id, which, sittings.percents)
        _kept.keep(key, found)
    return found


def taken(quiz_id: int, which: queries.Which, percents: Sequence[float]) -> Measure:
    """The measure of the attempts that `which` chooses, taken anew; `percents` are theirs."""
    rows = queries.items(quiz_id, which)
    items = [_item(row) for row in rows]
    is_same = all(_is_alike(row, len(percents)) for row in rows)
    points = sum(item.points for item, row in zip(items, rows, strict=True) if item.counts or row.full_points)
    spreads = None
    if is_same and points:
        counting = [item for item in items if item.counts]
        spreads = [(variance(item.marks.values()) or 0) * (100 / points) ** 2 for item in counting]
    questions = map(_asked, rows, of_items(items))
    return Measure(of_quiz(percents, spreads), is_same, tuple(questions))


def _item(row: Row[Any]) -> Item:
    points = float(row.points or 0)
    marks = (points * float(fraction) for fraction in row.fractions.split())
    return Item(
        dict(zip(map(int, row.attempt_ids.split()), marks, strict=True)), points, counts=not row.aside
    )


def _is_alike(row: Row[Any], attempts: int) -> bool:
    """Whether the question counts the same in every attempt. What is left out of them all is in none."""
    if row.aside == row.attempts and not row.full_points:
        return True
    counts_alike = row.aside == 0 or row.full_points == row.attempts
    return bool(counts_alike and row.attempts == attempts and row.points == row.least_points)


def _asked(row: Row[Any], figures: ItemStatistics) -> Asked:
    content, key = content_from_json(row.content), key_from_json(row.key)
    parts = count_answers(content, key, [Given(*given) for given in row.given or ()])
    guess = random_guess(content, key)
    return Asked(
        row.question_id,
        row.kind,
        question_words(row.content)[:200],
        float(row.slot),
        float(row.points or 0),
        figures,
        row.answered,
        guess,
        None if row.seconds is None else float(row.seconds),
        row.versions,
        ("full" if row.full_points else "out") if row.aside else None,
        parts,
        tuple(hints(figures, row.answered, guess, parts)),
    )
