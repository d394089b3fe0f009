"""One's certificates in one place, and the picture that others see beside a link."""

import io
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import update

from lms.accounts.models import User
from lms.certificates import actions, personal, queries
from lms.certificates.models import Certificate
from lms.core import work
from lms.core.db import db
from lms.courses.models import Course
from tests import factories
from tests.support import sql

AsUser = Callable[[User], FlaskClient]
Awarded = Callable[[User, Course], str]


def revoke(app: Flask, number: str, by: User) -> None:
    with app.app_context(), work.unit():
        row = queries.by_number(number)
        assert row
        actions.revoke(row.id, by=by.id, reason="Copied work", at=factories.NOW)


def test_the_wallet_shows_each_to_send_on_and_take_along(
    app: Flask, as_user: AsUser, alice: User, bob: User, charlie: User, tea: Course, awarded: Awarded
) -> None:
    numbers = [awarded(bob, tea), awarded(bob, factories.course(app, alice, slug="bread"))]
    browser = as_user(bob)
    with sql.count(app) as statements:
        page = browser.get("/certificates").text
    assert len(statements) <= 2
    for number in numbers:
        assert f'src="/verify/{number}/picture.png"' in page
        assert f'data-copy="http://localhost/verify/{number}"' in page
        assert f'href="/certificates/{number}/pdf"' in page
    other = as_user(charlie).get("/certificates").text
    assert "You have no certificates yet" in other and not any(number in other for number in numbers)


def test_linkedin_is_told_what_where_and_when(
    as_user: AsUser, bob: User, tea: Course, awarded: Awarded
) -> None:
    number = awarded(bob, tea)
    page = as_user(bob).get("/certificates").text
    link = page.split('href="https://www.linkedin.com')[1].split('"')[0].replace("&amp;", "&")
    said = parse_qs(urlsplit(link).query)
    assert said["name"] == ["The book of tea"] and said["organizationName"] == ["Lectern"]
    assert said["certUrl"] == [f"http://localhost/verify/{number}"] and said["certId"] == [number]


def test_the_picture_beside_a_link_is_the_certificate_and_drawn_once(
    app: Flask, client: FlaskClient, bob: User, tea: Course, awarded: Awarded
) -> None:
    number = awarded(bob, tea)
    page = client.get(f"/verify/{number}").text
    assert f'property="og:image" content="http://localhost/verify/{number}/picture.png"' in page
    assert 'property="og:title" content="Bob Brook completed “The book of tea”"' in page
    first = client.get(f"/verify/{number}/picture.png")
    assert first.mimetype == "image/png" and "public" in first.headers["Cache-Control"]
    with Image.open(io.BytesIO(first.data)) as picture:
        assert picture.size == (1200, 630)
        assert len(picture.convert("RGB").getcolors(1_000_000) or ()) > 20, "something is drawn"
    with sql.count(app) as statements:
        again = client.get(f"/verify/{number}/picture.png")
    assert len(statements) == 1 and again.data == first.data
    unchanged = client.get(f"/verify/{number}/picture.png", headers={"If-None-Match": first.headers["ETag"]})
    assert unchanged.status_code == 304


def test_a_void_certificate_has_no_picture(
    app: Flask, client: FlaskClient, bob: User, dana: User, tea: Course, awarded: Awarded
) -> None:
    number = awarded(bob, tea)
    assert client.get(f"/verify/{number}/picture.png").status_code == 200
    revoke(app, number, dana)
    assert client.get(f"/verify/{number}/picture.png").status_code == 404
    assert "og:image" not in client.get(f"/verify/{number}").text


def test_an_erased_person_is_in_no_picture(
    app: Flask, client: FlaskClient, bob: User, tea: Course, awarded: Awarded
) -> None:
    number = awarded(bob, tea)
    client.get(f"/verify/{number}/picture.png")
    with app.app_context(), work.unit():
        assert len(personal.erase(bob.id, factories.NOW)) == 2
    assert client.get(f"/verify/{number}/picture.png").status_code == 404
    page = client.get(f"/verify/{number}").text
    assert "og:image" not in page and "Bob" not in page


def test_a_certificate_outlives_its_course(
    app: Flask, as_user: AsUser, bob: User, tea: Course, awarded: Awarded
) -> None:
    number = awarded(bob, tea)
    with app.app_context(), work.unit():
        db.session.execute(update(Certificate).values(course_id=None, enrollment_id=None))
    browser = as_user(bob)
    for path in ("/certificates", f"/certificates/{number}", f"/verify/{number}", f"/verify/{number}.json"):
        answer = browser.get(path)
        assert answer.status_code == 200 and "The book of tea" in answer.text
    assert browser.get(f"/certificates/{number}/pdf").mimetype == "application/pdf"
