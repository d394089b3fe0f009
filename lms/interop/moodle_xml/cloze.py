r"""Gaps in the notation of Moodle's "embedded answers": `{1:SHORTANSWER:=Paris#Yes~%50%paris}`.

Rules of its importer (docs.moodle.org, "Embedded Answers (Cloze) question type"): answers follow each other after
`~`, `=` or `%100%` marks the right one, `#` begins the feedback, `\` protects `}`, `~`, `#`, `/`, `"` and `\`.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from lms.core.phrases import Phrase
from lms.interop.gift.report import Refused
from lms.quizzes.content import GAP, ClozeContent, Format, Gap, GapType, Text, numbered
from lms.quizzes.fields import exact_decimal
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

_KINDS: dict[str, GapType] = {
    **dict.fromkeys(("SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"), "short_answer"),
    **dict.fromkeys(("NUMERICAL", "NM"), "numeric"),
    **dict.fromkeys(("MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH"), "single"),
    **dict.fromkeys(("MULTICHOICE_S", "MCS", "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"), "single"),
}
_SEVERAL = ("MULTIRESPONSE", "MR")
_CASE = ("SHORTANSWER_C", "SAC", "MWC")
# Bounded, and an end that is missing ends the reading: hostile texts take no longer than long ones.
_BEGIN = re.compile(r"(?<!\\)\{\s{0,9}([0-9.]{0,12})\s{0,9}:\s{0,9}([A-Z_]{2,30})\s{0,9}(:|\})")
_BODY = re.compile(r"((?:\\.|[^\\}])*)\}", re.DOTALL)
_WEIGHT = re.compile(r"\s*%\s*(-?[0-9]{1,3}(?:[.,][0-9]{0,20})?)\s*%")


@dataclass(frozen=True, slots=True)
class Alternative:
    weight: Decimal
    text: str
    feedback: Text | None


def read_cloze(stem: Text, general: Text | None) -> tuple[ClozeContent, ClozeKey]:
    """The question in `stem`; its gaps get the ids "1", "2", ... Raises Refused."""
    gaps: list[Gap] = []
    keys: list[GapKey] = []
    parts, end = [], 0
    while begin := _BEGIN.search(stem.text, end):
        id, body = str(len(gaps) + 1), ""
        parts += [_outside(stem.text[end : begin.start()]), f"[[{id}]]"]
        end = begin.end()
        if begin[3] == ":":
            found = _BODY.match(stem.text, end)
            if found is None:
                raise Refused(
                    Phrase("the gap that begins with “%(text)s” is not closed with a }", text=begin[0][:20])
                )
            body, end = found[1], found.end()
        gap, key = _gap(id, begin[1], begin[2], body, stem.format)
        gaps.append(gap)
        keys.append(key)
    if not gaps:
        raise Refused(Phrase("it has no gap, such as {1:SHORTANSWER:=Paris}"))
    text = "".join([*parts, _outside(stem.text[end:])])
    return ClozeContent(text, tuple(gaps), stem.format), ClozeKey(tuple(keys), general)


def _outside(text: str) -> str:
    """What could be taken for a gap of ours is kept apart by a joiner that nobody sees."""
    return GAP.sub(lambda found: f"[\u2060[{found[1]}]]", text)


def _gap(id: str, weight: str, name: str, body: str, format: Format) -> tuple[Gap, GapKey]:
    kind = _KINDS.get(name)
    where = {"gap": id, "kind": name}
    if kind is None and name.startswith(_SEVERAL):
        raise Refused(
            Phrase("gap %(gap)s (%(kind)s) takes several answers, which a gap here cannot", **where)
        )
    if kind is None:
        raise Refused(Phrase("gap %(gap)s (%(kind)s) is of an unknown type", **where))
    answers = list(_alternatives(body, format))
    if not answers:
        raise Refused(Phrase("gap %(gap)s (%(kind)s) has no answers", **where))
    points = exact_decimal(weight) if weight else Decimal(1)
    if points is None or points <= 0:
        raise Refused(Phrase("gap %(gap)s (%(kind)s) has the weight “%(weight)s”", **where, weight=weight))
    if kind == "single":
        options = numbered(Text(a.text, format) for a in answers)
        marks = tuple(OptionMark(o.id, a.weight, a.feedback) for o, a in zip(options, answers, strict=True))
        return Gap(id, "single", options), GapKey(id, ChoiceKey("single", marks), points)
    if kind == "short_answer":
        texts = tuple(AcceptedText(_typed(a.text, format), a.weight, a.feedback) for a in answers)
        return Gap(id, kind), GapKey(id, ShortAnswerKey(texts, case_sensitive=name in _CASE), points)
    numbers = tuple(_number(where, a, _typed(a.text, format)) for a in answers)
    return Gap(id, "numeric"), GapKey(id, NumericKey(numbers), points)


def _alternatives(body: str, format: Format) -> Iterator[Alternative]:
    for raw in _split("~", body):
        if not raw.strip():
            continue
        text, *feedback = _split("#", raw, 1)
        text, weight = text.lstrip(), NONE
        if text.startswith("="):
            text, weight = text[1:], FULL
        elif found := _WEIGHT.match(text):
            text, weight = text[found.end() :], Decimal(found[1].replace(",", ".").rstrip("."))
        said = _unescaped(feedback[0]).strip() if feedback else ""
        yield Alternative(weight, _unescaped(text).strip(), Text(said, format) if said else None)


def _split(mark: str, text: str, most: int = -1) -> list[str]:
    """At each `mark` that no backslash protects; not inside an HTML entity such as `&#39;`."""
    places = [
        found.start()
        for found in re.finditer(rf"\\.|&#?\w{{1,31}};|({mark})", text, re.DOTALL)
        if found[1] is not None
    ]
    if most >= 0:
        places = places[:most]
    return [text[a:b] for a, b in zip([0, *(p + 1 for p in places)], [*places, len(text)], strict=True)]


def _unescaped(text: str) -> str:
    return re.sub(r"\\([\\}~#/\"={%])", r"\1", text)


def _typed(text: str, format: Format) -> str:
    """What learners are to type has no markup."""
    return html.unescape(text) if format in ("html", "moodle") else text


def _number(where: Mapping[str, str], answer: Alternative, text: str) -> AcceptedNumber:
    if text == "*":
        return AcceptedNumber(weight=answer.weight, feedback=answer.feedback)
    value, _, tolerance = text.partition(":")
    low, dots, high = text.partition("..")
    if dots:
        numbers = exact_decimal(low), exact_decimal(high)
        if numbers[0] is not None and numbers[1] is not None:
            return AcceptedNumber(
                low=numbers[0], high=numbers[1], weight=answer.weight, feedback=answer.feedback
            )
    one, two = exact_decimal(value.replace(",", ".")), exact_decimal(tolerance.replace(",", ".") or "0")
    if one is None or two is None:
        raise Refused(
            Phrase(
                "gap %(gap)s (%(kind)s) accepts “%(text)s”, which is not a number", **where, text=text[:40]
            )
        )
    return AcceptedNumber(one, two, weight=answer.weight, feedback=answer.feedback)
