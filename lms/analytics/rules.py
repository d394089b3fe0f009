"""Which learners may not finish, and why. Days are whole days of UTC, so that a figure is the same all day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

QUIET_DAYS = 14
"""Without any activity for so long a learner has become quiet."""
SETTLING_DAYS = 14
"""Nobody's pace is judged earlier than so long after they enrolled."""
PACED = 5
"""So many learners are needed to know a course's median pace."""
SLOW_SHARE = 0.5
"""Below this share of the course's median pace a learner is behind."""
FAILURES = 2
"""A required quiz failed so often, and never passed."""
DEADLINE_DAYS = 14
"""The end of a course is near from so many days before it."""
RECENT_DAYS = 7
"""Active within so many days."""

WEIGHTS = {"failed": 4, "low": 4, "overdue": 3, "deadline": 3, "quiet": 2, "slow": 1}


@dataclass(frozen=True, slots=True)
class Course:
    """What a learner is measured by: required lessons, the median pace (required lessons a week; None: not known),
    and the end of the course."""

    required: int
    pace: float | None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody who is on the way: `completed` of the required lessons; `failed` are (quiz id, times) of required
    quizzes that they never passed, `overdue` (assignment id, since when in seconds of the epoch) of work that was due
    and did not come, `low` (assignment id, percent, percent that is asked for) of required work whose grade is below."""

    enrolled_at: datetime
    last_active_at: datetime
    completed: int
    failed: Sequence[tuple[int, int]] = ()
    overdue: Sequence[tuple[int, int]] = ()
    low: Sequence[tuple[int, float, float]] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """`kind` is quiet (days), slow (own and median lessons a week), failed (times, quiz id), low (assignment id, percent,
    percent that is asked for), overdue (assignment id, since when) or deadline (days left, lessons left); the numbers
    are what the words say."""

    kind: str
    numbers: tuple[float, ...]

    @property
    def weight(self) -> int:
        return WEIGHTS[self.kind]

    def to_json(self) -> list[Any]:
        return [self.kind, *self.numbers]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> "Reason":
        return cls(str(stored[0]), tuple(stored[1:]))


def reasons(learner: Learner, course: Course, today: datetime) -> list[Reason]:
    """Why this learner may not finish, the heaviest reason first; none for who is well on the way.

    `today` is the beginning of a day. Who has completed every required lesson is never at risk.
    """
    if course.required <= 0 or learner.completed >= course.required:
        return []
    return sorted(_found(learner, course, today), key=lambda reason: -reason.weight)


def pace(completed: int, enrolled_at: datetime, today: datetime) -> float:
    """Required lessons completed a week since enrolling; the first week counts whole."""
    weeks = max((today - enrolled_at) / timedelta(weeks=1), 1.0)
    return completed / weeks


def _found(learner: Learner, course: Course, today: datetime) -> Iterator[Reason]:
    quiet = (today - learner.last_active_at).days
    if quiet >= QUIET_DAYS:
        yield Reason("quiet", (quiet,))
    own = pace(learner.completed, learner.enrolled_at, today)
    settled = (today - learner.enrolled_at).days >= SETTLING_DAYS
    if settled and course.pace and own < course.pace * SLOW_SHARE:
        yield Reason("slow", (round(own, 1), round(course.pace, 1)))
    for quiz_id, times in learner.failed:
        if times >= FAILURES:
            yield Reason("failed", (times, quiz_id))
    for assignment_id, percent, passing in learner.low:
        yield Reason("low", (assignment_id, percent, passing))
    for assignment_id, since in learner.overdue:
        yield Reason("overdue", (assignment_id, since))
    if course.ends_at is not None and today <= course.ends_at < today + timedelta(days=DEADLINE_DAYS):
        left, days = course.required - learner.completed, (course.ends_at - today).days
        if left > own * days / 7:
            yield Reason("deadline", (days, left))
