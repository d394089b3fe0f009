"""Questions as lines of a list: what each is, and what is wrong with it, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from flask_babel import gettext as _
from flask_babel import pgettext

from lms.core.db import AnyRow
from lms.quizzes.content import QuestionType, content_from_json
from lms.quizzes.keys import key_from_json
from lms.quizzes.models import QuizDraw
from lms.quizzes.plain_words import question_words
from lms.quizzes.presentation import plain_number
from lms.quizzes.problems import problems
from lms.quizzes.worth import How

SHOWN = 140
"""Characters of a question that a line shows."""


@dataclass(frozen=True, slots=True)
class Line:
    """A question of a list. `number` is what learners see, None for a description; `how` it counts when it was set aside:
    then it is asked no more."""

    id: int
    number: int | None
    kind: str
    words: str
    title: str
    tags: Sequence[str]
    points: Decimal
    problems: Sequence[str]
    how: How | None = None


@dataclass(frozen=True, slots=True)
class DrawLine:
    """A draw; `lacking` is how many questions the bank has too few."""

    id: int
    count: int
    tags: Sequence[str]
    points: Decimal
    lacking: int


def lines(rows: Iterable[AnyRow], set_aside: Mapping[int, How] = MappingProxyType({})) -> list[Line]:
    """The questions in their order. What is set aside can be as wrong as it was."""
    found, number = [], 0
    for row in rows:
        is_asked = row.kind != "description"
        number += is_asked
        words, wrong = _read(row)
        shown = number if is_asked else None
        how = set_aside.get(row.id)
        facts = (row.title, row.tags, row.points, [] if how else wrong, how)
        found.append(Line(row.id, shown, row.kind, words, *facts))
    return found


def _read(row: AnyRow) -> tuple[str, list[str]]:
    try:
        content, key = content_from_json(row.content), key_from_json(row.key)
    except ValueError:
        return "", [_("it can’t be read; write it anew")]
    words = question_words(row.content)
    return words if len(words) <= SHOWN else words[: SHOWN - 1] + "…", problems(content, key)


def draw_lines(draws: Iterable[QuizDraw], lacking: Mapping[int, int]) -> list[DrawLine]:
    """The draws in their order."""
    return [DrawLine(draw.id, draw.count, draw.tags, draw.points, lacking.get(draw.id, 0)) for draw in draws]


def points_in_all(lines: Iterable[Line], draws: Iterable[DrawLine]) -> Decimal | int:
    """What an attempt can earn, as people write it."""
    asked = sum((line.points for line in lines if line.number and not line.how), Decimal(0))
    return plain_number(asked + sum((draw.points * draw.count for draw in draws), Decimal(0)))


def kind_names() -> dict[QuestionType, str]:
    """Every kind of question, as authors choose it."""
    return {
        "single": _("Single choice"),
        "multiple": _("Multiple choice"),
        "true_false": _("True or false"),
        "short_answer": _("Short answer"),
        "numeric": pgettext("a kind of question", "Number"),
        "matching": _("Matching"),
        "ordering": _("Ordering"),
        "cloze": _("Gaps in a text"),
        "essay": _("Essay"),
        "description": _("Text without a question"),
    }
