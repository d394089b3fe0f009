"""Who may not finish, and why."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.analytics.rules import Course, Learner, Reason, pace, reasons

TODAY = datetime(2026, 3, 30, tzinfo=UTC)
COURSE = Course(required=20, pace=4.0)


def days(number: float) -> datetime:
    """So many days ago."""
    return TODAY - timedelta(days=number)


def kinds(learner: Learner, course: Course = COURSE) -> list[str]:
    return [reason.kind for reason in reasons(learner, course, TODAY)]


def test_who_keeps_up_is_not_at_risk() -> None:
    assert kinds(Learner(days(21), days(1), completed=12)) == []


def test_two_weeks_without_a_visit_are_quiet_and_the_days_are_told() -> None:
    assert kinds(Learner(days(21), days(13.9), completed=12)) == []
    assert reasons(Learner(days(21), days(14), 12), COURSE, TODAY) == [Reason("quiet", (14,))]


def test_less_than_half_the_median_pace_is_slow_but_nobody_is_judged_in_the_first_two_weeks() -> None:
    assert reasons(Learner(days(21), days(1), 5), COURSE, TODAY) == [Reason("slow", (1.7, 4.0))]
    assert kinds(Learner(days(21), days(1), 6)) == []
    assert kinds(Learner(days(13), days(1), 0)) == []
    assert kinds(Learner(days(21), days(1), 0), Course(20, None)) == []


def test_a_required_quiz_failed_twice_weighs_most() -> None:
    learner = Learner(days(21), days(15), completed=12, failed=[(7, 2), (8, 1)])
    assert reasons(learner, COURSE, TODAY) == [Reason("failed", (2, 7)), Reason("quiet", (15,))]


def test_a_grade_below_what_is_asked_for_weighs_as_much_as_a_failed_quiz_and_more_than_overdue_work() -> None:
    learner = Learner(days(21), days(15), 12, failed=[(7, 2)], overdue=[(3, 17)], low=[(4, 45.5, 60)])
    assert kinds(learner) == ["failed", "low", "overdue", "quiet"]
    assert reasons(learner, COURSE, TODAY)[1] == Reason("low", (4, 45.5, 60))


def test_the_end_is_near_only_when_the_own_pace_does_not_reach_it() -> None:
    ending = Course(20, None, TODAY + timedelta(days=7))
    assert reasons(Learner(days(14), days(1), 8), ending, TODAY) == [Reason("deadline", (7, 12))]
    assert kinds(Learner(days(14), days(1), 16), ending) == []
    assert kinds(Learner(days(14), days(1), 8), Course(20, None, TODAY + timedelta(days=15))) == []
    assert kinds(Learner(days(14), days(1), 8), Course(20, None, days(1))) == []


def test_who_has_completed_everything_is_never_at_risk() -> None:
    assert kinds(Learner(days(90), days(60), 20, failed=[(1, 5)])) == []
    assert kinds(Learner(days(90), days(60), 0), Course(0, None)) == []


def test_a_first_week_counts_whole() -> None:
    assert pace(3, days(1), TODAY) == 3
    assert pace(3, TODAY + timedelta(hours=8), TODAY) == 3


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0, 400),
    st.floats(0, 400),
    st.integers(0, 40),
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 5)), max_size=3),
    st.none() | st.floats(0.1, 30),
)
def test_reasons_are_kept_as_they_are_and_come_heaviest_first(
    enrolled: float, seen: float, completed: int, failed: list[tuple[int, int]], median: float | None
) -> None:
    learner = Learner(days(enrolled), days(min(enrolled, seen)), completed, failed)
    found = reasons(learner, Course(20, median, TODAY + timedelta(days=3)), TODAY)
    assert [Reason.from_json(reason.to_json()) for reason in found] == found
    weights = [reason.weight for reason in found]
    assert weights == sorted(weights, reverse=True)
    assert not (completed >= 20 and found)
