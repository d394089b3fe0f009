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
    """Why a lesson is not open yet: until `opens_at`, the beginning of the course when `is_course`; until the lesson
    `after` is completed; or until the quiz `quiz` is at `score` percent, `reached` being what the learner has there.
    `way` is (lesson slug, quiz slug or "")."""

    opens_at: datetime | None = None
    after: str = ""
    quiz: str = ""
    score: float = 0
    reached: float | None = None
    way: tuple[str, str] = ("", "")
    is_course: bool = False


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


def circles(lines: Sequence[Any]) -> list[list[Any]]:
    """Lessons that wait for each other, so that nobody ever opens them: each circle from its first lesson on, every
    lesson followed by the one it waits for. `lines` are all lessons of the course."""
    known = {line.id: line for line in lines}
    ways = {line.id: _waits_for(line, lines) for line in lines}
    found: dict[frozenset[int], list[Any]] = {}
    for line in lines:
        trail = _way_back(line.id, ways)
        if trail:
            found.setdefault(frozenset(trail), [known[number] for number in trail])
    return list(found.values())


def _waits_for(line: Any, lines: Sequence[Any]) -> list[int]:
    """The lessons that its rule names, themselves or by one of their quizzes."""
    wanted = (line.release or {}).get("after")
    named = [other.id for other in lines if wanted and wanted in (other.source_id, other.slug)][:1]
    if line.quiz is not None:
        named.append(line.quiz[1])
    return [number for number in named if number != line.id]


def _way_back(start: int, ways: Mapping[int, Sequence[int]]) -> list[int]:
    """The shortest way from a lesson back to it, without its end; empty when there is none."""
    trails, seen = [[start]], {start}
    for trail in trails:
        for number in ways.get(trail[-1], ()):
            if number == start:
                return trail
            if number not in seen:
                seen.add(number)
                trails.append([*trail, number])
    return []


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
