"""Noting what somebody has looked at. Nothing here commits."""

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from lms.core.db import db
from lms.discussions.models import AnnouncementsSeen, Seen


def see_question(question_id: int, user_id: int, until: datetime) -> None:
    """They have seen the question with its replies `until` then; what was seen once stays seen."""
    _see(Seen, {"question_id": question_id, "user_id": user_id}, until)


def see_announcements(course_id: int, user_id: int, at: datetime) -> None:
    """They have looked at the announcements of the course."""
    _see(AnnouncementsSeen, {"course_id": course_id, "user_id": user_id}, at)


def _see(table: type[Seen] | type[AnnouncementsSeen], key: dict[str, int], at: datetime) -> None:
    made = insert(table).values(**key, seen_at=at)
    later = {"seen_at": func.greatest(table.seen_at, made.excluded.seen_at)}
    db.session.execute(made.on_conflict_do_update(index_elements=list(key), set_=later))
