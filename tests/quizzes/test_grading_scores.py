"""From question grades to the percent of an attempt, and which attempt counts."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.quizzes.scores import Counting, Score, attempt_score, counting_attempt, passed

fractions = st.decimals(0, 1, places=6)
points = st.decimals(0, 100, places=2)


def test_a_question_of_three_points_weighs_three_times_one_of_one() -> None:
    score = attempt_score([(Decimal(1), Decimal(3)), (Decimal(0), Decimal(1))])
    assert score == Score(Decimal(3), Decimal(4))
    assert score.percent == Decimal("75.00")


@pytest.mark.parametrize(
    ("earned", "percent"), [("0.66666", "66.67"), ("0.12345", "12.35"), ("0.123449", "12.34")]
)
def test_percent_is_rounded_half_up_to_two_places(earned: str, percent: str) -> None:
    assert attempt_score([(Decimal(earned), Decimal(1))]).percent == Decimal(percent)


def test_where_nothing_can_be_earned_handing_in_is_all() -> None:
    for items in ([], [(Decimal(0), Decimal(0))]):
        assert attempt_score(items).percent == 100
        assert passed(attempt_score(items), 70)


def test_passing_compares_unrounded() -> None:
    score = attempt_score([(Decimal("0.69996"), Decimal(1))])
    assert score.percent == Decimal("70.00")
    assert not passed(score, 70)
    assert passed(attempt_score([(Decimal("0.7"), Decimal(1))]), 70)


def test_the_millionth_lost_by_a_third_costs_nobody_the_quiz() -> None:
    thirds = [(Decimal("0.333333"), Decimal(1))] * 3 + [(Decimal(0), Decimal(1))]
    assert passed(attempt_score(thirds), 25)


def test_negative_points_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        attempt_score([(Decimal(1), Decimal(-1))])


@given(st.lists(st.tuples(fractions, points), max_size=8))
@settings(max_examples=100)
def test_percent_stays_between_0_and_100_in_any_order(items: list[tuple[Decimal, Decimal]]) -> None:
    score = attempt_score(items)
    assert 0 <= score.percent <= 100
    assert attempt_score(items[::-1]).percent == score.percent


@pytest.mark.parametrize(
    ("mode", "counting"),
    [
        ("best", Counting(Decimal(80), 1)),
        ("last", Counting(Decimal(60), 3)),
        ("average", Counting(Decimal("67.50"), None)),
    ],
)
def test_the_quiz_says_which_attempt_counts(mode: str, counting: Counting) -> None:
    assert counting_attempt([Decimal(50), Decimal(80), Decimal(80), Decimal(60)], mode) == counting
    assert counting_attempt([], mode) is None
