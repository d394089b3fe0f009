"""Taking in what somebody uploads: is it of a kind we take, is it what it says, and is there room for it."""

import hashlib
import io
from typing import IO, Literal

from lms.files import actions, pictures
from lms.files.kinds import MEDIA_TYPES, RASTER, ending
from lms.files.models import StoredFile
from lms.files.sniffing import is_what_it_says

Reason = Literal["empty", "large", "kind", "content", "picture", "pixels", "room"]
_CHUNK = 1024 * 1024


class Refused(Exception):
    """Why a file is not taken; pages say it in words."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def take_in(name: str, stream: IO[bytes], *, largest: int, room: int) -> StoredFile:
    """Keep the upload `name`; pictures are drawn anew. `largest` and `room` in bytes. Raises Refused.

    The stream must be able to go back to its beginning; it is read in pieces.
    """
    kind = ending(name)
    size = _size(stream)
    if kind not in MEDIA_TYPES:
        raise Refused("kind")
    if not size:
        raise Refused("empty")
    if size > largest:
        raise Refused("large")
    if not is_what_it_says(name, stream):
        raise Refused("picture" if kind in RASTER else "content")
    width = height = None
    if kind in RASTER:
        picture = _drawn(stream, kind)
        stream, size = io.BytesIO(picture.data), len(picture.data)
        width, height = picture.width, picture.height
    if size > room:
        raise Refused("room")
    return actions.keep_stream(stream, size, _digest(stream), MEDIA_TYPES[kind], width=width, height=height)


def _drawn(stream: IO[bytes], kind: str) -> pictures.Picture:
    try:
        return pictures.drawn_anew(stream, kind)
    except pictures.TooLarge as error:
        raise Refused("pixels") from error
    except pictures.Unreadable as error:
        raise Refused("picture") from error


def _size(stream: IO[bytes]) -> int:
    stream.seek(0, io.SEEK_END)
    size = stream.tell()
    stream.seek(0)
    return size


def _digest(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    stream.seek(0)
    while piece := stream.read(_CHUNK):
        digest.update(piece)
    stream.seek(0)
    return digest.hexdigest()
