"""The sheet under the text of each design, as SVG in millimetres on A4 landscape."""

import functools
from dataclasses import dataclass

from lms.certificates import pdf_ornament as ornament
from lms.certificates.look import PAPER

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


@functools.lru_cache(maxsize=16)
def sheet(design: str, accent: str, *, signed: bool, rtl: bool) -> str:
    """The drawing; `signed` leaves room for a signature and draws its line."""
    drawn = {"classic": _classic, "modern": _modern, "plain": _plain}[design](accent, signed, rtl)
    line = ""
    if signed:
        left = (WIDTH - SIGNATURE_WIDTH) / 2
        line = _stroke(f"M{left} {SIGNATURE_Y}H{left + SIGNATURE_WIDTH}", accent, 0.14)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}mm" height="{HEIGHT}mm"'
        f' viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<rect x="0" y="0" width="{WIDTH}" height="{HEIGHT}" fill="{PAPER[design]}"/>{drawn}{line}</svg>'
    )


def _classic(accent: str, signed: bool, _rtl: bool) -> str:
    return ornament.engraved(accent, PAPER["classic"], seal=not signed)


def _modern(accent: str, _signed: bool, rtl: bool) -> str:
    """A bar along the top, the line under the name at its beginning, a large rose that runs off the page."""
    rose = "".join(ornament.rosette(WIDTH - 30, 84, 58, 30, 16, 8))
    rule = f"M{EDGE} {ornament.RULE_Y}h60"
    turned = f' transform="translate({WIDTH} 0) scale(-1 1)"' if rtl else ""
    return (
        f"<g{turned}>"
        f'<path d="{rose}" fill="none" stroke="{accent}" stroke-width="0.1" stroke-opacity="0.45"/>'
        f"{_stroke(rule, accent, 0.5)}</g>"
        f'<rect x="0" y="0" width="{WIDTH}" height="11" fill="{accent}"/>'
        f'<rect x="0" y="{HEIGHT - 3}" width="{WIDTH}" height="3" fill="{accent}"/>'
    )


def _plain(accent: str, _signed: bool, _rtl: bool) -> str:
    """Two hairlines around the page and one under the name: little ink."""
    frames = "".join(
        f'<rect x="{gap}" y="{gap}" width="{WIDTH - 2 * gap}" height="{HEIGHT - 2 * gap}"'
        f' fill="none" stroke="{accent}" stroke-width="{weight}"/>'
        for gap, weight in ((12, 0.5), (14, 0.12))
    )
    return frames + _stroke(f"M118.5 {ornament.RULE_Y}H178.5", accent, 0.14)


def _stroke(path: str, accent: str, weight: float) -> str:
    return f'<path d="{path}" fill="none" stroke="{accent}" stroke-width="{weight}"/>'
