"""The audit log as it is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, text

from lms.accounts.models import AuditEntry
from lms.core.db import AnyRow, db
from lms.core.paging import PER_PAGE, Page

BATCH = 1000

_ENTRY = select(
    AuditEntry.id,
    AuditEntry.at,
    AuditEntry.actor_id,
    AuditEntry.actor_name,
    AuditEntry.action,
    AuditEntry.subject_kind,
    AuditEntry.subject_id,
    AuditEntry.subject_name,
    AuditEntry.address,
    AuditEntry.details,
)

# One probe of the index for each action there is, however long the log.
_ACTIONS = text("""
    with recursive known(action) as (
        select min(action) from audit_entries
        union all
        select (select min(action) from audit_entries e where e.action > k.action)
          from known k where k.action is not null
    ) select action from known where action is not null
""")


@dataclass(frozen=True, slots=True)
class Wish:
    """What of the log is wanted; `since` is the first moment, `until` the first one after."""

    person: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None


def entries(wish: Wish, page: int) -> Page[AnyRow]:
    """One page, newest first."""
    where = _conditions(wish)
    total = db.session.scalar(select(func.count()).select_from(AuditEntry).where(*where)) or 0
    rows = db.session.execute(
        _ENTRY.where(*where).order_by(AuditEntry.id.desc()).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    ).all()
    return Page(rows, page, total)


def all_entries(wish: Wish) -> Iterator[AnyRow]:
    """All that is wanted, newest first, read in pieces."""
    where, before = _conditions(wish), None
    while True:
        statement = _ENTRY.where(*where).order_by(AuditEntry.id.desc()).limit(BATCH)
        rows = db.session.execute(
            statement if before is None else statement.where(AuditEntry.id < before)
        ).all()
        yield from rows
        if len(rows) < BATCH:
            return
        before = rows[-1].id


def actions() -> list[str]:
    """The actions that the log holds."""
    return list(db.session.scalars(_ACTIONS))


def _conditions(wish: Wish) -> list[Any]:
    where: list[Any] = [
        or_(
            AuditEntry.actor_name.icontains(word, autoescape=True),
            AuditEntry.subject_name.icontains(word, autoescape=True),
        )
        for word in wish.person.split()[:6]
    ]
    if wish.action:
        where.append(AuditEntry.action == wish.action)
    if wish.since:
        where.append(AuditEntry.at >= wish.since)
    if wish.until:
        where.append(AuditEntry.at < wish.until)
    return where
