"""Someone sets a second factor up, and removes it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.accounts import site
from lms.accounts.models import AuditEntry, RecoveryCode, User, UserSession
from lms.core import clock, work
from lms.core.db import db
from tests.factories import NOW, PASSWORD
from tests.support.authenticator import FACTOR, phone_of, set_up
from tests.support.forms import post


def is_on(app, user):
    with app.app_context():
        return db.session.get(User, user.id).totp_confirmed_at is not None


def require_of(app, *roles):
    with app.app_context(), work.unit():
        site.change({"second_factor_roles": list(roles)}, None, NOW)


def test_it_is_on_only_after_a_right_code(app, as_user, bob):
    browser = as_user(bob)
    phone = phone_of(browser)
    assert not is_on(app, bob)
    wrong = post(browser, FACTOR, {"code": phone.wrong(), "current": PASSWORD})
    assert wrong.status_code == 422 and "not the code that the app shows" in wrong.text
    assert not is_on(app, bob)
    right = post(browser, FACTOR, {"code": phone.code(), "current": PASSWORD})
    assert right.status_code == 200 and "Your second factor is on" in right.text
    assert is_on(app, bob)


def test_it_needs_the_password_too(app, as_user, bob):
    browser = as_user(bob)
    phone = phone_of(browser)
    answer = post(browser, FACTOR, {"code": phone.code(), "current": "a guess"})
    assert answer.status_code == 422 and "not your current password" in answer.text
    assert not is_on(app, bob)


def test_the_picture_stands_in_the_page_without_inline_style(as_user, bob):
    browser = as_user(bob)
    phone_of(browser)
    page = browser.get(FACTOR)
    assert "<svg" in page.text and "style=" not in page.text
    assert "otpauth://totp/Lectern:bob%40example.org" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_the_codes_are_shown_once_and_kept_as_hashes(app, as_user, bob):
    browser = as_user(bob)
    _phone, codes = set_up(browser)
    assert len(set(codes)) == 10
    shown = browser.get("/profile/security").text + browser.get(FACTOR, follow_redirects=True).text
    assert not any(code in shown for code in codes)
    assert "10 of them are left" in shown
    with app.app_context():
        kept = " ".join(db.session.scalars(select(RecoveryCode.code_hash)))
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def test_the_key_in_the_database_is_not_the_key_of_the_app(app, as_user, bob):
    phone, _codes = set_up(as_user(bob))
    with app.app_context():
        assert phone.totp.secret not in db.session.get(User, bob.id).totp_secret


def test_other_browsers_are_signed_out_and_this_one_gets_a_new_secret(app, as_user, bob):
    here, elsewhere = as_user(bob), as_user(bob)
    with here.session_transaction() as cookie:
        before = cookie["_user_id"]
    set_up(here)
    with here.session_transaction() as cookie:
        assert cookie["_user_id"] != before
    assert elsewhere.get("/profile").status_code == 303
    assert here.get("/profile").status_code == 200
    with app.app_context():
        live = db.session.scalars(select(UserSession).where(UserSession.ended_at.is_(None))).one()
        assert live.second_factor_at is not None


def test_switching_it_off_takes_the_password_and_a_code(app, as_user, bob):
    browser = as_user(bob)
    at = clock.now()
    phone, codes = set_up(browser, at)
    removal = f"{FACTOR}/removal"
    assert post(browser, removal, {"code": codes[0], "current": "a guess"}).status_code == 422
    assert post(browser, removal, {"code": phone.wrong(), "current": PASSWORD}).status_code == 422
    assert is_on(app, bob)
    with clock.stopped_at(at + timedelta(minutes=1)):
        assert post(browser, removal, {"code": phone.code(), "current": PASSWORD}).status_code == 303
    assert not is_on(app, bob)
    assert browser.get("/profile").status_code == 200
    with app.app_context():
        assert db.session.scalars(select(RecoveryCode)).all() == []


def test_new_recovery_codes_replace_the_old(as_user, bob):
    browser = as_user(bob)
    _phone, old = set_up(browser)
    path = f"{FACTOR}/recovery-codes"
    new = re.findall(
        r"<li><code>([^<]+)</code>", post(browser, path, {"code": old[0], "current": PASSWORD}).text
    )
    assert len(new) == 10 and not set(new) & set(old)
    assert post(browser, path, {"code": old[1], "current": PASSWORD}).status_code == 422


def test_guessing_the_password_here_locks_like_guessing_at_sign_in(as_user, app, client, bob):
    browser = as_user(bob)
    phone = phone_of(browser)
    for _ in range(5):
        post(browser, FACTOR, {"code": phone.code(), "current": "a guess"})
    assert "Wait 15 minutes" in post(browser, FACTOR, {"code": phone.code(), "current": PASSWORD}).text
    assert not is_on(app, bob)


def test_a_role_that_needs_one_is_led_to_it_before_anything_else(app, as_user, alice, bob):
    require_of(app, "instructor")
    browser = as_user(alice)
    for path in ("/learning", "/teaching", "/courses", "/profile/password"):
        assert browser.get(path).headers["Location"] == FACTOR
    assert "asks everyone in your role" in browser.get(FACTOR).text
    assert as_user(bob).get("/learning").status_code == 200
    set_up(browser)
    assert browser.get("/teaching").status_code == 200


def test_htmx_is_led_there_too(app, as_user, alice):
    require_of(app, "instructor")
    answer = as_user(alice).get("/courses", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == FACTOR


def test_who_must_have_one_cannot_switch_it_off_but_can_sign_out(app, as_user, alice):
    browser = as_user(alice)
    _phone, codes = set_up(browser)
    require_of(app, "instructor")
    removal = f"{FACTOR}/removal"
    assert (
        post(browser, removal, {"code": codes[0], "current": PASSWORD}, form_at="/profile").status_code == 403
    )
    other = app.test_client()
    assert post(other, "/sign-out", {}, form_at="/sign-in").status_code == 303


def test_the_owner_is_told_and_it_is_noted(app, as_user, bob, inbox, run_jobs):
    set_up(as_user(bob))
    run_jobs()
    assert [m["subject"] for m in inbox.to("bob@example.org")] == ["Your second factor is on"]
    with app.app_context():
        noted = set(db.session.scalars(select(AuditEntry.action)))
    assert {"second_factor.enabled", "recovery_codes.renewed"} <= noted


@pytest.mark.parametrize("path", ["removal", "recovery-codes"])
def test_without_one_there_is_nothing_to_remove(as_user, bob, path):
    assert as_user(bob).get(f"{FACTOR}/{path}").status_code == 404
