"""Which entries a learner's dates make."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from lms.assignments.rules import Terms
from lms.learning.owing import came_after

Kind = Literal["course_starts", "course_ends", "quiz_opens", "quiz_closes", "quiz_window", "assignment_due"]

LONGEST_SITTING = timedelta(days=1)
"""A window up to here is something one attends, and is shown as such; a longer one is two moments."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A moment, or a time from `begins` to `ends`. `uid` stays the same when the dates move."""

    uid: str
    kind: Kind
    begins: datetime
    ends: datetime | None
    course_slug: str
    course_title: str
    changed_at: datetime
    quiz_title: str = ""
    quiz_slug: str = ""
    lesson_slug: str = ""
    assignment_title: str = ""
    assignment_slug: str = ""


def entries(
    courses: Iterable[Any], quizzes: Iterable[Any], assignments: Iterable[Any] = ()
) -> Iterator[Entry]:
    """From rows of `queries.courses`, `queries.quizzes` and `queries.assignments`; what was over when the learner came is no
    date of theirs."""
    for row in courses:
        about = (row.slug, row.title, row.updated_at)
        if row.starts_at:
            yield Entry(f"course-{row.id}-starts", "course_starts", row.starts_at, None, *about)
        if row.ends_at:
            yield Entry(f"course-{row.id}-ends", "course_ends", row.ends_at, None, *about)
    for row in quizzes:
        yield from _quiz(row)
    for row in assignments:
        due = Terms.of(row).due
        if due:
            yield Entry(
                f"assignment-{row.id}-due",
                "assignment_due",
                due,
                None,
                row.course_slug,
                row.course_title,
                max(row.updated_at, row.changed_at or row.updated_at),
                lesson_slug=row.lesson_slug,
                assignment_title=row.title,
                assignment_slug=row.slug,
            )


def _quiz(row: Any) -> Iterator[Entry]:
    opens, closes = row.opens_at, row.closes_at
    if came_after(closes, row.enrolled_at):
        return
    about = (
        row.course_slug,
        row.course_title,
        max(row.updated_at, row.changed_at or row.updated_at),
        row.title,
        row.slug,
        row.lesson_slug,
    )
    if opens and closes and timedelta(0) < closes - opens <= LONGEST_SITTING:
        yield Entry(f"quiz-{row.id}-window", "quiz_window", opens, closes, *about)
        return
    if opens:
        yield Entry(f"quiz-{row.id}-opens", "quiz_opens", opens, None, *about)
    if closes:
        yield Entry(f"quiz-{row.id}-closes", "quiz_closes", closes, None, *about)
