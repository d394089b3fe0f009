"""When a lesson opens to a learner. A rule is `{"date": ISO time}`, `{"days": n}` after enrolling,
`{"after": lesson}` once that lesson is completed, or `{"quiz": quiz, "score": percent}` once the learner has that score;
times without a zone are UTC. What can't be read, and what nobody can fulfil, holds nothing back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

SCORE = 70
"""Percent that a quiz must reach when its rule names no score."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a lesson is not open yet: until `opens_at`, until the lesson `after` is completed, or until the quiz
    `quiz` is at `score` percent; `reached` is what the learner has there. `way` is (lesson slug, quiz slug or "")."""

    opens_at: datetime | None = None
    after: str = ""
    quiz: str = ""
    score: float = 0
    reached: float | None = None
    way: tuple[str, str] = ("", "")


def hold(
    rule: Mapping[str, Any] | None,
    enrolled_at: datetime | None,
    at: datetime,
    lines: Sequence[Any],
    quiz: Sequence[Any] | None = None,
    own_id: int = 0,
) -> Hold | None:
    """Whether the rule keeps a reader back at this time. `lines` are the course's lessons with their states;
    `quiz` is the one the rule names: [title, lesson id, lesson slug, quiz slug, the learner's percent or None].

    Days, lessons and scores bind learners only: who reads a preview without enrolling has none of them.
    The lesson `own_id` does not wait for itself.
    """
    if not rule:
        return None
    opens_at = moment_of(rule.get("date"))
    days = rule.get("days")
    if isinstance(days, int) and enrolled_at is not None and days < 36_500:
        opens_at = max(filter(None, (opens_at, enrolled_at + timedelta(days=days))))
    if opens_at is not None and at < opens_at:
        return Hold(opens_at)
    if enrolled_at is None:
        return None
    return _behind(rule.get("after"), lines, own_id) or _below(rule, quiz, own_id)


def _behind(wanted: Any, lines: Sequence[Any], own_id: int) -> Hold | None:
    first = next((line for line in lines if wanted and wanted in (line.source_id, line.slug)), None)
    if first is None or first.state == "completed" or first.id == own_id:
        return None
    return Hold(after=first.title, way=(first.slug, ""))


def _below(rule: Mapping[str, Any], quiz: Sequence[Any] | None, own_id: int) -> Hold | None:
    if quiz is None or quiz[1] == own_id:
        return None
    title, _lesson_id, lesson, slug, reached = quiz
    wanted = score_of(rule)
    if reached is not None and reached >= wanted:
        return None
    return Hold(quiz=title, score=wanted, reached=reached, way=(lesson, slug))


def score_of(rule: Mapping[str, Any]) -> float:
    """The percent that a rule asks for, 0 to 100."""
    score = rule.get("score")
    is_number = isinstance(score, int | float) and not isinstance(score, bool)
    return min(max(score, 0), 100) if is_number else SCORE  # type: ignore[type-var,return-value]


def moment_of(text: Any) -> datetime | None:
    """The moment of a rule's date; a day alone begins at midnight UTC."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
