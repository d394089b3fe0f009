"""The files of a course, from a folder or a zip, behind one interface; nothing is ever unpacked to disk.

A zip is foreign data: its names and its sizes may lie. Names are checked before anything is opened,
sizes are counted while reading, and what is too much ends there.
"""

import hashlib
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import BinaryIO

from lms.core.phrases import Phrase, Phrased
from lms.interop.course_folder.model import MB, Limits
from lms.interop.course_folder.problems import Problems

CHUNK = 256 * 1024

_FILE, _TEXT, _COURSE = Phrase("the file"), Phrase("a text file"), Phrase("the whole course")

# What file managers leave behind; nobody means to import it.
_JUNK = re.compile(r"(^|/)(__MACOSX|\.DS_Store|Thumbs\.db|desktop\.ini|\.git|\._[^/]*)(/|$)", re.IGNORECASE)


# What zipfile and the file system raise for damaged, lying or vanished files.
_BROKEN = (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


class TooLarge(Phrased):
    """Raised while reading."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`packed` is the size in the zip, or None in a folder. `size` is what is claimed, not yet counted."""

    path: str
    size: int
    packed: int | None
    open: Callable[[], BinaryIO]


@dataclass(slots=True)
class Tree:
    """`entries` by path, "/" between parts, Unicode in composed form (NFC), as text links write it.

    `first_lines` is where the body of a text begins, after its front matter.
    """

    limits: Limits
    problems: Problems
    entries: dict[str, Entry] = field(default_factory=dict)
    close: Callable[[], None] = lambda: None
    first_lines: dict[str, int] = field(default_factory=dict)
    _total: int = 0
    _folded: dict[str, str] = field(default_factory=dict)
    _unreadable: set[str] = field(default_factory=set)

    def add(self, name: str, size: int, packed: int | None, open_: Callable[[], BinaryIO]) -> None:
        """Takes one file, unless its name is unsafe, doubled or junk."""
        path = unicodedata.normalize("NFC", name)
        if _JUNK.search(path):
            return
        if wrong := _unsafe(path, self.limits.depth):
            self.problems.error(_printable(path), wrong)
            return
        twin = self._folded.setdefault(path.casefold(), path)
        if path in self.entries or twin != path:
            message = Phrase(
                "has the same name as %(other)s on systems that ignore case; rename one", other=twin
            )
            self.problems.error(path, message)
            return
        if size > self.limits.file:
            self.problems.error(path, _over(_FILE, self.limits.file))
            return
        self.entries[path] = Entry(path, size, packed, open_)

    def unwrap(self) -> None:
        """Takes away the one folder that holds everything, as zips of a folder have it."""
        tops = {path.split("/", 1)[0] for path in self.entries}
        if len(tops) != 1 or "course.md" in self.entries:
            return
        prefix = f"{tops.pop()}/"
        if f"{prefix}course.md" in self.entries:
            self.entries = {
                path.removeprefix(prefix): Entry(path.removeprefix(prefix), e.size, e.packed, e.open)
                for path, e in self.entries.items()
            }

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        """The bytes of `entry`, counted. Raises TooLarge, OSError and the errors of zipfile and zlib."""
        read = 0
        with entry.open() as stream:
            while chunk := stream.read(CHUNK):
                read += len(chunk)
                self._total += len(chunk)
                if read > self.limits.file:
                    raise TooLarge(_over(_FILE, self.limits.file))
                if self._total > self.limits.total:
                    raise TooLarge(_over(_COURSE, self.limits.total))
                packed = entry.packed
                if packed is not None and read > self.limits.ratio_from and read > self.limits.ratio * packed:
                    raise TooLarge(_swollen(self.limits.ratio))
                yield chunk

    def data(self, path: str, limit: int) -> bytes | None:
        """The whole file, at most `limit` bytes; None after reporting why not."""
        parts: list[bytes] = []
        for chunk in self._guarded(path):
            parts.append(chunk)
            if sum(map(len, parts)) > limit:
                self.problems.error(path, _over(_TEXT, limit))
                return None
        return None if self.failed(path) else b"".join(parts)

    def head(self, path: str, length: int) -> bytes:
        """The first `length` bytes, fewer of a file that cannot be read: reading all of it tells why."""
        found = b""
        try:
            for chunk in self.chunks(self.entries[path]):
                found += chunk
                if len(found) >= length:
                    break
        except (TooLarge, *_BROKEN):
            pass
        return found[:length]

    def digest(self, path: str) -> tuple[int, str] | None:
        """(size, sha256) as read; None after reporting why not."""
        digest, size = hashlib.sha256(), 0
        for chunk in self._guarded(path):
            digest.update(chunk)
            size += len(chunk)
        return None if self.failed(path) else (size, digest.hexdigest())

    def text(self, path: str, limit: int) -> str | None:
        """The file as text with \\n line ends; None after reporting why not."""
        data = self.data(path, limit)
        if data is None:
            return None
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            message = Phrase("is not UTF-8 text (perhaps Windows-1252); save it again with encoding UTF-8")
            self.problems.error(path, message, line)
            return None
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def failed(self, path: str) -> bool:
        return path in self._unreadable

    def _guarded(self, path: str) -> Iterator[bytes]:
        try:
            yield from self.chunks(self.entries[path])
        except TooLarge as error:
            self.problems.error(path, error.phrase)
        except _BROKEN as error:
            message = Phrase("cannot be read (%(why)s); make the zip again or check the file", why=str(error))
            self.problems.error(path, message)
        else:
            return
        self._unreadable.add(path)


def _over(what: Phrase, limit: int) -> Phrase:
    """`limit` is in bytes."""
    in_mb, in_bytes = f"{limit // MB:,}", f"{limit:,}"
    size = Phrase("%(num)s MB", num=in_mb) if limit >= MB else Phrase("%(num)s bytes", num=in_bytes)
    return Phrase("%(what)s is larger than the limit of %(size)s", what=what, size=size)


def _swollen(ratio: int) -> Phrase:
    return Phrase("unpacks to more than %(ratio)s times its size, as a zip bomb does", ratio=ratio)


def _printable(path: str) -> str:
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in path)[:200]


def _unsafe(path: str, depth: int) -> Phrase | None:
    """Why this name is refused, in words; None when it is harmless."""
    if any(ord(c) < 32 or ord(c) == 127 for c in path):
        return Phrase("has a control character in its name; rename it")
    if "\\" in path:
        return Phrase("has a backslash in its name; paths in a course use / only")
    if path.startswith("/") or re.match(r"^[A-Za-z]:", path):
        return Phrase("is an absolute path; a course holds only paths inside its own folder")
    parts = path.split("/")
    if ".." in parts:
        return Phrase("leads outside the course folder (..)")
    if "" in parts or "." in parts:
        return Phrase("has an empty part in its path; rename it")
    if len(parts) > depth:
        return Phrase("lies deeper than %(most)s folders", most=depth)
    if len(path.encode()) > 1000 or any(len(part.encode()) > 255 for part in parts):
        return Phrase("has too long a name; shorten it")
    return None


def suffix(path: str) -> str:
    return PurePosixPath(path).suffix.lower()
