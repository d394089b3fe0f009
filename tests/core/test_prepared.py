"""A prepared statement answers as `read` does: the same rows, the same refusals, the same words when something fails."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, bindparam, func, insert, literal, select, text, update
from sqlalchemy.exc import DBAPIError, MultipleResultsFound, NoResultFound
from sqlalchemy.types import TypeDecorator, Unicode

from lms.accounts.models import User
from lms.core import clock, work
from lms.core.db import db, is_away, is_in_transaction, read
from lms.core.prepared import Prepared
from lms.core.reading import NotARead
from lms.courses.models import Course
from tests import factories
from tests.support import sql

PERSON = select(User.id, User.name, User.email, literal([1, "two"], JSON).label("list")).where(
    User.email == bindparam("email")
)
ECHO = text(
    "select cast(:words as text) as words, cast(:number as bigint) as number, cast(:at as timestamptz) as at"
)


@pytest.fixture
def in_app(app):
    with app.app_context(), work.unit():
        yield


def test_rows_are_the_same_by_name_place_and_mapping(in_app, bob):
    ours, theirs = Prepared(PERSON).one(email=bob.email), read(PERSON, email=bob.email).one()
    assert ours == theirs and dict(ours._mapping) == dict(theirs._mapping)
    assert (ours.name, ours[0], ours.list) == (bob.name, bob.id, [1, "two"])


def test_every_kind_of_column_of_a_course_comes_as_usual(app, alice):
    made = factories.course(app, alice, slug="tea")
    with app.app_context(), work.unit():
        facts = {"tags": ["leaf", "100 % green"], "authors": ["Ada"], "starts_at": clock.now()}
        db.session.execute(update(Course).where(Course.id == made.id).values(facts))
        every = select(*Course.__table__.c).where(Course.slug == bindparam("slug"))
        assert Prepared(every).all(slug="tea") == read(every, slug="tea").all()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    words=st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",))),
    number=st.integers(-(2**63), 2**63 - 1),
    at=st.datetimes(timezones=st.just(dt.UTC), min_value=dt.datetime(1970, 1, 1)),
)
def test_whatever_is_asked_with_comes_back(in_app, words, number, at):
    assert tuple(ASKED.one(words=words, number=number, at=at)) == (words, number, at)


ASKED = Prepared(ECHO)


def test_numbers_are_exact(in_app):
    row = Prepared(text("select 0.1::numeric(4, 2) as share, 7 % 4 as rest")).one()
    assert (row.share, row.rest) == (Decimal("0.10"), 3)


def test_a_long_statement_takes_its_values_too(in_app, bob):
    long = PERSON.where(*(User.name != f"{number} is nobody's name" for number in range(200)))
    assert len(str(long)) > 4096
    assert Prepared(long).one(email=bob.email).id == bob.id


def test_one_row_is_one_row(in_app, bob, alice):
    everybody, nobody = Prepared(select(User.id)), Prepared(PERSON)
    with pytest.raises(MultipleResultsFound):
        everybody.one_or_none()
    with pytest.raises(NoResultFound):
        nobody.one(email="nobody@example.org")
    assert nobody.one_or_none(email="nobody@example.org") is None
    with pytest.raises(KeyError):
        nobody.all()


def test_it_is_counted_and_opens_no_transaction(app, bob):
    with sql.count(app) as seen, app.app_context(), work.unit():
        Prepared(PERSON).all(email=bob.email)
        assert not is_in_transaction(db.session.connection())
    assert [statement.split()[0] for statement in seen] == ["SELECT"]


def test_it_sees_what_its_own_transaction_changed(app, bob):
    with app.app_context():
        with pytest.raises(LookupError), work.unit():
            db.session.execute(text("update users set name = 'Robert' where id = :id"), {"id": bob.id})
            assert Prepared(PERSON).one(email=bob.email).name == "Robert"
            raise LookupError
        with work.unit():
            assert Prepared(PERSON).one(email=bob.email).name == bob.name


class Loud(TypeDecorator[str]):
    impl, cache_ok = Unicode, True

    def process_result_value(self, value, dialect):
        return value.upper()


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        (insert(User).values(name="x"), NotARead),
        (text("select 1 as one for update"), NotARead),
        (select(User.id).where(User.id.in_(bindparam("ids", expanding=True))), TypeError),
        (select(func.lower("LOUD", type_=Loud).label("loud")), TypeError),
    ],
)
def test_what_can_not_be_prepared_is_refused(in_app, statement, refusal):
    with pytest.raises(refusal):
        Prepared(statement).all(ids=[1])


@pytest.mark.parametrize(
    ("statement", "away"),
    [
        ("select pg_terminate_backend(pg_backend_pid())", True),
        ("select 1 / 0", False),
    ],
)
def test_failures_are_told_as_everywhere_and_the_next_one_works(app, statement, away):
    with app.app_context():
        with pytest.raises(DBAPIError) as raised:
            Prepared(text(statement)).all()
        assert is_away(raised.value) is away
        db.session.rollback()
        assert Prepared(text("select 1 as one")).one().one == 1
