"""A course's lessons as pages list them: the same for everyone who reads the course, but for the state of each."""

from collections.abc import Mapping
from typing import NamedTuple

from lms.learning.outline import Line, Outline
from lms.learning.release import Hold
from lms.learning.words import hold_words


class Entry(NamedTuple):
    """One lesson; `note` says what it waits for."""

    slug: str
    title: str
    minutes: int
    is_preview: bool
    is_required: bool
    is_published: bool
    note: str


class Part(NamedTuple):
    """A module with its lessons; `introduction` is HTML, or empty."""

    slug: str
    title: str
    introduction: str
    entries: tuple[Entry, ...]


def parts(
    outline: Outline, holds: Mapping[int, Hold], introductions: Mapping[str, str] | None = None
) -> tuple[Part, ...]:
    """What `same` can keep of an outline; `introductions` are HTML by the module's slug."""
    told = introductions or {}
    return tuple(
        Part(
            chapter.slug,
            chapter.title,
            told.get(chapter.slug, ""),
            tuple(_entry(line, holds) for line in chapter.lessons),
        )
        for chapter in outline.chapters()
    )


def _entry(line: Line, holds: Mapping[int, Hold]) -> Entry:
    return Entry(
        line.slug,
        line.title,
        line.minutes,
        line.is_preview,
        line.is_required,
        line.is_published,
        hold_words(holds[line.id]) if line.id in holds else "",
    )


def states(
    outline: Outline, holds: Mapping[int, Hold], *, learns: bool = True, reads_all: bool = True
) -> list[str]:
    """The state of each lesson, in order: completed, in_progress, not_started or locked. Who only looks around
    (not `learns`) has done nothing; who does not read the whole course has its previews alone."""
    shut = holds.keys()
    return [
        "locked"
        if line.id in shut or not (reads_all or line.is_preview)
        else (line.state if learns else "not_started")
        for line in outline.lines
    ]


def places(outline: Outline, holds: Mapping[int, Hold], here: str) -> list[str]:
    """For each lesson in order whether it is the one that is open (here, or elsewhere), and its state."""
    seen = zip(outline.lines, states(outline, holds), strict=True)
    return [name for line, state in seen for name in ("here" if line.slug == here else "elsewhere", state)]
