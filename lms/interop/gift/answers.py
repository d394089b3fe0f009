"""The part between the braces: its type by Moodle's rules, its answers, weights and feedback."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from lms.core.phrases import Phrase
from lms.interop.gift.lexer import SPACE, find_all, unescape
from lms.interop.gift.report import Refused
from lms.quizzes.content import (
    TRUE_FALSE_OPTIONS,
    ChoiceContent,
    Content,
    Format,
    OpenContent,
    Text,
    numbered,
)
from lms.quizzes.fields import exact_decimal
from lms.quizzes.keys import (
    FULL,
    NONE,
    AcceptedNumber,
    AcceptedText,
    ChoiceKey,
    Key,
    NumericKey,
    OpenKey,
    OptionMark,
    ShortAnswerKey,
    match_up,
)

_FORMAT = re.compile(r"[ \t\n]*\[(html|markdown|plain|moodle)\]", re.IGNORECASE)
_WEIGHT = re.compile(r"%\s*(-?[0-9]{1,3}(?:[.,][0-9]{0,20})?)\s*%")
_WRAPPED = re.compile(r"[ \t]*\n[ \t\n]*")
MOST_QUOTED = 40
"""Characters of an answer in what is said of it."""
_TRUE_FALSE = {"T": True, "TRUE": True, "F": False, "FALSE": False}


@dataclass(frozen=True, slots=True)
class Answer:
    """One `=` or `~` answer, still escaped; `whole` is all of it, `raw` what weight and feedback leave."""

    mark: str
    whole: str
    weight: Decimal
    raw: str
    feedback: Text | None


def formatted(raw: str, default: Format) -> Text:
    """The text with its `[format]` taken off. In the `moodle` format line ends only wrap the source, and a
    new line is written `\\n`; in the other formats they are kept."""
    found = _FORMAT.match(raw)
    format = cast(Format, found[1].lower()) if found else default
    text = raw[found.end() :] if found else raw
    text = text.strip(SPACE)
    return Text(unescape(_WRAPPED.sub(" ", text) if format == "moodle" else text), format)


def read_answers(stem: Text, inner: str, grading: frozenset[str]) -> tuple[Content, Key]:
    """Content and key of a question with the text `stem` and `inner` between its braces; `grading` holds what
    the comments say of it (see `export`). Raises Refused."""
    inner, general = _split_general(inner, stem.format)
    body = inner.strip(SPACE)
    if not body:
        return OpenContent("essay", stem.text, stem.format), OpenKey("essay", general)
    if body.startswith("#"):
        return OpenContent("numeric", stem.text, stem.format), _numeric(body[1:], stem.format, general)
    if (true_false := _true_false(stem, body, general)) is not None:
        return true_false
    answers = list(_split_answers(body, stem.format, lead="="))
    marks = {answer.mark for answer in answers}
    if "~" in marks:
        return _choice(stem, answers, general, "all-or-nothing" not in grading)
    if "short-answer" not in grading and _are_pairs(answers):
        return _matching(stem, answers, general)
    accepted = tuple(AcceptedText(_plain(a.raw), a.weight, a.feedback) for a in answers)
    key = ShortAnswerKey(accepted, general, "case-sensitive" in grading)
    return OpenContent("short_answer", stem.text, stem.format), key


def _split_general(inner: str, format: Format) -> tuple[str, Text | None]:
    found = find_all("####", inner)
    if not found:
        return inner, None
    position = found[0][0]
    return inner[:position], _feedback(inner[position + 4 :], format)


def _feedback(raw: str, format: Format) -> Text | None:
    text = formatted(raw, format)
    return text if text.text else None


def _split_answers(body: str, format: Format, lead: str) -> Iterator[Answer]:
    """Answers each with its mark. What stands before the first mark is an answer only when it is all there is
    (`{One}`), or in a numeric question, where the mark `lead` may be left out."""
    marks = find_all("[=~]", body)
    starts = [position for position, _ in marks]
    before = body[: starts[0]] if starts else body
    if before.strip(SPACE):
        if starts and lead != "#":
            raise Refused(
                Phrase("the first answer must begin with = or ~, not with “%(text)s”", text=_quoted(before))
            )
        yield _answer("=", before, format)
    for (position, mark), end in zip(marks, [*starts[1:], len(body)][: len(marks)], strict=True):
        yield _answer(mark, body[position + 1 : end], format)


def _answer(mark: str, whole: str, format: Format) -> Answer:
    hashes = find_all("#", whole)
    feedback = _feedback(whole[hashes[0][0] + 1 :], format) if hashes else None
    text = (whole[: hashes[0][0]] if hashes else whole).strip(SPACE)
    weight = FULL if mark == "=" else NONE
    if found := _WEIGHT.match(text):
        weight = Decimal(found[1].replace(",", ".").rstrip("."))
        text = text[found.end() :].strip(SPACE)
    return Answer(mark, whole, weight, text, feedback)


def _quoted(raw: str) -> str:
    return raw.strip(SPACE)[:MOST_QUOTED]


def _plain(raw: str) -> str:
    return formatted(raw, "plain").text


def _true_false(stem: Text, body: str, general: Text | None) -> tuple[Content, Key] | None:
    """`{T}`, `{FALSE#for a wrong answer#for the right one}`."""
    hashes = [position for position, _ in find_all("#", body)][:2]
    is_true = _TRUE_FALSE.get(body[: hashes[0] if hashes else None].strip(SPACE).upper())
    if is_true is None:
        return None
    ends = [*hashes[1:], len(body)][: len(hashes)]
    said = [_feedback(body[start + 1 : end], stem.format) for start, end in zip(hashes, ends, strict=True)]
    if_wrong, if_right = [*said, None, None][:2]
    marks = tuple(
        OptionMark(option.id, FULL, if_right)
        if (option.id == "true") == is_true
        else OptionMark(option.id, NONE, if_wrong)
        for option in TRUE_FALSE_OPTIONS
    )
    content = ChoiceContent("true_false", stem.text, TRUE_FALSE_OPTIONS, stem.format)
    return content, ChoiceKey("true_false", marks, general)


def _choice(stem: Text, answers: list[Answer], general: Text | None, partial: bool) -> tuple[Content, Key]:
    _refuse_contradictions(answers)
    options = numbered(formatted(answer.raw, stem.format) for answer in answers)
    marks = tuple(OptionMark(o.id, a.weight, a.feedback) for o, a in zip(options, answers, strict=True))
    if any(answer.mark == "=" for answer in answers):
        return ChoiceContent("single", stem.text, options, stem.format), ChoiceKey("single", marks, general)
    content = ChoiceContent("multiple", stem.text, options, stem.format)
    return content, ChoiceKey("multiple", marks, general, partial)


def _refuse_contradictions(answers: list[Answer]) -> None:
    """The same text may stand there twice, but not as right and as wrong."""
    right = {_plain(answer.raw): answer.weight > NONE for answer in answers}
    for answer in answers:
        text = _plain(answer.raw)
        if right[text] != (answer.weight > NONE):
            raise Refused(Phrase("“%(text)s” is marked as right and as wrong", text=text[:MOST_QUOTED]))


def _are_pairs(answers: list[Answer]) -> bool:
    """An arrow only in some feedback makes no pair; in every answer it does, for a prompt may hold a #."""
    return any("->" in answer.raw for answer in answers) or all("->" in answer.whole for answer in answers)


def _matching(stem: Text, answers: list[Answer], general: Text | None) -> tuple[Content, Key]:
    """Pairs have neither weight nor feedback: there `%` and `#` are themselves, as in Moodle."""
    pairs, distractors = [], []
    for answer in answers:
        prompt, arrow, choice = answer.whole.partition("->")
        if not arrow:
            raise Refused(
                Phrase("“%(text)s” has no -> as the other answers have", text=_quoted(answer.whole))
            )
        found = formatted(prompt, stem.format)
        if found.text:
            pairs.append((found, _plain(choice)))
        else:
            distractors.append(_plain(choice))
    return match_up(stem, pairs, distractors, general)


def _numeric(body: str, format: Format, general: Text | None) -> NumericKey:
    return NumericKey(tuple(_number(answer) for answer in _split_answers(body, format, lead="#")), general)


def _number(answer: Answer) -> AcceptedNumber:
    text = unescape(answer.raw).replace("\u2212", "-")
    if text in ("", "*"):
        if answer.mark == "=" and not text:
            raise Refused(Phrase("a numeric answer has no number"))
        return AcceptedNumber(weight=answer.weight, feedback=answer.feedback)
    first, mark, second = text.partition("..") if ".." in text else text.partition(":")
    one, two = exact_decimal(first), exact_decimal(second) if mark else NONE
    if one is None or two is None:
        raise Refused(
            Phrase(
                "“%(text)s” is not a number, a number with a tolerance (3:0.5) or a range (1..5)",
                text=_quoted(text),
            )
        )
    if mark == "..":
        return AcceptedNumber(low=one, high=two, weight=answer.weight, feedback=answer.feedback)
    return AcceptedNumber(one, two, weight=answer.weight, feedback=answer.feedback)
