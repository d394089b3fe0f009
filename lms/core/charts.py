"""Charts as geometry: from figures to the shapes that `ui/chart.html` draws as SVG.

A drawing is stretched to its place on the page, so shapes only hold numbers in a box of their own (see each
class) and every word stands beside them as HTML: text keeps its size on a phone, mirrors from right to left and
can be read aloud. Colours and strokes are classes of `modules/charts.css`; nothing needs a style attribute.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HEIGHT = 100
"""Units from the base line to the top of a chart."""
AIR = 0.14
"""The part of a column's place that stays free on each of its sides."""
MOST_LABELS = 8


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it is of, how much (None: not known), and both in words for the table beside."""

    label: str
    value: float | None
    text: str = ""
    kind: str = ""

    @property
    def words(self) -> str:
        return self.text or ("" if self.value is None else f"{self.value:g}")


@dataclass(frozen=True, slots=True)
class Shape:
    """A rectangle in units: places across (each figure has one), 0 at the top to HEIGHT at the base line."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Columns:
    """A chart of columns, `places` wide and HEIGHT high. `ticks` are (position in percent from below, label)."""

    figures: tuple[Figure, ...]
    shapes: tuple[Shape, ...]
    labels: tuple[str, ...]
    ticks: tuple[tuple[float, str], ...]

    @property
    def places(self) -> int:
        return len(self.figures)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart: `path` and `area` are SVG paths (empty without two known neighbours), `dots` are
    the known points that have no neighbour."""

    name: str
    kind: str
    figures: tuple[Figure, ...]
    path: str
    area: str
    dots: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines over the same places, `places` wide and HEIGHT high; a point stands in the middle of its place."""

    lines: tuple[Line, ...]
    labels: tuple[str, ...]
    ticks: tuple[tuple[float, str], ...]

    @property
    def places(self) -> int:
        return len(self.labels)


def columns(figures: Iterable[Figure], top: float | None = None, unit: str = "") -> Columns:
    """A column for each figure; the scale goes from 0 to `top`, or to a round number above the highest.
    Figures below 0 are drawn as 0: such a chart is for counts and shares."""
    found = tuple(figures)
    scale = top if top else round_top(figure.value for figure in found)
    shapes = tuple(
        Shape(
            place + AIR,
            _round(HEIGHT - height),
            _round(1 - 2 * AIR),
            _round(height),
            figure.kind,
            f"{figure.label}: {figure.words}",
        )
        for place, figure in enumerate(found)
        if (height := _share(figure.value, scale) * HEIGHT) > 0
    )
    return Columns(found, shapes, thinned([f.label for f in found]), scale_ticks(scale, unit))


def lines(series: Sequence[tuple[str, Sequence[Figure]]], top: float | None = None, unit: str = "") -> Lines:
    """A line for each (name, figures); all have the same labels. A line is broken where a figure is None.

    Raises ValueError when the lines are not equally long.
    """
    lengths = {len(figures) for _, figures in series}
    if len(lengths) > 1:
        raise ValueError("the lines of one chart have a figure for each place")
    scale = top if top else round_top(f.value for _, figures in series for f in figures)
    drawn = tuple(
        _line(name, f"series-{number}", figures, scale) for number, (name, figures) in enumerate(series, 1)
    )
    labels = thinned([figure.label for figure in series[0][1]]) if series else ()
    return Lines(drawn, labels, scale_ticks(scale, unit))


def share(value: float | None, whole: float) -> float:
    """The length of a bar in percent, 0 to 100; 0 where nothing is known or the whole is nothing."""
    return _round(100 * _share(value, whole))


def round_top(values: Iterable[float | None]) -> float:
    """The least of 1, 2, 4, 5, 10, 20, 40, 50, ... that is not below any value."""
    highest = max((value for value in values if value is not None and math.isfinite(value)), default=0)
    if highest <= 1:
        return 1
    size = 10 ** math.floor(math.log10(highest))
    return float(next(step * size for step in (1, 2, 4, 5, 10) if step * size >= highest))


def thinned(labels: Sequence[str]) -> tuple[str, ...]:
    """The labels with so many left empty that those that stay have room."""
    step = max(1, math.ceil(len(labels) / MOST_LABELS))
    return tuple(label if place % step == 0 else "" for place, label in enumerate(labels))


def scale_ticks(top: float, unit: str = "") -> tuple[tuple[float, str], ...]:
    """Ground, middle and top of a scale; the middle only where it is a whole number."""
    middle = [top / 2] if top % 2 == 0 else []
    return tuple((100 * value / top, f"{value:g}{unit}") for value in (0, *middle, top))


def _line(name: str, kind: str, figures: Sequence[Figure], scale: float) -> Line:
    path, area, dots = [], [], []
    for run in _runs(figures):
        points = [(place + 0.5, _round(HEIGHT * (1 - _share(figures[place].value, scale)))) for place in run]
        if len(points) == 1:
            dots.append(points[0])
            continue
        walk = " ".join(f"{x:g} {y:g}" for x, y in points)
        path.append(f"M{walk}")
        area.append(f"M{points[0][0]:g} {HEIGHT} L{walk} {points[-1][0]:g} {HEIGHT} Z")
    return Line(name, kind, tuple(figures), " ".join(path), " ".join(area), tuple(dots))


def _runs(figures: Sequence[Figure]) -> Iterable[list[int]]:
    """The places of known figures, neighbours together."""
    run: list[int] = []
    for place, figure in enumerate(figures):
        if figure.value is not None:
            run.append(place)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _share(value: float | None, whole: float) -> float:
    if value is None or not math.isfinite(value) or whole <= 0:
        return 0.0
    return min(max(value / whole, 0.0), 1.0)


def _round(number: float) -> float:
    return round(number, 2)
