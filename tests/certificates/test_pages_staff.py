"""The course's staff: who has a certificate, award by hand, preview."""

import io
from collections.abc import Callable

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lms.accounts.models import User
from lms.certificates.models import Certificate
from lms.core import clock, work
from lms.core.db import db
from lms.courses.models import Course
from tests import factories
from tests.support import sql
from tests.support.forms import post

AsUser = Callable[[User], FlaskClient]
PAGE = "/courses/tea/certificates"


def test_staff_award_on_the_page_and_twice_is_once(
    app: Flask,
    as_user: AsUser,
    alice: User,
    bob: User,
    tea: Course,
    enrol: Callable[..., int],
    run_jobs: Callable[[], None],
) -> None:
    enrollment_id = enrol(bob, tea, completed_at=None)
    browser = as_user(alice)
    assert "Award a certificate to Bob Brook" in browser.get(PAGE).text
    for words in ("has a certificate now", "had a certificate already"):
        answer = post(browser, f"/enrollments/{enrollment_id}/certificate", form_at=PAGE)
        assert (answer.status_code, answer.location) == (303, PAGE)
        assert words in browser.get(PAGE).text
    run_jobs()
    with app.app_context():
        number = db.session.scalars(select(Certificate.number)).one()
    assert as_user(bob).get(f"/certificates/{number}/pdf").mimetype == "application/pdf"


def test_a_course_without_certificates_awards_none(
    app: Flask, as_user: AsUser, alice: User, bob: User, tea: Course, enrol: Callable[..., int]
) -> None:
    enrollment_id = enrol(bob, tea, completed_at=None)
    with app.app_context(), work.unit():
        db.session.execute(update(Course).values(certificate=False))
    browser = as_user(alice)
    assert "Award a certificate" not in browser.get(PAGE).text
    post(browser, f"/enrollments/{enrollment_id}/certificate", form_at=PAGE)
    assert "This course gives no certificates" in browser.get(PAGE).text
    with app.app_context():
        assert db.session.scalars(select(Certificate)).all() == []


@pytest.mark.parametrize("who", ["bob", "rival"])
def test_the_page_is_for_the_course_staff_only(
    app: Flask, as_user: AsUser, bob: User, tea: Course, enrol: Callable[..., int], who: str
) -> None:
    enrollment_id = enrol(bob, tea, completed_at=None)
    person = bob if who == "bob" else factories.person(app, "Rita", "rita@example.org", role="instructor")
    browser = as_user(person)
    assert browser.get(PAGE).status_code == 404
    assert browser.get(f"{PAGE}/preview").status_code == 404
    assert post(browser, f"/enrollments/{enrollment_id}/certificate", form_at="/profile").status_code == 404
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
