"""The statistics of a quiz as its page and its files tell them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _

from lms.core import charts
from lms.quizzes import statistics_queries as queries
from lms.quizzes.statistics import QuizStatistics
from lms.quizzes.statistics_measure import Asked, measure

STEP = 10
"""Width of the columns of the scores, in percent."""


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
    sittings = queries.sittings(quiz_id, which)
    measured = measure(quiz_id, which, sittings)
    return Report(
        which,
        measured.figures,
        sittings.learners,
        sittings.under_way,
        sittings.waiting,
        measured.is_same,
        _in_order(measured.questions),
        score_columns(sittings.percents),
    )


def _in_order(questions: Sequence[Asked]) -> tuple[Asked, ...]:
    """Those of the quiz in its order, then what was drawn from the bank by its mean place; each as it is called now."""
    now = queries.places([question.id for question in questions])

    def place(question: Asked) -> tuple[Any, ...]:
        position = now[question.id].position
        return position is None, question.slot if position is None else position, question.id

    return tuple(
        replace(
            question,
            number=number,
            words=now[question.id].title or question.words,
            is_removed=now[question.id].is_removed,
        )
        for number, question in enumerate(sorted(questions, key=place), 1)
    )


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
