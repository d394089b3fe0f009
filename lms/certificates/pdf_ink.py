"""Lines and areas as PDF operators (ISO 32000-1, 8.5), in millimetres from the upper left corner of the page."""

from collections.abc import Iterable

Point = tuple[float, float]

_ROUND = 0.5523
"""How far the handles of four Bézier curves stand out to make a circle of radius 1."""


def rgb(colour: str) -> tuple[float, float, float]:
    """`#rrggbb` as parts of 1."""
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def mixed(colour: str, paper: str, share: float) -> str:
    """The colour as it looks on paper when only this share of it covers: no transparency is needed in the file."""
    parts = zip(rgb(colour), rgb(paper), strict=True)
    return "#" + "".join(f"{round(255 * (ink * share + under * (1 - share))):02x}" for ink, under in parts)


def filled(colour: str, *shapes: str) -> str:
    """Closed shapes in one colour."""
    return f"{_colour(colour)} rg {' '.join(shapes)} f"


def drawn(colour: str, weight: float, *shapes: str) -> str:
    """Shapes as lines, `weight` millimetres thick."""
    return f"{_colour(colour)} RG {weight} w {' '.join(shapes)} S"


def line(points: Iterable[Point]) -> str:
    """An open line through the points."""
    return " ".join(f"{x:.2f} {y:.2f} {'l' if index else 'm'}" for index, (x, y) in enumerate(points))


def box(left: float, top: float, width: float, height: float) -> str:
    """A rectangle."""
    return f"{left:.2f} {top:.2f} {width:.2f} {height:.2f} re"


def circle(x: float, y: float, radius: float) -> str:
    """A circle."""
    arm = radius * _ROUND
    return (
        f"{x + radius:.2f} {y:.2f} m "
        f"{x + radius:.2f} {y + arm:.2f} {x + arm:.2f} {y + radius:.2f} {x:.2f} {y + radius:.2f} c "
        f"{x - arm:.2f} {y + radius:.2f} {x - radius:.2f} {y + arm:.2f} {x - radius:.2f} {y:.2f} c "
        f"{x - radius:.2f} {y - arm:.2f} {x - arm:.2f} {y - radius:.2f} {x:.2f} {y - radius:.2f} c "
        f"{x + arm:.2f} {y - radius:.2f} {x + radius:.2f} {y - arm:.2f} {x + radius:.2f} {y:.2f} c h"
    )


def mirrored(code: str, width: float) -> str:
    """The same on a page `width` wide, turned around for text that runs from right to left."""
    return f"q -1 0 0 1 {width} 0 cm {code} Q"


def _colour(colour: str) -> str:
    return " ".join(f"{part:.4f}" for part in rgb(colour))
