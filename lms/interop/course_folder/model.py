"""A course as it stands in a folder: plain values, before anything is stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from types import TracebackType
from typing import Any, BinaryIO, Literal, Self

from lms.core.phrases import Phrase
from lms.interop.gift.report import GiftQuestion

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes. `ratio` is unpacked to packed size, asked of members above `ratio_from`."""

    file: int = 100 * MB
    total: int = 1024 * MB
    files: int = 5_000
    depth: int = 10
    markdown: int = 2 * MB
    ratio: int = 100
    ratio_from: int = MB


@dataclass(frozen=True, slots=True)
class Problem:
    """`path` is relative to the course folder ("" is the whole); an error keeps the course from import."""

    path: str
    line: int | None
    severity: Literal["error", "warning"]
    message: Phrase

    @property
    def rank(self) -> tuple[bool, str, int, str]:
        """To sort by: errors first, then by file and line; what is said of a whole file before its lines."""
        return (self.severity != "error", self.path, self.line or 0, self.message)

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{self.severity}: {where}: {self.message}" if where else f"{self.severity}: {self.message}"


@dataclass(frozen=True, slots=True)
class AssetSource:
    """`open` gives the bytes anew at each call, for as long as the Reading is open."""

    path: str
    size: int
    sha256: str
    media_type: str
    width: int | None
    height: int | None
    open: Callable[[], BinaryIO] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class PageSource:
    id: str
    slug: str
    title: str
    body: str
    path: str


@dataclass(frozen=True, slots=True)
class DrawSource:
    """So many questions of the bank with all of `tags`, drawn for each attempt, each for `points`."""

    count: int
    tags: tuple[str, ...] = ()
    points: int | Decimal = 1


@dataclass(frozen=True, slots=True)
class BankSource:
    """Questions that stand in no quiz; `points` by their ids where they are not 1."""

    path: str
    questions: tuple[GiftQuestion, ...]
    points: Mapping[str, int | Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QuizSource:
    """Settings are None where the course does not say. `from_bank` names by its id the question of the bank that
    one of the quiz is a copy of."""

    id: str
    slug: str
    title: str
    path: str
    questions: tuple[GiftQuestion, ...]
    mode: Literal["practice", "graded"] | None = None
    required: bool | None = None
    published: bool | None = None
    passing_score: int | Decimal | None = None
    max_attempts: int | None = None
    time_limit_seconds: int | None = None
    shuffle_questions: bool | None = None
    shuffle_options: bool | None = None
    counts: str | None = None
    one_per_page: bool | None = None
    reveal: str | None = None
    reveal_score: str | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    points: Mapping[str, int | Decimal] = field(default_factory=dict)
    draws: tuple[DrawSource, ...] = ()
    from_bank: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One row of a rubric: what is looked at, and what each level of it looks like (Markdown)."""

    title: str
    descriptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rubric:
    levels: tuple[str, ...]
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class AssignmentSource:
    """`body` is the brief without its rubric, which stands in `rubric`. `points_at` are the file and line that say
    `max_points`."""

    id: str
    slug: str
    title: str
    body: str
    path: str
    rubric: Rubric | None = None
    max_points: int | Decimal | None = None
    points_at: tuple[str, int | None] = ("", None)
    required: bool | None = None
    rules: Mapping[str, Any] = field(default_factory=dict)
    level_percents: list[float] | None = None


@dataclass(frozen=True, slots=True)
class LessonSource:
    id: str
    slug: str
    title: str
    body: str
    path: str
    duration_minutes: int | None = None
    preview: bool = False
    required: bool | None = None
    published: bool | None = None
    release: Mapping[str, Any] | None = None
    pages: tuple[PageSource, ...] = ()
    quizzes: tuple[QuizSource, ...] = ()
    assignments: tuple[AssignmentSource, ...] = ()


@dataclass(frozen=True, slots=True)
class ModuleSource:
    id: str
    slug: str
    title: str
    body: str
    path: str
    lessons: tuple[LessonSource, ...] = ()


@dataclass(frozen=True, slots=True)
class CategorySource:
    """A category of the gradebook, with the ids of the quizzes and assignments that count in it."""

    name: str
    weight: Decimal
    drop: int
    quizzes: tuple[str, ...] = ()
    assignments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CourseSource:
    """`description` is the Markdown under course.md's front matter; `cover` is the path of an asset.

    How one enrolls and how grades are counted is None where the folder does not say. `first_lines` gives by path
    the line of a file on which its body begins, where that is not 1.
    """

    title: str
    slug: str
    summary: str
    description: str
    language: str
    level: Literal["beginner", "intermediate", "advanced"]
    category: str
    license: str
    authors: tuple[str, ...]
    source_url: str
    tags: tuple[str, ...]
    certificate: bool
    cover: str | None
    prerequisites: tuple[str, ...]
    modules: tuple[ModuleSource, ...]
    assets: tuple[AssetSource, ...]
    bank: BankSource | None = None
    access: str | None = None
    capacity: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    grade_categories: tuple[CategorySource, ...] | None = None
    first_lines: Mapping[str, int] = field(default_factory=dict, repr=False, compare=False)

    @property
    def lessons(self) -> tuple[LessonSource, ...]:
        return tuple(lesson for module in self.modules for lesson in module.lessons)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found. Use it in a `with` block: assets are read from the source until `close()`."""

    course: CourseSource | None
    problems: tuple[Problem, ...]
    close: Callable[[], None] = field(repr=False, compare=False)

    @property
    def ok(self) -> bool:
        """Whether this may be imported: nothing wrong but for warnings."""
        return self.course is not None and not any(p.severity == "error" for p in self.problems)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
