"""From the bytes of a file to its lines, whatever wrote it; what had to be guessed or removed is noted."""

import codecs
import re

from lms.core.phrases import Phrase
from lms.interop.gift.report import Problem, excerpt

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def lines_of(data: bytes | str) -> tuple[list[str], list[Problem]]:
    """The lines without their ends (LF, CRLF or CR), and notes. Never raises."""
    text, notes = (data, []) if isinstance(data, str) else _decoded(data)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    # Files that were put together from several have the mark of each.
    text = text.replace("\n\ufeff", "\n")
    if found := _UNSTORABLE.search(text):
        line = 1 + text.count("\n", 0, found.start())
        text = _UNSTORABLE.sub("", text)
        notes.append(_note(text, line, Phrase("characters that cannot be stored were removed")))
    return text.split("\n"), notes


def _decoded(data: bytes) -> tuple[str, list[Problem]]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace"), []
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        text = data.decode("cp1252", errors="replace")
        line = 1 + data.count(b"\n", 0, error.start)
        reason = Phrase("the file is not UTF-8; it was read as Windows-1252, check its accents")
        return text, [_note(text, line, reason)]


def _note(text: str, line: int, reason: Phrase) -> Problem:
    lines = text.replace("\r\n", "\n").split("\n")
    return Problem(line, excerpt(lines[line - 1] if line <= len(lines) else ""), reason, "note")
