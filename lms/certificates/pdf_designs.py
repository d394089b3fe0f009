"""The sheet under the text of each design, as PDF operators in millimetres on A4 landscape."""

import functools
from dataclasses import dataclass

from lms.certificates import pdf_ornament as ornament
from lms.certificates.look import PAPER
from lms.certificates.pdf_ink import box, drawn, filled, line, mirrored, mixed

WIDTH, HEIGHT = ornament.PAGE_WIDTH, ornament.PAGE_HEIGHT
SIGNATURE_Y = 175.5
"""The line that is signed on, in millimetres from the top; as wide as this, in the middle of the page."""
SIGNATURE_WIDTH = 56.0
EDGE = 35.0


@dataclass(frozen=True, slots=True)
class Design:
    """How a sheet is set: its paper, whether the text stands in the middle or at its beginning."""

    paper: str
    is_centred: bool


DESIGNS = {
    "classic": Design(PAPER["classic"], True),
    "modern": Design(PAPER["modern"], False),
    "plain": Design(PAPER["plain"], True),
}


@functools.lru_cache(maxsize=32)
def sheet(design: str, accent: str, *, signed: bool, rtl: bool) -> str:
    """The operators that draw it; `signed` leaves room for a signature and draws its line."""
    parts = {"classic": _classic, "modern": _modern, "plain": _plain}[design](accent, signed, rtl)
    if signed:
        left = (WIDTH - SIGNATURE_WIDTH) / 2
        parts.append(drawn(accent, 0.14, line([(left, SIGNATURE_Y), (left + SIGNATURE_WIDTH, SIGNATURE_Y)])))
    return "\n".join([filled(PAPER[design], box(0, 0, WIDTH, HEIGHT)), *parts])


def _classic(accent: str, signed: bool, _rtl: bool) -> list[str]:
    return [ornament.engraved(accent, PAPER["classic"], seal=not signed)]


def _modern(accent: str, _signed: bool, rtl: bool) -> list[str]:
    """A bar along the top, the line under the name at its beginning, a large rose that runs off the page."""
    y = ornament.RULE_Y
    rose = drawn(mixed(accent, PAPER["modern"], 0.45), 0.1, *ornament.rosette(WIDTH - 30, 84, 58, 30, 16, 8))
    side = rose + "\n" + drawn(accent, 0.5, line([(EDGE, y), (EDGE + 60, y)]))
    return [
        mirrored(side, WIDTH) if rtl else side,
        filled(accent, box(0, 0, WIDTH, 11), box(0, HEIGHT - 3, WIDTH, 3)),
    ]


def _plain(accent: str, _signed: bool, _rtl: bool) -> list[str]:
    """Two hairlines around the page and one under the name: little ink."""
    y = ornament.RULE_Y
    frames = [
        drawn(accent, weight, box(gap, gap, WIDTH - 2 * gap, HEIGHT - 2 * gap))
        for gap, weight in ((12, 0.5), (14, 0.12))
    ]
    return [*frames, drawn(accent, 0.14, line([(118.5, y), (178.5, y)]))]
