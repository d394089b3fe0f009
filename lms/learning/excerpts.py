"""What is shown of a text that was found, and the address of the place in it. Found words come between marks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup, escape

from lms.courses.catalogue_sql import END, MARK

LENGTH = 180
"""Letters of an excerpt, about."""
BEFORE = 60
"""So many of them at most stand before the first word that was found."""

_SIGN = re.compile(f"[{MARK}{END}]")
_LAST_WORD = re.compile(r"\w+[^\w\n]*\Z")
_NEXT_WORD = re.compile(r"[^\w\n]*\w+")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and where in it something was found: `spans` in order, from and to."""

    text: str
    spans: tuple[Span, ...]

    @classmethod
    def of(cls, marked: str, unspaced: Sequence[str] = ()) -> "Marked":
        """Take the marks out; words of scripts without spaces are found letter by letter."""
        text, spans = "", []
        for piece in re.split(f"(?={MARK})|(?<={END})", marked):
            plain = _SIGN.sub("", piece)
            if piece.startswith(MARK):
                spans.append((len(text), len(text) + len(plain)))
            text += plain
        lower = text.lower()
        for word in unspaced:
            spans.extend(match.span() for match in re.finditer(re.escape(word), lower))
        return cls(text, tuple(_joined(text, sorted(spans))))

    @property
    def html(self) -> Markup:
        """All of it with the found words in `<mark>`."""
        return self._part(0, len(self.text))

    def excerpt(self) -> Markup:
        """The part where most was found, or the beginning."""
        start = max(self._place() - BEFORE, 0)
        if start:
            start = _after_space(self.text, start)
        end = start + LENGTH
        if end < len(self.text):
            end = max(
                self.text.rfind(" ", start + LENGTH // 2, end),
                self.text.rfind("\n", start + LENGTH // 2, end),
            )
            end = end if end > 0 else start + LENGTH
        more = Markup("…")
        shown = self._part(start, end)
        return (more if start else Markup("")) + shown + (more if end < len(self.text) else Markup(""))

    def directive(self) -> str:
        """The text fragment of the found word, for the address; "" where it has no neighbour in its line, because a word
        alone may stand earlier on the page."""
        place = self._place()
        span = next((span for span in self.spans if span[0] >= place), None)
        before = _LAST_WORD.search(self.text[: span[0]]) if span else None
        after = _NEXT_WORD.match(self.text[span[1] :]) if span else None
        if span is None or not (before or after):
            return ""
        prefix = f"{_quoted(before[0])}-," if before else ""
        suffix = f",-{_quoted(after[0])}" if after else ""
        return f":~:text={prefix}{_quoted(self.text[slice(*span)])}{suffix}"

    def _place(self) -> int:
        """The start of the found word that has most others behind it."""
        room = LENGTH - BEFORE

        def near(start: int) -> int:
            return sum(start <= other < start + room for other, _ in self.spans)

        return max((start for start, _ in self.spans), key=lambda start: (near(start), -start), default=0)

    def _part(self, start: int, end: int) -> Markup:
        made, here = Markup(""), start
        for begin, stop in self.spans:
            if begin >= here and stop <= end:
                made += (
                    escape(self.text[here:begin])
                    + Markup("<mark>")
                    + self.text[begin:stop]
                    + Markup("</mark>")
                )
                here = stop
        return made + escape(self.text[here:end])


def _joined(text: str, spans: Sequence[Span]) -> list[Span]:
    """Those that overlap, or that nothing but a space parts, as one."""
    made: list[Span] = []
    for start, end in spans:
        if made and (start <= made[-1][1] or text[made[-1][1] : start] == " "):
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made


def _after_space(text: str, start: int) -> int:
    """The first beginning of a word from there on, in scripts that have some."""
    space = re.compile(r"\s").search(text, start, start + BEFORE // 2)
    return space.end() if space else start


def _quoted(part: str) -> str:
    """A part of a text fragment: the signs that it is put together with, and all that addresses know, are escaped."""
    return quote(" ".join(part.split()), safe="").replace("-", "%2D")
