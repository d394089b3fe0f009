r"""Gaps of a cloze question as their author types them: one answer a line.

`~` before an answer makes it wrong, `%50%` says what it is worth, and ` # ` begins what is said about it.
A number may have a tolerance: `3.5 : 0.1`. A backslash takes any of these signs as it stands.
"""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import get_args

from flask_babel import gettext as _

from lms.core.numbers import read_number
from lms.core.plain import decimal_text
from lms.quizzes.content import ClozeContent, Format, Gap, GapType, Text, numbered
from lms.quizzes.keys import (
    FULL,
    NONE,
    AcceptedNumber,
    AcceptedText,
    ChoiceKey,
    ClozeKey,
    GapKey,
    NumericKey,
    OptionMark,
    ShortAnswerKey,
)
from lms.studio import typed_numbers
from lms.studio.typed_rows import Row, Wrong

GAP_TYPES: tuple[GapType, ...] = get_args(GapType)

_LINE = re.compile(r"(~?)\s*(?:%\s*(-?[0-9]+(?:[.,][0-9]*)?)\s*%)?\s*(.*)", re.DOTALL)
_SAID = re.compile(r"\s#\s")
_TOLERANCE = re.compile(r"(?<!\\)\s*(?::|±)\s*")
_ESCAPED = re.compile(r"\\([~%#:=\\])")

Answer = tuple[str, Decimal, Text | None]


def rows(content: ClozeContent, key: ClozeKey) -> list[Row]:
    """A row for each gap."""
    keys = {gap.id: gap for gap in key.gaps}
    return [_row(gap, keys[gap.id]) for gap in content.gaps if gap.id in keys]


def _row(gap: Gap, found: GapKey) -> Row:
    match found.key:
        case ChoiceKey():
            marks = {mark.id: mark for mark in found.key.options}
            lines = [_line(o.text, marks[o.id].weight, marks[o.id].feedback) for o in gap.options]
        case ShortAnswerKey():
            lines = [_line(a.text, a.weight, a.feedback) for a in found.key.accepted]
        case NumericKey():
            lines = [_line(_number(a), a.weight, a.feedback, escape=False) for a in found.key.accepted]
    weight = "" if found.weight == 1 else decimal_text(found.weight)
    return Row("\n".join(lines), gap=gap.id, kind=gap.type, weight=weight)


def _number(number: AcceptedNumber) -> str:
    tolerance = (
        f" : {decimal_text(number.tolerance)}" if number.value is not None and number.tolerance else ""
    )
    return typed_numbers.shown(number) + tolerance


def _line(text: str, weight: Decimal, said: Text | None, *, escape: bool = True) -> str:
    text = " ".join(text.split())
    if escape:
        text = re.sub(r"^[~%]|\\(?=[~%#:=\\])|(?<!\S)#(?!\S)", r"\\\g<0>", text)
    mark = "" if weight == FULL else "~ " if weight == NONE else f"%{decimal_text(weight)}% "
    return mark + text + (f" # {' '.join(said.text.split())}" if said else "")


def built(typed: Iterable[Row], format: Format) -> tuple[tuple[Gap, ...], tuple[GapKey, ...], list[Wrong]]:
    """The gaps, their keys, and what in them can't be read."""
    gaps, keys, wrong = [], [], []
    for row in typed:
        answers = [_answer(line, format) for line in row.text.splitlines() if line.strip()]
        weight = read_number(row.weight) if row.weight.strip() else Decimal(1)
        if weight is None:
            told = _("“%(text)s” is not a number.", text=row.weight[:40])
            wrong.append(Wrong(f"rows-{row.place}-weight", told))
        gap, key, unread = _GAPS.get(row.kind, _words)(row.gap.strip(), answers)
        told = _("Write a number such as 3.5, a range such as 1..5, or * for every other answer.")
        wrong += [Wrong(f"rows-{row.place}-text", told)] if unread else []
        gaps.append(gap)
        keys.append(GapKey(gap.id, key, weight or Decimal(1)))
    return tuple(gaps), tuple(keys), wrong


def _answer(line: str, format: Format) -> Answer:
    whole, *said = _SAID.split(line, maxsplit=1)
    found = _LINE.fullmatch(whole.strip())
    mark, percent, text = found.groups() if found else ("", None, whole)
    usual = NONE if mark else FULL
    weight = (read_number(percent) or NONE) if percent else usual
    feedback = Text(said[0].strip(), format) if said and said[0].strip() else None
    return _ESCAPED.sub(r"\1", " ".join(text.split())), weight, feedback


def _choice(id: str, answers: list[Answer]) -> tuple[Gap, ChoiceKey, bool]:
    options = numbered(Text(text) for text, _, _ in answers)
    marks = tuple(OptionMark(o.id, w, said) for o, (_, w, said) in zip(options, answers, strict=True))
    return Gap(id, "single", options), ChoiceKey("single", marks), False


def _words(id: str, answers: list[Answer]) -> tuple[Gap, ShortAnswerKey, bool]:
    accepted = tuple(AcceptedText(text, weight, said) for text, weight, said in answers)
    return Gap(id, "short_answer"), ShortAnswerKey(accepted), False


def _numbers(id: str, answers: list[Answer]) -> tuple[Gap, NumericKey, bool]:
    read = []
    for text, weight, said in answers:
        value, *leeway = _TOLERANCE.split(text, maxsplit=1)
        read.append(typed_numbers.read(value, leeway[0] if leeway else "", weight, said))
    return Gap(id, "numeric"), NumericKey(tuple(filter(None, read))), None in read


_GAPS: dict[str, Callable[[str, list[Answer]], tuple[Gap, ChoiceKey | ShortAnswerKey | NumericKey, bool]]] = {
    "single": _choice,
    "short_answer": _words,
    "numeric": _numbers,
}
