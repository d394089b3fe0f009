"""Whether each part works. What is said to strangers holds no address, name or password."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from lms.core import jobs
from lms.core.db import NO_TABLES, db
from lms.files import storage

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


@dataclass(frozen=True, slots=True)
class Check:
    """One part: does it work, and why not."""

    name: str
    ok: bool
    why: str = ""


class Fault(Exception):
    """A part answers, but not as it must; the message may be shown to anybody."""


def ready() -> list[Check]:
    """The parts without which no request can be answered well."""
    return [_checked(name, look) for name, look in PARTS.items()]


def _checked(name: str, look: Callable[[], None]) -> Check:
    try:
        look()
    except Fault as fault:
        return Check(name, False, str(fault))
    except Exception as error:  # every driver raises its own
        log.warning("%s is not ready: %s", name, error)
        return Check(name, False, f"does not answer ({type(error).__name__})")
    return Check(name, True)


def _database() -> None:
    with db.engine.connect() as connection:
        connection.execute(text("select 1"))


def _redis() -> None:
    jobs.redis().ping()


def _migrations() -> None:
    with db.engine.connect() as connection:
        exists = connection.scalar(text("select to_regclass('alembic_version') is not null"))
        found = set(connection.scalars(text("select version_num from alembic_version"))) if exists else set()
    # A version that this release does not know is a later one: while a deployment rolls, the old processes go on
    # working, because each migration leaves room for the release before it.
    if not found:
        raise Fault(f"{NO_TABLES}: run `flask db upgrade`")
    if found & known_migrations() - wanted_migrations():
        raise Fault("the database is not at this release's version: run `flask db upgrade`")


def _storage() -> None:
    if not storage.is_reachable():
        raise Fault("a file that was written reads back differently")


PARTS: dict[str, Callable[[], None]] = {
    "database": _database,
    "redis": _redis,
    "migrations": _migrations,
    "storage": _storage,
}


@lru_cache(maxsize=1)
def _scripts() -> ScriptDirectory:
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(settings)


@lru_cache(maxsize=1)
def wanted_migrations() -> frozenset[str]:
    """The newest versions among this release's migrations."""
    return frozenset(_scripts().get_heads())


@lru_cache(maxsize=1)
def known_migrations() -> frozenset[str]:
    """All versions that this release has come through."""
    return frozenset(script.revision for script in _scripts().walk_revisions())
