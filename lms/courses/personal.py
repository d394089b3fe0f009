"""What courses know of a person: the texts that they wrote."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from lms.core.db import db
from lms.courses.models import Course, TextDraft, TextRevision

Rows = list[dict[str, Any]]


def export(user_id: int) -> dict[str, Rows]:
    """Every revision that the person saved, and drafts that they did not."""
    revisions = (
        select(
            Course.title.label("course"),
            TextRevision.title,
            TextRevision.number,
            TextRevision.created_at,
            TextRevision.body,
        )
        .join(Course, Course.id == TextRevision.course_id)
        .where(TextRevision.author_id == user_id)
        .order_by(TextRevision.id)
    )
    drafts = (
        select(Course.title.label("course"), TextDraft.title, TextDraft.saved_at, TextDraft.body)
        .join(Course, Course.id == TextDraft.course_id)
        .where(TextDraft.user_id == user_id)
        .order_by(TextDraft.saved_at)
    )
    return {
        "revisions": [dict(row) for row in db.session.execute(revisions).mappings()],
        "drafts": [dict(row) for row in db.session.execute(drafts).mappings()],
    }


def erase(user_id: int, at: datetime) -> list[int]:
    """Texts belong to their course and stay, without the author; drafts go."""
    db.session.execute(
        update(TextRevision)
        .where(TextRevision.author_id == user_id)
        .values(author_id=None)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        delete(TextDraft).where(TextDraft.user_id == user_id).execution_options(synchronize_session=False)
    )
    return []
