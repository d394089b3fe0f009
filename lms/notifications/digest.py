"""The daily digest: one message in the reader's morning with what waited for it. Nothing here commits."""

import json
from datetime import datetime

from sqlalchemy import select, text

from lms.accounts.models import User
from lms.core import events
from lms.core.db import db
from lms.notifications import actions, rules
from lms.notifications.models import Notice

_ZONES = (
    select(User.time_zone)
    .distinct()
    .join(Notice, Notice.user_id == User.id)
    .where(Notice.mail == "waiting", User.is_active)
)
# A message is written for the readers whose morning has come and who have something from before it; only what
# waited of those who got one is marked, in the same statement, so that no crash sends anything twice or never.
_SEND = text(
    "with mornings as ("
    "  select * from jsonb_to_recordset(cast(:mornings as jsonb)) as m(zone text, cut timestamptz, day text)"
    "), chosen as ("
    "  select n.id, n.user_id, m.day from notices n"
    "    join users u on u.id = n.user_id and u.is_active join mornings m on m.zone = u.time_zone"
    "   where n.mail = 'waiting' and n.created_at < m.cut"
    "     and not exists (select 1 from email_bounces b where b.user_id = u.id"
    "       and lower(b.address) = lower(u.email)"
    "       and (u.email_verified_at is null or u.email_verified_at < b.at))"
    "   for update of n skip locked"
    "), written as ("
    "  insert into emails"
    "   (template, dedupe_key, user_id, to_address, language, facts, state, attempts, due_at, created_at)"
    "  select 'digest', 'digest:' || u.id || ':' || c.day, u.id, u.email, u.language, '{}', 'queued', 0, :due, :at"
    "    from (select distinct user_id, day from chosen) c join users u on u.id = c.user_id"
    "  on conflict (dedupe_key) do nothing returning id, user_id"
    "), marked as ("
    "  update notices n set mail = 'done', digest_id = w.id from written w, chosen c"
    "   where c.id = n.id and w.user_id = n.user_id returning n.id"
    ") select id from written"
)


def send(at: datetime) -> int:
    """Queue the digests that are due. Returns how many; two runs at once write each of them once."""
    zones = db.session.scalars(_ZONES).all()
    if not zones:
        return 0
    mornings = [
        {"zone": zone, "cut": cut.isoformat(), "day": cut.date().isoformat()}
        for zone, cut in ((zone, rules.last_morning(zone, at)) for zone in zones)
    ]
    values = {"mornings": json.dumps(mornings), "due": at + actions.FIRST_SWEEP, "at": at}
    written = db.session.execute(_SEND, values).scalars().all()
    for email_id in written:
        events.send(actions.sender("digest"), email_id, 0)
    return len(written)
