"""Keeping files."""

import hashlib
import io
from typing import IO

from sqlalchemy import select

from lms.core.db import db
from lms.files import storage
from lms.files.models import StoredFile


def keep(data: bytes, media_type: str, *, width: int | None = None, height: int | None = None) -> StoredFile:
    """Store bytes once: the same bytes are the same file. Size in bytes, edges in pixels."""
    digest = hashlib.sha256(data).hexdigest()
    return keep_stream(io.BytesIO(data), len(data), digest, media_type, width=width, height=height)


def keep_stream(
    stream: IO[bytes],
    size: int,
    sha256: str,
    media_type: str,
    *,
    width: int | None = None,
    height: int | None = None,
) -> StoredFile:
    """Store what a file-like object holds, piece by piece; `size` (bytes) and `sha256` are its own."""
    known = db.session.scalars(
        select(StoredFile)
        .where(StoredFile.sha256 == sha256, StoredFile.media_type == media_type)
        .limit(1)
        .with_for_update(read=True, key_share=True)
    ).one_or_none()
    if known is not None:
        return known
    key = storage.new_key()
    storage.put_stream(key, stream, media_type)
    stored = StoredFile(key=key, sha256=sha256, size=size, media_type=media_type, width=width, height=height)
    db.session.add(stored)
    db.session.flush()
    return stored
