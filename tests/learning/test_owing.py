"""Work that had been due before somebody enrolled: the rule, alike in Python and in SQL."""

from datetime import UTC, datetime, timedelta
from random import Random

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from lms.core.db import db
from lms.learning.owing import came_after, came_after_sql
from tests.factories import NOW

MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
LATER = st.timedeltas(timedelta(microseconds=1), timedelta(days=900))


@given(MOMENTS, LATER)
def test_who_enrolls_when_it_is_due_or_later_owes_nothing_and_who_was_there_owes_it(due, later) -> None:
    assert came_after(due, due)
    assert came_after(due, due + later)
    assert not came_after(due + later, due)


@given(MOMENTS, LATER, LATER)
def test_a_later_date_and_an_earlier_enrollment_never_take_a_date_away(due, later, earlier) -> None:
    enrolled = due + timedelta(days=30)
    if not came_after(due, enrolled):
        assert not came_after(due + later, enrolled) and not came_after(due, enrolled - earlier)


@given(MOMENTS)
def test_nobody_comes_after_work_without_a_date_and_every_date_holds_for_who_is_not_enrolled(at) -> None:
    assert not came_after(None, at) and not came_after(at, None) and not came_after(None, None)


def test_the_database_says_the_same(app: Flask) -> None:
    chance = Random(7)
    moments = [None, *(NOW + timedelta(microseconds=chance.randint(-2, 2)) for _ in range(6))]
    pairs = [(due, enrolled) for due in moments for enrolled in moments]
    asked = text(
        f"select {came_after_sql('t.due', 't.enrolled')} from unnest(cast(:dues as timestamptz[]),"  # noqa: S608
        " cast(:enrolled as timestamptz[])) with ordinality as t (due, enrolled, place) order by place"
    )
    dues, enrolled = map(list, zip(*pairs, strict=True))
    with app.app_context():
        found = list(db.session.scalars(asked, {"dues": dues, "enrolled": enrolled}))
    assert found == [came_after(*pair) for pair in pairs]
    assert set(found) == {True, False}
