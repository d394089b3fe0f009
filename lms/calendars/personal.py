"""What calendars know of a person."""

from datetime import datetime
from typing import Any

from lms.calendars import actions, queries

Rows = list[dict[str, Any]]


def export(user_id: int) -> dict[str, Rows]:
    """Whether there is a private address, and since when."""
    row = queries.feed_of(user_id)
    return {"calendar": [{"address_since": row.created_at}] if row else []}


def erase(user_id: int, at: datetime) -> list[int]:
    """The address stops working."""
    actions.remove(user_id)
    return []
