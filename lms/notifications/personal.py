"""What messages know of a person."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, text

from lms.accounts.models import User
from lms.core.db import db
from lms.notifications.models import Bounce, Email, MessagePreference, Notice

Rows = list[dict[str, Any]]


_FORGET_NAMES = (
    text(
        "update notices set facts = facts - 'who' where facts @> jsonb_build_object('who_id', cast(:user_id as bigint))"
    ),
    text(
        "update emails set facts = facts #- '{facts,who}'"
        " where facts @> jsonb_build_object('facts', jsonb_build_object('who_id', cast(:user_id as bigint)))"
    ),
)
"""What others were told about somebody goes on without the name."""


def export(user_id: int) -> dict[str, Rows]:
    """Which messages were sent, to which address and when; what stood in the inbox; what was chosen."""
    sent = (
        select(
            Email.template.label("message"), Email.to_address, Email.state, Email.created_at, Email.sent_at
        )
        .where(_theirs(user_id))
        .order_by(Email.id)
    )
    told = (
        select(
            Notice.kind.label("message"),
            Notice.facts["course"].astext.label("course"),
            Notice.facts["title"].astext.label("title"),
            Notice.created_at,
            Notice.read_at,
        )
        .where(Notice.user_id == user_id)
        .order_by(Notice.id)
    )
    chosen = (
        select(
            MessagePreference.kind.label("message"),
            MessagePreference.email.label("by_mail"),
            MessagePreference.inbox,
        )
        .where(MessagePreference.user_id == user_id)
        .order_by(MessagePreference.kind)
    )
    statements = {"emails": sent, "notices": told, "message_preferences": chosen}
    return {
        name: [dict(row) for row in db.session.execute(statement).mappings()]
        for name, statement in statements.items()
    }


def erase(user_id: int, at: datetime) -> list[int]:
    """All of them go, and the name from what others were told. Must run before the account forgets its address."""
    for statement in _FORGET_NAMES:
        db.session.execute(statement, {"user_id": user_id})
    whose = (
        (Email, _theirs(user_id)),
        *((t, t.user_id == user_id) for t in (Notice, MessagePreference, Bounce)),
    )
    for table, theirs in whose:
        db.session.execute(delete(table).where(theirs).execution_options(synchronize_session=False))
    return []


def _theirs(user_id: int) -> Any:
    address = select(func.lower(User.email)).where(User.id == user_id).scalar_subquery()
    return or_(Email.user_id == user_id, func.lower(Email.to_address) == address)
