"""What a learner may see of a question while answering: the `content` document of a question version.

Everything secret (right answers, weights, feedback) is in `keys.py`, so that a page built from content alone
cannot give an answer away. Texts are source text with a format; turning them into HTML is the web layer's
work.

To add a type: a content class here, a key class in keys.py, a case in validation, grading, responses,
presentation and reviewing.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from lms.quizzes.fields import read_list, read_object, read_text

Format = Literal["html", "markdown", "plain", "moodle"]
ChoiceType = Literal["single", "multiple", "true_false"]
OpenType = Literal["short_answer", "numeric", "essay", "description"]
GapType = Literal["single", "short_answer", "numeric"]
QuestionType = Literal[
    "single",
    "multiple",
    "true_false",
    "short_answer",
    "numeric",
    "matching",
    "ordering",
    "cloze",
    "essay",
    "description",
]

FORMATS: tuple[Format, ...] = get_args(Format)
QUESTION_TYPES: tuple[QuestionType, ...] = get_args(QuestionType)
GAP = re.compile(r"\[\[([A-Za-z0-9_-]{1,20})\]\]")
"""How the text of a cloze question marks a gap: `[[capital]]`."""


@dataclass(frozen=True, slots=True)
class Text:
    """Source text and the notation it is written in (`moodle`: plain lines in which HTML is allowed)."""

    text: str
    format: Format = "plain"

    def to_json(self) -> dict[str, Any]:
        return {"text": self.text, "format": self.format}

    @classmethod
    def from_json(cls, data: object) -> "Text":
        found = read_object(data, "a text")
        return cls(read_text(found, "text"), read_format(found))


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose or to match. The id is unique in its list and stable within the version."""

    id: str
    text: str
    format: Format = "plain"

    def to_json(self) -> dict[str, Any]:
        return {"id": self.id, "text": self.text, "format": self.format}


@dataclass(frozen=True, slots=True)
class ChoiceContent:
    """Options to choose from. True/false has exactly the options "true" and "false", in this order."""

    type: ChoiceType
    text: str
    options: tuple[Option, ...]
    format: Format = "plain"

    def to_json(self) -> dict[str, Any]:
        return _stem(self) | {"options": [option.to_json() for option in self.options]}


@dataclass(frozen=True, slots=True)
class MatchingContent:
    """Prompts, each to be matched with one of the choices; a choice may fit several prompts or none."""

    text: str
    prompts: tuple[Option, ...]
    choices: tuple[Option, ...]
    format: Format = "plain"
    type: Literal["matching"] = "matching"

    def to_json(self) -> dict[str, Any]:
        return _stem(self) | {
            "prompts": [prompt.to_json() for prompt in self.prompts],
            "choices": [choice.to_json() for choice in self.choices],
        }


@dataclass(frozen=True, slots=True)
class OrderingContent:
    """Items to be put in order. Neither their ids nor their places here tell the right one."""

    text: str
    items: tuple[Option, ...]
    format: Format = "plain"
    type: Literal["ordering"] = "ordering"

    def to_json(self) -> dict[str, Any]:
        return _stem(self) | {"items": [item.to_json() for item in self.items]}


@dataclass(frozen=True, slots=True)
class OpenContent:
    """A question answered by typing, or a description, which is only read and earns no points."""

    type: OpenType
    text: str
    format: Format = "plain"

    def to_json(self) -> dict[str, Any]:
        return _stem(self)


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap of a cloze question: a small question of its own, with `options` when there is a choice."""

    id: str
    type: GapType
    options: tuple[Option, ...] = ()

    def to_json(self) -> dict[str, Any]:
        options = [option.to_json() for option in self.options]
        return {"id": self.id, "type": self.type} | ({"options": options} if self.type == "single" else {})

    def question(self) -> ChoiceContent | OpenContent:
        """What is asked at this gap, as a question that stands alone."""
        if self.type == "single":
            return ChoiceContent("single", f"[[{self.id}]]", self.options)
        return OpenContent(self.type, f"[[{self.id}]]")


@dataclass(frozen=True, slots=True)
class ClozeContent:
    """A text with gaps. Each stands once in the text, marked by its id: `[[id]]`."""

    text: str
    gaps: tuple[Gap, ...]
    format: Format = "plain"
    type: Literal["cloze"] = "cloze"

    def to_json(self) -> dict[str, Any]:
        return _stem(self) | {"gaps": [gap.to_json() for gap in self.gaps]}


Content = ChoiceContent | MatchingContent | OrderingContent | ClozeContent | OpenContent

TRUE_FALSE_OPTIONS = (Option("true", "True"), Option("false", "False"))


def content_from_json(data: object) -> Content:
    """The content stored as `data`. Raises ValueError naming what is wrong; unknown fields are ignored."""
    found = read_object(data, "the question")
    kind, text, format = found.get("type"), read_text(found, "text"), read_format(found)
    if kind in get_args(ChoiceType):
        return ChoiceContent(cast(ChoiceType, kind), text, _options(found, "options", format), format)
    if kind in get_args(OpenType):
        return OpenContent(cast(OpenType, kind), text, format)
    if kind == "matching":
        return MatchingContent(
            text, _options(found, "prompts", format), _options(found, "choices", format), format
        )
    if kind == "ordering":
        return OrderingContent(text, _options(found, "items", format), format)
    if kind == "cloze":
        return ClozeContent(text, _gaps(found, format), format)
    raise ValueError(f"unknown question type {kind!r}")


def gap_ids(text: str) -> list[str]:
    """The ids of the gaps that a text marks, in their order."""
    return GAP.findall(text)


def read_format(data: Mapping[str, Any], default: Format = "plain") -> Format:
    value = data.get("format", default)
    if value not in FORMATS:
        raise ValueError(f"unknown text format {value!r}")
    return cast(Format, value)


def numbered(texts: Iterable[Text]) -> tuple[Option, ...]:
    """Options with the ids "1", "2", ... in the order given."""
    return tuple(Option(str(number), item.text, item.format) for number, item in enumerate(texts, 1))


def _stem(content: "Content") -> dict[str, Any]:
    return {"type": content.type, "text": content.text, "format": content.format}


def _options(data: Mapping[str, Any], name: str, default: Format) -> tuple[Option, ...]:
    found = [read_object(item, f"each of '{name}'") for item in read_list(data, name)]
    options = tuple(Option(read_text(o, "id"), read_text(o, "text"), read_format(o, default)) for o in found)
    _differ(name, [option.id for option in options])
    return options


def _gaps(data: Mapping[str, Any], default: Format) -> tuple[Gap, ...]:
    gaps = []
    for item in read_list(data, "gaps"):
        found = read_object(item, "each of 'gaps'")
        kind = found.get("type")
        if kind not in get_args(GapType):
            raise ValueError(f"unknown type of gap {kind!r}")
        options = _options(found, "options", default) if kind == "single" else ()
        gaps.append(Gap(read_text(found, "id"), cast(GapType, kind), options))
    _differ("gaps", [gap.id for gap in gaps])
    return tuple(gaps)


def _differ(name: str, ids: list[str]) -> None:
    if "" in ids or len(set(ids)) < len(ids):
        raise ValueError(f"the ids in '{name}' must be there and differ")
