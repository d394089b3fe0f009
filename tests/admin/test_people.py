"""What an admin does to accounts."""

import re

import pytest
from sqlalchemy import func, select

from lms.accounts.models import AuditEntry, RecoveryCode, User
from lms.accounts.passwords import hashed
from lms.core import clock, work
from lms.core.db import db
from tests.factories import PASSWORD, person
from tests.support import sql
from tests.support.forms import post


@pytest.fixture
def admin(as_user, dana):
    return as_user(dana)


def act(client, user, what, **fields):
    return post(
        client, f"/admin/users/{user.id}/{what}", fields, form_at="/admin/users/new", follow_redirects=True
    )


def fresh(app, user):
    with app.app_context():
        return db.session.get_one(User, user.id)


def actions(app):
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_people_are_found_by_name_or_address_role_and_state(app, admin, bob, alice):
    person(app, "Ñandú 100%_", "odd@example.org", verified=False)
    for query, found, missing in (
        ("q=bob", "Bob Brook", "Alice"),
        ("q=ALICE@EXAMPLE", "Alice Arden", "Bob"),
        ("role=instructor", "Alice Arden", "Bob"),
        ("state=unverified", "Ñandú", "Bob"),
        ("q=100%25_", "Ñandú", "Bob"),
        ("role=nonsense&state=nonsense&page=-3", "Bob Brook", "Nobody matches"),
    ):
        text = admin.get(f"/admin/users?{query}").text.partition('id="results"')[2]
        assert found in text and missing not in text, query
    assert "Nobody matches" in admin.get("/admin/users?q=zzzz").text


def test_the_list_has_pages_of_twenty_and_a_fragment(app, admin):
    with app.app_context(), work.unit():
        for number in range(45):
            db.session.add(
                User(name=f"Person {number:02}", email=f"p{number}@example.org", password_hash="!")
            )
    page = admin.get("/admin/users?q=person&page=3")
    assert page.text.count('<th scope="row">') == 5
    with sql.count(app) as seen:
        part = admin.get("/admin/users?q=person", headers={"HX-Request": "true"})
    assert part.text.lstrip().startswith('<section id="results"') and "<html" not in part.text
    assert len(seen) <= 4


def test_a_new_person_gets_a_link_to_set_a_password(app, admin, client, inbox, run_jobs):
    fields = {"name": "Eve Elm", "email": "eve@example.org", "role": "instructor"}
    assert post(admin, "/admin/users/new", fields).status_code == 303
    assert post(admin, "/admin/users/new", fields).status_code == 422, "the address is taken"
    assert post(client, "/sign-in", {"email": "eve@example.org", "password": "!"}).status_code == 422
    run_jobs()
    assert len(inbox.to("eve@example.org")) == 1
    assert "user.created" in actions(app)


def test_another_role_ends_every_session(app, admin, as_user, bob):
    browser = as_user(bob)
    assert "another role" in act(admin, bob, "role", role="instructor").text
    assert fresh(app, bob).role == "instructor" and fresh(app, bob).is_verified_instructor
    assert browser.get("/profile").status_code == 303
    act(admin, bob, "role", role="student")
    assert not fresh(app, bob).is_verified_instructor


def test_nobody_takes_their_own_role_or_switches_themself_off(app, admin, dana):
    person(app, "Erin", "erin@example.org", role="admin")
    assert "your own account" in act(admin, dana, "role", role="student").text
    assert "your own account" in act(admin, dana, "activation", active="no").text
    assert fresh(app, dana).role == "admin" and fresh(app, dana).is_active


def test_one_admin_always_remains(app):
    from lms.admin import rules

    refused = rules.role_refusal(actor_id=1, user_id=2, old="admin", new="student", active_admins=[2])
    assert refused == "last_admin"
    assert rules.role_refusal(actor_id=1, user_id=2, old="admin", new="student", active_admins=[1, 2]) is None
    assert rules.role_refusal(actor_id=1, user_id=2, old="student", new="admin", active_admins=[1]) is None
    assert rules.deactivation_refusal(actor_id=1, user_id=2, active_admins=[2]) == "last_admin"


def test_an_account_is_switched_off_and_on(app, admin, as_user, client, bob):
    browser = as_user(bob)
    act(admin, bob, "activation", active="no")
    assert browser.get("/profile").status_code == 303
    assert post(client, "/sign-in", {"email": bob.email, "password": PASSWORD}).status_code == 422
    act(admin, bob, "activation", active="yes")
    assert post(client, "/sign-in", {"email": bob.email, "password": PASSWORD}).status_code == 303
    assert {"user.deactivated", "user.activated"} <= set(actions(app))


def test_all_sessions_are_ended(app, admin, as_user, bob):
    browsers = [as_user(bob), as_user(bob)]
    act(admin, bob, "sessions/end")
    assert [browser.get("/profile").status_code for browser in browsers] == [303, 303]


def test_a_second_factor_is_taken_off_and_its_owner_is_told(app, admin, as_user, bob, inbox, run_jobs):
    with app.app_context(), work.unit():
        user = db.session.get_one(User, bob.id)
        user.totp_secret, user.totp_confirmed_at = "secret", clock.now()
        db.session.add(RecoveryCode(user_id=bob.id, code_hash="x"))
    browser = as_user(bob)
    act(admin, bob, "second-factor/reset")
    run_jobs()
    assert [mail["Subject"] for mail in inbox.to(bob.email)] == ["Your second factor is off"]
    assert fresh(app, bob).totp_secret is None and fresh(app, bob).totp_confirmed_at is None
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(RecoveryCode)) == 0
    assert browser.get("/profile").status_code == 303
    assert actions(app)[-1] == "second_factor.reset"


def test_nobody_takes_off_their_own_second_factor_without_password_and_code(app, admin, dana):
    with app.app_context(), work.unit():
        user = db.session.get_one(User, dana.id)
        user.totp_secret, user.totp_confirmed_at = "secret", clock.now()
    assert "your own account" in act(admin, dana, "second-factor/reset").text
    assert fresh(app, dana).totp_confirmed_at
    assert "Reset the second factor" not in admin.get(f"/admin/users/{dana.id}").text


def test_who_becomes_an_admin_sets_an_admins_password_first(app, admin, client, bob, inbox, run_jobs):
    with app.app_context(), work.unit():
        db.session.get_one(User, bob.id).password_hash = hashed("short one", 4)
    sign_in = {"email": bob.email, "password": "short one"}
    assert post(client, "/sign-in", sign_in).headers["Location"] == "/learning"
    act(admin, bob, "role", role="admin")
    stranger = app.test_client()
    assert post(stranger, "/sign-in", sign_in).headers["Location"] == "/password/sent"
    assert "at least 12 characters" in stranger.get("/password/sent").text
    assert stranger.get("/admin/").status_code == 303, "not signed in"
    run_jobs()
    mails = [mail.get_body(("plain",)).get_content() for mail in inbox.to(bob.email)]
    text = next(text for text in mails if "/password/reset/" in text)
    path = re.search(r"(/password/reset/\S+)", text)[1]
    assert post(stranger, path, {"password": "elevenchars"}).status_code == 422
    assert post(stranger, path, {"password": "four plain words"}).status_code == 303
    assert post(stranger, "/sign-in", {**sign_in, "password": "four plain words"}).status_code == 303
    assert stranger.get("/admin/").status_code == 200


def test_a_reset_link_is_sent(app, admin, bob, inbox, run_jobs):
    act(admin, bob, "password-link")
    run_jobs()
    assert "/password/reset/" in inbox.to(bob.email)[0].get_body(("plain",)).get_content()


def test_a_name_full_of_markup_stays_a_name(app, admin):
    odd = person(app, "<b>Bold</b> " + "long" * 20, "odd@example.org")
    for path in ("/admin/users", f"/admin/users/{odd.id}"):
        assert "<b>Bold" not in admin.get(path).text
