"""A new name on an old certificate: the number stays, everything that shows it follows."""

import io
from collections.abc import Callable
from datetime import timedelta

import pypdf
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lms.accounts.models import AuditEntry, User
from lms.certificates import actions, queries
from lms.core import clock, work
from lms.core.db import db
from lms.courses.models import Course
from tests import factories
from tests.support.forms import post

AsUser = Callable[[User], FlaskClient]
Awarded = Callable[[User, Course], str]


def marry(app: Flask, user: User, name: str) -> None:
    with app.app_context(), work.unit():
        db.session.execute(update(User).where(User.id == user.id).values(name=name))


def test_the_learner_puts_their_new_name_on_it_and_the_number_stays(
    app: Flask, as_user: AsUser, bob: User, tea: Course, awarded: Awarded, run_jobs: Callable[[], None]
) -> None:
    number = awarded(bob, tea)
    browser = as_user(bob)
    here = f"/certificates/{number}"
    assert "Update the name" not in browser.get(here).text
    before = browser.get(f"/verify/{number}/picture.png").data
    marry(app, bob, "Bob Beck")
    assert "Update the name" in browser.get(here).text
    with clock.stopped_at(clock.now() + timedelta(hours=1)):
        assert post(browser, f"{here}/name", form_at=here).location == here
    run_jobs()
    text = pypdf.PdfReader(io.BytesIO(browser.get(f"{here}/pdf").data)).pages[0].extract_text()
    assert "Bob Beck" in text and "Bob Brook" not in text and number in text
    page = browser.get(f"/verify/{number}").text
    assert "Bob Beck" in page and "Bob Brook" not in page and "Name last changed" in page
    badge = browser.get(f"/verify/{number}.json").get_json(force=True)
    assert badge["credentialSubject"]["identifier"][0]["identityHash"] == "Bob Beck"
    assert badge["validFrom"] > badge["awardedDate"]
    assert browser.get(f"/verify/{number}/picture.png").data != before
    with app.app_context():
        note = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "certificate.renewed")).one()
    assert (note.actor_id, note.subject_name, note.details["before"]) == (bob.id, "Bob Beck", "Bob Brook")


def test_the_name_does_not_change_every_day(
    app: Flask, as_user: AsUser, bob: User, tea: Course, awarded: Awarded
) -> None:
    number = awarded(bob, tea)
    here = f"/certificates/{number}"
    browser = as_user(bob)
    for name in ("Bob Beck", "Bob Bell"):
        marry(app, bob, name)
        post(browser, f"{here}/name", form_at=here)
    assert "once in 7 days" in browser.get(here).text
    assert "Bob Beck" in browser.get(f"/verify/{number}").text
    with clock.stopped_at(clock.now() + timedelta(days=8)):
        post(browser, f"{here}/name", form_at=here)
    assert "Bob Bell" in browser.get(f"/verify/{number}").text


def test_the_same_name_changes_nothing(as_user: AsUser, bob: User, tea: Course, awarded: Awarded) -> None:
    number = awarded(bob, tea)
    browser = as_user(bob)
    post(browser, f"/certificates/{number}/name", form_at=f"/certificates/{number}")
    page = browser.get(f"/certificates/{number}").text
    assert "bears this name already" in page and "Download PDF" in page


def test_a_revoked_certificate_keeps_its_name(
    app: Flask, as_user: AsUser, bob: User, dana: User, tea: Course, awarded: Awarded
) -> None:
    number = awarded(bob, tea)
    with app.app_context(), work.unit():
        row = queries.by_number(number)
        assert row
        actions.revoke(row.id, by=dana.id, reason="Copied work", at=factories.NOW)
    marry(app, bob, "Bob Beck")
    post(as_user(bob), f"/certificates/{number}/name", form_at="/learning")
    assert "Bob Brook" in as_user(bob).get(f"/verify/{number}").text
