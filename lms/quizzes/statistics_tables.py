"""The tables of the statistics page as files: full precision, one row a fact."""

from collections.abc import Callable, Iterable, Sequence

from flask_babel import lazy_gettext as _l

from lms.quizzes.statistics_report import Report

Table = tuple[Sequence[str], Iterable[Sequence[object]]]


def questions(found: Report) -> Table:
    """One row a question. Shares are 0 to 1, times seconds."""
    heads = [
        _l("Number"),
        _l("Question"),
        _l("Type"),
        _l("Points"),
        _l("Attempts"),
        _l("Answered"),
        _l("Facility"),
        _l("Standard deviation"),
        _l("Random guess"),
        _l("Effective weight"),
        _l("Discrimination"),
        _l("Discriminative efficiency"),
        _l("Median time in seconds"),
        _l("Set aside"),
    ]
    rows = (
        [
            asked.number,
            asked.words,
            asked.kind,
            asked.points,
            asked.figures.attempts,
            asked.answered,
            *map(
                _exact,
                [
                    asked.figures.facility,
                    asked.figures.sd,
                    asked.guess,
                    asked.figures.effective_weight,
                    asked.figures.discrimination,
                    asked.figures.efficiency,
                    asked.seconds,
                ],
            ),
            asked.how,
        ]
        for asked in found.questions
    )
    return heads, rows


def answers(found: Report) -> Table:
    """One row an answer of a question or of a part of it."""
    heads = [_l("Number"), _l("Part"), _l("Answer"), _l("Worth"), _l("Chosen"), _l("By the best third")]
    rows = (
        [asked.number, part.label, count.label, _exact(count.worth), count.count, count.best]
        for asked in found.questions
        for part in asked.parts
        for count in part.counts
    )
    return heads, rows


def scores(found: Report) -> Table:
    """How many attempts reached which score."""
    return [_l("Score"), _l("Attempts")], (
        [figure.label, int(figure.value or 0)] for figure in found.scores.figures
    )


TABLES: dict[str, Callable[[Report], Table]] = {"questions": questions, "answers": answers, "scores": scores}


def _exact(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 6)
