"""Where the bytes of files lie: the local disk, S3 or Azure Blob behind obstore's one interface."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit
from uuid import uuid4

import obstore
from flask import Flask, current_app
from obstore.store import AzureStore, LocalStore, ObjectStore, S3Store, from_url

from config import Settings

CHUNK = 1024 * 1024
SIGNED_FOR = timedelta(seconds=900)


def init_app(app: Flask, settings: Settings) -> None:
    """Remember the address; the store is opened at first use, so that start-up does no I/O."""
    app.extensions["lectern-storage"] = {"url": settings.storage_url, "store": None}


def store() -> ObjectStore:
    """The application's store. A local folder is made when it is missing."""
    held = current_app.extensions["lectern-storage"]
    if held["store"] is None:
        held["store"] = _open(held["url"])
    opened: ObjectStore = held["store"]
    return opened


def _open(url: str) -> ObjectStore:
    """`file:///path`, `s3://bucket/prefix` or `azure://container/prefix`; keys come from the environment."""
    parts = urlsplit(url)
    prefix = parts.path.strip("/") or None
    match parts.scheme:
        case "file":
            folder = Path(parts.path)
            folder.mkdir(parents=True, exist_ok=True)
            return LocalStore(str(folder))
        case "s3":
            return S3Store(parts.netloc, prefix=prefix)
        case "azure" | "az":
            return AzureStore(parts.netloc, prefix=prefix)
    return from_url(url)


def new_key() -> str:
    """An opaque name, spread over 256 folders."""
    name = uuid4().hex
    return f"{name[:2]}/{name}"


def put(key: str, data: bytes) -> None:
    """Store bytes under a key."""
    obstore.put(store(), key, data)


def put_stream(key: str, stream: IO[bytes], media_type: str = "application/octet-stream") -> None:
    """Store what a file-like object holds, piece by piece. Where links may lead to the storage itself, the
    object carries its media type and is a download."""
    opened = store()
    if isinstance(opened, LocalStore):
        obstore.put(opened, key, stream)
    else:
        attributes = {"Content-Type": media_type, "Content-Disposition": "attachment"}
        obstore.put(opened, key, stream, attributes=attributes)


def read(key: str) -> bytes:
    """All bytes of a key. Raises FileNotFoundError when there are none."""
    return bytes(obstore.get(store(), key).bytes())


def stream(key: str) -> Iterator[bytes]:
    """The bytes in pieces of about CHUNK. Raises FileNotFoundError at once, not on the first piece."""
    result = obstore.get(store(), key)
    return (bytes(piece) for piece in result.stream(min_chunk_size=CHUNK))


def read_range(key: str, start: int, end: int) -> bytes:
    """Bytes `start` to `end`, the end not included."""
    return bytes(obstore.get_range(store(), key, start=start, end=end))


def signed_link(key: str) -> str | None:
    """An address in the storage that anyone may read for SIGNED_FOR; None for the local disk."""
    opened = store()
    if isinstance(opened, S3Store | AzureStore):
        return obstore.sign(opened, "GET", key, SIGNED_FOR)
    return None


def keys(before: datetime) -> Iterator[Sequence[str]]:
    """Everything that was stored before that moment, some hundred keys at a time."""
    for found in obstore.list(store(), chunk_size=500):
        yield [item["path"] for item in found if item["last_modified"] < before]


def remove(key: str) -> None:
    """Delete a key; it may be gone already."""
    try:
        obstore.delete(store(), key)
    except FileNotFoundError:
        return


def is_reachable() -> bool:
    """Whether a small object can be written and read back."""
    probe = "health/probe"
    put(probe, b"ok")
    return read(probe) == b"ok"
