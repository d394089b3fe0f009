"""What the result page says of each question: the one page that reads keys, of attempts that are over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import Row

from lms.core.plain import decimal_text
from lms.quizzes.content import (
    ClozeContent,
    Content,
    MatchingContent,
    Text,
    content_from_json,
)
from lms.quizzes.grading import Grade, grade, grade_gap
from lms.quizzes.keys import (
    AcceptedNumber,
    ChoiceKey,
    ClozeKey,
    Key,
    MatchingKey,
    NumericKey,
    OrderingKey,
    ShortAnswerKey,
    key_from_json,
)
from lms.quizzes.presentation import Blank, Question, plain_number, questions_of, words
from lms.quizzes.rendering import html_of
from lms.quizzes.responses import display_response
from lms.quizzes.worth import How, counted

Verdict = Literal["correct", "wrong", "missed"]

SHOWN: dict[str, str] = {
    "correct": "correct",
    "partial": "partial",
    "incorrect": "wrong",
    "unanswered": "wrong",
    "needs_grading": "ungraded",
}
"""State of an answer -> look of its result."""


@dataclass(frozen=True, slots=True)
class Option:
    """An option with what was right about it; all None when nothing is revealed."""

    id: str
    html: Markup
    is_chosen: bool
    verdict: Verdict | None
    feedback: Markup | None


@dataclass(frozen=True, slots=True)
class Pair:
    """A prompt, what was given for it and what is right (None when it is not revealed)."""

    html: Markup
    given: Markup
    right: Markup | None
    is_right: bool
    feedback: Markup | None


@dataclass(frozen=True, slots=True)
class Placed:
    """An item, the place it was given ("" for none) and whether that is right (None when it is not revealed)."""

    html: Markup
    place: str
    is_right: bool | None
    feedback: Markup | None


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in a gap. `look` is correct, partial or wrong, None when nothing is revealed."""

    number: int
    said: str
    look: str | None
    right: tuple[str, ...]
    feedback: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One question of a closed attempt. `order` is the right one of an ordering question; `comment` is what a
    person said who graded it by hand. `how` it counts when it was set aside, for the `reason`; `is_declined`: other terms
    would have lowered the percent."""

    question: Question
    state: str
    earned: Decimal | int
    answer: str
    options: tuple[Option, ...]
    pairs: tuple[Pair, ...]
    right: tuple[str, ...]
    feedback: tuple[Markup, ...]
    items: tuple[Placed, ...] = ()
    order: tuple[Markup, ...] = ()
    gaps: Mapping[str, Filled] = field(default_factory=dict)
    is_marked: bool = False
    comment: Markup | None = None
    how: How | None = None
    reason: str = ""
    is_declined: bool = False

    @property
    def look(self) -> str:
        return SHOWN[self.state]


def reviewed(rows: Sequence[Row[Any]], course_slug: str, *, reveal: bool) -> list[Reviewed]:
    """The questions of a closed attempt; right answers and explanations only when `reveal`."""
    return [
        _review(row, question, course_slug, reveal)
        for row, question in zip(rows, questions_of(rows, course_slug), strict=True)
    ]


def _answer(content: Content, response: Mapping[str, Any] | None) -> str:
    """The response in words; what every quiz offers alike, in the reader's."""
    words = {"true": _("True"), "false": _("False")} if content.type == "true_false" else {}
    return words.get((response or {}).get("option", "")) or display_response(content, response)


def _review(row: Row[Any], question: Question, course_slug: str, reveal: bool) -> Reviewed:
    content, key = content_from_json(row.content), key_from_json(row.key)
    found = grade(content, key, row.response)
    earned, _points = counted(Grade(row.fraction or Decimal(0), row.state), row.points, row.how)
    return Reviewed(
        question=question,
        state=row.state or "unanswered",
        earned=plain_number(row.points * earned.fraction),
        answer=_answer(content, row.response),
        options=_options(question, key, found, course_slug, reveal),
        pairs=_pairs(question, content, key, found, course_slug, reveal),
        right=_right(key) if reveal else (),
        feedback=tuple(_said(text, course_slug) for text in found.feedback) if reveal else (),
        items=_items(question, found, course_slug, reveal),
        order=_order(question, key, reveal),
        gaps=_gaps(question, content, key, row, course_slug, reveal),
        is_marked=row.marked_at is not None,
        comment=_comment(row, course_slug) if reveal else None,
        how=row.how,
        reason=row.reason or "",
        is_declined=row.is_declined,
    )


def _options(
    question: Question, key: Key, found: Grade, course_slug: str, reveal: bool
) -> tuple[Option, ...]:
    right = {mark.id for mark in key.options if mark.weight > 0} if isinstance(key, ChoiceKey) else set()
    best = max((mark.weight for mark in key.options), default=0) if isinstance(key, ChoiceKey) else 0
    # Of a single choice only the best is what should have been chosen; others may have earned a part.
    if isinstance(key, ChoiceKey) and key.type != "multiple":
        missed = {mark.id for mark in key.options if mark.weight == best}
    else:
        missed = right
    shown = []
    for option in question.options:
        verdict: Verdict | None = None
        if reveal and option.is_chosen:
            verdict = "correct" if option.id in right else "wrong"
        elif reveal and option.id in missed:
            verdict = "missed"
        feedback = _beside(option.id, found, course_slug, reveal)
        shown.append(Option(option.id, option.html, option.is_chosen, verdict, feedback))
    return tuple(shown)


def _pairs(
    question: Question, content: Content, key: Key, found: Grade, course_slug: str, reveal: bool
) -> tuple[Pair, ...]:
    if not isinstance(content, MatchingContent) or not isinstance(key, MatchingKey):
        return ()
    names = {choice.id: words(choice.text, choice.format, course_slug) for choice in content.choices}
    right = dict(key.pairs)
    return tuple(
        Pair(
            prompt.html,
            names.get(prompt.chosen, Markup()),
            names.get(right.get(prompt.id, ""), Markup()) if reveal else None,
            reveal and prompt.chosen == right.get(prompt.id),
            _beside(prompt.id, found, course_slug, reveal),
        )
        for prompt in question.prompts
    )


def _items(question: Question, found: Grade, course_slug: str, reveal: bool) -> tuple[Placed, ...]:
    return tuple(
        Placed(
            item.html,
            item.chosen,
            found.marks.get(item.id, False) if reveal else None,
            _beside(item.id, found, course_slug, reveal),
        )
        for item in question.items
    )


def _order(question: Question, key: Key, reveal: bool) -> tuple[Markup, ...]:
    if not reveal or not isinstance(key, OrderingKey):
        return ()
    html = {item.id: item.html for item in question.items}
    return tuple(html[id] for id in key.order if id in html)


def _gaps(
    question: Question, content: Content, key: Key, row: Row[Any], course_slug: str, reveal: bool
) -> dict[str, Filled]:
    if not isinstance(content, ClozeContent) or not isinstance(key, ClozeKey):
        return {}
    given = (row.response or {}).get("gaps", {})
    keys, asked = {gap.id: gap for gap in key.gaps}, {gap.id: gap for gap in content.gaps}
    filled = {}
    for blank in question.parts:
        if not isinstance(blank, Blank):
            continue
        said = dict(blank.options).get(blank.said, "?" if blank.said else "") if blank.options else blank.said
        if not reveal or blank.id not in keys:
            filled[blank.id] = Filled(blank.number, said, None, (), ())
            continue
        found = grade_gap(asked[blank.id], keys[blank.id], given.get(blank.id))
        filled[blank.id] = Filled(
            blank.number,
            said,
            SHOWN[found.state],
            _right_at(blank, keys[blank.id].key),
            tuple(_said(text, course_slug) for text in (*found.feedback, *found.option_feedback.values())),
        )
    return filled


def _right_at(blank: Blank, key: Key) -> tuple[str, ...]:
    if isinstance(key, ChoiceKey):
        best = max((mark.weight for mark in key.options), default=0)
        ids = {mark.id for mark in key.options if mark.weight == best}
        return tuple(words for id, words in blank.options if id in ids)
    return _right(key)


def _beside(id: str, found: Grade, course_slug: str, reveal: bool) -> Markup | None:
    said = found.option_feedback.get(id) if reveal else None
    return _said(said, course_slug) if said else None


def _comment(row: Row[Any], course_slug: str) -> Markup | None:
    if row.marked_at is None or not row.feedback:
        return None
    return Markup(html_of(row.feedback, "markdown", course_slug))  # noqa: S704 - cleaned by html_of


def _right(key: Key) -> tuple[str, ...]:
    """The answers that earn all points, in words; choices and pairs are shown in their places."""
    match key:
        case ShortAnswerKey():
            full = [a.text for a in key.accepted if a.weight == max(b.weight for b in key.accepted)]
            return tuple(text.replace("\\*", "*") for text in full)
        case NumericKey():
            best = max((a.weight for a in key.accepted), default=Decimal(0))
            return tuple(_number(a) for a in key.accepted if a.weight == best and not a.is_any)
    return ()


def _number(accepted: AcceptedNumber) -> str:
    if accepted.value is None:
        low, high = accepted.low or Decimal(0), accepted.high or Decimal(0)
        return str(_("%(low)s to %(high)s", low=decimal_text(low), high=decimal_text(high)))
    value = decimal_text(accepted.value)
    return f"{value} ± {decimal_text(accepted.tolerance)}" if accepted.tolerance else value


def _said(text: Text, course_slug: str) -> Markup:
    return words(text.text, text.format, course_slug)
