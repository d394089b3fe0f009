"""Decisions about attempts, without a database."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from lms.quizzes import rules
from lms.quizzes.content import OpenContent
from lms.quizzes.grading import Grade
from tests.factories import NOW
from tests.support import quizzes

MINUTE = timedelta(minutes=1)


def _asked(count: int) -> list[rules.Asked]:
    return [
        rules.Asked(n, n * 10, Decimal(2), quizzes.single(f"Question {n}?")[0]) for n in range(1, count + 1)
    ]


def _lay_out(asked: list[rules.Asked], seed: str, questions: bool = True, options: bool = True):
    return rules.lay_out(asked, seed, shuffle_questions=questions, shuffle_options=options)


@given(st.integers(0, 12), st.text(max_size=10))
def test_a_shuffle_keeps_every_question_and_option_once(count: int, seed: str) -> None:
    layout = _lay_out(_asked(count), seed)
    assert sorted(slot["question"] for slot in layout) == list(range(1, count + 1))
    assert all(sorted(slot["options"]) == ["1", "2", "3"] for slot in layout)


@given(st.text(max_size=10))
def test_the_same_attempt_is_shuffled_the_same_way(seed: str) -> None:
    assert _lay_out(_asked(6), seed) == _lay_out(_asked(6), seed)


def test_attempts_are_shuffled_differently() -> None:
    orders = {str(_lay_out(_asked(6), f"1/1/{number}")) for number in range(20)}
    assert len(orders) > 10


def test_without_shuffling_everything_stands_as_written() -> None:
    layout = _lay_out(_asked(3), "x", questions=False, options=False)
    assert [slot["question"] for slot in layout] == [1, 2, 3]
    assert [slot["options"] for slot in layout] == [["1", "2", "3"]] * 3


def test_a_description_keeps_its_place_and_earns_nothing() -> None:
    note = rules.Asked(99, 990, Decimal(5), OpenContent("description", "Read this first."))
    for seed in "abcdefgh":
        layout = _lay_out([note, *_asked(4)], seed)
        assert (layout[0]["question"], layout[0]["points"]) == (99, "0")


def test_true_stays_before_false() -> None:
    asked = rules.Asked(1, 10, Decimal(1), quizzes.true_false()[0])
    assert all(_lay_out([asked], seed)[0]["options"] == ["true", "false"] for seed in "abcdefgh")


def test_the_earlier_of_time_limit_and_end_of_course_is_the_deadline() -> None:
    soon, late = NOW + 5 * MINUTE, NOW + 60 * MINUTE
    assert rules.deadline(NOW, 600, None) == NOW + 10 * MINUTE
    assert rules.deadline(NOW, 600, soon) == soon
    assert rules.deadline(NOW, 600, late) == NOW + 10 * MINUTE
    assert rules.deadline(NOW, None, late) == late
    assert rules.deadline(NOW, None, None) is None


def test_an_attempt_is_overdue_only_after_the_grace() -> None:
    grace = timedelta(seconds=30)
    assert not rules.is_overdue(NOW, grace, NOW + grace)
    assert rules.is_overdue(NOW, grace, NOW + grace + timedelta(seconds=1))
    assert not rules.is_overdue(None, grace, NOW + timedelta(days=999))


def test_why_an_attempt_cannot_begin() -> None:
    fine = {
        "is_enrolled": True, "questions": 3, "max_attempts": 2, "used": 1,
        "starts_at": None, "ends_at": None, "at": NOW,
    }  # fmt: skip
    assert rules.why_not_start(**fine) is None
    assert rules.why_not_start(**fine | {"used": 2}) == "no_attempts_left"
    assert rules.why_not_start(**fine | {"used": 9, "max_attempts": None}) is None
    assert rules.why_not_start(**fine | {"is_enrolled": False}) == "not_enrolled"
    assert rules.why_not_start(**fine | {"is_published": False}) == "unpublished"
    assert rules.why_not_start(**fine | {"questions": 0}) == "no_questions"
    assert rules.why_not_start(**fine | {"ends_at": NOW}) == "ended"
    assert rules.why_not_start(**fine | {"starts_at": NOW + MINUTE}) == "not_begun"


def test_an_essay_leaves_passing_open_unless_the_rest_is_enough() -> None:
    right, waiting = Grade(Decimal(1), "correct"), Grade(Decimal(0), "needs_grading")
    half = rules.outcome([(right, Decimal(1)), (waiting, Decimal(1))], Decimal(70))
    assert (half.state, half.passed, half.score.percent) == ("needs_grading", None, 50)
    enough = rules.outcome([(right, Decimal(4)), (waiting, Decimal(1))], Decimal(70))
    assert (enough.state, enough.passed) == ("needs_grading", True)


def test_one_in_three_does_not_pass_seventy_percent() -> None:
    right, wrong = Grade(Decimal(1), "correct"), Grade(Decimal(0), "incorrect")
    outcome = rules.outcome([(right, Decimal(1)), (wrong, Decimal(1)), (wrong, Decimal(1))], Decimal(70))
    assert (outcome.state, outcome.passed, outcome.score.percent) == ("graded", False, Decimal("33.33"))
