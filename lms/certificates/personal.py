"""What certificates know of a person."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from lms.certificates.models import Certificate
from lms.core.db import db
from lms.files import storage
from lms.files.models import StoredFile

Rows = list[dict[str, Any]]


def export(user_id: int) -> dict[str, Rows]:
    """Every certificate, also a revoked one."""
    statement = (
        select(
            Certificate.number,
            Certificate.recipient,
            Certificate.course_title.label("course"),
            Certificate.completed_on,
            Certificate.issued_at,
            Certificate.revoked_at,
            Certificate.revoked_reason,
        )
        .where(Certificate.user_id == user_id)
        .order_by(Certificate.id)
    )
    return {"certificates": [dict(row) for row in db.session.execute(statement).mappings()]}


def documents(user_id: int) -> Iterator[tuple[str, bytes]]:
    """(file name, bytes) of every PDF that was made."""
    rows = db.session.execute(
        select(Certificate.number, StoredFile.key)
        .join(StoredFile, StoredFile.id == Certificate.file_id)
        .where(Certificate.user_id == user_id)
        .order_by(Certificate.id)
    ).all()
    for row in rows:
        yield f"{row.number}.pdf", storage.read(row.key)


def erase(user_id: int, at: datetime) -> list[int]:
    """Number and date stay, so that it can still be verified; the name, the PDF and its picture go."""
    rows = db.session.execute(
        select(Certificate.file_id, Certificate.picture_file_id).where(Certificate.user_id == user_id)
    ).all()
    db.session.execute(
        update(Certificate)
        .where(Certificate.user_id == user_id)
        .values(recipient="", file_id=None, picture_file_id=None)
        .execution_options(synchronize_session=False)
    )
    return [number for row in rows for number in row if number is not None]
