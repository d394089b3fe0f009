"""`flask ops doctor`: each part, whether it works, and what to do when it does not."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from rq import Worker
from sqlalchemy import func, select, text

from config import Settings
from lms.core import assets, clock, jobs
from lms.core.db import db
from lms.core.models import Delivery
from lms.notifications import smtp
from lms.notifications.models import Email
from lms.ops import health

OLDEST_POSTGRES = 160000
LEAST_FREE_BYTES = 1024**3
LARGEST_SKEW_SECONDS = 5.0
FULLEST = 0.8
"""Share of the database's connections."""
LATE = timedelta(minutes=10)
FEWEST_SIGNS = 10
"""Different signs in a secret that was made by chance; 64 hexadecimal ones nearly always have all 16."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`remedy` is empty when the part is well."""

    part: str
    found: str
    remedy: str = ""


def examine() -> Iterator[Finding]:
    """Look at one part after another; none stops the others."""
    for part, (look, remedy) in PARTS.items():
        try:
            found, wrong = look(), ""
        except _Wrong as problem:
            found, wrong = problem.found, problem.remedy
        except Exception as error:  # a finding, whatever it is
            found, wrong = f"{type(error).__name__}: {error}".splitlines()[0], remedy
        yield Finding(part, found, wrong)


class _Wrong(Exception):
    def __init__(self, found: str, remedy: str) -> None:
        super().__init__(found)
        self.found, self.remedy = found, remedy


def _settings() -> str:
    settings = current_app.config["LECTERN"]
    if settings.environment == "production":
        _look_into(settings)
    return f"{settings.environment}, {settings.base_url}"


def _look_into(settings: Settings) -> None:
    """What may be started with and is nevertheless wrong for a site that people use."""
    name = (urlsplit(settings.base_url).hostname or "").lower()
    hosts = [host.partition(":")[0].lower() for host in settings.trusted_hosts]
    if not settings.secure:
        raise _Wrong(settings.base_url, "Set BASE_URL to the https:// address that people use.")
    if len(set(settings.secret_key)) < FEWEST_SIGNS:
        raise _Wrong(
            f"SECRET_KEY has only {len(set(settings.secret_key))} different signs",
            'Make one: python3 -c "import secrets; print(secrets.token_urlsafe(48))"',
        )
    if hosts and not any(name == host or (host[:1] == "." and name.endswith(host)) for host in hosts):
        raise _Wrong(f"TRUSTED_HOSTS leaves out {name}", "Add the name in BASE_URL to TRUSTED_HOSTS.")
    if settings.trusted_proxies == 0:
        raise _Wrong(
            "TRUSTED_PROXIES is 0, and HTTPS ends at a proxy",
            "Set TRUSTED_PROXIES to how many proxies stand in front, else pages redirect to themselves.",
        )
    if parseaddr(settings.mail_from)[1].rpartition("@")[2] in ("", "localhost"):
        raise _Wrong(
            f"MAIL_FROM is {settings.mail_from}",
            "Set it to an address of a domain that allows your mail server (SPF, DKIM).",
        )


def _database() -> str:
    with db.engine.connect() as connection:
        number = int(connection.scalar(text("show server_version_num")) or 0)
        theirs: datetime = connection.scalars(select(func.clock_timestamp())).one()
        skew = abs((theirs - datetime.now(UTC)).total_seconds())
    if number < OLDEST_POSTGRES:
        raise _Wrong(f"PostgreSQL {number // 10000}", "Use PostgreSQL 16 or newer.")
    if skew > LARGEST_SKEW_SECONDS:
        raise _Wrong(
            f"its clock differs by {skew:.0f} s", "Switch on time synchronisation (NTP) on both machines."
        )
    return f"PostgreSQL {number // 10000}"


def _migrations() -> str:
    health.PARTS["migrations"]()
    return f"at {', '.join(sorted(health.wanted_migrations()))}"


def _redis() -> str:
    connection: Any = jobs.redis()
    facts = connection.info()
    policy = facts.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        raise _Wrong(
            f"Redis {facts['redis_version']} forgets jobs when it is full ({policy})",
            "Set `maxmemory-policy noeviction`.",
        )
    return f"Redis {facts['redis_version']}"


def _workers() -> str:
    connection: Any = jobs.redis()
    count = Worker.count(connection=connection)
    waiting = sum(connection.llen(f"rq:queue:{name}") for name in jobs.QUEUES)
    if count == 0:
        raise _Wrong(f"none; {waiting} jobs wait", "Start one: `python worker.py`.")
    return f"{count}; {waiting} jobs wait"


def _clock() -> str:
    connection: Any = jobs.redis()
    if not connection.exists(jobs.CLOCK):
        raise _Wrong("nobody starts recurring jobs", "Start one: `python worker.py` or `--clock-only`.")
    return "recurring jobs are started"


def _connections() -> str:
    options = current_app.config["SQLALCHEMY_ENGINE_OPTIONS"]
    with db.engine.connect() as connection:
        most = int(connection.scalar(text("show max_connections")) or 0)
        taken = (
            connection.scalar(text("select count(*) from pg_stat_activity where datname is not null")) or 0
        )
    found = (
        f"{taken} of {most} taken, up to {options['pool_size'] + options['max_overflow']} for each process"
    )
    if taken > most * FULLEST:
        raise _Wrong(
            found, "Lower DATABASE_POOL, raise max_connections, or use a pooler: docs/operators/scaling.md."
        )
    return found


def _storage() -> str:
    health.PARTS["storage"]()
    parts = urlsplit(current_app.config["LECTERN"].storage_url)
    if parts.scheme != "file":
        return f"{parts.scheme}://{parts.hostname}"
    free = shutil.disk_usage(Path(parts.path)).free
    if free < LEAST_FREE_BYTES:
        raise _Wrong(f"{free // 1024**2} MB are free", f"Make room on the disk of {parts.path}.")
    return f"{parts.path}, {free // 1024**3} GB free"


def _mail() -> str:
    with smtp.session() as server:
        server.noop()
    parts = urlsplit(current_app.config["LECTERN"].smtp_url)
    return f"{parts.scheme}://{parts.hostname}:{parts.port or smtp.PORTS[parts.scheme]}"


def _assets() -> str:
    return assets.asset("app.css")


def _work() -> str:
    lost = db.session.scalar(select(func.count()).where(Delivery.state == "failed"))
    late = db.session.scalar(
        select(func.count()).where(Delivery.state == "pending", Delivery.due_at < clock.now() - LATE)
    )
    unsent = db.session.scalar(select(func.count()).where(Email.state == "failed"))
    if lost or unsent or late:
        raise _Wrong(
            f"undelivered events: {lost}, late: {late}, unsent messages: {unsent}",
            "Admin, Jobs and Emails show the reasons and try again. Late: is a worker running?",
        )
    return "nothing is left behind"


PARTS: dict[str, tuple[Callable[[], str], str]] = {
    "settings": (_settings, "See docs/operators/configuration.md."),
    "database": (_database, "Is PostgreSQL running, and is DATABASE_URL its address?"),
    "migrations": (_migrations, "Run `flask db upgrade`."),
    "redis": (
        _redis,
        "Is Redis running, and is REDIS_URL its address? Its certificate is its own: REDIS_CHECK_CERTIFICATE=false.",
    ),
    "workers": (_workers, "Is Redis running?"),
    "clock": (_clock, "Is Redis running?"),
    "connections": (_connections, "Is PostgreSQL running?"),
    "storage": (_storage, "Can this user write to STORAGE_URL?"),
    "mail": (
        _mail,
        "Is SMTP_URL right (scheme, host, port, user, password)? Then try `flask ops send-test-email`.",
    ),
    "assets": (_assets, "Run `make assets`."),
    "work": (_work, "Is the database at this release's version? Run `flask db upgrade`."),
}
