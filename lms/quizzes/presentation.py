"""From the rows of an attempt to what its pages show. Nothing here reads a key."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from markupsafe import Markup
from sqlalchemy import Row

from lms.quizzes.content import (
    ChoiceContent,
    ClozeContent,
    Content,
    Format,
    MatchingContent,
    Option,
    OrderingContent,
    content_from_json,
)
from lms.quizzes.doubts import doubt
from lms.quizzes.gaps import pieces
from lms.quizzes.plain_words import plain_words
from lms.quizzes.rendering import html_of, inline, split
from lms.quizzes.responses import MAX_ESSAY, MAX_SHORT_TEXT, in_text_order
from lms.quizzes.worth import How

_NOT_IN_A_LIST = re.compile(r"<(?:img|audio|video|pre|table|math)\b")


@dataclass(frozen=True, slots=True)
class Choice:
    """An option to choose, a prompt to match with what was `chosen` for it, or an item with its place."""

    id: str
    html: Markup
    is_chosen: bool = False
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Blank:
    """A gap in a text, the `number`th of it: a list of `options` to choose from, or a line to type in."""

    id: str
    number: int
    kind: str
    options: tuple[tuple[str, str], ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One slot as the learner sees it while answering. `number` counts questions, not descriptions.

    The `parts` of a text with gaps are HTML and gaps in turn. Where a list can't show what there is to choose,
    `legend` does, and `choices` are called A, B, C by it. `how` and `reason` when it was set aside.
    """

    slot: int
    number: int
    kind: str
    title: Markup
    rest: Markup
    points: Decimal | int
    options: tuple[Choice, ...] = ()
    prompts: tuple[Choice, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    legend: tuple[Markup, ...] = ()
    items: tuple[Choice, ...] = ()
    parts: tuple[Markup | Blank, ...] = ()
    text: str = ""
    is_answered: bool = False
    seq: int = 0
    saved_at: datetime | None = None
    problem: str = ""
    hint: str = ""
    how: How | None = None
    reason: str = ""

    @property
    def max_length(self) -> int:
        return MAX_ESSAY if self.kind == "essay" else MAX_SHORT_TEXT


def questions_of(rows: Sequence[Row[Any]], course_slug: str) -> list[Question]:
    """The questions of an attempt in its order."""
    questions: list[Question] = []
    number = 0
    for row in rows:
        content = content_from_json(row.content)
        number += content.type != "description"
        questions.append(_question(row, content, number, course_slug))
    return questions


def with_problems(
    questions: list[Question], problems: dict[int, str], typed: dict[int, dict[str, str]]
) -> list[Question]:
    """The same with what could not be taken, and with the words that were typed: {slot: {field: text}}."""
    return [
        _with_problem(q, problems[q.slot], typed.get(q.slot, {})) if q.slot in problems else q
        for q in questions
    ]


def _with_problem(question: Question, problem: str, typed: Mapping[str, str]) -> Question:
    parts = tuple(
        replace(part, said=typed.get(f"gap-{part.id}", part.said)) if isinstance(part, Blank) else part
        for part in question.parts
    )
    return replace(question, problem=problem, text=typed.get("text") or question.text, parts=parts)


def page_of(questions: Sequence[Question], number: int) -> list[Question]:
    """One question with the descriptions before it; the last takes those after it too."""
    last = max((question.number for question in questions), default=0)
    number = min(max(number, 1), max(last, 1))
    return [
        q for q in questions if q.number + (q.kind == "description") == number or (number == last == q.number)
    ]


def plain_number(number: Decimal) -> Decimal | int:
    """1 for 1.00, 0.5 for 0.500000: as people write it."""
    rounded = round(number, 2).normalize()
    return int(rounded) if rounded == rounded.to_integral_value() else rounded


def _question(row: Row[Any], content: Content, number: int, course_slug: str) -> Question:
    title, rest = split(html_of(content.text, content.format, course_slug))
    given = row.response or {}
    question = Question(
        slot=row.slot,
        number=number,
        kind=content.type,
        title=Markup(title),  # noqa: S704 - cleaned by html_of
        rest=Markup(rest),  # noqa: S704 - cleaned by html_of
        points=plain_number(row.points),
        text=str(given.get("text", "")),
        is_answered=bool(given),
        seq=row.seq or 0,
        saved_at=row.saved_at,
        hint=doubt(content, row.response),
        how=row.how,
        reason=row.reason or "",
    )
    match content:
        case ChoiceContent():
            chosen = {given.get("option"), *given.get("options", [])}
            options = tuple(
                Choice(option.id, words(option.text, option.format, course_slug), option.id in chosen)
                for option in in_order(content.options, row.options)
            )
            return replace(question, options=options)
        case MatchingContent():
            pairs = given.get("pairs", {})
            prompts = tuple(
                Choice(p.id, words(p.text, p.format, course_slug), chosen=pairs.get(p.id, ""))
                for p in content.prompts
            )
            choices, legend = _choices(content, row, course_slug)
            return replace(question, prompts=prompts, choices=choices, legend=legend)
        case OrderingContent():
            return replace(question, items=_items(content, row, course_slug))
        case ClozeContent():
            text = pieces(content, course_slug)
            blanks = _blanks(content, row)
            parts = tuple(part if isinstance(part, Markup) else blanks[part] for part in text.parts)
            return replace(question, title=text.title, rest=Markup(), parts=parts)
    return question


def _choices(
    content: MatchingContent, row: Row[Any], course_slug: str
) -> tuple[tuple[tuple[str, str], ...], tuple[Markup, ...]]:
    """What a list offers; where that would lose a picture or code, letters, and what each stands for."""
    ordered = in_order(content.choices, row.options)
    shown = tuple(words(choice.text, choice.format, course_slug) for choice in ordered)
    named = tuple((choice.id, plain_words(choice.text, choice.format)) for choice in ordered)
    if not any(_NOT_IN_A_LIST.search(html) for html in shown):
        return named, ()
    return tuple((id, letter_of(place)) for place, (id, _) in enumerate(named)), shown


def letter_of(place: int) -> str:
    """A, B, ... Z, AA, AB, ...: as browsers number a list by letters; `place` counts from 0."""
    before, last = divmod(place, 26)
    return (letter_of(before - 1) if before else "") + chr(ord("A") + last)


def _items(content: OrderingContent, row: Row[Any], course_slug: str) -> tuple[Choice, ...]:
    """Those that have a place, first to last, then the others."""
    places = (row.response or {}).get("places", {})
    items = (
        Choice(item.id, words(item.text, item.format, course_slug), chosen=str(places.get(item.id, "")))
        for item in in_order(content.items, row.options)
    )
    return tuple(sorted(items, key=lambda item: int(item.chosen or len(content.items) + 1)))


def _blanks(content: ClozeContent, row: Row[Any]) -> dict[str, Blank]:
    said = (row.response or {}).get("gaps", {})
    blanks = {}
    for number, gap in enumerate(in_text_order(content), 1):
        ids = [id.removeprefix(f"{gap.id}/") for id in row.options or () if id.startswith(f"{gap.id}/")]
        options = tuple((o.id, plain_words(o.text, o.format) or o.id) for o in in_order(gap.options, ids))
        blanks[gap.id] = Blank(gap.id, number, gap.type, options, str(said.get(gap.id, "")))
    return blanks


def words(text: str, format: Format, course_slug: str) -> Markup:
    """A short text to stand in a line."""
    return Markup(inline(html_of(text, format, course_slug)))  # noqa: S704 - cleaned by html_of


def in_order(options: Sequence[Option], ids: list[str] | None) -> list[Option]:
    """The options in the attempt's own order."""
    places = {id: place for place, id in enumerate(ids or ())}
    return sorted(options, key=lambda option: places.get(option.id, len(places)))
