"""Decisions about quizzes and attempts; time is an argument."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from lms.learning.rules import season
from lms.quizzes.content import ChoiceContent, ClozeContent, Content, MatchingContent, OrderingContent
from lms.quizzes.grading import Grade
from lms.quizzes.scores import Score, attempt_score
from lms.quizzes.scores import passed as reaches
from lms.quizzes.windows import closes

Refusal = Literal[
    "not_enrolled",
    "unpublished",
    "no_questions",
    "not_begun",
    "ended",
    "not_open",
    "closed",
    "no_attempts_left",
]
When = Literal["submission", "close", "never"]
LEAST_NOTICE = timedelta(minutes=1)
"""What is left at least of an attempt under way when extra time is taken back."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stands in the quiz now. `draw` are the tags of the draw that it came from, None for one of the
    quiz's own."""

    question_id: int
    version_id: int
    points: Decimal
    content: Content
    draw: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for one learner in one quiz: its settings, and what was granted beyond them.

    `time_limit` in seconds. `starts_at` and `ends_at` are the course's, None where a window of the learner's own
    takes their place (`windows`).
    """

    time_limit: int | None
    max_attempts: int | None
    opens_at: datetime | None
    closes_at: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None

    @classmethod
    def of(cls, quiz: Any) -> "Terms":
        """From a row with the columns of `queries.TERMS`."""
        limit = quiz.time_limit
        if limit is not None:
            longer = limit + quiz.extra_minutes * 60 - (-limit * quiz.extra_percent // 100)
            limit = None if quiz.untimed else longer
        return cls(
            limit,
            None if quiz.max_attempts is None else quiz.max_attempts + quiz.extra_attempts,
            quiz.own_opens_at or quiz.opens_at,
            closes(quiz.own_closes_at, quiz.closes_at, quiz.ends_at, after_end=quiz.after_end),
            None if quiz.own_opens_at else quiz.starts_at,
            None if quiz.own_closes_at and quiz.after_end else quiz.ends_at,
        )

    @property
    def last_moment(self) -> datetime | None:
        """When the quiz is over for this learner, whatever the time limit."""
        return min((moment for moment in (self.closes_at, self.ends_at) if moment), default=None)

    def deadline(self, started_at: datetime) -> datetime | None:
        """When an attempt ends that began then."""
        return deadline(started_at, self.time_limit, self.last_moment)

    def kept_deadline(self, started_at: datetime, old: datetime | None) -> datetime | None:
        """When an attempt ends that began then and ended at `old` before the quiz was changed: it gets a longer
        time limit but no shorter one, and a new last moment in any case."""
        limit = deadline(started_at, self.time_limit, None)
        longer = max(limit, old) if limit and old else None
        return min((moment for moment in (longer, self.last_moment) if moment), default=None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt came to. `passed` is None while a person's grading may still decide it."""

    state: Literal["graded", "needs_grading"]
    score: Score
    passed: bool | None


def lay_out(
    questions: Sequence[Asked], seed: str, *, shuffle_questions: bool, shuffle_options: bool
) -> list[dict[str, Any]]:
    """The document that pins an attempt: which version, for how many points, in which order.

    Descriptions keep their places and earn nothing. True and false keep their order; what is to be put in
    order never stands as it was written. Options of gaps are named `<gap>/<option>`.
    """
    order = list(questions)
    chance = random.Random(seed)  # noqa: S311 - an order is no secret
    if shuffle_questions:
        places = [place for place, asked in enumerate(order) if asked.content.type != "description"]
        drawn = [order[place] for place in places]
        chance.shuffle(drawn)
        for place, asked in zip(places, drawn, strict=True):
            order[place] = asked
    return [_slot(asked, chance, shuffle_options) for asked in order]


def _slot(asked: Asked, chance: random.Random, shuffle_options: bool) -> dict[str, Any]:
    slot: dict[str, Any] = {
        "question": asked.question_id,
        "version": asked.version_id,
        "points": str(Decimal(0) if asked.content.type == "description" else asked.points),
    }
    if asked.draw is not None:
        slot["draw"] = sorted(asked.draw)
    match asked.content:
        case ChoiceContent(options=offered) | MatchingContent(choices=offered):
            ids = [option.id for option in offered]
            if shuffle_options and asked.content.type != "true_false":
                chance.shuffle(ids)
            slot["options"] = ids
        case OrderingContent(items=offered):
            # Always: an order that is offered as it was written might be the right one.
            slot["options"] = chance.sample([item.id for item in offered], len(offered))
        case ClozeContent(gaps=gaps):
            offers = [[f"{gap.id}/{option.id}" for option in gap.options] for gap in gaps]
            for ids in offers if shuffle_options else ():
                chance.shuffle(ids)
            slot["options"] = [id for ids in offers for id in ids]
    return slot


def deadline(started_at: datetime, time_limit: int | None, ends_at: datetime | None) -> datetime | None:
    """When the attempt ends: `time_limit` seconds after its start, but no later than the quiz or the course."""
    limit = started_at + timedelta(seconds=time_limit) if time_limit else None
    return min((moment for moment in (limit, ends_at) if moment), default=None)


def moved_deadline(old: datetime | None, new: datetime | None, at: datetime) -> datetime | None:
    """The deadline of an attempt under way when the learner's terms change: time taken back leaves a minute."""
    if new is None or (old is not None and new >= old):
        return new
    soonest = at + LEAST_NOTICE
    return max(new, soonest if old is None else min(soonest, old))


def is_shown(when: When, closed_at: datetime | None, grace: timedelta, at: datetime) -> bool:
    """Whether a learner who has handed in sees it now. `closed_at`: when the quiz is over for everyone; while
    no such moment is set, "after it closes" has not come."""
    if when == "close":
        return closed_at is not None and at > closed_at + grace
    return when == "submission"


def is_overdue(deadline_at: datetime | None, grace: timedelta, at: datetime) -> bool:
    """Whether not even an answer that was under way at the deadline is taken any more."""
    return deadline_at is not None and at > deadline_at + grace


def attempts_left(max_attempts: int | None, used: int) -> int | None:
    """None: as many as one likes."""
    return None if max_attempts is None else max(max_attempts - used, 0)


def why_not_start(
    *,
    is_enrolled: bool,
    questions: int,
    max_attempts: int | None,
    used: int,
    starts_at: datetime | None,
    ends_at: datetime | None,
    at: datetime,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    is_published: bool = True,
) -> Refusal | None:
    """What keeps a learner from a new attempt, or None."""
    if not is_enrolled:
        return "not_enrolled"
    if not is_published:
        return "unpublished"
    if not questions:
        return "no_questions"
    when = season(starts_at, ends_at, at)
    if when != "open":
        return "not_begun" if when == "before" else "ended"
    if opens_at and at < opens_at:
        return "not_open"
    if closes_at and at >= closes_at:
        return "closed"
    if attempts_left(max_attempts, used) == 0:
        return "no_attempts_left"
    return None


def outcome(graded: Sequence[tuple[Grade, Decimal]], passing_percent: Decimal) -> Outcome:
    """From the grade and the points of each question to the attempt's own."""
    score = attempt_score((grade.fraction, points) for grade, points in graded)
    waits = any(grade.state == "needs_grading" for grade, _ in graded)
    enough = reaches(score, passing_percent)
    decided = enough or not waits
    return Outcome("needs_grading" if waits else "graded", score, enough if decided else None)
