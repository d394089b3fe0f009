"""A course's lessons in order, with what one learner did with them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

from lms.learning import rules
from lms.learning.release import Hold, hold


class Line(NamedTuple):
    """One lesson; `state` is not_started, in_progress or completed. The order is that of the query."""

    id: int
    slug: str
    title: str
    minutes: int
    is_preview: bool
    is_required: bool
    is_published: bool
    state: str
    module_slug: str
    module_title: str
    source_id: str = ""
    release: dict[str, Any] | None = None
    quiz: list[Any] | None = None
    """The quiz that `release` names, as `release.hold` takes it."""

    @property
    def counts(self) -> bool:
        """Whether progress is measured by this lesson."""
        return self.is_required and self.is_published


class Chapter(NamedTuple):
    """A module that has lessons."""

    slug: str
    title: str
    lessons: list[Line]


@dataclass(frozen=True)
class Outline:
    """`Outline.of(rows)` reads what `queries` selected."""

    lines: tuple[Line, ...]

    @classmethod
    def of(cls, rows: Iterable[Iterable[Any]], *, with_unpublished: bool = False) -> "Outline":
        """Learners see published lessons; staff also the others."""
        lines = (Line(*row) for row in rows)
        return cls(tuple(line for line in lines if line.is_published or with_unpublished))

    @cached_property
    def required(self) -> int:
        return sum(line.counts for line in self.lines)

    @cached_property
    def completed(self) -> int:
        return sum(line.counts and line.state == "completed" for line in self.lines)

    @property
    def percent(self) -> int:
        return rules.progress_percent(self.completed, self.required)

    @property
    def is_complete(self) -> bool:
        return rules.is_complete(self.completed, self.required)

    @property
    def minutes(self) -> int:
        return sum(line.minutes for line in self.lines)

    def chapters(self) -> Iterator[Chapter]:
        """The modules with their lessons."""
        for (slug, title), lines in groupby(
            self.lines, key=lambda line: (line.module_slug, line.module_title)
        ):
            yield Chapter(slug, title, list(lines))

    def holds(
        self, enrolled_at: datetime | None, at: datetime, begins_at: datetime | None = None
    ) -> dict[int, Hold]:
        """By id the lessons that are not open to this reader yet, and why. `begins_at` is when the course will: until
        then only previews are open."""
        found = {
            line.id: held
            for line in self.lines
            if line.release
            and (held := hold(line.release, enrolled_at, at, self.lines, line.quiz, line.id)) is not None
        }
        if begins_at is None:
            return found
        start = Hold(begins_at, is_course=True)
        waiting = {line.id: start for line in self.lines if not line.is_preview}
        later = {n: held for n, held in found.items() if (held.opens_at or begins_at) > begins_at}
        return found | waiting | later

    def with_state(self, lesson_id: int, state: str) -> "Outline":
        """The same outline after one lesson moved on; completed never goes back."""
        return replace(
            self,
            lines=tuple(
                line._replace(state=state) if line.id == lesson_id and line.state != "completed" else line
                for line in self.lines
            ),
        )

    def place(self, lesson_id: int) -> int:
        """The lesson's number in the course, from 1; 0 when it is not in the outline."""
        return next((n for n, line in enumerate(self.lines, 1) if line.id == lesson_id), 0)

    def before(self, lesson_id: int) -> Line | None:
        """The lesson in front of this one."""
        place = self.place(lesson_id)
        return self.lines[place - 2] if place > 1 else None

    def after(self, lesson_id: int) -> Line | None:
        """The lesson behind this one."""
        place = self.place(lesson_id)
        return self.lines[place] if 0 < place < len(self.lines) else None

    def resume(self, last_lesson_id: int | None) -> Line | None:
        """Where the learner goes on: the last lesson while it is not completed, else the next that isn't;
        when all is done, the last lesson again. None when there are no lessons."""
        if not self.lines:
            return None
        start = max(self.place(last_lesson_id or 0) - 1, 0)
        ahead = (*self.lines[start:], *self.lines[:start])
        return next((line for line in ahead if line.state != "completed"), self.lines[start])
