"""A backup into an empty database, for good or to see whether it would work."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from alembic import command
from alembic.util import CommandError
from flask import current_app
from obstore.exceptions import BaseError
from psycopg import sql
from sqlalchemy import NullPool, create_engine

from config import ROOT
from lms.core import clock
from lms.files import storage
from lms.ops.backup import archive, tables
from lms.ops.backup.archive import BackupError, Tell


@dataclass(frozen=True, slots=True)
class Difference:
    """What the manifest says and what was found."""

    what: str
    expected: str
    found: str


def refuse_unless_empty(url: str) -> None:
    """Raises BackupError for a database that holds anything."""
    with tables.connect(url) as connection:
        table = tables.rows_anywhere(connection)
    if table is not None:
        raise BackupError(f"The database is not empty: the table {table} has rows. Nothing was changed.")


def restore(path: Path, url: str, tell: Tell, *, with_files: bool) -> dict[str, Any]:
    """Bring files and tables back and lead the tables to this release.

    Files come first: when one of them can't be written, no table has a row, and the same call, once there is room, does
    it all again. The rows come in one transaction. Raises BackupError; rows are there then only if the last migration
    failed, which `flask db upgrade` repeats.
    """
    manifest = archive.checked(path)
    refuse_unless_empty(url)
    if with_files:
        restored = _bring_files(path, manifest["files"])
        tell(f"files: {restored}")
    _migrate(url, "base", down=True)
    _migrate(url, manifest["revision"])
    _fill(path, url, manifest, tell, ahead=tables.AHEAD)
    _migrate(url, "head")
    return manifest


def rehearse(path: Path, url: str, tell: Tell) -> list[Difference]:
    """Restore into a database made for it, compare every table with the manifest and every file with the tables,
    and remove the database. Nothing else is touched. The differences are the result."""
    manifest = archive.checked(path)
    with _scratch(url) as scratch:
        _migrate(scratch, manifest["revision"])
        _fill(path, scratch, manifest, tell, ahead=0)
        found = [*_compared(path, scratch, manifest), *_files_compared(manifest)]
        _migrate(scratch, "head")
    return found


@contextmanager
def _scratch(url: str) -> Iterator[str]:
    name = f"lectern_rehearsal_{secrets.token_hex(4)}"
    with tables.connect(url) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _fill(path: Path, url: str, manifest: dict[str, Any], tell: Tell, *, ahead: int) -> None:
    """All rows in one transaction."""
    with tables.connect(url) as connection, connection.transaction():
        known = set(tables.names(connection))
        if known != set(manifest["tables"]):
            odd = ", ".join(sorted(known ^ set(manifest["tables"])))
            raise BackupError(f"The backup and this release disagree about tables: {odd}.")
        with tables.Unbound(connection):
            # A migration may have written rows of its own.
            for table in known:
                connection.execute(sql.SQL("delete from {}").format(sql.Identifier(table)))
            for name, source in archive.members(path):
                if filled := archive.table_of(name):
                    tables.read(connection, filled, source)
                    tell(filled)
        tables.go_on_from(connection, manifest["sequences"], ahead)
    with tables.connect(url) as connection:
        connection.execute("analyze")


def _bring_files(path: Path, known: dict[str, Any]) -> int:
    """One after another, so that a large one needs a disk and no memory."""
    count = 0
    for name, source in archive.members(path):
        if name.startswith("files/"):
            key = name.removeprefix("files/")
            with tempfile.TemporaryFile() as spool:
                shutil.copyfileobj(source, spool)
                spool.seek(0)
                try:
                    storage.put_stream(key, spool, known[key]["type"])
                except (BaseError, OSError) as error:
                    reason = (
                        str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
                    )
                    raise BackupError(
                        f"The file {key} can't be written: {reason}. No table was touched; mend it and begin again."
                    ) from error
            count += 1
    return count


def _compared(path: Path, url: str, manifest: dict[str, Any]) -> Iterator[Difference]:
    expected = {table: facts["content"] for table, facts in manifest["tables"].items() if "content" in facts}
    expected = expected or _sums_of_rows(path)
    with tables.connect(url) as connection, connection.transaction():
        for table, facts in manifest["tables"].items():
            found = tables.write(connection, table, None)
            if found.rows != facts["rows"]:
                yield Difference(f"rows of {table}", str(facts["rows"]), str(found.rows))
            elif found.content != expected[table]:
                yield Difference(f"content of {table}", expected[table], found.content)


def _sums_of_rows(path: Path) -> dict[str, str]:
    """Of a backup whose manifest has none: up to release 1.0 it summed rows in the order in which they lay."""
    return {
        table: tables.summed(source).content
        for name, source in archive.members(path)
        if (table := archive.table_of(name))
    }


def _files_compared(manifest: dict[str, Any]) -> Iterator[Difference]:
    if not manifest["with_files"]:
        kept = {key for some in storage.keys(clock.now() + timedelta(days=1)) for key in some}
        for key in manifest["files"].keys() - kept:
            yield Difference(f"file {key}", "kept by the storage", "missing there")
        return
    for key, facts in manifest["files"].items():
        found = manifest["members"].get(f"files/{key}", "missing")
        if found != facts["sha256"]:
            yield Difference(f"file {key}", facts["sha256"], found)


def _migrate(url: str, revision: str, *, down: bool = False) -> None:
    """Lead the structure of any database of ours to a revision."""
    config = current_app.extensions["migrate"].migrate.get_config(str(ROOT / "migrations"))
    config.attributes["engine"] = engine = create_engine(url, poolclass=NullPool)
    try:
        (command.downgrade if down else command.upgrade)(config, revision)
    except CommandError as error:
        raise BackupError(f"Migrating to {revision} failed: {error}") from error
    finally:
        engine.dispose()
