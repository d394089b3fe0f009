"""From rollups to the charts of the dashboards. Days without a row are days on which nothing happened."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from flask_babel import format_date
from flask_babel import gettext as _

from lms.core import charts

TENTHS = 10
MOST_POINTS = 120
WEEK = 7

How = Literal["sum", "mean", "last"]
Series = tuple[str, str, How]
"""A line: its name, its column, and what a week of it is: added up, the mean of its days, or as it was at its end
(not known before the first look)."""


def days_until(today: date, count: int) -> list[date]:
    """So many days, in order, the last one today."""
    return [today - timedelta(days=back) for back in range(count - 1, -1, -1)]


def in_weeks(days: Sequence[date]) -> bool:
    """Whether a chart over so many days has a point for each week instead."""
    return len(days) > MOST_POINTS


def over_time(
    days: Sequence[date], rows: Mapping[date, object], series: Sequence[Series], scale: float = 1
) -> charts.Lines:
    """Lines over the days, or over their weeks where they are many. `scale` divides the figures."""
    step = WEEK if in_weeks(days) else 1
    points = [days[start : start + step] for start in range(len(days) % step, len(days), step)]
    return charts.lines(
        [
            (
                name,
                [
                    charts.Figure(_label(point[0]), _together(point, rows, column, how, scale))
                    for point in points
                ],
            )
            for name, column, how in series
        ]
    )


def _together(
    point: Sequence[date], rows: Mapping[date, object], column: str, how: How, scale: float
) -> float | None:
    known = [value for day in point if (value := _value(rows.get(day), column)) is not None]
    if how == "last":
        return round(known[-1] / scale, 1) if known else None
    return sum(known) if how == "sum" else round(sum(known) / len(point), 1)


def per_day(days: Sequence[date], rows: Mapping[date, object], column: str) -> charts.Columns:
    """A column for each day."""
    return charts.columns([charts.Figure(_label(day), _value(rows.get(day), column) or 0) for day in days])


def scores(tenths: Sequence[int], passing: float) -> charts.Columns:
    """How many learners reached which tenth of 100 percent; tenths that are wholly below `passing` are pale."""
    return charts.columns(
        [
            charts.Figure(
                _("%(low)s–%(high)s%%", low=place * TENTHS, high=(place + 1) * TENTHS),
                count,
                kind="muted" if (place + 1) * TENTHS <= passing else "",
            )
            for place, count in enumerate(tenths)
        ]
    )


def _label(day: date) -> str:
    return str(format_date(day, "d MMM"))


def _value(row: object | None, column: str) -> float | None:
    return getattr(row, column) if row is not None else None
