"""What the API knows of a person: the tokens that they made."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms.api import actions
from lms.api.models import ApiToken
from lms.core.db import db

Rows = list[dict[str, Any]]


def export(user_id: int) -> dict[str, Rows]:
    """Their names, dates and scopes; never the token."""
    rows = db.session.execute(
        select(
            ApiToken.name,
            ApiToken.scopes,
            ApiToken.created_at,
            ApiToken.expires_at,
            ApiToken.last_used_on,
            ApiToken.revoked_at,
        )
        .where(ApiToken.user_id == user_id)
        .order_by(ApiToken.id)
    ).mappings()
    return {"api_tokens": [dict(row) for row in rows]}


def erase(user_id: int, at: datetime) -> list[int]:
    """No program comes in for them any longer."""
    actions.forget(user_id)
    return []
