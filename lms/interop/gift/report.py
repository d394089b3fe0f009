"""What reading a GIFT file gives: the questions taken, and every item not taken, with line and reason."""

from dataclasses import dataclass, field
from typing import Literal

from lms.core.phrases import Phrase, Phrased
from lms.quizzes.content import Content, QuestionType
from lms.quizzes.keys import Key


class Refused(Phrased):
    """The item cannot be taken, for the reason that its author reads."""


@dataclass(frozen=True, slots=True)
class GiftQuestion:
    """A question as the file has it; `id`, `title` and `category` are "" when not given.

    `line` is where it begins, from 1; it does not matter to equality.
    """

    content: Content
    key: Key
    title: str = ""
    id: str = ""
    tags: tuple[str, ...] = ()
    category: str = ""
    line: int = field(default=1, compare=False)

    @property
    def type(self) -> QuestionType:
        return self.content.type


@dataclass(frozen=True, slots=True)
class Problem:
    """An `error` is an item that was not taken; a `note` is something the author should look at."""

    line: int
    text: str
    reason: Phrase
    severity: Literal["error", "note"] = "error"


@dataclass(frozen=True, slots=True)
class GiftResult:
    questions: tuple[GiftQuestion, ...]
    problems: tuple[Problem, ...]


def excerpt(text: str) -> str:
    """The beginning of an item, on one line, to recognise it by."""
    words = " ".join(text[:400].split())
    return words if len(words) <= 80 else words[:79] + "\u2026"
