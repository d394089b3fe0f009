"""Forgetting what has run out. Each kind at most MOST rows a run, so that no lock is held for long."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, or_, select

from lms.accounts.models import AccountToken, SignInFailure, UserSession
from lms.core import faults
from lms.core.db import db
from lms.core.models import Delivery, Event, Fault
from lms.notifications.models import Email

MOST = 10_000
AFTERWARDS = timedelta(days=30)
"""How long what is over stays readable: an old link still explains itself, an event can be looked up."""
FAILURES = timedelta(days=1)
MESSAGES = timedelta(days=90)


def remove_expired(at: datetime) -> dict[str, int]:
    """Delete sessions, links, failed sign-ins, delivered events, sent messages and errors past their time.

    Returns how many of each. What failed to be delivered or sent stays until somebody looks at it.
    """
    over = at - AFTERWARDS
    undelivered = exists().where(Delivery.event_id == Event.id, Delivery.state != "done")
    return {
        "sessions": _remove(UserSession, or_(UserSession.expires_at < over, UserSession.ended_at < over)),
        "links": _remove(AccountToken, AccountToken.expires_at < over),
        "failures": _remove(SignInFailure, SignInFailure.at < at - FAILURES),
        "events": _remove(Event, Event.occurred_at < over, ~undelivered),
        "emails": _remove(Email, Email.state == "sent", Email.sent_at < at - MESSAGES),
        "errors": _remove(Fault, Fault.last_at < at - faults.KEPT),
    }


def _remove(model: Any, *where: Any) -> int:
    chosen = select(model.id).where(*where).order_by(model.id).limit(MOST)
    removed = db.session.execute(
        delete(model)
        .where(model.id.in_(chosen))
        .returning(model.id)
        .execution_options(synchronize_session=False)
    )
    return len(removed.all())
