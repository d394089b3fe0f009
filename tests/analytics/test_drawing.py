"""Days become points, and many days become weeks."""

from collections import namedtuple
from datetime import date

from flask import Flask

from lms.analytics.drawing import days_until, in_weeks, over_time, per_day

Row = namedtuple("Row", "active enrollments size")
TODAY = date(2026, 3, 31)


def test_a_day_without_a_row_is_a_day_on_which_nothing_happened(app: Flask) -> None:
    days = days_until(TODAY, 3)
    rows = {TODAY: Row(4, 2, 30)}
    with app.test_request_context():
        assert [figure.value for figure in per_day(days, rows, "active").figures] == [0, 0, 4]
        chart = over_time(days, rows, [("Active", "active", "mean"), ("Size", "size", "last")], scale=1)
    assert [figure.value for figure in chart.lines[0].figures] == [0, 0, 4]
    assert [figure.value for figure in chart.lines[1].figures] == [None, None, 30]


def test_a_year_is_drawn_in_whole_weeks_that_end_today(app: Flask) -> None:
    days = days_until(TODAY, 365)
    assert in_weeks(days) and not in_weeks(days_until(TODAY, 90))
    rows = {day: Row(7, 1, 10) for day in days[-3:]}
    with app.test_request_context():
        chart = over_time(
            days, rows, [("A", "active", "mean"), ("E", "enrollments", "sum"), ("S", "size", "last")]
        )
    assert chart.places == 52
    assert [line.figures[-1].value for line in chart.lines] == [3.0, 3, 10]
    assert [line.figures[0].value for line in chart.lines] == [0, 0, None]
