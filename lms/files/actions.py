"""Keeping files."""

import hashlib

from sqlalchemy import select

from lms.core.db import db
from lms.files import storage
from lms.files.models import StoredFile


def keep(data: bytes, media_type: str, *, width: int | None = None, height: int | None = None) -> StoredFile:
    """Store bytes once: the same bytes are the same file. Size in bytes, edges in pixels."""
    digest = hashlib.sha256(data).hexdigest()
    known = db.session.scalars(
        select(StoredFile).where(StoredFile.sha256 == digest, StoredFile.media_type == media_type).limit(1)
    ).one_or_none()
    if known is not None:
        return known
    key = storage.new_key()
    storage.put(key, data)
    stored = StoredFile(key=key, sha256=digest, size=len(data), media_type=media_type, width=width, height=height)
    db.session.add(stored)
    db.session.flush()
    return stored
