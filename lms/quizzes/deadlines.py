"""Attempts under way follow when their quiz, or what their learner was given, changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from lms.core.db import db
from lms.quizzes import queries, rules

_OPEN = text(f"""
    select a.id, a.started_at, a.deadline_at, {queries.TERMS}
      from attempts a join quizzes q on q.id = a.quiz_id join courses c on c.id = q.course_id
      left join accommodations x on x.quiz_id = q.id and x.user_id = a.user_id
     where a.quiz_id = :quiz_id and a.state = 'open' and (cast(:user_id as bigint) is null or a.user_id = :user_id)
     order by a.id for update of a
""")  # noqa: S608 - our own words
_MOVE = text("update attempts set deadline_at = :deadline where id = :id")


def follow_learner(quiz_id: int, user_id: int, at: datetime) -> None:
    """A learner's attempt under way ends when their terms now say."""
    for attempt in _open(quiz_id, user_id):
        _move(attempt, rules.Terms.of(attempt).deadline(attempt.started_at), at)


def follow_quiz(quiz_id: int, at: datetime) -> None:
    """More time and another closing date reach everyone who sits; a shorter time limit holds for attempts to come."""
    for attempt in _open(quiz_id, None):
        terms = rules.Terms.of(attempt)
        _move(attempt, terms.kept_deadline(attempt.started_at, attempt.deadline_at), at)


def _open(quiz_id: int, user_id: int | None) -> list[Row[Any]]:
    return list(db.session.execute(_OPEN, {"quiz_id": quiz_id, "user_id": user_id}))


def _move(attempt: Row[Any], new: datetime | None, at: datetime) -> None:
    deadline = rules.moved_deadline(attempt.deadline_at, new, at)
    if deadline != attempt.deadline_at:
        db.session.execute(_MOVE, {"id": attempt.id, "deadline": deadline})
