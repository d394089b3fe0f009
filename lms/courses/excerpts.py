"""What is shown of a text that was found, and the address of the place in it. Found words come between marks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize
from urllib.parse import quote

from markupsafe import Markup, escape

from lms.courses.catalogue_sql import END, MARK

LENGTH = 180
"""Letters of an excerpt, about."""
BEFORE = 60
"""So many of them at most stand before the first word that was found."""

# What `plain_words` of the database leaves out: vowel signs, long strokes, soft hyphens; and `folded_words` also: accents.
_UNREAD = re.compile("[\u064b-\u065f\u0670\u0640\u00ad]*")
_ACCENTS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670\u0640\u00ad]*")
_JOINED_BEFORE = re.compile("[\u0621-\u065f\u0670]*\\Z")
_LAST_WORD = re.compile(r"\w+[^\w\n]*\Z")
_NEXT_WORD = re.compile(r"[^\w\n]*\w+")
_PARTS_NOTHING = frozenset(" _'’-")

_WORD = re.compile(r"[^\W_]+")
_AT_MARKS = re.compile(f"({MARK}.*?{END})", re.DOTALL)

Span = tuple[int, int]


@lru_cache(maxsize=500)
def pattern_of(phrases: tuple[str, ...]) -> re.Pattern[str] | None:
    """Finds `phrases` in a text that is `folded`: their words as they stand, whatever signs part them."""
    apart = [_WORD.findall(_unaccented(phrase.lower())) for phrase in phrases]
    made = [r"[\W_]+".join(map(_ACCENTS.pattern.join, words)) + _ACCENTS.pattern for words in apart if words]
    return re.compile(rf"(?<!\w)(?:{'|'.join(made)})(?!\w)") if made else None


def spans_of(pattern: re.Pattern[str] | None, text: str) -> list[Span]:
    """Where a `pattern_of` phrases is found."""
    return [match.span() for match in pattern.finditer(folded(text))] if pattern else []


def folded(text: str) -> str:
    """In lower case and without accents, sign for sign."""
    return text.lower() if text.isascii() else "".join(map(_folded_sign, text))


@lru_cache(maxsize=5000)
def _folded_sign(sign: str) -> str:
    return _unaccented(sign.lower())[:1] or sign


def _unaccented(text: str) -> str:
    return normalize("NFC", _ACCENTS.sub("", normalize("NFD", text)))


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and where in it something was found: `spans` in order, from and to."""

    text: str
    spans: tuple[Span, ...]

    @classmethod
    def of(cls, text: str, letters: Sequence[str] = (), spans: Sequence[Span] = ()) -> "Marked":
        """With `letters` found wherever they stand, and the `spans` that were found already."""
        lower = text.lower()
        found = [match.span() for word in letters for match in re.finditer(re.escape(word), lower)]
        return cls(text, tuple(_joined(text, sorted([*spans, *found]))))

    @classmethod
    def read(cls, marked: str, phrases: re.Pattern[str] | None = None) -> "Marked":
        """A text with marks in it, and the `phrases` beside them."""
        text, spans = "", []
        for piece in _AT_MARKS.split(marked):
            if piece.startswith(MARK):
                spans.append((len(text), len(text) + len(piece) - 2))
                piece = piece[1:-1]
            text += piece.replace(MARK, "").replace(END, "")
        return cls.of(text, spans=[*spans, *spans_of(phrases, text)])

    @classmethod
    def over(
        cls, text: str, marked: str, letters: Sequence[str] = (), phrases: re.Pattern[str] | None = None
    ) -> "Marked":
        """With the marks of `marked`, which is `text` as the database's `bare_words` writes it."""
        spans, start, here = spans_of(phrases, text), 0, _past_unread(text, 0)
        for sign in marked:
            if sign == MARK:
                start = here
            elif sign == END:
                spans.append((_start_of_word(text, start), here))
            elif (
                sign != " " or text[here : here + 1] == " "
            ):  # else it parts an Arabic conjunction from its article
                here = _past_unread(text, here + 1)
        return cls.of(text, letters, spans)

    def lines(self) -> Iterator["Marked"]:
        """Each line for itself."""
        start = 0
        for line in self.text.split("\n"):
            end = start + len(line)
            yield Marked(
                line, tuple((a - start, b - start) for a, b in self.spans if start <= a and b <= end)
            )
            start = end + 1

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
    """Those that overlap, or that nothing but a space or a sign inside of words parts, as one."""
    made: list[Span] = []
    for start, end in spans:
        if made and (start <= made[-1][1] or text[made[-1][1] : start] in _PARTS_NOTHING):
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made


def _past_unread(text: str, here: int) -> int:
    match = _UNREAD.match(text, here)
    return match.end() if match else here


def _start_of_word(text: str, start: int) -> int:
    """With the letters that Arabic writes together with the word."""
    match = _JOINED_BEFORE.search(text, max(start - 4, 0), start)
    return match.start() if match else start


def _after_space(text: str, start: int) -> int:
    """The first beginning of a word from there on, in scripts that have some."""
    space = re.compile(r"\s").search(text, start, start + BEFORE // 2)
    return space.end() if space else start


def _quoted(part: str) -> str:
    """A part of a text fragment: the signs that it is put together with, and all that addresses know, are escaped."""
    return quote(" ".join(part.split()), safe="").replace("-", "%2D")
