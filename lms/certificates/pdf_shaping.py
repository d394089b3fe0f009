"""From a string to placed glyphs: direction (UAX #9), face by coverage, shaping by HarfBuzz."""

import itertools
import logging
import unicodedata
from dataclasses import dataclass, field

import uharfbuzz as hb
from xhtml2pdf.bidi import bidi_class, reorder, resolve_levels

from lms.certificates.pdf_fonts import ZERO_WIDTH_JOINERS, Face, FontBook

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Style:
    """How a line is set. `tracking` is in thousandths of an em, `features` are OpenType feature tags."""

    italic: bool = False
    tracking: float = 0.0
    features: tuple[str, ...] = ()


@dataclass(frozen=True)
class Glyph:
    """One drawn glyph, measures in thousandths of the line's em.

    `text` is the part of the original it stands for; joined in logical order these give the line back.
    """

    face: Face
    gid: int
    text: str
    advance: float
    dx: float
    dy: float


@dataclass(frozen=True)
class Line:
    """One line: its text in logical order, its glyphs from left to right, its width in 1/1000 em."""

    text: str
    glyphs: list[Glyph] = field(default_factory=list)
    width: float = 0.0


def clean(text: str) -> str:
    """`text` in NFC on one line: white space collapsed, control and invisible formatting characters gone.

    Direction overrides go too: a name must not turn around the words that stand beside it.
    """
    spaced = "".join(" " if char.isspace() else char for char in unicodedata.normalize("NFC", text))
    kept = (char for char in spaced if unicodedata.category(char)[0] != "C" or char in ZERO_WIDTH_JOINERS)
    return " ".join("".join(kept).split())


def base_level(text: str) -> int:
    """0 for left to right, 1 for right to left, by the first strong character (UAX #9 P2, P3)."""
    for char in text:
        kind = bidi_class(char)
        if kind in {"L", "R", "AL"}:
            return 0 if kind == "L" else 1
    return 0


def shape(text: str, book: FontBook, style: Style, level: int | None = None) -> Line:
    """Shape one line of clean text. A character that no face covers is left out and logged, never a box."""
    levels = _levels(text, base_level(text) if level is None else level)
    runs = _runs(text, levels, book, style)
    glyphs: list[Glyph] = []
    for index in reorder([run_level for _, _, run_level in runs]):
        face, part, run_level = runs[index]
        glyphs.extend(_shape_run(face, part, run_level % 2 == 1, style))
    return Line(text, glyphs, sum(glyph.advance for glyph in glyphs) - (style.tracking if glyphs else 0))


def _levels(text: str, base: int) -> list[int]:
    resolved = resolve_levels([bidi_class(char) for char in text], base, text)
    levels: list[int] = []
    for found in resolved:
        levels.append(found if found is not None else (levels[-1] if levels else base))
    return levels


def _runs(text: str, levels: list[int], book: FontBook, style: Style) -> list[tuple[Face, str, int]]:
    runs: list[tuple[Face, str, int]] = []
    position = 0
    for face, part in book.assign(text, italic=style.italic):
        start = position
        position += len(part)
        if face is None:
            log.warning("no certificate font draws %s", " ".join(f"U+{ord(char):04X}" for char in part))
            continue
        cut = start
        for index in range(start + 1, position + 1):
            if index == position or levels[index] != levels[cut]:
                runs.append((face, text[cut:index], levels[cut]))
                cut = index
    return runs


def _shape_run(face: Face, text: str, rtl: bool, style: Style) -> list[Glyph]:
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.direction = "rtl" if rtl else "ltr"
    buffer.language = face.name.language
    buffer.guess_segment_properties()
    features = {"kern": True, "liga": not style.tracking, **dict.fromkeys(style.features, True)}
    hb.shape(face.hb_font, buffer, features)
    infos, positions = buffer.glyph_infos, buffer.glyph_positions
    texts = _texts([info.cluster for info in infos], text, rtl)
    unit = face.unit * face.name.scale
    return [
        Glyph(
            face,
            info.codepoint,
            part,
            place.x_advance * unit + (style.tracking if part else 0),
            place.x_offset * unit,
            place.y_offset * unit,
        )
        for info, place, part in zip(infos, positions, texts, strict=True)
    ]


def _texts(starts: list[int], text: str, rtl: bool) -> list[str]:
    """Share each cluster's characters among its glyphs, in logical order; the last takes what is over."""
    bounds = sorted({*starts, len(text)})
    ends = dict(itertools.pairwise(bounds))
    shares = [""] * len(starts)
    order = range(len(starts) - 1, -1, -1) if rtl else range(len(starts))
    members: dict[int, list[int]] = {}
    for index in order:
        members.setdefault(starts[index], []).append(index)
    for start, indices in members.items():
        part = text[start : ends[start]]
        for place, index in enumerate(indices):
            last = place == len(indices) - 1
            shares[index] = part[place:] if last else part[place : place + 1]
    return shares
