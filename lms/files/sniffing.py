"""Whether a file is what its name says: its first bytes, and for documents that are zips what is packed in them."""

import codecs
import zipfile
import zlib
from typing import IO

import puremagic

from lms.files.kinds import READ_AS_TEXT, ending

_ALIKE: dict[str, frozenset[str]] = {
    ".jpg": frozenset({".jpg", ".jpeg", ".jpe", ".jfif"}),
    ".m4v": frozenset({".mp4", ".m4v", ".mov"}),
    ".mp4": frozenset({".mp4", ".m4v", ".mov"}),
    ".mov": frozenset({".mov", ".mp4", ".qt"}),
    ".m4a": frozenset({".m4a", ".mp4", ".f4a"}),
    ".webm": frozenset({".webm", ".mkv"}),
    ".mp3": frozenset({".mp3", ".mpga"}),
    ".ogg": frozenset({".ogg", ".oga", ".opus", ".ogv", ".ogx"}),
    ".gz": frozenset({".gz", ".tgz"}),
    ".xls": frozenset({".xls", ".doc"}),
    ".ppt": frozenset({".ppt", ".doc"}),
}
_ALIKE[".jpeg"] = _ALIKE[".jpg"]
_ALIKE[".oga"] = _ALIKE[".opus"] = _ALIKE[".ogv"] = _ALIKE[".ogg"]

# The part that makes a zip this kind of document, and the `mimetype` that others carry.
_MAIN_PARTS = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".pptx": "ppt/presentation.xml"}
_DECLARED = {
    ".odt": b"application/vnd.oasis.opendocument.text",
    ".ods": b"application/vnd.oasis.opendocument.spreadsheet",
    ".odp": b"application/vnd.oasis.opendocument.presentation",
    ".epub": b"application/epub+zip",
}
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError, ValueError)
_HEAD = 8192
_CHUNK = 1024 * 1024


def is_what_it_says(name: str, stream: IO[bytes]) -> bool:
    """Compare the content with the ending of `name`. Leaves the stream at its beginning."""
    kind = ending(name)
    stream.seek(0)
    try:
        if kind in READ_AS_TEXT:
            return _is_text(stream)
        if kind in _MAIN_PARTS or kind in _DECLARED or kind == ".zip":
            return _is_packed(kind, stream)
        return _looks_like(kind, stream.read(_HEAD))
    finally:
        stream.seek(0)


def _looks_like(kind: str, head: bytes) -> bool:
    try:
        found = {match.extension for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return False
    return not found.isdisjoint(_ALIKE.get(kind, {kind}))


def _is_text(stream: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := stream.read(_CHUNK):
            if "\0" in decoder.decode(piece):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_packed(kind: str, stream: IO[bytes]) -> bool:
    """A document with macros has another ending; under the plain one it is not what it says."""
    try:
        with zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
            if kind in _MAIN_PARTS:
                macros = any(name.lower().endswith("vbaproject.bin") for name in names)
                return "[Content_Types].xml" in names and _MAIN_PARTS[kind] in names and not macros
            if kind in _DECLARED:
                with archive.open("mimetype") as declared:
                    return declared.read(200).strip() == _DECLARED[kind]
            return True
    except (KeyError, *_BROKEN):
        return False
