"""From single grades to the grade of a course. Pure rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from lms.gradebook.rules import Category, Found, Grade, grade, total

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
PERCENTS = st.decimals(0, 100, places=2)
GRADES = st.one_of(
    PERCENTS.map(lambda percent: Grade("graded", percent)),
    st.sampled_from(
        [
            *(Grade(status, None) for status in ("open", "waiting", "returned", "excused", "not_owed")),
            Grade("missing", Decimal(0)),
        ]
    ),
)
CATEGORIES = st.lists(
    st.builds(lambda weight, drop: (weight, drop), st.decimals(0, 100, places=2), st.integers(0, 4)),
    max_size=4,
).map(lambda pairs: [Category(n, f"C{n}", weight, drop) for n, (weight, drop) in enumerate(pairs, 1)])


def graded(*percents: int) -> list[tuple[int | None, Grade]]:
    return [(None, Grade("graded", Decimal(percent))) for percent in percents]


def test_grades_are_percents_so_that_much_and_little_work_weigh_alike() -> None:
    # 5 of 5 points and 50 of 100: not 55 of 105.
    assert total([], graded(100, 50)).percent == 75


def test_weights_count_for_what_is_there_so_far() -> None:
    tasks, exam = Category(1, "Tasks", Decimal(40)), Category(2, "Exam", Decimal(60))
    so_far = [(1, Grade("graded", Decimal(80))), (2, Grade("open", None))]
    found = total([tasks, exam], so_far)
    assert found.percent == 80 and [part.share for part in found.parts] == [100, 0]
    found = total([tasks, exam], [*so_far[:1], (2, Grade("graded", Decimal(50)))])
    assert found.percent == 62 and [part.share for part in found.parts] == [40, 60]


def test_the_lowest_are_dropped_but_never_all() -> None:
    one = Category(1, "Tasks", Decimal(1), drop=2)
    found = total([one], [(1, grade) for _, grade in graded(10, 90, 20, 60)])
    assert found.percent == 75 and found.parts[0].dropped == (0, 2)
    assert total([one], [(1, Grade("graded", Decimal(30)))]).percent == 30


def test_work_of_no_category_does_not_count_once_there_are_categories() -> None:
    found = total(
        [Category(1, "Tasks", Decimal(1))],
        [(1, Grade("graded", Decimal(30))), (None, Grade("graded", Decimal(90)))],
    )
    assert found.percent == 30


def test_what_one_piece_of_work_counts() -> None:
    due = AT - timedelta(seconds=1)
    assert grade(Found(), AT) == Grade("open", None)
    assert grade(Found(due=AT + timedelta(seconds=1)), AT) == Grade("open", None)
    assert grade(Found(due=due), AT) == Grade("missing", Decimal(0))
    assert grade(Found(), AT, course_ends=due) == Grade("missing", Decimal(0))
    assert grade(Found(due=due, is_waiting=True), AT) == Grade("waiting", None)
    assert grade(Found(due=due, is_returned=True), AT) == Grade("returned", None)
    assert grade(Found(due=due, decided=Decimal(90), is_returned=True), AT) == Grade("decided", Decimal(90))
    assert grade(Found(Decimal(70), due=due), AT) == Grade("graded", Decimal(70))
    assert grade(Found(Decimal(70), is_hidden=True), AT) == Grade("hidden", None)
    assert grade(Found(Decimal(70), decided=Decimal(90)), AT) == Grade("decided", Decimal(90))
    assert grade(Found(Decimal(70), due=due, is_excused=True), AT) == Grade("excused", None)


def test_what_is_worth_no_points_counts_neither_when_it_is_graded_nor_when_it_does_not_come() -> None:
    due = AT - timedelta(seconds=1)
    assert grade(Found(due=due, is_graded=True, is_worthless=True), AT) == Grade("graded", None)
    assert grade(Found(due=due, is_worthless=True), AT) == Grade("missing", None)
    assert grade(Found(is_worthless=True), AT, course_ends=due) == Grade("missing", None)
    assert grade(Found(due=due, is_waiting=True, is_worthless=True), AT) == Grade("waiting", None)
    assert grade(Found(decided=Decimal(90), is_graded=True, is_worthless=True), AT).percent == 90


@given(st.none() | PERCENTS, st.booleans(), st.none() | st.integers(-9, 9))
def test_what_was_returned_never_counts_against_anybody_whatever_the_date(percent, is_waiting, days) -> None:
    due = None if days is None else AT + timedelta(days=days)
    assert grade(Found(percent, is_waiting, due=due, is_returned=True), AT, AT) == Grade("returned", None)


@given(CATEGORIES, st.lists(st.tuples(st.integers(1, 5), GRADES), max_size=12))
def test_the_total_stays_within_the_grades_that_count(categories, grades) -> None:
    found = total(categories, grades)
    counted = [
        grades[place][1].percent for part in found.parts if part.category.weight for place in part.counted
    ]
    if not counted:
        assert found.percent is None
    else:
        assert found.percent is not None and min(counted) <= found.percent <= max(counted)
    shares = sum(part.share for part in found.parts)
    assert not counted or abs(shares - 100) <= Decimal("0.05")


@given(CATEGORIES, st.lists(st.tuples(st.integers(1, 4), GRADES), min_size=1, max_size=10), st.data())
def test_a_better_grade_never_lowers_the_total_and_dropping_never_lowers_it_either(
    categories, grades, data
) -> None:
    before = total(categories, grades).percent
    place = data.draw(st.integers(0, len(grades) - 1))
    belongs, old = grades[place]
    if old.percent is not None:
        better = [*grades]
        better[place] = (belongs, Grade("graded", data.draw(st.decimals(old.percent, 100, places=2))))
        after = total(categories, better).percent
        assert before is None or (after is not None and after >= before)
    dropless = [Category(one.id, one.name, one.weight) for one in categories]
    plain = total(dropless, grades).percent
    assert before is None or (plain is not None and before >= plain)
    # Nothing that does not count changes anything.
    assert total(categories, [*grades, (1, Grade("excused", None))]).percent == before


FOUND = st.builds(
    Found,
    percent=st.none() | PERCENTS,
    is_waiting=st.booleans(),
    is_hidden=st.booleans(),
    decided=st.none() | PERCENTS,
    is_excused=st.booleans(),
    is_returned=st.booleans(),
    is_graded=st.booleans(),
    is_worthless=st.booleans(),
)
AGO = st.timedeltas(timedelta(0), timedelta(days=400))


@given(FOUND, AGO, AGO, st.booleans())
def test_what_was_due_before_enrolling_counts_only_where_there_is_something_to_count(
    found: Found, before: timedelta, since: timedelta, has_date: bool
) -> None:
    """With the end of the course as with a date of its own."""
    enrolled, due = AT - since, AT - since - before
    late = replace(found, due=due if has_date else None, enrolled_at=enrolled)
    early = replace(late, enrolled_at=due - timedelta(microseconds=1))
    owed, mine = grade(early, AT, due), grade(late, AT, due)
    assert owed.status != "not_owed" and mine.status != "missing"
    assert mine == (Grade("not_owed", None) if owed.status == "missing" else owed)


@given(CATEGORIES, st.lists(st.tuples(st.integers(0, 4), GRADES), max_size=12), st.integers(0, 12))
def test_a_total_is_the_same_without_what_is_not_owed(
    categories: list[Category], grades: list[tuple[int | None, Grade]], place: int
) -> None:
    more = [*grades[:place], (1, Grade("not_owed", None)), *grades[place:]]
    assert total(categories, more).percent == total(categories, grades).percent


def test_a_date_that_lies_after_enrolling_is_owed_like_any_other() -> None:
    due, enrolled = AT - timedelta(days=1), AT - timedelta(days=2)
    assert grade(Found(due=due, enrolled_at=enrolled), AT) == Grade("missing", Decimal(0))
    assert grade(Found(due=AT + timedelta(days=1), enrolled_at=enrolled), AT) == Grade("open", None)
