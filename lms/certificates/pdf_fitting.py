"""Making a text fit its box: the largest size first, then more lines, never clipped."""

import functools
from dataclasses import dataclass

from lms.certificates.pdf_fonts import FontBook, clusters
from lms.certificates.pdf_shaping import Line, Style, base_level, clean, shape

# Below this share of the wanted size a second line reads better than smaller letters.
COMFORT = 0.62

PLAIN = Style()


@dataclass(frozen=True)
class Box:
    """Room for a text, in points; `size` is the wanted letter size, `leading` a multiple of it."""

    width: float
    height: float
    size: float
    lines: int = 1
    leading: float = 1.2


@dataclass(frozen=True)
class Setting:
    """The answer: the lines and the letter size in points at which all of them stand inside the box."""

    lines: list[Line]
    size: float


def fit(text: str, box: Box, book: FontBook, style: Style = PLAIN) -> Setting:
    """Set `text` in `box`: as large as wanted if it fits, else smaller, else on up to `box.lines` lines."""
    text = clean(text)
    level = base_level(text)
    best = Setting([], 0.0)
    for count in range(1, box.lines + 1):
        found = _set(_words(text), count, level, box, book, style)
        if found.size > best.size * 1.02:
            best = found
        if best.size >= box.size * COMFORT:
            return best
    if any(" " not in line.text for line in best.lines) and box.lines > 1:
        # A single word is what keeps the letters small: only then is a word parted.
        parted = _set([(piece, False) for piece in clusters(text)], box.lines, level, box, book, style)
        if parted.size > best.size * 1.25:
            return parted
    return best


def _set(
    pieces: list[tuple[str, bool]], count: int, level: int, box: Box, book: FontBook, style: Style
) -> Setting:
    lines = [shape(line, book, style, level) for line in _balance(pieces, count, book, style)]
    widest = max((line.width for line in lines), default=0.0)
    size = min(box.size, box.height / (1 + (len(lines) - 1) * box.leading)) if lines else box.size
    return Setting(lines, min(size, box.width * 1000 / widest) if widest else size)


def _words(text: str) -> list[tuple[str, bool]]:
    """Pieces a line may end after, each with whether a space parts it from the one before."""
    pieces: list[tuple[str, bool]] = []
    for word in text.split(" "):
        run, spaced = "", True
        for cluster in clusters(word):
            if _ideograph(cluster[0]) and run:
                pieces.append((run, spaced))
                run, spaced = "", False
            run += cluster
        if run:
            pieces.append((run, spaced))
    return pieces


def _ideograph(char: str) -> bool:
    return "\u3040" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or char >= "\U00020000"


def _balance(pieces: list[tuple[str, bool]], count: int, book: FontBook, style: Style) -> list[str]:
    """At most `count` lines whose widest is as narrow as it can be."""
    measure = functools.cache(lambda part: shape(part, book, style).width + style.tracking)
    widths = [measure(part) for part, _ in pieces]
    space = measure("n n") - 2 * measure("n")
    low = max(widths, default=0.0)
    high = sum(widths) + space * len(widths)
    if count == 1:
        low = high
    while high - low > 20:
        middle = (low + high) / 2
        if len(_greedy(pieces, widths, space, middle)) <= count:
            high = middle
        else:
            low = middle
    return _greedy(pieces, widths, space, high)


def _greedy(pieces: list[tuple[str, bool]], widths: list[float], space: float, limit: float) -> list[str]:
    lines: list[str] = []
    used = 0.0
    for (part, spaced), width in zip(pieces, widths, strict=True):
        gap = space if spaced else 0.0
        if lines and used + gap + width <= limit + 0.01:
            lines[-1] += (" " if spaced else "") + part
            used += gap + width
        else:
            lines.append(part)
            used = width
    return [line.strip() for line in lines]
