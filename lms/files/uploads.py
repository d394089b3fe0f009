"""Files that come in pieces, so that a lost connection costs one piece and not the whole file.

The pieces lie in the storage, where every web process finds them; which there are stands in the database, written
when a piece has arrived whole. A row for each piece instead of its bytes: a database that carries videos through its
log and its backups would pay for each of them several times.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import IO
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select

from lms.core import events
from lms.core.db import db
from lms.files import intake, storage
from lms.files.kinds import MEDIA_TYPES, ending
from lms.files.models import Upload, UploadChunk

PIECE = 4 * 1024 * 1024
"""Bytes that a browser sends at once."""
LARGEST_PIECE = 8 * 1024 * 1024
KEPT_FOR = timedelta(days=1)
"""How long an upload waits to be continued."""
MOST_SWEPT = 200


def begin(
    course_id: int, user_id: int, name: str, size: int, *, largest: int, room: int, at: datetime
) -> Upload:
    """Announce a file of `size` bytes. What others have announced for the course takes room too.

    Raises `intake.Refused` for what would be refused in the end anyway.
    """
    if ending(name) not in MEDIA_TYPES:
        raise intake.Refused("kind")
    if size <= 0:
        raise intake.Refused("empty")
    if size > largest:
        raise intake.Refused("large")
    if size > room - _announced(course_id):
        raise intake.Refused("room")
    upload = Upload(
        id=uuid4(), course_id=course_id, user_id=user_id, name=name, size=size, created_at=at, touched_at=at
    )
    db.session.add(upload)
    db.session.flush()
    return upload


def _announced(course_id: int) -> int:
    waiting = select(func.coalesce(func.sum(Upload.size), 0)).where(
        Upload.course_id == course_id, Upload.path.is_(None)
    )
    return int(db.session.scalar(waiting) or 0)


def own(upload_id: UUID, course_id: int, user_id: int) -> Upload | None:
    """An upload of this person into this course, locked: two pieces at once come one after the other."""
    return db.session.scalars(
        select(Upload)
        .where(Upload.id == upload_id, Upload.course_id == course_id, Upload.user_id == user_id)
        .with_for_update()
    ).one_or_none()


def append(upload: Upload, start: int, piece: bytes, at: datetime) -> bool:
    """Keep a piece that begins `start` bytes into the file. False when it does not continue what is there, or is
    too long: then `upload.received` says where to go on."""
    fits = 0 < len(piece) <= min(LARGEST_PIECE, upload.size - upload.received)
    if upload.path is not None or start != upload.received or not fits:
        return False
    key = storage.new_key()
    storage.put(key, piece)
    db.session.add(UploadChunk(upload_id=upload.id, start=start, size=len(piece), key=key))
    upload.received += len(piece)
    upload.touched_at = at
    db.session.flush()
    return True


def is_whole(upload: Upload) -> bool:
    """Whether every byte that was announced has come."""
    return bool(upload.received == upload.size)


@contextmanager
def opened(upload: Upload) -> Iterator[IO[bytes]]:
    """The whole file for reading; on this machine for as long as the block lasts."""
    with tempfile.TemporaryFile() as file:
        for key in _keys(upload.id):
            for part in storage.stream(key):
                file.write(part)
        file.seek(0)
        yield file


def finish(upload: Upload, path: str, at: datetime) -> None:
    """The file is kept at `path`; its pieces go."""
    upload.path, upload.touched_at = path, at
    _drop_pieces([upload.id], at)


def give_up(upload: Upload, at: datetime) -> None:
    """Forget it and its pieces."""
    _drop_pieces([upload.id], at)
    db.session.delete(upload)
    db.session.flush()


def sweep(at: datetime) -> int:
    """Give up what nobody continued for KEPT_FOR; at most MOST_SWEPT. Returns how many."""
    stale = db.session.scalars(
        select(Upload.id)
        .where(Upload.touched_at < at - KEPT_FOR)
        .order_by(Upload.touched_at)
        .limit(MOST_SWEPT)
        .with_for_update(skip_locked=True)
    ).all()
    if stale:
        _drop_pieces(list(stale), at)
        db.session.execute(
            delete(Upload).where(Upload.id.in_(stale)).execution_options(synchronize_session=False)
        )
    return len(stale)


def _keys(upload_id: UUID) -> list[str]:
    rows = select(UploadChunk.key).where(UploadChunk.upload_id == upload_id).order_by(UploadChunk.start)
    return list(db.session.scalars(rows))


def _drop_pieces(uploads: list[UUID], at: datetime) -> None:
    """The rows now, the bytes after the commit: a change that is rolled back must find them again."""
    keys = db.session.scalars(
        delete(UploadChunk)
        .where(UploadChunk.upload_id.in_(uploads))
        .returning(UploadChunk.key)
        .execution_options(synchronize_session=False)
    ).all()
    if keys:
        events.record("upload.ended", at, keys=list(keys))
