"""Gaps as Moodle writes them: see `cloze`."""

import html
import re
from collections.abc import Iterable
from decimal import Decimal

from lms.core.plain import decimal_text
from lms.quizzes.content import GAP, ClozeContent, Content, Format, Gap, Text
from lms.quizzes.keys import (
    FULL,
    AcceptedNumber,
    ChoiceKey,
    ClozeKey,
    GapKey,
    Key,
    NumericKey,
    ShortAnswerKey,
)


def moodle_text(content: Content, key: Key) -> str:
    """The text of a question, that of a cloze question with its answers in it."""
    if not isinstance(content, ClozeContent) or not isinstance(key, ClozeKey):
        return content.text
    gaps = {gap.id: gap for gap in content.gaps}
    keys, factor = {gap.id: gap for gap in key.gaps}, _factor(gap.weight for gap in key.gaps)

    def written(found: re.Match[str]) -> str:
        id = found[1]
        return _gap(gaps[id], keys[id], factor, content.format) if id in gaps and id in keys else found[0]

    return GAP.sub(written, content.text)


def _factor(weights: Iterable[Decimal]) -> int:
    """What makes whole numbers of all weights, which is what Moodle takes; 1 when they are."""
    places = [len(decimal_text(weight).partition(".")[2]) for weight in weights]
    return int(10 ** min(max([0, *places]), 6))


def _gap(gap: Gap, key: GapKey, factor: int, format: Format) -> str:
    weight = max(int(key.weight * factor), 1)
    match key.key:
        case ChoiceKey():
            marks = {mark.id: mark for mark in key.key.options}
            name = "MULTICHOICE"
            answers = [
                _alternative(marks[o.id].weight, _escaped(o.text), _said(marks[o.id].feedback))
                for o in gap.options
                if o.id in marks
            ]
        case ShortAnswerKey():
            name = "SHORTANSWER_C" if key.key.case_sensitive else "SHORTANSWER"
            answers = [
                _alternative(a.weight, _escaped(_typed(a.text, format)), _said(a.feedback))
                for a in key.key.accepted
            ]
        case NumericKey():
            name = "NUMERICAL"
            answers = [_alternative(a.weight, _number(a), _said(a.feedback)) for a in key.key.accepted]
    return f"{{{weight}:{name}:{'~'.join(answers)}}}"


def _alternative(weight: Decimal, text: str, feedback: str) -> str:
    return ("=" if weight == FULL else f"%{decimal_text(weight)}%") + text + feedback


def _said(feedback: Text | None) -> str:
    return "#" + _escaped(feedback.text) if feedback else ""


def _number(accepted: AcceptedNumber) -> str:
    """A range is written as its middle with half of its width."""
    value, tolerance = accepted.value, accepted.tolerance
    if accepted.low is not None and accepted.high is not None:
        value, tolerance = (accepted.low + accepted.high) / 2, (accepted.high - accepted.low) / 2
    return "*" if value is None else f"{decimal_text(value)}:{decimal_text(tolerance)}"


def _typed(text: str, format: Format) -> str:
    return html.escape(text, quote=False) if format in ("html", "moodle") else text


def _escaped(text: str) -> str:
    return re.sub(r'[\\}~#/"]', r"\\\g<0>", text)
