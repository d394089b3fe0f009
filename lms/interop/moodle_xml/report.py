"""What reading a Moodle XML file gives: questions, the files that came with them, and every item not taken."""

from dataclasses import dataclass, field
from decimal import Decimal

from lms.interop.gift.report import Problem
from lms.quizzes.content import Content, QuestionType
from lms.quizzes.keys import Key


class Refused(ValueError):
    """The item cannot be taken; the message says why, in words for its author."""


@dataclass(frozen=True, slots=True)
class MoodleQuestion:
    """A question as the file has it; `id`, `title` and `category` are "" when not given.

    `line` is where it begins, from 1; it does not matter to equality.
    """

    content: Content
    key: Key
    title: str = ""
    id: str = ""
    tags: tuple[str, ...] = ()
    category: str = ""
    points: Decimal = Decimal(1)
    line: int = field(default=1, compare=False)

    @property
    def type(self) -> QuestionType:
        return self.content.type


@dataclass(frozen=True, slots=True)
class File:
    """A file of the questions. Its `path` carries a mark of its content, so that equal paths are equal files."""

    path: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class MoodleResult:
    questions: tuple[MoodleQuestion, ...]
    problems: tuple[Problem, ...]
    files: tuple[File, ...] = ()
