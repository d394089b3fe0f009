"""The private addresses under which people's calendars look up their dates."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, db


class CalendarFeed(db.Model):  # type: ignore[name-defined]
    """One person's address. The secret in it is derived from the row's number; a new address is a new row."""

    __tablename__ = "calendar_feeds"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
