"""Giving and taking back the private address of a calendar."""

from datetime import datetime

from flask import current_app
from sqlalchemy import delete, func, insert

from lms.accounts import passwords
from lms.calendars.models import CalendarFeed
from lms.core.db import db

PURPOSE = "calendar"


def token(number: int) -> str:
    """The secret in the address of feed `number`."""
    return passwords.derived_secret(current_app.config["LECTERN"].secret_key, PURPOSE, number)


def renew(user_id: int, at: datetime) -> None:
    """A new address; the old one, if there was one, stops working."""
    remove(user_id)
    number = db.session.scalar(func.nextval("calendar_feeds_id_seq"))
    assert number is not None
    fingerprint = passwords.fingerprint(token(number))
    db.session.execute(
        insert(CalendarFeed).values(id=number, user_id=user_id, token_hash=fingerprint, created_at=at)
    )


def remove(user_id: int) -> None:
    """The address stops working."""
    db.session.execute(delete(CalendarFeed).where(CalendarFeed.user_id == user_id))
