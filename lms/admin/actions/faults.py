"""Settling errors: somebody has looked, or mended them. One that happens again comes back by itself."""

from datetime import datetime

from sqlalchemy import update

from lms.accounts import audit
from lms.core.db import db
from lms.core.models import Fault


def settle(fault_id: int, at: datetime) -> bool:
    """Settle one kind; False when it was settled before."""
    kind = db.session.scalar(
        update(Fault)
        .where(Fault.id == fault_id, Fault.settled_at.is_(None))
        .values(settled_at=at, is_back=False)
        .returning(Fault.exception)
        .execution_options(synchronize_session=False)
    )
    if kind is not None:
        audit.record("error.settled", at, subject_kind="error", subject_id=fault_id, subject_name=kind)
    return kind is not None


def settle_all(before: datetime, at: datetime) -> int:
    """Settle every kind that last happened before the page was shown. Returns how many."""
    settled = db.session.scalars(
        update(Fault)
        .where(Fault.settled_at.is_(None), Fault.last_at <= before)
        .values(settled_at=at, is_back=False)
        .returning(Fault.id)
        .execution_options(synchronize_session=False)
    ).all()
    if settled:
        audit.record("errors.settled", at, subject_kind="error", number=len(settled))
    return len(settled)
