"""Item statistics, held to the figures that Moodle's own tests expect of the same marks."""

import csv
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.quizzes.statistics import Item, ItemStatistics, of_items, of_quiz, variance

# What Moodle's own test of its calculator expects of mdl_question_states.csv, question by question in percent.
FACILITY = [0, 0, 0, 0, None, None, None, 41.19318182, 81.36363636, 71.36363636, 65.45454545, 65.90909091]
FACILITY += [36.36363636, 59.09090909, 50, 59.09090909, 63.63636364, 45.45454545, 27.27272727, 50]
SD = [0, 0, 0, 0, None, None, None, 191.2733589, 25.12738111, 32.26312277, 33.34199022, 33.75811591]
SD += [49.23659639, 50.32362797, 51.17663157, 50.32362797, 49.23659639, 50.96471914, 45.58423058, 51.17663157]
WEIGHT = [0, 0, 0, 0, 0, 0, 0, 26.58464457, 3.368456046, 3.253955259, 7.584083694, 3.79658376, 3.183278505]
WEIGHT += [4.532356904, 7.78856243, 10.08351572, 8.381139345, 8.727645713, 7.946277111, 4.769500946]
DISCRIMINATION = [None] * 7 + [25.88327077, 1.170256965, -4.207816809, 28.16930644, -2.513606859]
DISCRIMINATION += [-12.99017581, -8.900638238, 8.670004606, 29.63337745, 15.18945843, 16.21079629]
DISCRIMINATION += [15.52451404, -8.396734802]
EFFICIENCY = [None] * 7 + [27.23492723, 1.382386552, -4.691171307, 31.12404354, -2.877487579, -17.5074184]
EFFICIENCY += [-10.27568922, 10.86956522, 34.58997279, 17.4790556, 20.14359793, 22.06477733, -10]


def table(shared: Path, name: str) -> list[dict[str, str]]:
    with (shared / "quiz-statistics" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def as_expected(expected: float | None) -> object:
    return None if expected is None else pytest.approx(expected, rel=1.5e-5, abs=1e-9)


def test_a_quiz_of_twenty_questions_has_the_figures_moodle_expects(shared: Path) -> None:
    marks: dict[int, dict[int, float]] = {}
    # A sitting's states follow each other in the file, its total beside each of them.
    states = table(shared, "mdl_question_states.csv")
    for number, state in enumerate(states):
        marks.setdefault(int(state["slot"]), {})[number // 20] = float(state["mark"])
    points = {int(row["slot"]): float(row["maxmark"]) for row in table(shared, "mdl_question.csv")}
    found = of_items([Item(marks[slot], points[slot]) for slot in sorted(marks)])
    for slot, item in enumerate(found):
        worth = points[slot + 1]
        assert percent(item.facility) == as_expected(FACILITY[slot])
        assert percent(item.sd) == as_expected(None if SD[slot] is None else SD[slot] / worth)
        assert percent(item.effective_weight) == as_expected(WEIGHT[slot])
        assert percent(item.discrimination) == as_expected(DISCRIMINATION[slot])
        assert percent(item.efficiency) == as_expected(EFFICIENCY[slot])


@pytest.fixture
def seven_questions(shared: Path) -> list[Item]:
    results = table(shared, "results00.csv")
    return [
        Item({n: float(row[f"slots.{slot}.mark"]) for n, row in enumerate(results)}, 1)
        for slot in range(1, 8)
    ]


def test_each_question_of_a_quiz_has_the_figures_moodle_expects(
    shared: Path, seven_questions: list[Item]
) -> None:
    expected = [row for row in table(shared, "qstats00.csv") if not row["subqname"] and not row["variant"]]
    for item, row in zip(of_items(seven_questions), expected, strict=True):
        assert item.attempts == int(row["s"])
        assert item.facility == as_expected(float(row["facility"]))
        assert item.sd == as_expected(float(row["sd"]))
        assert percent(item.effective_weight) == as_expected(float(row["effectiveweight"]))
        assert percent(item.discrimination) == as_expected(float(row["discriminationindex"]))
        assert percent(item.efficiency) == as_expected(float(row["discriminativeefficiency"]))


def test_questions_that_only_some_were_asked_are_judged_by_those(
    shared: Path, seven_questions: list[Item]
) -> None:
    """The first place was filled by one of two questions drawn for each learner."""
    steps, first = table(shared, "steps00.csv"), seven_questions[0]
    drawn = {
        name: Item({n: first.marks[n] for n, row in enumerate(steps) if row["randqs.1"] == name}, 1)
        for name in ("shortanswer", "numerical")
    }
    (row,) = [row for row in table(shared, "qstats00.csv") if row["subqname"] == "numerical"]
    # Of drawn questions, Moodle does not take the question's own mark out of the total.
    totals = Item({n: sum(item.marks[n] for item in seven_questions) for n in drawn["numerical"].marks}, 7)
    numerical, _ = of_items([drawn["numerical"], totals])
    assert numerical.attempts == int(row["s"])
    assert numerical.facility == as_expected(float(row["facility"]))
    assert numerical.sd == as_expected(float(row["sd"]))
    assert percent(numerical.discrimination) == as_expected(float(row["discriminationindex"]))
    assert percent(numerical.efficiency) == as_expected(float(row["discriminativeefficiency"]))


def test_a_quiz_as_a_whole_has_the_figures_moodle_expects(seven_questions: list[Item]) -> None:
    totals = [sum(item.marks[n] for item in seven_questions) for n in range(25)]
    found = of_quiz(totals, [variance(item.marks.values()) or 0 for item in seven_questions])
    assert found.attempts == 25
    assert found.mean == as_expected(4.617333332)
    assert found.median == 4.5
    assert found.sd == as_expected(0.8117265554)
    assert found.skewness == as_expected(-0.092502502)
    assert found.kurtosis == as_expected(-0.7073968557)
    assert percent(found.consistency) == as_expected(-87.2230935542)
    assert percent(found.error_ratio) == as_expected(136.8294900795)
    assert found.standard_error == as_expected(1.1106813066)


def test_before_the_first_attempt_nothing_is_known() -> None:
    assert of_items([Item({}, 1)]) == [ItemStatistics(0, None, None, None, None, None)]
    empty = of_quiz([])
    assert (empty.attempts, empty.mean, empty.sd) == (0, None, None)


def test_one_attempt_has_a_mean_and_no_spread() -> None:
    (item,) = of_items([Item({1: 0.5}, 1)])
    assert (item.facility, item.sd, item.discrimination) == (0.5, None, None)
    whole = of_quiz([5.0], [])
    assert (whole.mean, whole.median, whole.sd, whole.consistency) == (5, 5, None, None)


def test_a_question_that_everyone_got_right_tells_nothing_of_them_apart() -> None:
    easy, other = of_items([Item({1: 1, 2: 1, 3: 1}, 1), Item({1: 0, 2: 1, 3: 1}, 1)])
    assert (easy.facility, easy.sd, easy.discrimination, easy.efficiency) == (1, 0, None, None)
    assert (easy.effective_weight, other.effective_weight) == (0, 1)


def test_a_question_that_only_the_best_get_right_separates_them() -> None:
    marks = {1: 0.0, 2: 0.0, 3: 1.0, 4: 1.0}
    telling, against, _ = of_items(
        [
            Item(marks, 1),
            Item({n: 1 - mark for n, mark in marks.items()}, 1),
            Item({1: 1, 2: 2, 3: 7, 4: 8}, 9),
        ]
    )
    assert telling.discrimination == pytest.approx(0.9806, abs=1e-3)
    assert telling.efficiency == pytest.approx(1)
    assert against.discrimination is not None
    assert against.discrimination < -0.9
    assert against.effective_weight is None


# Every fraction with a denominator of at most 12; hypothesis's own strategy for them is slow.
shares = st.sampled_from(sorted({part / whole for whole in range(1, 13) for part in range(whole + 1)}))
sittings = st.dictionaries(st.integers(1, 40), shares, max_size=25)
items = st.lists(
    st.builds(
        lambda found, points: Item({n: mark * points for n, mark in found.items()}, points),
        sittings,
        st.sampled_from([0, 0.25, 1, 3, 10, 1e5]),
    ),
    max_size=8,
)


@given(items)
@settings(max_examples=200, deadline=None)
def test_no_marks_whatever_give_a_figure_out_of_bounds(asked: list[Item]) -> None:
    found = of_items(asked)
    for item in found:
        assert within(item.facility, 0, 1)
        assert within(item.sd, 0, 1)
        assert within(item.discrimination, -1, 1)
        assert within(item.efficiency, -math.inf, 1)
        assert within(item.effective_weight, 0, 1)
    weights = [item.effective_weight for item in found if item.effective_weight is not None]
    assert not weights or sum(weights) == pytest.approx(1) or set(weights) == {0}


answers = st.integers(0, 6).flatmap(
    lambda width: st.lists(st.lists(shares, min_size=width, max_size=width), max_size=25)
)


@given(answers)
@settings(max_examples=200, deadline=None)
def test_no_totals_whatever_give_a_figure_out_of_all_reason(sheets: list[list[float]]) -> None:
    spreads = [variance(marks) or 0 for marks in zip(*sheets, strict=True)]
    found = of_quiz([sum(sheet) for sheet in sheets], spreads)
    assert within(found.mean, 0, 6)
    assert within(found.sd, 0, 6)
    assert within(found.consistency, -math.inf, 1)
    for figure in (found.skewness, found.kurtosis, found.error_ratio, found.standard_error):
        assert figure is None or math.isfinite(figure)


@given(items, st.sampled_from([2.0, 0.5]))
@settings(max_examples=60, deadline=None)
def test_the_unit_of_points_does_not_matter(asked: list[Item], factor: float) -> None:
    scaled = [Item({n: m * factor for n, m in item.marks.items()}, item.points * factor) for item in asked]
    for one, other in zip(of_items(asked), of_items(scaled), strict=True):
        assert (one.facility is None) == (other.facility is None)
        assert one.facility is None or one.facility == pytest.approx(other.facility)
        assert one.discrimination is None or one.discrimination == pytest.approx(other.discrimination)


def percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def within(figure: float | None, low: float, high: float) -> bool:
    return figure is None or (math.isfinite(figure) and low - 1e-9 <= figure <= high + 1e-9)
