"""Bytes that no row knows: an import that failed, an upload that was given up. They go after a while."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Text, and_, cast, delete, exists, func, or_, select

from lms.core.db import db
from lms.core.models import Task
from lms.files import storage
from lms.files.models import FileVariant, StoredFile, UploadChunk

GRACE = timedelta(days=2)
"""Bytes are stored before the transaction that names them commits; nothing takes that long."""
KEPT_FOR = timedelta(days=7)
"""How long the file of a finished import or export can still be had."""
MOST = 1_000
PROBE = "health/"


def forget_unused(at: datetime) -> int:
    """Delete at most MOST rows of files that nothing refers to any more; their bytes follow as orphans."""
    unused = (
        select(StoredFile.id)
        .where(StoredFile.created_at < at - GRACE, *(~use for use in _uses()))
        .order_by(StoredFile.id)
        .limit(MOST)
    )
    gone = db.session.execute(
        delete(StoredFile)
        .where(StoredFile.id.in_(unused))
        .returning(StoredFile.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


def _uses() -> list[ColumnElement[bool]]:
    """Every column of any table that names a file. A picture is not used by its own smaller widths."""
    found: list[ColumnElement[bool]] = []
    for table in db.metadata.tables.values():
        for column in table.c:
            if not any(key.column is StoredFile.__table__.c.id for key in column.foreign_keys):
                continue
            if table is not FileVariant.__table__:
                found.append(exists().where(column == StoredFile.id))
            elif column.name == "variant_id":
                found.append(exists().where(and_(column == StoredFile.id, table.c.file_id != StoredFile.id)))
    return found


def remove_orphans(at: datetime) -> int:
    """Delete at most MOST objects of the storage that no file and no recent task names. Returns how many."""
    removed = 0
    for keys in storage.keys(before=at - GRACE):
        candidates = [key for key in keys if not key.startswith(PROBE)]
        for key in _unknown(candidates, at)[: MOST - removed]:
            storage.remove(key)
            removed += 1
        if removed >= MOST:
            break
    return removed


def _unknown(keys: list[str], at: datetime) -> list[str]:
    if not keys:
        return []
    known = set(db.session.scalars(select(StoredFile.key).where(StoredFile.key.in_(keys))))
    known |= set(db.session.scalars(select(UploadChunk.key).where(UploadChunk.key.in_(keys))))
    said = func.concat(cast(Task.arguments, Text), cast(Task.result, Text))
    recent = db.session.scalars(
        select(said).where(or_(Task.finished_at.is_(None), Task.finished_at > at - KEPT_FOR))
    ).all()
    return [key for key in keys if key not in known and not any(key in text for text in recent)]
