"""What one learner gets beyond the rules of one quiz: more time, more attempts, no time limit, a window of their
own. A change reaches an attempt under way: its deadline moves with it."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert

from lms.accounts import audit
from lms.core.db import db
from lms.quizzes import deadlines
from lms.quizzes.models import Accommodation


@dataclass(frozen=True, slots=True)
class Grant:
    """Percent and minutes add up; a window replaces that of the quiz and the course's begin, and its end where it is to
    hold `after_end` (`windows`)."""

    extra_percent: int = 0
    extra_minutes: int = 0
    extra_attempts: int = 0
    untimed: bool = False
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    after_end: bool = False

    @property
    def is_empty(self) -> bool:
        return self == Grant()


def give(quiz_id: int, user_id: int, grant: Grant, reason: str, by: int, at: datetime) -> None:
    """Give it, or put it in the place of what was given before."""
    before = _standing(quiz_id, user_id)
    values = {**asdict(grant), "reason": reason, "given_by_id": by, "changed_at": at}
    db.session.execute(
        insert(Accommodation)
        .values(quiz_id=quiz_id, user_id=user_id, **values)
        .on_conflict_do_update(index_elements=["quiz_id", "user_id"], set_=values)
    )
    action = "accommodation.changed" if before else "accommodation.given"
    # Without the reason: it may tell of somebody's health, and the log can't be erased.
    _note(action, quiz_id, user_id, at, before=before, after=_plain(asdict(grant)))
    deadlines.follow_learner(quiz_id, user_id, at)


def remove(quiz_id: int, user_id: int, at: datetime) -> bool:
    """Take it back; False when there is none. An attempt under way keeps at least a minute."""
    before = _standing(quiz_id, user_id)
    if before is None:
        return False
    db.session.execute(
        delete(Accommodation).where(Accommodation.quiz_id == quiz_id, Accommodation.user_id == user_id)
    )
    _note("accommodation.removed", quiz_id, user_id, at, before=before)
    deadlines.follow_learner(quiz_id, user_id, at)
    return True


_BEFORE = text("""
    select extra_percent, extra_minutes, extra_attempts, untimed, opens_at, closes_at, after_end
      from accommodations where quiz_id = :quiz_id and user_id = :user_id for update
""")


def _standing(quiz_id: int, user_id: int) -> dict[str, Any] | None:
    # Starts of this learner wait for the same row (`actions.start`): an attempt begins before this or after it.
    db.session.execute(_LOCK_LEARNER, {"quiz_id": quiz_id, "user_id": user_id})
    row = db.session.execute(_BEFORE, {"quiz_id": quiz_id, "user_id": user_id}).mappings().one_or_none()
    return _plain(dict(row)) if row else None


_LOCK_LEARNER = text("""
    select e.id from enrollments e join quizzes q on q.course_id = e.course_id
     where q.id = :quiz_id and e.user_id = :user_id for no key update of e
""")


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is nothing, times as text: for the log."""
    found = {name: value for name, value in values.items() if value}
    return {name: v.isoformat() if isinstance(v, datetime) else v for name, v in found.items()}


_NAMES = text("""
    select q.title, u.name from quizzes q, users u where q.id = :quiz_id and u.id = :user_id
""")


def _note(action: str, quiz_id: int, user_id: int, at: datetime, **details: Any) -> None:
    names = db.session.execute(_NAMES, {"quiz_id": quiz_id, "user_id": user_id}).one()
    audit.record(
        action,
        at,
        subject_kind="user",
        subject_id=user_id,
        subject_name=names.name,
        quiz_id=quiz_id,
        quiz=names.title,
        **details,
    )
