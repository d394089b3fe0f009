"""What reading a Moodle XML file gives: questions, the files that came with them, and every item not taken."""

from dataclasses import dataclass, field
from decimal import Decimal

from lms.interop.gift.report import GiftQuestion, Problem


@dataclass(frozen=True, slots=True)
class MoodleQuestion(GiftQuestion):
    """A question with its points, which GIFT has no place for."""

    points: Decimal = Decimal(1)


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
