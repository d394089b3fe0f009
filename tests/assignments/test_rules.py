"""On time, late, closed; what lateness costs; what the levels of a rubric are worth. Pure rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assignments import rubrics, rules

BERLIN = "Europe/Berlin"
ZONES = ("UTC", BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca")
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)).map(
    lambda at: at.replace(tzinfo=UTC, second=0)
)
POINTS = st.decimals(0, 100, places=2)


def terms(**more) -> rules.Terms:
    return rules.Terms(
        **{"max_points": Decimal(100), "late_policy": "percent", "late_percent": Decimal(10)} | more
    )


@given(MOMENTS, st.sampled_from(ZONES), st.integers(0, 59))
def test_the_whole_minute_that_was_named_is_on_time(due, zone, second) -> None:
    due = due.replace(microsecond=0)
    assert rules.days_late(due + timedelta(seconds=second), due, zone) == 0
    assert rules.days_late(due + timedelta(minutes=1), due, zone) == 1


@given(MOMENTS, st.sampled_from(ZONES), st.integers(1, 400))
def test_a_late_day_ends_at_the_hour_that_was_named_also_when_clocks_change(due, zone, day) -> None:
    due = due.replace(microsecond=0)
    end = rules.days_later(due, day, zone)
    assert end.astimezone(ZoneInfo(zone)).date() - due.astimezone(ZoneInfo(zone)).date() == timedelta(
        days=day
    )
    assert rules.days_late(end, due, zone) <= day
    assert rules.days_late(end + timedelta(minutes=1), due, zone) == day + 1


def test_the_longer_day_of_autumn_is_one_day_late() -> None:
    due = datetime(2026, 10, 24, 23, 59, tzinfo=ZoneInfo(BERLIN))
    next_evening = datetime(2026, 10, 25, 23, 59, tzinfo=ZoneInfo(BERLIN))
    assert next_evening.astimezone(UTC) - due.astimezone(UTC) == timedelta(hours=25)
    assert rules.days_late(next_evening, due, BERLIN) == 1


@given(st.integers(-300, 300), st.sampled_from(ZONES))
def test_no_days_more_move_nothing_not_even_in_the_hour_that_comes_twice(minutes, zone) -> None:
    """In Berlin the hour from 00:00 to 01:00 UTC comes twice on that night."""
    due = datetime(2026, 10, 25, 1, 30, tzinfo=UTC) + timedelta(minutes=minutes)
    assert rules.days_later(due, 0, zone) == due


@given(POINTS, MOMENTS, st.integers(-5, 40), st.decimals(0, 100, places=2), st.sampled_from(ZONES))
def test_lateness_never_adds_points_and_never_goes_below_zero(points, due, days, percent, zone) -> None:
    due = due.replace(microsecond=0)
    late = terms(due_at=due, late_percent=percent, time_zone=zone)
    found = rules.result(late, points, due + timedelta(days=days))
    assert 0 <= found.points <= points and found.points + found.deduction == points
    assert 0 <= found.percent <= 100
    later = rules.result(late, points, due + timedelta(days=days + 1))
    assert later.points <= found.points
    if days <= 0:
        assert found.points == points


@given(
    MOMENTS, st.integers(-5, 40), st.sampled_from(("none", "percent", "closed")), st.sampled_from((None, 60))
)
def test_of_no_points_there_is_no_percent_and_nothing_is_asked_but_the_work(
    due, days, policy, passing
) -> None:
    mine = terms(max_points=Decimal(0), due_at=due, late_policy=policy, passing_percent=passing)
    found = rules.result(mine, Decimal(0), due + timedelta(days=days))
    assert (found.points, found.deduction, found.percent) == (0, 0, None)
    assert rules.is_done(mine, "graded", found)


@given(POINTS, MOMENTS, st.integers(0, 30), st.integers(0, 40))
def test_more_days_for_one_learner_move_everything_by_whole_days(points, due, extra, days) -> None:
    due = due.replace(microsecond=0)
    given_more = terms(due_at=due, closes_at=due + timedelta(days=3), extra_days=extra, time_zone=BERLIN)
    assert rules.days_late(rules.days_later(due, extra, BERLIN), given_more.due, BERLIN) == 0
    assert given_more.closes == rules.days_later(due + timedelta(days=3), extra, BERLIN)
    assert rules.result(given_more, points, due + timedelta(days=days)).days_late <= max(days - extra + 1, 0)


@given(st.lists(st.tuples(MOMENTS, st.booleans()), max_size=6).map(sorted))
def test_only_the_learners_own_delay_counts(handed_in) -> None:
    found = rules.counted_from(handed_in)
    for place, (counts_from, (submitted_at, _)) in enumerate(zip(found, handed_in, strict=True)):
        assert counts_from <= submitted_at
        earlier = [at for at, is_returned in handed_in[:place] if is_returned]
        assert counts_from == (earlier[0] if earlier else submitted_at)
    # Returning one more never makes anything later than it was.
    more = rules.counted_from((at, True) for at, _ in handed_in)
    assert all(one <= other for one, other in zip(more, found, strict=True))


def test_when_work_can_be_handed_in() -> None:
    due = datetime(2026, 5, 1, 12, tzinfo=UTC)
    closed, open_ended = terms(due_at=due, late_policy="closed"), terms(due_at=due)

    def why(rules_, minutes, state="draft", handed_in=0, is_released=False):
        at = due + timedelta(minutes=minutes)
        return rules.refusal(rules_, at=at, state=state, handed_in=handed_in, is_released=is_released)

    assert why(closed, 0.9) is None and why(closed, 1) == "closed" and why(open_ended, 100_000) is None
    assert why(closed, 50, state="returned", handed_in=1) is None
    once = terms(max_attempts=1)
    assert why(once, 0) is None and why(once, 0, state="submitted", handed_in=1) == "used"
    assert why(once, 0, state="returned", handed_in=1) is None
    assert why(open_ended, 0, state="graded", handed_in=1, is_released=True) == "graded"
    assert why(open_ended, 0, state="graded", handed_in=1) is None


@pytest.mark.parametrize(
    ("levels", "more", "worth"),
    [
        (["Best", "Good", "Poor"], {}, [100, Decimal(200) / 3, Decimal(100) / 3]),
        (["Excellent (25 points)", "Good (18 points)", "Again (8 points)"], {}, [100, 72, 32]),
        (["Gut (1,5 Punkte)", "Nicht (0)"], {}, [100, 0]),
        (["Best (10)", "Good"], {"percents": [100, 40]}, [100, 40]),
    ],
)
def test_what_levels_are_worth(levels, more, worth) -> None:
    found = rubrics.percents({"levels": levels, "criteria": [], **more})
    assert [round(a, 6) for a in found] == [round(Decimal(b), 6) for b in worth]


@given(
    MOMENTS,
    st.sampled_from(ZONES),
    st.integers(0, 300),
    st.integers(-50, 20 * 24 * 60),
    st.sampled_from(("3.5", "10", "100")),
)
def test_as_many_late_days_as_have_begun_are_counted_until_nothing_is_left(
    due, zone, extra, minutes, percent
) -> None:
    mine = terms(due_at=due, time_zone=zone, extra_days=extra, late_percent=Decimal(percent))
    at = mine.due + timedelta(minutes=minutes)
    moments = rules.late_from(mine)
    assert moments == sorted(moments)
    begun = sum(moment <= at for moment in moments)
    assert begun == min(rules.days_late(at, mine.due, zone), len(moments))
    left = max(Decimal(0), 100 - begun * mine.late_percent)
    assert rules.result(mine, Decimal(100), at).points == left
    assert len(rules.late_from(terms(due_at=due, late_policy="none"))) == 1
    assert rules.late_from(terms()) == []


@given(st.integers(1, 8), st.integers(1, 6), POINTS, st.data())
def test_the_points_of_a_rubric_stay_within_those_of_the_assignment(criteria, levels, points, data) -> None:
    rubric = {"levels": [f"L{n}" for n in range(levels)], "criteria": [{"title": "", "cells": []}] * criteria}
    chosen = {str(place): data.draw(st.integers(0, levels - 1)) for place in range(criteria)}
    total = rubrics.total(rubric, points, chosen)
    assert total is not None and 0 <= total <= points
    assert rubrics.total(rubric, points, dict.fromkeys(chosen, 0)) == points
    assert rubrics.total(rubric, points, dict(list(chosen.items())[1:])) is None


@given(
    MOMENTS,
    st.integers(-40, 40),
    st.integers(0, 40),
    st.integers(0, 400),
    st.sampled_from(ZONES),
    POINTS,
)
def test_what_was_due_before_enrolling_is_never_late_and_closes_as_for_everybody(
    due, enrolled_after, extra_days, handed_in_after, zone, points
) -> None:
    due = due.replace(microsecond=0)
    enrolled = due + timedelta(days=enrolled_after)
    of_all = terms(due_at=due, closes_at=due + timedelta(days=9), time_zone=zone, extra_days=extra_days)
    mine = replace(of_all, enrolled_at=enrolled)
    assert mine.closes == of_all.closes
    assert replace(mine, late_policy="closed").closes == of_all.due
    at = enrolled + timedelta(days=handed_in_after)
    if of_all.due <= enrolled:
        assert (mine.due, mine.was_due, rules.late_from(mine)) == (None, of_all.due, [])
        assert rules.result(mine, points, at) == rules.result(terms(), points, at)
    else:
        assert (mine.due, mine.was_due) == (of_all.due, None)
        assert rules.result(mine, points, at) == rules.result(of_all, points, at)


@given(MOMENTS, st.integers(1, 300), st.sampled_from(ZONES))
def test_more_days_that_end_after_enrolling_set_a_due_date_like_anybodys(due, days, zone) -> None:
    enrolled = due.replace(microsecond=0) + timedelta(days=days)
    came = terms(due_at=due.replace(microsecond=0), time_zone=zone, enrolled_at=enrolled)
    assert came.due is None
    given = replace(came, extra_days=days + 2)
    assert given.due and enrolled < given.due and given.was_due is None
    assert rules.days_late(given.due + timedelta(hours=1), given.due, zone) == 1
