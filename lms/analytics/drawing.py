"""From rollups to the charts of the dashboards. Days without a row are days on which nothing happened."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from flask_babel import format_date
from flask_babel import gettext as _

from lms.core import charts
from lms.core.db import AnyRow

TENTHS = 10


def days_until(today: date, count: int) -> list[date]:
    """So many days, in order, the last one today."""
    return [today - timedelta(days=back) for back in range(count - 1, -1, -1)]


def over_time(
    days: Sequence[date],
    rows: Mapping[date, AnyRow],
    series: Sequence[tuple[str, str]],
    *,
    unknown: float | None = 0,
    scale: float = 1,
) -> charts.Lines:
    """Lines of (name, column) over the days. `unknown` stands where there is no row, `scale` divides the figures."""
    return charts.lines(
        [
            (
                name,
                [charts.Figure(_label(day), _value(rows.get(day), column, unknown, scale)) for day in days],
            )
            for name, column in series
        ]
    )


def per_day(days: Sequence[date], rows: Mapping[date, AnyRow], column: str) -> charts.Columns:
    """A column for each day."""
    return charts.columns([charts.Figure(_label(day), _value(rows.get(day), column, 0, 1)) for day in days])


def funnel(lessons: Sequence[AnyRow]) -> charts.Columns:
    """How many learners opened each lesson, by its number."""
    return charts.columns(
        [
            charts.Figure(str(number), lesson.reached, f"{lesson.reached} · {lesson.title}")
            for number, lesson in enumerate(lessons, 1)
        ]
    )


def scores(tenths: Sequence[int]) -> charts.Columns:
    """How many learners reached which tenth of 100 percent."""
    return charts.columns(
        [
            charts.Figure(_("%(low)s–%(high)s%%", low=place * TENTHS, high=(place + 1) * TENTHS), count)
            for place, count in enumerate(tenths)
        ]
    )


def _label(day: date) -> str:
    return str(format_date(day, "d MMM"))


def _value(row: AnyRow | None, column: str, unknown: float | None, scale: float) -> float | None:
    value = getattr(row, column) if row is not None else None
    return unknown if value is None else round(value / scale, 1) if scale != 1 else value
