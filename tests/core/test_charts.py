"""Charts keep their shapes within their box, whatever the figures."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.core import charts
from lms.core.charts import Figure

values = st.none() | st.floats(0, 1e9) | st.sampled_from([float("inf"), -5.0])
figures = st.lists(st.builds(Figure, st.sampled_from(["Monday", "Tuesday"]), values), max_size=40)


@given(figures)
@settings(max_examples=100, deadline=None)
def test_columns_stand_on_the_base_line_within_their_places(found: list[Figure]) -> None:
    chart = charts.columns(found)
    assert chart.places == len(chart.labels) == len(found)
    for shape in chart.shapes:
        assert 0 <= shape.x < shape.x + shape.width <= chart.places
        assert shape.y + shape.height == pytest.approx(charts.HEIGHT)
        assert 0 <= shape.y <= charts.HEIGHT


@given(figures)
@settings(max_examples=100, deadline=None)
def test_lines_stay_within_their_box(found: list[Figure]) -> None:
    (line,) = charts.lines([("Visits", found)]).lines
    for number in re.findall(r"-?[0-9.]+(?:e[+-]?\d+)?", line.path):
        assert 0 <= float(number) <= max(charts.HEIGHT, len(found))


def test_a_day_without_a_figure_breaks_the_line() -> None:
    found = [Figure("a", 1), Figure("b", 2), Figure("c", None), Figure("d", 2)]
    (line,) = charts.lines([("Visits", found)], top=2).lines
    assert line.path == "M0.5 50 1.5 0"
    assert line.area == "M0.5 100 L0.5 50 1.5 0 1.5 100 Z"
    assert line.dots == ((3.5, 0.0),)


def test_lines_of_one_chart_have_the_same_places() -> None:
    with pytest.raises(ValueError, match="for each place"):
        charts.lines([("a", [Figure("x", 1)]), ("b", [])])


@pytest.mark.parametrize(
    ("highest", "top"), [(0, 1), (1, 1), (3, 4), (9, 10), (23, 40), (101, 200), (99_000, 100_000)]
)
def test_the_scale_ends_at_a_round_number(highest: float, top: float) -> None:
    assert charts.round_top([None, highest]) == top


def test_only_so_many_labels_are_written_as_have_room() -> None:
    days = [str(day) for day in range(1, 31)]
    assert [label for label in charts.thinned(days) if label] == days[::4]
    assert charts.thinned(days[:5]) == tuple(days[:5])


@pytest.mark.parametrize(("value", "whole", "percent"), [(1, 4, 25), (None, 4, 0), (3, 0, 0), (9, 4, 100)])
def test_a_bar_is_never_longer_than_its_track(value: float | None, whole: float, percent: float) -> None:
    assert charts.share(value, whole) == percent
