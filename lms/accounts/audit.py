"""The audit log: who did what to whom, from where. Entries are only added; a trigger refuses the rest."""

from datetime import datetime
from typing import Any

from flask import has_request_context, request
from sqlalchemy import insert

from lms.accounts.models import AuditEntry
from lms.core import access
from lms.core.db import db


def record(
    action: str,
    at: datetime,
    *,
    subject_kind: str = "",
    subject_id: int | None = None,
    subject_name: str = "",
    actor_id: int | None = None,
    actor_name: str = "",
    **details: Any,
) -> None:
    """Write an entry into the current transaction; what is rolled back was not done and is not noted.

    The actor and their network address are those of the request. While an admin views the site as somebody,
    the actor is the admin. A visitor has no name. A job names who started it, else the system acts.
    `details` is plain JSON and never holds a password, a token or an answer.
    """
    person = access.viewer() if has_request_context() else None
    if person is None and not has_request_context():
        actor_name = actor_name or "system"
    if person is not None:
        actor_id = person.viewed_by_id or person.id
        actor_name = person.viewed_by_name or person.name
    db.session.execute(
        insert(AuditEntry).values(
            at=at,
            actor_id=actor_id,
            actor_name=actor_name,
            action=action,
            subject_kind=subject_kind,
            subject_id=subject_id,
            subject_name=subject_name,
            address=(request.remote_addr or "") if has_request_context() else "",
            details=details,
        )
    )
