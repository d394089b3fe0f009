"""Texts with their formats, and the files that are embedded in them."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from lxml import etree
from lxml.etree import _Element as Element

from lms.core.phrases import Phrase
from lms.courses.naming import slug
from lms.interop.gift.report import Refused
from lms.interop.moodle_xml.report import File
from lms.quizzes.content import Format, Text
from lms.quizzes.fields import exact_decimal
from lms.quizzes.rendering import PLUGIN_FILE

FORMATS: dict[str, Format] = {
    "html": "html",
    "markdown": "markdown",
    "plain_text": "plain",
    "moodle_auto_format": "moodle",
    "0": "moodle",
    "1": "html",
    "2": "plain",
    "4": "markdown",
}
SPACE = " \t\r\n"
_USED = re.compile(rf"{re.escape(PLUGIN_FILE)}([^\"'<>\s)]+)")
_MARK = re.compile(r"-[0-9a-f]{8}$")
_UNSAFE = re.compile(r"[^a-z0-9.]+")


@dataclass(slots=True)
class Shelf:
    """The files of the questions read so far by path, and what could not be taken."""

    files: dict[str, bytes] = field(default_factory=dict)
    notes: list[Phrase] = field(default_factory=list)

    def keep(self, name: str, data: bytes) -> str:
        """The path under which the file is kept: its name with a mark of its content."""
        mark, last = hashlib.sha256(data).hexdigest()[:8], PurePosixPath(name)
        # A picture that was here before has the mark of what it was then.
        stem = _MARK.sub("", slug(last.stem, "file")[:50].strip("-")) or "file"
        path = f"{stem}-{mark}{_UNSAFE.sub('', last.suffix.lower())[:12]}"
        self.files[path] = data
        return path

    def all(self) -> tuple[File, ...]:
        return tuple(File(path, data) for path, data in self.files.items())


def text_of(element: Element | None, shelf: Shelf, usual: Format = "html") -> Text:
    """The text of `<questiontext format="..."><text>...</text><file .../></questiontext>`; its files go to
    `shelf`, and it names them as they are called there."""
    if element is None:
        return Text("", usual)
    format = FORMATS.get((element.get("format") or "").strip(), usual)
    names = {name: shelf.keep(name, data) for name, data in _files(element, shelf)}
    text = plain(element, "text")

    def renamed(found: re.Match[str]) -> str:
        kept = names.get(unquote(found[1]))
        return found[0] if kept is None else PLUGIN_FILE + quote(kept)

    return Text(_USED.sub(renamed, text) if names else text, format)


def said(element: Element | None, shelf: Shelf, usual: Format = "html") -> Text | None:
    """The same for a feedback, which may be missing or empty."""
    found = text_of(element, shelf, usual)
    return found if found.text else None


def plain(element: Element, name: str) -> str:
    """The words of the child `name`, without the empty lines around that indenting puts there."""
    child = element.find(name)
    if child is None:
        return ""
    # Of elements inside, which belong into CDATA but are often written without, nothing is lost.
    inner = (child.text or "") + "".join(etree.tostring(part, encoding="unicode") for part in child)
    return inner.strip(SPACE)


def value(element: Element, name: str) -> str:
    """The text of a simple child like `<single>true</single>`, in lower case."""
    return (element.findtext(name) or "").strip().lower()


def is_true(element: Element, name: str, usual: bool) -> bool:
    """A flag, which Moodle has written in several ways."""
    found = value(element, name)
    return usual if not found else found in ("1", "true", "yes")


def number(text: str | None, what: Phrase, usual: Decimal | None = None) -> Decimal:
    """A decimal number. Raises Refused."""
    if not (text or "").strip() and usual is not None:
        return usual
    found = exact_decimal((text or "").replace("\u2212", "-").replace(",", "."))
    if found is None:
        typed = (text or "").strip()[:40]
        raise Refused(Phrase("%(what)s is not a number: “%(text)s”", what=what, text=typed))
    return found


def decoded(text: str | None) -> bytes | None:
    """Base64 with whatever white space; None for anything else."""
    try:
        return base64.b64decode("".join((text or "").split()), validate=True) or None
    except (binascii.Error, ValueError):
        return None


def _files(element: Element, shelf: Shelf) -> list[tuple[str, bytes]]:
    found = []
    for file in element.findall("file"):
        name, data = file.get("name") or "", decoded(file.text)
        if not name or data is None:
            shelf.notes.append(
                Phrase(
                    "the file “%(name)s” is empty or not written in base64, and was left out", name=name[:60]
                )
            )
        else:
            path = (file.get("path") or "/").strip("/")
            found.append((f"{path}/{name}".lstrip("/"), data))
    return found
