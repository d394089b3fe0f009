r"""Writing GIFT that Moodle reads, and that `parse` reads back as the same questions.

What GIFT cannot say of a question stands in a comment that Moodle passes over:
`[grading:all-or-nothing]`, `[grading:case-sensitive]`, `[grading:short-answer]` (a `->` makes no matching
pair). The one loss: a `->` inside a matching prompt, which GIFT cannot carry, is written as an arrow
character.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from lms.core.plain import decimal_text
from lms.interop.gift.lexer import escape
from lms.quizzes.authoring.questions import Item
from lms.quizzes.content import ChoiceContent, Content, Format, MatchingContent, Text
from lms.quizzes.keys import (
    FULL,
    AcceptedNumber,
    ChoiceKey,
    Key,
    MatchingKey,
    NumericKey,
    OpenKey,
    ShortAnswerKey,
)

_LOOKS_FORMATTED = re.compile(r"\s*\[(html|markdown|plain|moodle)\]", re.IGNORECASE)


def export(questions: Iterable[Item]) -> str:
    """The questions as the text of one GIFT file, in their order.

    Raises ValueError for a question that GIFT has no way to write: an order, gaps, feedback beside pairs, pairs
    that only count all together.
    """
    category, items = "", []
    for question in questions:
        if question.category != category:
            category = question.category
            items.append(f"$CATEGORY: {_one_line(category)}" if category else "$CATEGORY:")
        items.append("\n".join(_question(question)))
    return "\n\n".join(items) + "\n" if items else ""


def _question(question: Item) -> Iterator[str]:
    named = [("id", question.id)] if question.id else []
    named += [("tag", tag) for tag in question.tags]
    named += [("grading", note) for note in _grading_notes(question.key)]
    if named:
        yield "// " + " ".join(f"[{name}:{_in_brackets(value)}]" for name, value in named)
    content = question.content
    title = f"::{escape(question.title)}::" if question.title else ""
    stem = f"{title}[{content.format}]{_clean(content.text)}"
    if content.type == "description":
        yield stem
    else:
        yield stem + "{" + _answers(content, question.key) + "}"


def _grading_notes(key: Key) -> Iterator[str]:
    if isinstance(key, ChoiceKey) and key.type == "multiple" and not key.partial_credit:
        yield "all-or-nothing"
    if isinstance(key, ShortAnswerKey):
        if key.case_sensitive:
            yield "case-sensitive"
        if any("->" in a.text or (a.feedback and "->" in a.feedback.text) for a in key.accepted):
            yield "short-answer"


def _answers(content: Content, key: Key) -> str:
    match content, key:
        case ChoiceContent(), ChoiceKey(type="true_false"):
            lines = [_true_false(key, content.format)]
        case ChoiceContent(), ChoiceKey():
            lines = _choice(content, key)
        case MatchingContent(), MatchingKey(partial_credit=True, feedback=()):
            lines = _matching(content, key)
        case _, ShortAnswerKey():
            lines = [
                "="
                + _weight(a.weight, FULL, a.text)
                + _marked(Text(a.text), "plain")
                + _said(a.feedback, content.format)
                for a in key.accepted
            ]
        case _, NumericKey():
            lines = ["#", *(_number(accepted, content.format) for accepted in key.accepted)]
        case _, OpenKey():
            lines = []
        case _ if content.type == key.type:
            raise ValueError(f"GIFT cannot hold this {content.type} question")
        case _:
            raise ValueError(f"a {content.type} question with the key of a {key.type} question")
    if key.general:
        lines.append("####" + _marked(key.general, content.format))
    return "\n\t".join(lines) + "\n" if len(lines) > 1 else "".join(lines)


def _true_false(key: ChoiceKey, format: Format) -> str:
    said = {mark.weight > 0: _said(mark.feedback, format) for mark in key.options}
    right = next(mark.id for mark in key.options if mark.weight > 0)
    if said[True]:
        return right.upper() + (said[False] or "#") + said[True]
    return right.upper() + said[False]


def _choice(content: ChoiceContent, key: ChoiceKey) -> list[str]:
    marks = {mark.id: mark for mark in key.options}
    lines = [""]
    for option in content.options:
        weight, feedback = marks[option.id].weight, marks[option.id].feedback
        right = key.type == "single" and weight == FULL
        start = (
            "=" + _weight(weight, FULL, option.text)
            if right
            else "~" + _weight(weight, Decimal(0), option.text)
        )
        lines.append(
            start
            + _marked(Text(option.text, option.format), content.format)
            + _said(feedback, content.format)
        )
    return lines


def _matching(content: MatchingContent, key: MatchingKey) -> list[str]:
    choices = {choice.id: choice.text for choice in content.choices}
    pairs = dict(key.pairs)
    lines = [""]
    for prompt in content.prompts:
        text = prompt.text.replace("->", "\u2192")
        start = _marked(Text(text, prompt.format), content.format)
        lines.append(f"={start} -> {_marked(Text(choices[pairs[prompt.id]]), 'plain')}")
    used = set(pairs.values())
    lines += [f"= -> {_marked(Text(choices[id]), 'plain')}" for id in choices if id not in used]
    return lines


def _number(accepted: AcceptedNumber, format: Format) -> str:
    if accepted.value is not None:
        range = f"{decimal_text(accepted.value)}:{decimal_text(accepted.tolerance)}"
    elif accepted.low is not None and accepted.high is not None:
        range = f"{decimal_text(accepted.low)}..{decimal_text(accepted.high)}"
    else:
        range = "*"
    return "=" + _weight(accepted.weight, FULL, range) + range + _said(accepted.feedback, format)


def _weight(weight: Decimal, usual: Decimal, text: str) -> str:
    """Written when it is not the usual one of the mark, or when the text could be taken for a weight."""
    return "" if weight == usual and not text.startswith("%") else f"%{decimal_text(weight)}%"


def _said(feedback: Text | None, format: Format) -> str:
    return "#" + _marked(feedback, format) if feedback else ""


def _marked(text: Text, usual: Format) -> str:
    """The escaped text, its format before it where the reader would take another or see one in the text."""
    named = text.format != usual or _LOOKS_FORMATTED.match(text.text)
    return (f"[{text.format}]" if named else "") + _clean(text.text)


def _clean(text: str) -> str:
    return escape(text.replace("\r\n", "\n").replace("\r", "\n"))


def _in_brackets(value: str) -> str:
    return re.sub(r"[\\\]]", r"\\\g<0>", _one_line(value))


def _one_line(text: str) -> str:
    return re.sub(r"[\r\n]+", " ", text)
