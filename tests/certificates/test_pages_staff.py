"""The course's staff: who has a certificate, award by hand, preview."""

import io
from collections.abc import Callable

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import User
from lms.certificates.models import Certificate
from lms.core import clock
from lms.core.db import db
from lms.courses.models import Course
from tests import factories
from tests.support import sql
from tests.support.forms import post

AsUser = Callable[[User], FlaskClient]
PAGE = "/courses/tea/certificates"


@pytest.mark.parametrize("who", ["bob", "rival"])
def test_the_page_is_for_the_course_staff_only(
    app: Flask, as_user: AsUser, bob: User, tea: Course, enrol: Callable[..., int], who: str
) -> None:
    enrollment_id = enrol(bob, tea, completed_at=None)
    person = bob if who == "bob" else factories.person(app, "Rita", "rita@example.org", role="instructor")
    browser = as_user(person)
    assert browser.get(PAGE).status_code == 404
    assert browser.get(f"{PAGE}/preview").status_code == 404
    data = {"enrollment": enrollment_id, "reason": "Mine", "confirmed": "1"}
    assert post(browser, f"{PAGE}/award", data, form_at="/profile").status_code == 404
    with app.app_context():
        assert db.session.scalars(select(Certificate)).all() == []


def test_the_preview_shows_the_certificate_of_who_completes_now(
    as_user: AsUser, alice: User, tea: Course
) -> None:
    with clock.stopped_at(factories.NOW):
        answer = as_user(alice).get(f"{PAGE}/preview")
    text = pypdf.PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()
    for words in ("Alice Arden", "The book of tea", "2 March 2026", "CERT-20260302-0000000000"):
        assert words in text


def test_the_list_costs_the_same_for_many_learners(
    app: Flask, as_user: AsUser, alice: User, tea: Course, enrol: Callable[..., int]
) -> None:
    for number in range(25):
        enrol(factories.person(app, f"Learner {number:02}", f"l{number}@example.org"), tea, news=0)
    browser = as_user(alice)
    with sql.count(app) as statements:
        page = browser.get(PAGE).text
    assert len(statements) <= 3
    assert "Learner 19" in page and "Learner 20" not in page
    assert "Learner 24" in browser.get(f"{PAGE}?page=2").text


def test_an_admin_finds_any_certificate_by_number_name_or_course(
    app: Flask,
    as_user: AsUser,
    bob: User,
    charlie: User,
    dana: User,
    tea: Course,
    awarded: Callable[[User, Course], str],
) -> None:
    of_bob, of_charlie = awarded(bob, tea), awarded(charlie, tea)
    browser = as_user(dana)
    for asked, found in (
        ("", {of_bob, of_charlie}),
        ("croft tea", {of_charlie}),
        (of_bob[-6:].lower(), {of_bob}),
    ):
        with sql.count(app) as statements:
            page = browser.get("/admin/certificates", query_string={"q": asked}).text
        assert {number for number in (of_bob, of_charlie) if number in page} == found
        assert len(statements) <= 2
    nothing = browser.get("/admin/certificates?q=100%25_").text
    assert "No certificate has these words" in nothing
