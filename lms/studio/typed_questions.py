"""Questions as their author types them, from the stored documents and back.

Weights that follow from which answers are right are left empty, so that the plain question needs none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, TypedDict, cast

from lms.core.plain import decimal_text
from lms.quizzes.content import (
    TRUE_FALSE_OPTIONS,
    ChoiceContent,
    ClozeContent,
    Content,
    Format,
    MatchingContent,
    OpenContent,
    OpenType,
    OrderingContent,
    QuestionType,
    Text,
    numbered,
)
from lms.quizzes.keys import (
    FULL,
    NONE,
    AcceptedText,
    ChoiceKey,
    ClozeKey,
    Key,
    MatchingKey,
    NumericKey,
    OpenKey,
    OptionMark,
    OrderingKey,
    ShortAnswerKey,
    match_up,
    put_in_order,
)
from lms.studio import kept_ids, typed_gaps, typed_numbers
from lms.studio.typed_rows import Row, Wrong, weight_of

_SHARE = Decimal("0.00001")


@dataclass
class Typed:
    """What the form of a question holds. `answer` is for true/false: "true", "false" or nothing yet."""

    kind: QuestionType
    text: str = ""
    format: Format = "markdown"
    general: str = ""
    partial_credit: bool = True
    case_sensitive: bool = False
    answer: str = ""
    if_true: str = ""
    if_false: str = ""
    distractors: str = ""
    rows: list[Row] = field(default_factory=list)

    @property
    def filled(self) -> list[Row]:
        """The rows in which something is typed."""
        return [row for row in self.rows if not row.is_blank]

    def said(self, text: str, row: Row | None = None) -> Text | None:
        """Feedback in the notation of its row, or none."""
        return Text(text, self.format_of(row)) if text.strip() else None

    def format_of(self, row: Row | None) -> Format:
        return cast(Format, row.format) if row and row.format else self.format


def written(content: Content, key: Key) -> Typed:
    """The stored question as a form shows it."""
    typed = Typed(content.type, content.text, content.format, key.general.text if key.general else "")
    match content, key:
        case ChoiceContent(type="true_false"), ChoiceKey():
            said = {mark.id: mark.feedback.text if mark.feedback else "" for mark in key.options}
            right = next((mark.id for mark in key.options if mark.weight > 0), "")
            typed.answer, typed.if_true, typed.if_false = right, said.get("true", ""), said.get("false", "")
        case ChoiceContent(), ChoiceKey():
            typed.partial_credit = key.partial_credit
            typed.rows = _choice_rows(content, key)
        case OpenContent(), ShortAnswerKey():
            typed.case_sensitive = key.case_sensitive
            typed.rows = [
                Row(a.text, weight=_unless(FULL, a.weight), **_said(a.feedback)) for a in key.accepted
            ]
        case OpenContent(), NumericKey():
            typed.rows = [typed_numbers.row(number) for number in key.accepted]
        case MatchingContent(), MatchingKey():
            typed.partial_credit = key.partial_credit
            typed.rows, typed.distractors = _matching_rows(content, key)
        case OrderingContent(), OrderingKey():
            typed.partial_credit = key.partial_credit
            items, notes = {item.id: item for item in content.items}, dict(key.feedback)
            typed.rows = [
                Row(items[id].text, id=id, **_said(notes.get(id), items[id].format))
                for id in key.order
                if id in items
            ]
        case ClozeContent(), ClozeKey():
            typed.partial_credit = key.partial_credit
            typed.rows = typed_gaps.rows(content, key)
    for place, row in enumerate(typed.rows):
        row.place = place
        row.format = "" if row.format == typed.format else row.format
    return typed


Built = tuple[Content, Key, list[Wrong]]


def built(typed: Typed, before: Content | None = None) -> Built:
    """The question that was typed, and what in it can't be read; whether it is fit is for `validate` to say.

    What stands in `before` already keeps its ids.
    """
    typed = replace(typed, text=_lines(typed.text), general=_lines(typed.general))
    content, key, wrong = _BUILDERS[typed.kind](typed)
    if before is not None:
        content, key = kept_ids.keep(content, key, typed.filled, before)
    return content, key, wrong


def _choice(typed: Typed) -> Built:
    options = numbered(Text(_lines(row.text), typed.format_of(row)) for row in typed.filled)
    right = sum(row.right for row in typed.filled)
    usual = _usual_weights(typed.kind, right)
    wrong: list[Wrong] = []
    marks = tuple(
        OptionMark(
            option.id, weight_of(row, usual[row.right], wrong), typed.said(row.feedback, row)
        )
        for option, row in zip(options, typed.filled, strict=True)
    )  # fmt: skip
    kind: Literal["single", "multiple"] = "single" if typed.kind == "single" else "multiple"
    content = ChoiceContent(kind, typed.text, options, typed.format)
    partial = typed.partial_credit if kind == "multiple" else True
    return content, ChoiceKey(kind, marks, typed.said(typed.general), partial), wrong


def _usual_weights(kind: str, right: int) -> dict[bool, Decimal]:
    """What a right and a wrong option are worth. Of several right ones each earns its share, and each wrong
    one takes as much away: else ticking everything would earn everything."""
    if kind == "single":
        return {True: FULL, False: NONE}
    share = (FULL / max(right, 1)).quantize(_SHARE, ROUND_HALF_UP)
    return {True: share, False: -share}


def _choice_rows(content: ChoiceContent, key: ChoiceKey) -> list[Row]:
    marks = {mark.id: mark for mark in key.options}
    weights = [marks[option.id].weight if option.id in marks else NONE for option in content.options]
    rights = [weight >= FULL if key.type == "single" else weight > 0 for weight in weights]
    usual = _usual_weights(key.type, sum(rights))
    is_usual = all(
        abs(usual[right] - weight) < Decimal("0.01") for right, weight in zip(rights, weights, strict=True)
    )
    rows = []
    for option, right, weight in zip(content.options, rights, weights, strict=True):
        shown = "" if is_usual or (key.type == "single" and usual[right] == weight) else decimal_text(weight)
        said = marks[option.id].feedback if option.id in marks else None
        rows.append(Row(option.text, right=right, weight=shown, id=option.id, **_said(said, option.format)))
    return rows


def _true_false(typed: Typed) -> Built:
    said = {"true": typed.said(typed.if_true), "false": typed.said(typed.if_false)}
    marks = tuple(
        OptionMark(option.id, FULL if option.id == typed.answer else NONE, said[option.id])
        for option in TRUE_FALSE_OPTIONS
    )
    content = ChoiceContent("true_false", typed.text, TRUE_FALSE_OPTIONS, typed.format)
    return content, ChoiceKey("true_false", marks, typed.said(typed.general)), []


def _short_answer(typed: Typed) -> Built:
    wrong: list[Wrong] = []
    accepted = tuple(
        AcceptedText(" ".join(row.text.split()), weight_of(row, FULL, wrong), typed.said(row.feedback, row))
        for row in typed.filled
    )
    key = ShortAnswerKey(accepted, typed.said(typed.general), typed.case_sensitive)
    return OpenContent("short_answer", typed.text, typed.format), key, wrong


def _numeric(typed: Typed) -> Built:
    wrong: list[Wrong] = []
    accepted = tuple(
        typed_numbers.accepted(row, weight_of(row, FULL, wrong), typed.said(row.feedback, row), wrong)
        for row in typed.filled
    )
    key = NumericKey(tuple(filter(None, accepted)), typed.said(typed.general))
    return OpenContent("numeric", typed.text, typed.format), key, wrong


def _matching(typed: Typed) -> Built:
    pairs = [
        (Text(_lines(row.text), typed.format_of(row)), " ".join(row.choice.split())) for row in typed.filled
    ]
    distractors = [line for each in typed.distractors.splitlines() if (line := " ".join(each.split()))]
    stem = Text(typed.text, typed.format)
    content, key = match_up(stem, pairs, distractors, typed.said(typed.general))
    notes = _notes(typed, [prompt.id for prompt in content.prompts])
    return content, replace(key, partial_credit=typed.partial_credit, feedback=notes), []


def _matching_rows(content: MatchingContent, key: MatchingKey) -> tuple[list[Row], str]:
    choices, pairs, notes = {c.id: c.text for c in content.choices}, dict(key.pairs), dict(key.feedback)
    rows = [
        Row(p.text, choice=choices.get(pairs.get(p.id, ""), ""), id=p.id, **_said(notes.get(p.id), p.format))
        for p in content.prompts
    ]
    used = set(pairs.values())
    return rows, "\n".join(choice.text for choice in content.choices if choice.id not in used)


def _ordering(typed: Typed) -> Built:
    items = [Text(_lines(row.text), typed.format_of(row)) for row in typed.filled]
    stem = Text(typed.text, typed.format)
    content, key = put_in_order(
        stem, items, typed.said(typed.general), partial_credit=typed.partial_credit
    )  # fmt: skip
    return content, replace(key, feedback=_notes(typed, key.order)), []


def _notes(typed: Typed, ids: Sequence[str]) -> tuple[tuple[str, Text], ...]:
    """What is said of each row, by the id that it got."""
    found = {id: typed.said(row.feedback, row) for id, row in zip(ids, typed.filled, strict=True)}
    return tuple((id, found[id]) for id in sorted(found, key=lambda id: (len(id), id)) if found[id])  # type: ignore[misc]


def _cloze(typed: Typed) -> Built:
    gaps, keys, wrong = typed_gaps.built(typed.filled, typed.format)
    content = ClozeContent(typed.text, gaps, typed.format)
    return content, ClozeKey(keys, typed.said(typed.general), typed.partial_credit), wrong


def _open(typed: Typed) -> Built:
    content = OpenContent(cast(OpenType, typed.kind), typed.text, typed.format)
    kind: Literal["essay", "description"] = "essay" if typed.kind == "essay" else "description"
    return content, OpenKey(kind, typed.said(typed.general)), []


_BUILDERS: dict[str, Callable[[Typed], Built]] = {
    "single": _choice,
    "multiple": _choice,
    "true_false": _true_false,
    "short_answer": _short_answer,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
    "essay": _open,
    "description": _open,
}


def _unless(usual: Decimal, weight: Decimal) -> str:
    return "" if weight == usual else decimal_text(weight)


class _Said(TypedDict):
    feedback: str
    format: str


def _said(feedback: Text | None, format: str = "") -> _Said:
    """Feedback of a row; a row has one notation, that of its text where it has one."""
    return {
        "feedback": feedback.text if feedback else "",
        "format": format or (feedback.format if feedback else ""),
    }


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
