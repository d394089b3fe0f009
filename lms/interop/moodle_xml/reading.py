"""From the bytes of a file to its `<question>` elements, each with its line.

Nothing but the bytes is read: entities are not resolved, a DOCTYPE is refused. A file that is not well-formed is
read question by question, so that one broken item costs no other.
"""

import codecs
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element as Element

from lms.core.phrases import Phrase, Phrased
from lms.interop.gift.report import Problem, excerpt

LARGEST = 64 * 1024 * 1024
"""Bytes of a file with all its pictures."""

MOST_BROKEN = 1_000
"""Items that are not well-formed, after which no more is read."""

_DECLARATION = re.compile(r"\s*<\?xml\b([^>]*)\?>")
_ENCODING = re.compile(rb"\A\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_ILLEGAL = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ITEM = re.compile(r"<question\b.*?(?:</question\s*>|(?=<question\b)|\Z)", re.DOTALL)
_PROTECTED = {"<![CDATA[": "]]>", "<!--": "-->"}
_LOOSE = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)([A-Za-z][A-Za-z0-9]{1,30};)?"
)


BROKEN = Phrase("it is not well-formed XML")


class Unreadable(Phrased):
    """Not a file of questions."""


@dataclass(frozen=True, slots=True)
class Found:
    """A `<question>` element, or the reason why there is none; `line` is from 1."""

    line: int
    element: Element | None
    text: str = ""
    reason: Phrase = BROKEN

    def line_of(self, element: Element) -> int:
        """The line of an element inside of it."""
        start = self.element.sourceline if self.element is not None else None
        return self.line + (element.sourceline or 1) - (start or 1)


def read(data: bytes | str) -> tuple[list[Found], list[Problem]]:
    """All questions of the file in order, and what had to be guessed or mended.

    Raises Unreadable for what is no such file at all.
    """
    if len(data) > LARGEST:
        most = LARGEST // 1024 // 1024
        raise Unreadable(
            Phrase("the file is larger than %(most)s MB; split it or leave pictures out", most=most)
        )
    text, notes = _decoded(data)
    if re.search(r"<!DOCTYPE", text[:2000], re.IGNORECASE):
        raise Unreadable(Phrase("a question file has no DOCTYPE; take it out"))
    if not re.search(r"<(?:question|quiz)\b", text):
        raise Unreadable(Phrase("this is no Moodle XML: it holds no <question>"))
    root = _parsed(text)
    if root is not None:
        return [Found(q.sourceline or 1, q) for q in root.iter("question")], notes
    return list(_one_by_one(text)), notes


def _decoded(data: bytes | str) -> tuple[str, list[Problem]]:
    text, notes = (data, []) if isinstance(data, str) else decoded(data)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if found := _DECLARATION.match(text):
        # What it said of the encoding is done; its line stays.
        text = "\n" * found[0].count("\n") + text[found.end() :]
    if found := _ILLEGAL.search(text):
        line = 1 + text.count("\n", 0, found.start())
        text = _ILLEGAL.sub("", text)
        notes.append(Problem(line, "", Phrase("characters that XML does not know were removed"), "note"))
    return text, notes


def decoded(data: bytes) -> tuple[str, list[Problem]]:
    """The text in the encoding that the file names, else in the one that it seems to have, which is noted."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace"), []
    declared = _ENCODING.match(data.removeprefix(codecs.BOM_UTF8))
    for name in [declared[1].decode()] if declared else ["utf-8"]:
        try:
            return data.decode(name), []
        except (LookupError, UnicodeDecodeError):
            continue
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        line = 1 + data.count(b"\n", 0, error.start)
        reason = Phrase(
            "the file is not in the encoding that it names; it was read as Windows-1252, check its accents"
        )
        return data.decode("cp1252", errors="replace"), [Problem(line, "", reason, "note")]


def _parsed(text: str) -> Element | None:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=True
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        return None


def _one_by_one(text: str) -> Iterator[Found]:
    line, end, broken = 1, 0, 0
    for item in _ITEM.finditer(text):
        line, end = line + text.count("\n", end, item.start()), item.start()
        source = item[0]
        element = _parsed(source)
        if element is None:
            element = _parsed(_mended(source))
        if element is not None:
            yield Found(line, element)
            continue
        broken += 1
        if broken > MOST_BROKEN:
            why = Phrase("this and all after it: too much of the file is broken")
            yield Found(line, None, excerpt(source), why)
            return
        yield Found(line, None, excerpt(source), _why(source))


def _mended(source: str) -> str:
    """Entities of HTML and a bare `&` outside of CDATA, which is how hand-written files break most often."""
    parts, end = [], 0
    for begin in re.finditer(r"<!\[CDATA\[|<!--", source):
        if begin.start() < end:
            continue
        close = _PROTECTED[begin[0]]
        found = source.find(close, begin.end())
        if found < 0:
            break
        parts += [_LOOSE.sub(_spelled, source[end : begin.start()]), source[begin.start() : found]]
        end = found
    return "".join([*parts, _LOOSE.sub(_spelled, source[end:])])


def _spelled(found: re.Match[str]) -> str:
    said = html.unescape(found[0])
    return html.escape(said) if said != found[0] else "&amp;" + (found[1] or "")


def _why(source: str) -> Phrase:
    try:
        etree.fromstring(source.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        return Phrase("it is not well-formed XML: %(why)s", why=error.msg)
    return BROKEN
