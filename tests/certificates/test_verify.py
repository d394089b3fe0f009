"""Anyone with the number learns whether a certificate is genuine, and nothing more."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.accounts.models import User
from lms.certificates import actions, queries
from lms.core import work
from lms.courses.models import Course
from tests import factories
from tests.support import sql

Awarded = Callable[[User, Course], str]


def revoke(app: Flask, number: str, by: User) -> None:
    with app.app_context(), work.unit():
        row = queries.by_number(number)
        assert row
        actions.revoke(row.id, by=by.id, reason="Copied work <b>", at=factories.NOW)


def test_a_valid_certificate_shows_whom_and_what_for(
    app: Flask, client: FlaskClient, bob: User, tea: Course, awarded: Awarded
) -> None:
    page = client.get(f"/verify/{awarded(bob, tea)}")
    assert page.status_code == 200
    for words in ("This certificate is valid", "Bob Brook", "The book of tea", "2 March 2026", "Alice Arden"):
        assert words in page.text
    assert "example.org" not in page.text


def test_a_revoked_one_says_since_when_and_why(
    app: Flask, client: FlaskClient, bob: User, dana: User, tea: Course, awarded: Awarded
) -> None:
    number = awarded(bob, tea)
    revoke(app, number, dana)
    page = client.get(f"/verify/{number}")
    assert page.status_code == 200
    assert "This certificate was revoked" in page.text and "valid since 2 March 2026" in page.text
    assert "Copied work &lt;b&gt;" in page.text
    assert "is valid" not in page.text and "Dana" not in page.text


@pytest.mark.parametrize("number", ["CERT-20260302-0000000000", "nonsense", "<script>alert(1)"])
def test_an_unknown_number_gets_help(client: FlaskClient, app: Flask, number: str) -> None:
    page = client.get(f"/verify/{number}")
    assert page.status_code == 404
    assert "No certificate has this number" in page.text and 'name="number"' in page.text
    assert "<script>alert" not in page.text


def test_the_form_understands_how_people_type(
    client: FlaskClient, bob: User, tea: Course, awarded: Awarded
) -> None:
    number = awarded(bob, tea)
    answer = client.get("/verify", query_string={"number": f" {number.lower().replace('-', ' ')}"})
    assert (answer.status_code, answer.location) == (303, f"/verify/{number}")
    assert client.get(f"/verify/{number.lower()}").status_code == 200


def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(client: FlaskClient, app: Flask) -> None:
    assert client.get("/verify").status_code == 200
    answer = client.get("/verify", query_string={"number": "CERT-2026"})
    assert answer.status_code == 422
    assert 'value="CERT-2026"' in answer.text and 'aria-invalid="true"' in answer.text


def test_verification_costs_one_statement_and_no_session(
    app: Flask, client: FlaskClient, bob: User, tea: Course, awarded: Awarded
) -> None:
    number = awarded(bob, tea)
    with sql.count(app) as statements:
        page = client.get(f"/verify/{number}")
    assert len(statements) == 1
    assert "Set-Cookie" not in page.headers
    assert 'name="robots" content="noindex"' in page.text
