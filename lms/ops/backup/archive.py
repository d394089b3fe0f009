"""One file with everything: a tar of the tables, the stored files, and last a manifest that sums up every member."""

import hashlib
import hmac
import json
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from flask import current_app

from lms.files import storage
from lms.ops.backup import tables

MANIFEST = "manifest.json"
FORMAT = 1
Tell = Callable[[str], None]


class BackupError(Exception):
    """What is wrong with a backup or with where it should go, in a sentence."""


def key_mark(secret_key: str) -> str:
    """Tells whether a backup belongs to this SECRET_KEY, without telling the key."""
    return hmac.new(secret_key.encode(), b"mark of a backup", hashlib.sha256).hexdigest()[:16]


def write(target: Path, at: datetime, tell: Tell, *, with_files: bool) -> dict[str, Any]:
    """Write the backup; its manifest is the result. An interrupted one leaves nothing under that name."""
    part = target.with_name(target.name + ".part")
    settings = current_app.config["LECTERN"]
    manifest: dict[str, Any] = {"format": FORMAT, "at": at.isoformat(), "members": {}, "files": {}}
    manifest["key"] = key_mark(settings.secret_key)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out, tarfile.open(fileobj=out, mode="w|") as archive:
            _write_tables(archive, manifest, settings.database_url, tell)
            _write_files(archive, manifest, tell, with_files=with_files)
            _add(archive, MANIFEST, BytesIO(json.dumps(manifest, indent=1).encode()), {})
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _write_tables(archive: tarfile.TarFile, manifest: dict[str, Any], url: str, tell: Tell) -> None:
    with tables.connect(url) as connection, connection.transaction():
        tables.snapshot(connection)
        manifest["revision"] = tables.revision(connection)
        if manifest["revision"] is None:
            raise BackupError("There are no tables of Lectern in this database.")
        manifest["sequences"] = tables.sequences(connection)
        manifest["tables"] = {}
        for table in tables.names(connection):
            with tempfile.TemporaryFile() as spool:
                copied = tables.write(connection, table, spool)
                _add(archive, f"tables/{table}.gz", spool, manifest["members"])
            manifest["tables"][table] = {"rows": copied.rows, "content": copied.content}
            tell(f"{table}: {copied.rows}")
        rows = connection.execute("select key, sha256, size, media_type from stored_files order by key")
        manifest["files"] = {row[0]: {"sha256": row[1], "size": row[2], "type": row[3]} for row in rows}


def _write_files(archive: tarfile.TarFile, manifest: dict[str, Any], tell: Tell, *, with_files: bool) -> None:
    """Stored files never change under their key, so those that the snapshot names belong to its moment."""
    manifest["with_files"] = with_files
    missing = []
    if with_files:
        for key in manifest["files"]:
            try:
                pieces = storage.stream(key)
            except FileNotFoundError:
                missing.append(key)
                continue
            with tempfile.TemporaryFile() as spool:
                for piece in pieces:
                    spool.write(piece)
                _add(archive, f"files/{key}", spool, manifest["members"])
        tell(f"files: {len(manifest['files']) - len(missing)}")
    manifest["missing"] = missing


def _add(archive: tarfile.TarFile, name: str, source: IO[bytes], members: dict[str, str]) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = source.seek(0, os.SEEK_END), 0o600
    source.seek(0)
    digest = hashlib.sha256()
    for piece in tables.pieces(source):
        digest.update(piece)
    members[name] = digest.hexdigest()
    source.seek(0)
    archive.addfile(entry, source)


def checked(path: Path) -> dict[str, Any]:
    """The manifest of a backup whose every member is what it was. Raises BackupError."""
    sums: dict[str, str] = {}
    manifest: dict[str, Any] | None = None
    try:
        for name, source in members(path):
            if name == MANIFEST:
                manifest = json.load(source)
                continue
            digest = hashlib.sha256()
            for piece in tables.pieces(source):
                digest.update(piece)
            sums[name] = digest.hexdigest()
    except (tarfile.TarError, ValueError) as error:
        raise BackupError(f"{path} is not a backup, or damaged: {error}.") from error
    if manifest is None:
        raise BackupError(f"{path} ends too early: it has no manifest.")
    if manifest.get("format") != FORMAT:
        raise BackupError(f"{path} was written by another release, in format {manifest.get('format')}.")
    if sums != manifest["members"]:
        wrong = sorted(set(sums.items()) ^ set(manifest["members"].items()))[0][0]
        raise BackupError(f"{path} is damaged: {wrong} is not what it was.")
    return manifest


def table_of(member: str) -> str | None:
    """The table whose rows a member holds."""
    is_table = member.startswith("tables/")
    return member.removeprefix("tables/").removesuffix(".gz") if is_table else None


def members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """The members in their order, each to be read before the next."""
    with tarfile.open(path, mode="r|") as archive:
        for entry in archive:
            source = archive.extractfile(entry)
            if source is not None:
                yield entry.name, source
