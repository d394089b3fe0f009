"""Telling people something: in their inbox and by mail, each as they wish, and once. Nothing here commits."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, func, text, update
from sqlalchemy.dialects.postgresql import insert

from lms.core import events
from lms.core.db import db
from lms.notifications import actions, queries
from lms.notifications.kinds import BOUNCE, KINDS
from lms.notifications.models import Bounce, MessagePreference, Notice

KEPT = timedelta(days=365)
"""How long a notice stands in the inbox."""
A_SECOND = 5
"""Of many messages so many are expected to leave in a second, before the sweep takes them for lost."""


@dataclass(frozen=True, slots=True)
class Told:
    """One person and one cause. `key` names the cause for that person; `mail` are the facts of a message with a
    template of its own."""

    user_id: int
    key: str
    facts: dict[str, Any]
    link: str
    mail: dict[str, Any] | None = None


_NOTICES = text(
    "insert into notices (user_id, kind, facts, link, dedupe_key, in_inbox, mail, created_at)"
    " select r.user_id, :kind, r.facts, r.link, r.key, r.in_inbox, r.mail, :at"
    " from jsonb_to_recordset(cast(:rows as jsonb))"
    " as r(user_id bigint, facts jsonb, link text, key text, in_inbox boolean, mail text)"
    " on conflict (dedupe_key) do nothing returning dedupe_key"
)
_EMAILS = text(
    "insert into emails"
    " (template, dedupe_key, user_id, to_address, language, facts, state, attempts, due_at, created_at)"
    " select :template, r.key, r.user_id, r.address, r.language, r.facts, 'queued', 0, :due, :at"
    " from jsonb_to_recordset(cast(:rows as jsonb))"
    " as r(key text, user_id bigint, address text, language text, facts jsonb)"
    " on conflict (dedupe_key) do nothing returning id"
)


def tell(kind: str, about: Iterable[Told], at: datetime, *, template: str = "notice") -> int:
    """Tell people of something, in three statements whatever their number. Returns to how many it was new.

    Who wants neither a notice nor a message is told nothing; neither is an account that is switched off.
    """
    wanted = {told.key: told for told in about}
    readers = {row.id: row for row in queries.readers([told.user_id for told in wanted.values()], kind)}
    rows, mails = [], []
    for told in wanted.values():
        reader = readers.get(told.user_id)
        if reader is None:
            continue
        mode = reader.mode or KINDS[kind].email
        in_inbox = reader.in_inbox is not False or KINDS[kind].needed
        if not in_inbox and mode == "never":
            continue
        waits = "waiting" if mode == "digest" else "none"
        rows.append({**_plain(told), "in_inbox": in_inbox, "mail": waits})
        if mode == "at_once" and not reader.is_bounced:
            mails.append(_mail(kind, told, reader, template))
    new = _write_notices(kind, rows, at)
    _write_emails(template, [mail for mail in mails if mail["key"] in new], at)
    return len(new)


def _plain(told: Told) -> dict[str, Any]:
    return {name: value for name, value in asdict(told).items() if name != "mail"}


def _mail(kind: str, told: Told, reader: Any, template: str) -> dict[str, Any]:
    facts = told.mail if template != "notice" else {"kind": kind, "facts": told.facts, "link": told.link}
    return {
        "key": told.key,
        "user_id": told.user_id,
        "address": reader.email,
        "language": reader.language,
        "facts": facts or {},
    }


def _write_notices(kind: str, rows: list[dict[str, Any]], at: datetime) -> set[str]:
    if not rows:
        return set()
    written = db.session.execute(_NOTICES, {"kind": kind, "rows": json.dumps(rows), "at": at})
    return set(written.scalars())


def _write_emails(template: str, rows: list[dict[str, Any]], at: datetime) -> None:
    if not rows:
        return
    due = at + actions.FIRST_SWEEP + timedelta(seconds=len(rows) // A_SECOND)
    values = {"template": template, "rows": json.dumps(rows), "due": due, "at": at}
    for email_id in db.session.execute(_EMAILS, values).scalars():
        events.send(actions.sender(template), email_id, 0)


# What was seen in the inbox need not come by mail any more.
_NOT_BY_MAIL = case((Notice.mail == "waiting", "none"), else_=Notice.mail)


def read(notice_id: int, user_id: int, at: datetime) -> str | None:
    """Note that a notice was seen; its link, or None when it is not theirs."""
    statement = (
        update(Notice)
        .where(Notice.id == notice_id, Notice.user_id == user_id, Notice.in_inbox)
        .values(read_at=func.coalesce(Notice.read_at, at), mail=_NOT_BY_MAIL)
        .returning(Notice.link)
        .execution_options(synchronize_session=False)
    )
    return db.session.scalar(statement)


def read_all(user_id: int, at: datetime) -> None:
    """Nothing is unread any more."""
    db.session.execute(
        update(Notice)
        .where(Notice.user_id == user_id, Notice.read_at.is_(None), Notice.in_inbox, Notice.created_at <= at)
        .values(read_at=at, mail=_NOT_BY_MAIL)
        .execution_options(synchronize_session=False)
    )


def prefer(user_id: int, wishes: dict[str, tuple[str, bool]]) -> None:
    """Keep what somebody wants: (how by mail, whether in the inbox) for each kind."""
    statement = insert(MessagePreference).values(
        [
            {"user_id": user_id, "kind": kind, "email": email, "inbox": inbox}
            for kind, (email, inbox) in wishes.items()
        ]
    )
    given = statement.excluded
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["user_id", "kind"], set_={"email": given.email, "inbox": given.inbox}
        )
    )


def unsubscribe(user_id: int, kinds: Iterable[str]) -> None:
    """No more mail of these kinds; what stands in the inbox is another matter."""
    rows = [{"user_id": user_id, "kind": kind, "email": "never", "inbox": True} for kind in kinds]
    if rows:
        statement = insert(MessagePreference).values(rows)
        db.session.execute(
            statement.on_conflict_do_update(index_elements=["user_id", "kind"], set_={"email": "never"})
        )


_MARK = text(
    "insert into email_bounces (user_id, address, reason, at)"
    " select id, email, :reason, :at from users where id = :user_id and lower(email) = lower(:address)"
    " on conflict (user_id) do update set address = excluded.address, reason = excluded.reason, at = excluded.at"
    " returning address"
)


def mark_bounced(user_id: int, address: str, reason: str, at: datetime) -> None:
    """Note that nothing arrives at the address of an account, and say so where its owner still looks."""
    values = {"user_id": user_id, "address": address, "reason": reason, "at": at}
    if db.session.scalar(_MARK, values) is not None:
        row = {
            "user_id": user_id,
            "key": f"bounce:{user_id}:{at.isoformat()}",
            "facts": {"address": address, "reason": reason},
            "link": "/profile/messages",
            "in_inbox": True,
            "mail": "none",
        }
        _write_notices(BOUNCE, [row], at)


def trust_address(user_id: int, at: datetime) -> bool:
    """Write to the address again, beginning with a message that says so. False when nothing was refused there."""
    gone = db.session.scalar(delete(Bounce).where(Bounce.user_id == user_id).returning(Bounce.user_id))
    if gone is None:
        return False
    actions.queue_to(user_id, "test", at, f"trust_address:{user_id}:{at.isoformat()}")
    return True


def forget_old(at: datetime) -> int:
    """Remove notices past their time; returns how many."""
    old = delete(Notice).where(Notice.created_at < at - KEPT).returning(Notice.id)
    return len(db.session.execute(old.execution_options(synchronize_session=False)).all())
