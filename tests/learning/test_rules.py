"""Pure rules of learning."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lms.learning import rules
from lms.learning.outline import Line, Outline

COUNTS = st.integers(min_value=0, max_value=5000)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OPEN = {
    "course_state": "published",
    "access": "open",
    "capacity": None,
    "learners": 0,
    "ends_at": None,
    "at": NOW,
}


@given(COUNTS, COUNTS)
def test_progress_is_a_whole_percent_between_0_and_100(completed, required):
    assert 0 <= rules.progress_percent(completed, required) <= 100


@given(COUNTS, st.integers(min_value=1, max_value=5000))
def test_progress_is_100_exactly_when_every_required_lesson_is_completed(completed, required):
    assert (rules.progress_percent(completed, required) == 100) is rules.is_complete(completed, required)


@given(st.integers(min_value=1, max_value=5000), COUNTS)
def test_one_more_lesson_never_lowers_progress(required, completed):
    assert rules.progress_percent(completed + 1, required) >= rules.progress_percent(completed, required)


def test_an_empty_course_stands_at_0_and_is_never_complete():
    assert rules.progress_percent(0, 0) == 0
    assert not rules.is_complete(0, 0)


def test_a_percent_is_rounded_down():
    assert rules.progress_percent(2, 3) == 66
    assert rules.progress_percent(199, 200) == 99


def test_nobody_enrolls_in_a_course_that_is_closed_over_full_or_by_invitation():
    assert rules.enrollment_refusal(**OPEN) is None
    assert rules.enrollment_refusal(**OPEN | {"course_state": "draft"}) == "closed"
    assert rules.enrollment_refusal(**OPEN | {"ends_at": NOW}) == "ended"
    assert rules.enrollment_refusal(**OPEN | {"ends_at": NOW + timedelta(seconds=1)}) is None
    assert rules.enrollment_refusal(**OPEN | {"access": "invitation"}) == "invitation"
    assert rules.enrollment_refusal(**OPEN | {"access": "code"}) == "code"
    assert rules.enrollment_refusal(**OPEN | {"access": "code"}, knows_code=True) is None
    assert rules.enrollment_refusal(**OPEN | {"capacity": 3, "learners": 3}) == "full"
    assert rules.enrollment_refusal(**OPEN | {"capacity": 3, "learners": 2}) is None


def outline(*states: str) -> Outline:
    return Outline(
        tuple(
            Line(n, f"l{n}", f"L{n}", 10, False, True, True, state, "m", "M")
            for n, state in enumerate(states, 1)
        )
    )


def test_the_learner_goes_on_with_the_last_lesson_while_it_is_not_completed():
    assert outline("completed", "in_progress", "not_started").resume(2).id == 2


def test_after_a_completed_lesson_comes_the_next_one_that_is_left():
    assert outline("completed", "completed", "completed", "not_started").resume(2).id == 4
    assert outline("not_started", "completed", "completed").resume(3).id == 1


def test_a_learner_who_has_not_begun_starts_at_the_first_lesson():
    assert outline("not_started", "not_started").resume(None).id == 1


def test_when_all_is_done_the_last_lesson_is_opened_again():
    assert outline("completed", "completed").resume(1).id == 1


def test_there_is_nothing_to_resume_in_an_empty_course():
    assert outline().resume(None) is None


def test_optional_and_unpublished_lessons_do_not_count():
    lines = outline("completed", "not_started", "not_started").lines
    two = (lines[0], lines[1]._replace(is_required=False), lines[2]._replace(is_published=False))
    assert Outline(two).is_complete


def test_a_completed_lesson_never_goes_back():
    assert outline("completed").with_state(1, "in_progress").lines[0].state == "completed"
