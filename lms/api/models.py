"""What other programs show to be let in."""

from datetime import date, datetime

from sqlalchemy import ARRAY, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, db


class ApiToken(db.Model):  # type: ignore[name-defined]
    """A token of a person, or without `user_id` one of a service. Only its fingerprint is kept, and its `ending`
    to tell it from others. `last_used_on` is a day: when somebody works is not written down to the minute."""

    __tablename__ = "api_tokens"

    id: Mapped[Id]
    name: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    ending: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_on: Mapped[date | None]
    revoked_at: Mapped[datetime | None]
