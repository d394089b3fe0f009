"""Settings that admins change while the system runs. A row of `settings` stands above the environment.

Each process reads them at most once in FRESH_SECONDS, so that asking costs nothing on an ordinary page;
a change is seen at once where it was made, and elsewhere after that time.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any, Literal

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from lms.accounts import audit
from lms.accounts.models import ROLES, Setting, UserSession
from lms.core.db import db

FRESH_SECONDS = 5.0
CACHE = "lectern-site"

Registration = Literal["open", "closed", "domains"]


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """What is enforced. `session_hours` is how long a sign-in without "keep me signed in" lasts."""

    registration: Registration = "open"
    registration_domains: tuple[str, ...] = ()
    verification_required: bool = False
    second_factor_roles: tuple[str, ...] = ()
    session_hours: int = 12
    admin_networks: tuple[str, ...] = ()

    @property
    def confirms_addresses(self) -> bool:
        """Whether nobody comes in before their address is confirmed: a domain says nothing until then."""
        return self.verification_required or self.registration == "domains"

    def may_register(self, email: str) -> bool:
        """Whether somebody with this address may make an account without an invitation."""
        if self.registration == "domains":
            return email.rpartition("@")[2].lower() in self.registration_domains
        return self.registration == "open"

    def admin_may_work_from(self, address: str) -> bool:
        """Whether admins may work from this network address; every one when none is listed."""
        if not self.admin_networks:
            return True
        try:
            place = ip_address(address)
        except ValueError:
            return False
        mapped = getattr(place, "ipv4_mapped", None) or place
        return any(mapped in ip_network(network) for network in self.admin_networks)


NAMES = tuple(field.name for field in fields(SiteSettings))


def current() -> SiteSettings:
    """The settings in force. One statement when the last answer is older than FRESH_SECONDS, else none."""
    held = current_app.extensions.get(CACHE)
    if held is not None and time.monotonic() - held[0] < FRESH_SECONDS:
        known: SiteSettings = held[1]
        return known
    values = {row.name: row.value["value"] for row in db.session.execute(select(Setting.name, Setting.value))}
    found = _built({**_defaults(), **{name: values[name] for name in NAMES if name in values}})
    current_app.extensions[CACHE] = (time.monotonic(), found)
    return found


def forget() -> None:
    """Read again at the next question."""
    current_app.extensions.pop(CACHE, None)


def change(values: Mapping[str, Any], by_id: int | None, at: datetime) -> SiteSettings:
    """Set some of the settings by name and note in the audit log what changed.

    Raises ValueError, in words for the admin, when a value is not possible.
    """
    if unknown := set(values) - set(NAMES):
        raise ValueError(f"unknown settings: {', '.join(sorted(unknown))}")
    forget()
    before = current()
    after = _built({**_plain(before), **values})
    for problem in _problems(after):
        raise ValueError(problem)
    was, now = _plain(before), _plain(after)
    changed = {name: now[name] for name in NAMES if now[name] != was[name]}
    for name, value in changed.items():
        row = {"value": {"value": value}, "changed_at": at, "changed_by_id": by_id}
        db.session.execute(
            insert(Setting)
            .values(name=name, **row)
            .on_conflict_do_update(index_elements=[Setting.name], set_=row)
        )
    if after.session_hours < before.session_hours:
        _shorten_sessions(after.session_hours)
    if changed:
        before_values = {name: was[name] for name in changed}
        audit.record("settings.changed", at, subject_kind="settings", before=before_values, after=changed)
    forget()
    return after


def _shorten_sessions(hours: int) -> None:
    """Who is signed in already stays no longer than that either, but for those who chose to stay signed in."""
    remembered = timedelta(days=current_app.config["LECTERN"].remember_days)
    until = UserSession.created_at + timedelta(hours=hours)
    db.session.execute(
        update(UserSession)
        .where(
            UserSession.ended_at.is_(None),
            UserSession.expires_at > until,
            UserSession.expires_at - UserSession.created_at < remembered,
        )
        .values(expires_at=until)
        .execution_options(synchronize_session=False)
    )


def reset(at: datetime) -> list[str]:
    """Take every change back, so that the environment decides again. Returns the names that were set."""
    removed = delete(Setting).where(Setting.name.in_(NAMES)).returning(Setting.name, Setting.value)
    held = {row.name: row.value["value"] for row in db.session.execute(removed)}
    if held:
        audit.record("settings.reset", at, subject_kind="settings", before=held)
    forget()
    return sorted(held)


def _defaults() -> dict[str, Any]:
    settings = current_app.config["LECTERN"]
    return {
        "registration": "open" if settings.registration_open else "closed",
        "verification_required": settings.verification_required,
        "session_hours": settings.session_hours,
    }


def _built(values: dict[str, Any]) -> SiteSettings:
    """JSON knows no tuples."""
    frozen: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
    return SiteSettings(**frozen)


def _plain(settings: SiteSettings) -> dict[str, Any]:
    values = {name: getattr(settings, name) for name in NAMES}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _problems(settings: SiteSettings) -> list[str]:
    found = []
    if settings.registration not in ("open", "closed", "domains"):
        found.append(_("Registration is open, closed, or for listed domains."))
    if settings.registration == "domains" and not settings.registration_domains:
        found.append(_("Name at least one domain that may register, such as example.org."))
    if not set(settings.second_factor_roles) <= set(ROLES):
        found.append(_("A second factor is required of students, instructors or administrators."))
    if not 1 <= settings.session_hours <= 24 * 30:
        found.append(_("A sign-in lasts from 1 to 720 hours."))
    for network in settings.admin_networks:
        try:
            ip_network(network)
        except ValueError:
            found.append(_("%(value)s is no address range; write it like 10.0.0.0/8.", value=network))
    return found
