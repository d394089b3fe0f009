"""The statistics of a quiz as its page and its files tell them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row

from lms.core import charts
from lms.quizzes import statistics_queries as queries
from lms.quizzes.content import content_from_json
from lms.quizzes.keys import key_from_json
from lms.quizzes.plain_words import question_words
from lms.quizzes.statistics import Item, ItemStatistics, QuizStatistics, of_items, of_quiz, variance
from lms.quizzes.statistics_answers import Given, Part, count_answers
from lms.quizzes.statistics_hints import Hint, hints, random_guess
from lms.quizzes.worth import How

STEP = 10
"""Width of the columns of the scores, in percent."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. `seconds` is the median time, None where it is not known; `versions` counts wordings. `how` it counts
    in attempts that set it aside."""

    number: int
    id: int
    kind: str
    words: str
    points: float
    figures: ItemStatistics
    answered: int
    guess: float | None
    seconds: float | None
    versions: int
    is_removed: bool
    how: How | None
    parts: tuple[Part, ...]
    hints: tuple[Hint, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """`is_same` tells that every attempt was asked the same questions: only then the quiz is one measure."""

    which: queries.Which
    figures: QuizStatistics
    learners: int
    under_way: int
    waiting: int
    is_same: bool
    questions: tuple[Asked, ...]
    scores: charts.Columns


def report(quiz_id: int, which: queries.Which) -> Report:
    """The statistics over the attempts that `which` chooses."""
    sittings, rows = queries.sittings(quiz_id, which), queries.items(quiz_id, which)
    items = [_item(row) for row in rows]
    is_same = all(_is_alike(row, len(sittings.percents)) for row in rows)
    points = sum(item.points for item, row in zip(items, rows, strict=True) if item.counts or row.full_points)
    spreads = None
    if is_same and points:
        counting = [item for item in items if item.counts]
        spreads = [(variance(item.marks.values()) or 0) * (100 / points) ** 2 for item in counting]
    return Report(
        which,
        of_quiz(sittings.percents, spreads),
        sittings.learners,
        sittings.under_way,
        sittings.waiting,
        is_same,
        _questions(quiz_id, which, rows, of_items(items)),
        score_columns(sittings.percents),
    )


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


def score_columns(percents: Sequence[float]) -> charts.Columns:
    """How many attempts reached which tenth of the percents; 100 belongs to the last."""
    counts = [0] * (100 // STEP)
    for percent in percents:
        counts[min(int(percent // STEP), len(counts) - 1)] += 1
    return charts.columns(
        [
            charts.Figure(_("%(low)s–%(high)s%%", low=place * STEP, high=(place + 1) * STEP), count)
            for place, count in enumerate(counts)
        ]
    )


def _questions(
    quiz_id: int, which: queries.Which, rows: Sequence[Row[Any]], figures: Sequence[ItemStatistics]
) -> tuple[Asked, ...]:
    given: defaultdict[int, list[Given]] = defaultdict(list)
    for row in queries.answers(quiz_id, which):
        given[row.question_id].append(Given(row.response, row.people, row.best))
    times = queries.times(quiz_id, which)
    return tuple(
        _asked(number, row, found, given[row.question_id], times.get(row.question_id))
        for number, (row, found) in enumerate(zip(rows, figures, strict=True), 1)
    )


def _asked(
    number: int, row: Row[Any], figures: ItemStatistics, given: list[Given], time: Row[Any] | None
) -> Asked:
    content, key = content_from_json(row.content), key_from_json(row.key)
    parts = count_answers(content, key, given)
    guess = random_guess(content, key)
    return Asked(
        number,
        row.question_id,
        row.kind,
        row.title or question_words(row.content)[:200],
        float(row.points or 0),
        figures,
        row.answered,
        guess,
        float(time.seconds) if time else None,
        row.versions,
        row.is_removed,
        ("full" if row.full_points else "out") if row.aside else None,
        parts,
        tuple(hints(figures, row.answered, guess, parts)),
    )
