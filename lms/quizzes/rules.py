"""Decisions about quizzes and attempts; time is an argument."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from lms.quizzes.content import ChoiceContent, Content, MatchingContent
from lms.quizzes.grading import Grade
from lms.quizzes.scores import Score, attempt_score
from lms.quizzes.scores import passed as reaches

Refusal = Literal["not_enrolled", "no_questions", "not_begun", "ended", "no_attempts_left"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stands in the quiz now."""

    question_id: int
    version_id: int
    points: Decimal
    content: Content


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

    Descriptions keep their places and earn nothing. True and false keep their order.
    """
    order = list(questions)
    chance = random.Random(seed)  # noqa: S311 - an order is no secret
    if shuffle_questions:
        places = [place for place, asked in enumerate(order) if asked.content.type != "description"]
        drawn = [order[place] for place in places]
        chance.shuffle(drawn)
        for place, asked in zip(places, drawn, strict=True):
            order[place] = asked
    return [_slot(asked, chance if shuffle_options else None) for asked in order]


def _slot(asked: Asked, chance: random.Random | None) -> dict[str, Any]:
    slot: dict[str, Any] = {
        "question": asked.question_id,
        "version": asked.version_id,
        "points": str(Decimal(0) if asked.content.type == "description" else asked.points),
    }
    match asked.content:
        case ChoiceContent(options=offered) | MatchingContent(choices=offered):
            ids = [option.id for option in offered]
            if chance and asked.content.type != "true_false":
                chance.shuffle(ids)
            slot["options"] = ids
    return slot


def deadline(started_at: datetime, time_limit: int | None, ends_at: datetime | None) -> datetime | None:
    """When the attempt ends: `time_limit` seconds after its start, but no later than the course."""
    limit = started_at + timedelta(seconds=time_limit) if time_limit else None
    return min((moment for moment in (limit, ends_at) if moment), default=None)


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
) -> Refusal | None:
    """What keeps a learner from a new attempt, or None."""
    if not is_enrolled:
        return "not_enrolled"
    if not questions:
        return "no_questions"
    if starts_at and at < starts_at:
        return "not_begun"
    if ends_at and at >= ends_at:
        return "ended"
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
