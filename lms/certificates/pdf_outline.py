"""Glyphs drawn as plain outlines: those that stand for no character of their own.

A justifying stroke between two joined Arabic letters is such a glyph. As text it would need characters to
stand for, and readers make some up; as a shape it is seen and not read.
"""

from fontTools.pens.basePen import BasePen  # type: ignore[import-untyped]

from lms.certificates.pdf_shaping import Glyph


class _PathPen(BasePen):
    """Writes PDF path operators, placed at (x, y) and scaled from font units to points."""

    def __init__(self, x: float, y: float, scale: float) -> None:
        super().__init__(None)
        self.x, self.y, self.scale = x, y, scale
        self.operators: list[str] = []

    def _put(self, operator: str, *points: tuple[float, float]) -> None:
        placed = (f"{self.x + px * self.scale:.3f} {self.y + py * self.scale:.3f}" for px, py in points)
        self.operators.append(f"{' '.join(placed)} {operator}")

    def _moveTo(self, pt: tuple[float, float]) -> None:
        self._put("m", pt)

    def _lineTo(self, pt: tuple[float, float]) -> None:
        self._put("l", pt)

    def _curveToOne(
        self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]
    ) -> None:
        self._put("c", pt1, pt2, pt3)

    def _closePath(self) -> None:
        self.operators.append("h")


def outline_code(glyph: Glyph, x: float, y: float, size: float) -> str:
    """Operators that fill `glyph` with its origin at (x, y) points, at `size` points the em."""
    face = glyph.face
    pen = _PathPen(
        x + glyph.dx * size / 1000,
        y + glyph.dy * size / 1000,
        face.unit * face.name.scale * size / 1000,
    )
    face.hb_font.draw_glyph_with_pen(glyph.gid, pen)
    return " ".join([*pen.operators, "f"]) if pen.operators else ""
