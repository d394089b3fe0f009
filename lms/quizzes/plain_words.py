"""The words of a formatted text, for receipts, titles and exports; for reading only, never for a page as
HTML."""

import html
import re
from collections.abc import Mapping
from typing import Any

from lms.quizzes.content import GAP, Format

# An image counts as its description, a link as its words; fences and marks of emphasis are not words.
_MARKDOWN = (
    (re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)"), r"\1"),
    (re.compile(r"^ {0,3}(?:```|~~~).*$", re.MULTILINE), ""),
    (re.compile(r"`([^`]+)`"), r"\1"),
    (re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*"), r"\1"),
)
_TAG = re.compile(r"<(/?[A-Za-z!?][^<>]*)>")
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)


def plain_words(text: str, format: Format) -> str:
    """One line without markup; an image counts as its alternative text."""
    if format in ("html", "moodle"):
        text = html.unescape(_TAG.sub(_instead_of, _without_comments(text)))
    if format == "markdown":
        for mark, words in _MARKDOWN:
            text = mark.sub(words, text)
    return " ".join(text.split())


def question_words(content: Mapping[str, Any]) -> str:
    """What a question asks, from its stored content; a gap to fill in is a line."""
    text = GAP.sub("_____", content["text"]) if content.get("type") == "cloze" else content["text"]
    return plain_words(text, content.get("format", "plain"))


def _without_comments(text: str) -> str:
    first, *rest = text.split("<!--")
    return first + "".join(part.partition("-->")[2] for part in rest)


def _instead_of(tag: re.Match[str]) -> str:
    name = tag[1].lower()
    if name.startswith("img"):
        alt = _ALT.search(tag[1])
        return f" {alt[1] or alt[2] or ''} " if alt else " "
    return "" if re.match(r"/?(?:b|i|u|em|strong|span|a|code|sub|sup|small|mark)\b", name) else " "
