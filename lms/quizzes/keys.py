"""What stays secret until it may be shown: right answers, weights, tolerances, feedback; the `key` document
of a question version. Weights are percent of the question's points, -100 to 100. In JSON they are strings,
so that 33.33333 is never a binary fraction.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, cast, get_args

from lms.core.plain import decimal_text
from lms.quizzes.content import ChoiceType, MatchingContent, Option, OrderingContent, Text, numbered
from lms.quizzes.fields import read_bool, read_decimal, read_list, read_object, read_text

FULL = Decimal(100)
NONE = Decimal(0)
_SHOWS_PICTURE = re.compile(r"!\[[^\[\]]*\]\([^()\s]+\)|<img\s", re.IGNORECASE)

Notes = tuple[tuple[str, Text], ...]
"""(id, what is said beside it afterwards), in the order of the ids."""


@dataclass(frozen=True, slots=True)
class OptionMark:
    """What choosing the option `id` is worth, and what is said about it afterwards."""

    id: str
    weight: Decimal
    feedback: Text | None = None


@dataclass(frozen=True, slots=True)
class ChoiceKey:
    """Options with a positive weight are right. `partial_credit` only matters to `multiple`."""

    type: ChoiceType
    options: tuple[OptionMark, ...]
    general: Text | None = None
    partial_credit: bool = True

    def to_json(self) -> dict[str, Any]:
        options = [{"id": o.id, **_judgement(o.weight, o.feedback)} for o in self.options]
        return _base(self) | {"options": options, "partial_credit": self.partial_credit}


@dataclass(frozen=True, slots=True)
class AcceptedText:
    """An answer to compare with. `*` stands for any run of characters, `\\*` for an asterisk."""

    text: str
    weight: Decimal = FULL
    feedback: Text | None = None


@dataclass(frozen=True, slots=True)
class ShortAnswerKey:
    """Tried in order; the first that matches decides: a known mistake before a `*` has its feedback."""

    accepted: tuple[AcceptedText, ...]
    general: Text | None = None
    case_sensitive: bool = False
    type: Literal["short_answer"] = "short_answer"

    def to_json(self) -> dict[str, Any]:
        accepted = [{"text": a.text, **_judgement(a.weight, a.feedback)} for a in self.accepted]
        return _base(self) | {"accepted": accepted, "case_sensitive": self.case_sensitive}


@dataclass(frozen=True, slots=True)
class AcceptedNumber:
    """`value` +- `tolerance`, or `low` to `high` (ends included), or with none of them any answer at all."""

    value: Decimal | None = None
    tolerance: Decimal = NONE
    low: Decimal | None = None
    high: Decimal | None = None
    weight: Decimal = FULL
    feedback: Text | None = None

    @property
    def is_any(self) -> bool:
        return self.value is None and self.low is None


@dataclass(frozen=True, slots=True)
class NumericKey:
    """Tried in order; the first that matches decides."""

    accepted: tuple[AcceptedNumber, ...]
    general: Text | None = None
    type: Literal["numeric"] = "numeric"

    def to_json(self) -> dict[str, Any]:
        return _base(self) | {"accepted": [_number_to_json(number) for number in self.accepted]}


@dataclass(frozen=True, slots=True)
class MatchingKey:
    """(prompt id, id of its choice), each prompt once; every prompt is worth the same, or without
    `partial_credit` only all of them together. `feedback` is said beside a prompt that was answered."""

    pairs: tuple[tuple[str, str], ...]
    general: Text | None = None
    partial_credit: bool = True
    feedback: Notes = ()
    type: Literal["matching"] = "matching"

    def to_json(self) -> dict[str, Any]:
        return _base(self) | {"pairs": dict(self.pairs)} | _shared(self)


@dataclass(frozen=True, slots=True)
class OrderingKey:
    """The ids of the items, first to last. With `partial_credit` each item at its right place earns its
    share, else only the whole order. `feedback` is said beside an item that was placed."""

    order: tuple[str, ...]
    general: Text | None = None
    partial_credit: bool = True
    feedback: Notes = ()
    type: Literal["ordering"] = "ordering"

    def to_json(self) -> dict[str, Any]:
        return _base(self) | {"order": list(self.order)} | _shared(self)


@dataclass(frozen=True, slots=True)
class GapKey:
    """What is right at the gap `id`. `weight` is its share beside those of the other gaps: 1, 1, 2."""

    id: str
    key: ChoiceKey | ShortAnswerKey | NumericKey
    weight: Decimal = Decimal(1)

    def to_json(self) -> dict[str, Any]:
        return {"id": self.id, "weight": decimal_text(self.weight), "key": self.key.to_json()}


@dataclass(frozen=True, slots=True)
class ClozeKey:
    """One key a gap. Without `partial_credit` only all gaps together earn the points."""

    gaps: tuple[GapKey, ...]
    general: Text | None = None
    partial_credit: bool = True
    type: Literal["cloze"] = "cloze"

    def to_json(self) -> dict[str, Any]:
        gaps = [gap.to_json() for gap in self.gaps]
        return _base(self) | {"gaps": gaps, "partial_credit": self.partial_credit}


@dataclass(frozen=True, slots=True)
class OpenKey:
    """Nothing to compare with: an essay is graded by hand, a description not at all."""

    type: Literal["essay", "description"]
    general: Text | None = None

    def to_json(self) -> dict[str, Any]:
        return _base(self)


Key = ChoiceKey | ShortAnswerKey | NumericKey | MatchingKey | OrderingKey | ClozeKey | OpenKey


def key_from_json(data: object) -> Key:
    """The key stored as `data`. Raises ValueError naming what is wrong; unknown fields are ignored."""
    found = read_object(data, "the key")
    kind, general = found.get("type"), _feedback(found, "general")
    if kind in get_args(ChoiceType):
        marks = tuple(OptionMark(read_text(o, "id"), *_judged(o)) for o in _objects(found, "options"))
        return ChoiceKey(cast(ChoiceType, kind), marks, general, read_bool(found, "partial_credit", True))
    if kind == "short_answer":
        texts = tuple(AcceptedText(read_text(a, "text"), *_judged(a)) for a in _objects(found, "accepted"))
        return ShortAnswerKey(texts, general, read_bool(found, "case_sensitive", False))
    if kind == "numeric":
        return NumericKey(tuple(map(_number_from_json, _objects(found, "accepted"))), general)
    if kind == "matching":
        pairs = read_object(found.get("pairs"), "'pairs'")
        # jsonb reorders object keys: sorting makes the same key equal to itself after a stay in the database.
        by_prompt = tuple((p, read_text(pairs, p)) for p in sorted(pairs, key=_by_number))
        return MatchingKey(by_prompt, general, read_bool(found, "partial_credit", True), _notes(found))
    if kind == "ordering":
        order = tuple(read_text({"order": id}, "order") for id in read_list(found, "order"))
        return OrderingKey(order, general, read_bool(found, "partial_credit", True), _notes(found))
    if kind == "cloze":
        gaps = tuple(map(_gap_from_json, _objects(found, "gaps")))
        return ClozeKey(gaps, general, read_bool(found, "partial_credit", True))
    if kind == "essay" or kind == "description":
        return OpenKey(kind, general)
    raise ValueError(f"unknown question type {kind!r}")


def match_up(
    text: Text,
    pairs: Iterable[tuple[Text, str]],
    distractors: Iterable[str] = (),
    general: Text | None = None,
) -> tuple[MatchingContent, MatchingKey]:
    """A matching question from (prompt, right choice) pairs and choices that fit nothing.

    Choices are numbered in alphabetical order, equal ones once: numbered as written, the ids themselves would
    tell which choice belongs to which prompt. Choices are plain words, but one that shows a picture is in the
    notation of `text`.
    """
    found = list(pairs)
    texts = sorted(
        {choice for _, choice in found} | set(distractors), key=lambda item: (item.casefold(), item)
    )
    choices = tuple(
        Option(str(number), item, text.format if _SHOWS_PICTURE.search(item) else "plain")
        for number, item in enumerate(texts, 1)
    )
    ids = {choice.text: choice.id for choice in choices}
    prompts = numbered(prompt for prompt, _ in found)
    key = MatchingKey(
        tuple((p.id, ids[choice]) for p, (_, choice) in zip(prompts, found, strict=True)), general
    )
    return MatchingContent(text.text, prompts, choices, text.format), key


def put_in_order(
    text: Text, items: Iterable[Text], general: Text | None = None, *, partial_credit: bool = True
) -> tuple[OrderingContent, OrderingKey]:
    """An ordering question from its items in the right order; their ids follow the alphabet instead."""
    right = list(items)
    places = sorted(range(len(right)), key=lambda place: (right[place].text.casefold(), place))
    offered = numbered(right[place] for place in places)
    ids = {place: option.id for place, option in zip(places, offered, strict=True)}
    key = OrderingKey(tuple(ids[place] for place in range(len(right))), general, partial_credit)
    return OrderingContent(text.text, offered, text.format), key


def _base(key: "Key") -> dict[str, Any]:
    return {"type": key.type, "general": key.general.to_json() if key.general else None}


def _shared(key: MatchingKey | OrderingKey) -> dict[str, Any]:
    said = {"feedback": {id: text.to_json() for id, text in key.feedback}} if key.feedback else {}
    return {"partial_credit": key.partial_credit} | said


def _notes(data: Mapping[str, Any]) -> Notes:
    found = read_object(data.get("feedback") or {}, "'feedback'")
    return tuple((id, Text.from_json(found[id])) for id in sorted(found, key=_by_number))


def _gap_from_json(data: Mapping[str, Any]) -> GapKey:
    key = key_from_json(data.get("key"))
    if not isinstance(key, ChoiceKey | ShortAnswerKey | NumericKey):
        raise ValueError(f"a gap cannot have the key of a {key.type} question")
    return GapKey(read_text(data, "id"), key, read_decimal(data, "weight"))


def _judgement(weight: Decimal, feedback: Text | None) -> dict[str, Any]:
    return {"weight": decimal_text(weight), "feedback": feedback.to_json() if feedback else None}


def _judged(data: Mapping[str, Any]) -> tuple[Decimal, Text | None]:
    return read_decimal(data, "weight"), _feedback(data, "feedback")


def _feedback(data: Mapping[str, Any], name: str) -> Text | None:
    return None if data.get(name) is None else Text.from_json(data[name])


def _objects(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return [read_object(item, f"each of '{name}'") for item in read_list(data, name)]


def _by_number(id: str) -> tuple[int, str]:
    return len(id), id


def _number_to_json(number: AcceptedNumber) -> dict[str, Any]:
    if number.value is not None:
        range = {"value": decimal_text(number.value), "tolerance": decimal_text(number.tolerance)}
    elif number.low is not None and number.high is not None:
        range = {"min": decimal_text(number.low), "max": decimal_text(number.high)}
    else:
        range = {}
    return range | _judgement(number.weight, number.feedback)


def _number_from_json(data: Mapping[str, Any]) -> AcceptedNumber:
    weight, feedback = _judged(data)
    if "value" in data:
        tolerance = read_decimal(data, "tolerance") if "tolerance" in data else NONE
        return AcceptedNumber(read_decimal(data, "value"), tolerance, weight=weight, feedback=feedback)
    if "min" in data or "max" in data:
        low, high = read_decimal(data, "min"), read_decimal(data, "max")
        return AcceptedNumber(low=low, high=high, weight=weight, feedback=feedback)
    return AcceptedNumber(weight=weight, feedback=feedback)
