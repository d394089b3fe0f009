"""`flask ops doctor` and the admins' page of it: each part, whether it works, and what to do when it does not."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from rq import Worker
from sqlalchemy import Select, func, select, text

from config import Settings
from lms.core import assets, clock, jobs
from lms.core.db import NO_TABLES, db, has_no_tables
from lms.core.models import Delivery, Fault
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
PATIENCE_SECONDS = 5.0
"""For each answer of the mail server: somebody waits for the page."""
LATELY = timedelta(days=1)


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
            found, wrong = _said(error), str(remedy)
        yield Finding(part, found, wrong)


def _said(error: Exception) -> str:
    if isinstance(error, health.Fault):
        return str(error)
    return NO_TABLES if has_no_tables(error) else f"{type(error).__name__}: {error}".splitlines()[0]


def _(text: str, **values: Any) -> str:
    return str(gettext(text, **values))


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
        raise _Wrong(settings.base_url, _("Set BASE_URL to the https:// address that people use."))
    if len(set(settings.secret_key)) < FEWEST_SIGNS:
        raise _Wrong(
            _("SECRET_KEY has only %(num)s different signs", num=len(set(settings.secret_key))),
            _('Make one: `python3 -c "import secrets; print(secrets.token_urlsafe(48))"`'),
        )
    if hosts and not any(name == host or (host[:1] == "." and name.endswith(host)) for host in hosts):
        raise _Wrong(
            _("TRUSTED_HOSTS leaves out %(name)s", name=name),
            _("Add the name in BASE_URL to TRUSTED_HOSTS."),
        )
    if settings.trusted_proxies == 0:
        raise _Wrong(
            _("TRUSTED_PROXIES is 0, and HTTPS ends at a proxy"),
            _("Set TRUSTED_PROXIES to how many proxies stand in front, else pages redirect to themselves."),
        )
    if parseaddr(settings.mail_from)[1].rpartition("@")[2] in ("", "localhost"):
        raise _Wrong(
            _("MAIL_FROM is %(address)s", address=settings.mail_from),
            _("Set it to an address of a domain that allows your mail server (SPF, DKIM)."),
        )


def _database() -> str:
    with db.engine.connect() as connection:
        number = int(connection.scalar(text("show server_version_num")) or 0)
        theirs: datetime = connection.scalars(select(func.clock_timestamp())).one()
        skew = abs((theirs - datetime.now(UTC)).total_seconds())
    if number < OLDEST_POSTGRES:
        raise _Wrong(f"PostgreSQL {number // 10000}", _("Use PostgreSQL 16 or newer."))
    if skew > LARGEST_SKEW_SECONDS:
        raise _Wrong(
            _("its clock differs by %(seconds)s s", seconds=f"{skew:.0f}"),
            _("Switch on time synchronisation (NTP) on both machines."),
        )
    return f"PostgreSQL {number // 10000}"


def _migrations() -> str:
    health.PARTS["migrations"]()
    return _("at %(version)s", version=", ".join(sorted(health.wanted_migrations())))


def _redis() -> str:
    connection: Any = jobs.redis()
    facts = connection.info()
    policy = facts.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        raise _Wrong(
            _(
                "Redis %(version)s forgets jobs when it is full (%(policy)s)",
                version=facts["redis_version"],
                policy=policy,
            ),
            _("Set `maxmemory-policy noeviction`."),
        )
    return f"Redis {facts['redis_version']}"


def _workers() -> str:
    connection: Any = jobs.redis()
    count = Worker.count(connection=connection)
    waiting = sum(connection.llen(f"rq:queue:{name}") for name in jobs.QUEUES)
    if count == 0:
        raise _Wrong(_("none; %(num)s jobs wait", num=waiting), _("Start one: `python worker.py`."))
    return _("%(count)s; %(num)s jobs wait", count=count, num=waiting)


def _clock() -> str:
    connection: Any = jobs.redis()
    if not connection.exists(jobs.CLOCK):
        raise _Wrong(_("nobody starts recurring jobs"), _("Start one: `python worker.py` or `--clock-only`."))
    return _("recurring jobs are started")


def _connections() -> str:
    options = current_app.config["SQLALCHEMY_ENGINE_OPTIONS"]
    with db.engine.connect() as connection:
        most = int(connection.scalar(text("show max_connections")) or 0)
        taken = (
            connection.scalar(text("select count(*) from pg_stat_activity where datname is not null")) or 0
        )
    found = _(
        "%(taken)s of %(most)s taken, up to %(each)s for each process",
        taken=taken,
        most=most,
        each=options["pool_size"] + options["max_overflow"],
    )
    if taken > most * FULLEST:
        raise _Wrong(
            found,
            _("Lower DATABASE_POOL, raise max_connections, or use a pooler: docs/operators/scaling.md."),
        )
    return found


def _storage() -> str:
    health.PARTS["storage"]()
    parts = urlsplit(current_app.config["LECTERN"].storage_url)
    if parts.scheme != "file":
        return f"{parts.scheme}://{parts.hostname}"
    free = shutil.disk_usage(Path(parts.path)).free
    if free < LEAST_FREE_BYTES:
        raise _Wrong(
            _("%(num)s MB are free", num=free // 1024**2),
            _("Make room on the disk of %(path)s.", path=parts.path),
        )
    return _("%(path)s, %(num)s GB free", path=parts.path, num=free // 1024**3)


def _mail() -> str:
    with smtp.session(PATIENCE_SECONDS) as server:
        server.noop()
    parts = urlsplit(current_app.config["LECTERN"].smtp_url)
    return f"{parts.scheme}://{parts.hostname}:{parts.port or smtp.PORTS[parts.scheme]}"


def _assets() -> str:
    return assets.asset("app.css")


def _counted(wanted: Select[Any]) -> int:
    """By a connection of its own, so that a statement that fails stops no other."""
    with db.engine.connect() as connection:
        return int(connection.scalar(wanted) or 0)


def _work() -> str:
    before = clock.now() - LATE
    lost = _counted(select(func.count()).where(Delivery.state == "failed"))
    late = _counted(select(func.count()).where(Delivery.state == "pending", Delivery.due_at < before))
    unsent = _counted(select(func.count()).where(Email.state == "failed"))
    if lost or unsent or late:
        raise _Wrong(
            _(
                "undelivered events: %(lost)s, late: %(late)s, unsent messages: %(unsent)s",
                lost=lost,
                late=late,
                unsent=unsent,
            ),
            _("Read the reasons in Admin > Jobs and Admin > Emails. Late: is a worker running?"),
        )
    return _("nothing is left behind")


def _errors() -> str:
    """Only the last day: what is older was either looked at or does not happen any more."""
    lately = select(func.count()).where(Fault.settled_at.is_(None), Fault.last_at > clock.now() - LATELY)
    if number := _counted(lately):
        raise _Wrong(
            _("%(num)s unexpected in the last day", num=number),
            _("Read them in Admin > Errors, and settle what is mended."),
        )
    return _("none unexpected in the last day")


UPGRADE = _l("Is the database at this release's version? Run `flask db upgrade`.")

PARTS: dict[str, tuple[Callable[[], str], Any]] = {
    "settings": (_settings, _l("See docs/operators/configuration.md.")),
    "database": (_database, _l("Is PostgreSQL running, and is DATABASE_URL its address?")),
    "migrations": (_migrations, _l("Run `flask db upgrade`.")),
    "redis": (
        _redis,
        _l(
            "Is Redis running, and is REDIS_URL its address? Its certificate is its own: REDIS_CHECK_CERTIFICATE=false."
        ),
    ),
    "workers": (_workers, _l("Is Redis running?")),
    "clock": (_clock, _l("Is Redis running?")),
    "connections": (_connections, _l("Is PostgreSQL running?")),
    "storage": (_storage, _l("Can this user write to STORAGE_URL?")),
    "mail": (
        _mail,
        _l("Is SMTP_URL right (scheme, host, port, user, password)? Then try `flask ops send-test-email`."),
    ),
    "assets": (_assets, _l("Run `make assets`.")),
    "work": (_work, UPGRADE),
    "errors": (_errors, UPGRADE),
}
"""What looks at each part, and the remedy when it does not answer at all."""
