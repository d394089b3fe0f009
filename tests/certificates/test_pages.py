"""One's own certificate: page, PDF, and its state while it is made."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from lms.accounts.models import User
from lms.certificates import actions, queries
from lms.certificates.models import Certificate
from lms.core import clock, work
from lms.core.db import db
from lms.courses.models import Course
from tests import factories
from tests.support import sql
from tests.support.forms import post

Awarded = Callable[[User, Course], str]
AsUser = Callable[[User], FlaskClient]
FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}


def without_pdf(app: Flask, enrollment_id: int) -> str:
    """A certificate whose PDF no worker has made yet."""
    with app.app_context(), work.unit():
        certificate_id = actions.issue(enrollment_id, factories.NOW)
        return db.session.get_one(Certificate, certificate_id).number


def test_the_owner_sees_downloads_and_shares_it(
    as_user: AsUser, bob: User, tea: Course, awarded: Awarded
) -> None:
    number = awarded(bob, tea)
    page = as_user(bob).get(f"/certificates/{number}")
    for words in ("Bob Brook", "The book of tea", "Alice Arden", "2 March 2026", number, "Download PDF"):
        assert words in page.text
    assert f'data-copy="http://localhost/verify/{number}"' in page.text
    assert 'hx-trigger="every 2s"' not in page.text and "Revoke" not in page.text


def test_the_pdf_is_private_and_named_after_course_and_person(
    app: Flask, as_user: AsUser, tea: Course, awarded: Awarded
) -> None:
    maria = factories.person(app, "María Żółć", "maria@example.org")
    answer = as_user(maria).get(f"/certificates/{awarded(maria, tea)}/pdf")
    assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF-")
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert f"filename*=UTF-8''{quote('The book of tea - María Żółć.pdf')}" in disposition
    assert "private" in answer.headers["Cache-Control"]


def test_strangers_learn_nothing(
    client: FlaskClient, as_user: AsUser, alice: User, bob: User, charlie: User, tea: Course, awarded: Awarded
) -> None:
    number = awarded(bob, tea)
    for path in (f"/certificates/{number}", f"/certificates/{number}/pdf"):
        assert as_user(charlie).get(path).status_code == 404
        assert as_user(alice).get(path).status_code == 404
        assert client.get(path).location == f"/sign-in?next={path}"
    assert as_user(charlie).get("/courses/tea/certificate").status_code == 404


def test_an_admin_revokes_with_a_reason_and_the_owner_reads_it(
    as_user: AsUser, bob: User, dana: User, tea: Course, awarded: Awarded
) -> None:
    number = awarded(bob, tea)
    page = f"/certificates/{number}"
    admin, owner = as_user(dana), as_user(bob)
    empty = post(admin, f"{page}/revocation", {"reason": " "}, form_at=page)
    assert empty.status_code == 422 and "Please give a reason" in empty.text
    assert post(owner, f"{page}/revocation", {"reason": "Mine"}, form_at=page).status_code == 403
    assert post(admin, f"{page}/revocation", {"reason": "Copied work"}, form_at=page).status_code == 303
    seen = owner.get(page).text
    assert "Copied work" in seen and "Download PDF" not in seen
    assert owner.get(f"{page}/pdf").location == page


def test_the_page_polls_until_the_pdf_is_there(
    app: Flask,
    as_user: AsUser,
    bob: User,
    tea: Course,
    enrol: Callable[..., int],
    run_jobs: Callable[[], None],
) -> None:
    number = without_pdf(app, enrol(bob, tea, news=0))
    browser, page = as_user(bob), f"/certificates/{number}"
    with clock.stopped_at(factories.NOW):
        assert 'hx-trigger="every 2s"' in browser.get(page).text
        assert browser.get(page, headers=FRAGMENT).status_code == 204
        assert browser.get(f"{page}/pdf").location == page
    run_jobs()
    done = browser.get(page, headers=FRAGMENT).text
    assert done.lstrip().startswith('<div class="diploma-actions" id="certificate-download">')
    assert "Download PDF" in done


def test_polling_ends_when_something_holds_the_pdf_up(
    app: Flask, as_user: AsUser, bob: User, tea: Course, enrol: Callable[..., int]
) -> None:
    number = without_pdf(app, enrol(bob, tea, news=0))
    browser = as_user(bob)
    with clock.stopped_at(factories.NOW + timedelta(minutes=3)):
        for path in (f"/certificates/{number}", "/courses/tea/certificate"):
            fragment = browser.get(path, headers=FRAGMENT)
            assert "takes longer than usual" in fragment.text and "hx-trigger" not in fragment.text


def test_the_course_learns_of_its_certificate(
    as_user: AsUser,
    app: Flask,
    bob: User,
    tea: Course,
    enrol: Callable[..., int],
    run_jobs: Callable[[], None],
) -> None:
    enrol(bob, tea)
    browser = as_user(bob)
    with clock.stopped_at(factories.NOW):
        page = browser.get("/courses/tea/certificate").text
        assert 'id="certificate-tea" hx-get="/courses/tea/certificate"' in page
        assert browser.get("/courses/tea/certificate", headers=FRAGMENT).status_code == 204
    run_jobs()
    fragment = browser.get("/courses/tea/certificate", headers=FRAGMENT).text
    assert "Your certificate is ready" in fragment and "hx-trigger" not in fragment
    assert "<html" not in fragment


@pytest.mark.parametrize("gives", [True, False])
def test_nobody_waits_for_a_certificate_that_is_not_coming(
    app: Flask, as_user: AsUser, bob: User, tea: Course, enrol: Callable[..., int], gives: bool
) -> None:
    with app.app_context(), work.unit():
        db.session.execute(update(Course).values(certificate=gives))
    enrol(bob, tea, completed_at=None if gives else factories.NOW, news=0)
    browser = as_user(bob)
    page = browser.get("/courses/tea/certificate").text
    assert ("as soon as you have completed" in page) is gives
    assert "hx-trigger" not in browser.get("/courses/tea/certificate", headers=FRAGMENT).text


def test_pages_and_polls_stay_within_their_statements(
    app: Flask, as_user: AsUser, bob: User, tea: Course, awarded: Awarded
) -> None:
    number = awarded(bob, tea)
    browser = as_user(bob)
    for path, headers, most in (
        (f"/certificates/{number}", {}, 2),
        (f"/certificates/{number}/pdf", {}, 2),
        (f"/certificates/{number}", FRAGMENT, 2),
        ("/courses/tea/certificate", FRAGMENT, 2),
    ):
        with sql.count(app) as statements:
            assert browser.get(path, headers=headers).status_code == 200
        assert len(statements) <= most, statements


def test_all_own_certificates_stand_on_the_dashboard_also_one_awarded_before_completion(
    app: Flask, as_user: AsUser, bob: User, charlie: User, alice: User, tea: Course, enrol: Callable[..., int]
) -> None:
    enrollment_id = enrol(bob, tea, completed_at=None)
    with app.app_context(), work.unit():
        basis = queries.basis(enrollment_id)
        assert basis is not None
        actions.award(basis, by=alice.id, reason="Workshop", at=factories.NOW)
    with app.app_context():
        row = queries.of_enrollment(enrollment_id)
    assert row is not None
    browser = as_user(bob)
    with sql.count(app) as statements:
        page = browser.get("/learning").text
    assert f'href="/certificates/{row.number}"' in page
    assert len(statements) <= 5, statements
    assert row.number not in as_user(charlie).get("/learning").text


def test_every_page_leads_to_where_a_certificate_is_verified(client: FlaskClient) -> None:
    assert 'href="/verify"' in client.get("/courses").text
