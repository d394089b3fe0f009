"""Grading essays by hand: points and words for one answer, and what they make of the attempt."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from sqlalchemy import text

from lms.accounts import audit
from lms.core import events
from lms.core.db import db
from lms.core.plain import decimal_text
from lms.quizzes import marking_queries as queries
from lms.quizzes import rules
from lms.quizzes.grading import MICRO, Grade, State
from lms.quizzes.worth import counted


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person gives for an essay: points of those that the question is worth, and Markdown."""

    points: Decimal
    feedback: str


Outcome = Literal["marked", "finished", "changed", "not_found"]
"""marked: others of the attempt still wait. finished: the attempt is graded with it, or was before.
changed: somebody else graded this essay since the page was opened. not_found: there is no such essay."""

_LOCK = text("""
    select a.id, a.user_id, a.quiz_id, a.state, q.passing_percent, q.title
      from attempts a join quizzes q on q.id = a.quiz_id
     where a.id = :attempt_id and q.course_id = :course_id and a.state in ('needs_grading', 'graded')
       for update of a
""")
_KEEP = text("""
    update answers set fraction = :fraction, state = :state, feedback = :feedback,
           marked_by_id = :by_id, marked_at = :at
     where attempt_id = :attempt_id and slot = :slot
""")
_SCORE = text("""
    update attempts set state = :state, score = :score, points = :points, percent = :percent, passed = :passed
     where id = :attempt_id
""")


def share(points: Decimal, of: Decimal) -> tuple[Decimal, State]:
    """The fraction of a question's points, and how an answer with it is called."""
    fraction = min(max(points / of if of else Decimal(0), Decimal(0)), Decimal(1))
    state: State = "correct" if fraction == 1 else "partial" if fraction else "incorrect"
    return fraction.quantize(MICRO, ROUND_HALF_UP), state


def mark(
    course_id: int, attempt_id: int, slot: int, given: Mark, seen: datetime | None, by_id: int, at: datetime
) -> Outcome:
    """Grade one essay, or change its grade. `seen` is when it had been graded last as the page was opened.

    The lock on the attempt makes it graded once, however many people grade its essays at the same moment:
    `quiz.graded` is recorded by whoever gives the last mark.
    """
    attempt = db.session.execute(_LOCK, {"attempt_id": attempt_id, "course_id": course_id}).one_or_none()
    essay = queries.essay(course_id, attempt_id, slot) if attempt else None
    if attempt is None or essay is None:
        return "not_found"
    if essay.marked_at != seen:
        return "changed"
    fraction, state = share(given.points, essay.points)
    db.session.execute(
        _KEEP,
        {
            "attempt_id": attempt_id,
            "slot": slot,
            "fraction": fraction,
            "state": state,
            "feedback": given.feedback or None,
            "by_id": by_id,
            "at": at,
        },
    )
    if essay.marked_at is not None and (fraction, given.feedback) != (essay.fraction, essay.feedback or ""):
        audit.record(
            "essay.remarked",
            at,
            subject_kind="attempt",
            subject_id=attempt_id,
            subject_name=attempt.title,
            slot=slot,
            before=decimal_text(points_of(essay.fraction, essay.points)),
            after=decimal_text(given.points),
        )
    is_graded = _score(attempt_id, attempt.passing_percent)
    if is_graded and attempt.state == "needs_grading":
        ids = {"attempt_id": attempt_id, "user_id": attempt.user_id, "quiz_id": attempt.quiz_id}
        events.record("quiz.graded", at, **ids)
    return "finished" if is_graded else "marked"


def points_of(fraction: Decimal, points: Decimal) -> Decimal:
    """The points that a kept fraction stands for."""
    return (fraction * points).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _score(attempt_id: int, passing_percent: Decimal) -> bool:
    """Add the attempt up anew from the grades that are kept; whether nothing waits any more."""
    parts = [
        counted(Grade(part.fraction, part.state), part.points, part.how)
        for part in queries.grades(attempt_id)
    ]
    outcome = rules.outcome(parts, passing_percent)
    db.session.execute(
        _SCORE,
        {
            "attempt_id": attempt_id,
            "state": outcome.state,
            "score": outcome.score.earned,
            "points": outcome.score.possible,
            "percent": outcome.score.percent,
            "passed": outcome.passed,
        },
    )
    return outcome.state == "graded"
