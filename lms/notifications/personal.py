"""What messages know of a person."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select

from lms.accounts.models import User
from lms.core.db import db
from lms.notifications.models import Email

Rows = list[dict[str, Any]]


def export(user_id: int) -> dict[str, Rows]:
    """Which messages were sent, to which address and when."""
    statement = (
        select(
            Email.template.label("message"), Email.to_address, Email.state, Email.created_at, Email.sent_at
        )
        .where(_theirs(user_id))
        .order_by(Email.id)
    )
    return {"emails": [dict(row) for row in db.session.execute(statement).mappings()]}


def erase(user_id: int, at: datetime) -> list[int]:
    """All of them go. Must run before the account forgets its address."""
    db.session.execute(delete(Email).where(_theirs(user_id)).execution_options(synchronize_session=False))
    return []


def _theirs(user_id: int) -> Any:
    address = select(func.lower(User.email)).where(User.id == user_id).scalar_subquery()
    return or_(Email.user_id == user_id, func.lower(Email.to_address) == address)
