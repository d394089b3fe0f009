"""Invitations by email."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.accounts import site
from lms.accounts.models import Invitation, User
from lms.core import clock, work
from lms.core.db import db
from lms.courses.models import Course
from lms.learning.models import Enrollment
from lms.notifications.models import Email
from tests.factories import course
from tests.support.forms import post

ACCEPT = {"name": "Eve Elm", "password": "four plain words here"}


@pytest.fixture
def admin(as_user, dana):
    return as_user(dana)


def invite(admin, addresses="eve@example.org", **fields):
    return post(
        admin, "/admin/invitations", {"addresses": addresses, "role": "student", "course": "", **fields}
    )


def link(inbox, address="eve@example.org", place=-1):
    text = inbox.to(address)[place].get_body(("plain",)).get_content()
    return re.search(r"(/invitations/\S+)", text)[1]


def user(app, email="eve@example.org"):
    with app.app_context():
        return db.session.scalars(select(User).where(User.email == email)).one_or_none()


def test_the_link_makes_a_confirmed_account_that_is_signed_in(app, admin, client, inbox, run_jobs):
    invite(admin, role="instructor")
    run_jobs()
    path = link(inbox)
    assert post(client, path, ACCEPT).status_code == 303
    assert client.get("/learning").status_code == 200
    made = user(app)
    assert made.role == "instructor" and made.email_verified_at and made.is_verified_instructor


def test_the_link_works_once(app, admin, client, inbox, run_jobs):
    invite(admin)
    run_jobs()
    path = link(inbox)
    post(client, path, ACCEPT)
    assert app.test_client().get(path).status_code == 410


def test_it_works_while_registration_is_closed(app, admin, client, inbox, run_jobs):
    with app.app_context(), work.unit():
        site.change({"registration": "closed"}, None, clock.now())
    try:
        invite(admin)
        run_jobs()
        assert post(client, link(inbox), ACCEPT).status_code == 303
        assert user(app)
    finally:
        site_forget(app)


def site_forget(app):
    with app.app_context():
        site.forget()


def test_the_course_is_entered_on_acceptance(app, admin, client, alice, inbox, run_jobs):
    course(app, alice, published=False)
    with app.app_context():
        number = db.session.scalar(select(Course.id))
    invite(admin, course=str(number))
    run_jobs()
    assert "The book of tea" in inbox.to("eve@example.org")[0].get_body(("plain",)).get_content()
    post(client, link(inbox), ACCEPT)
    with app.app_context():
        assert db.session.scalars(select(Enrollment.user_id)).all() == [user(app).id]
        assert db.session.scalar(select(Course.enrollment_count)) == 1


def test_many_addresses_at_once_and_who_has_an_account_is_told(app, admin, bob, inbox, run_jobs):
    answer = invite(admin, "eve@example.org, frank@example.org\nBOB@example.org eve@example.org")
    assert answer.status_code == 303
    assert "BOB@example.org" in admin.get("/admin/invitations").text
    run_jobs()
    assert len(inbox.to("eve@example.org")) == len(inbox.to("frank@example.org")) == 1
    assert not inbox.to("bob@example.org")


def test_one_address_in_two_spellings_is_invited_once(app, admin, inbox, run_jobs):
    invite(admin, "x@y.org\nX@Y.org, x@Y.ORG")
    run_jobs()
    with app.app_context():
        (only,) = db.session.scalars(select(Invitation)).all()
        assert (only.email, only.revoked_at) == ("x@y.org", None)
        assert db.session.scalars(select(Email.state)).all() == ["sent"]
    assert len(inbox.to("x@y.org")) == 1


def test_a_wrong_address_is_named_and_nothing_is_sent(app, admin, inbox, run_jobs):
    answer = invite(admin, "eve@example.org nonsense@")
    assert answer.status_code == 422
    assert "nonsense@" in answer.text
    run_jobs()
    assert not inbox.messages


def test_revoked_and_old_links_are_dead_and_say_so(app, admin, client, inbox, run_jobs):
    invite(admin)
    run_jobs()
    path = link(inbox)
    with clock.stopped_at(clock.now() + timedelta(days=8)):
        assert client.get(path).status_code == 410
    with app.app_context():
        number = db.session.scalar(select(Invitation.id))
    post(admin, f"/admin/invitations/{number}/revoke", form_at="/admin/invitations")
    answer = client.get(path)
    assert answer.status_code == 410
    assert "Ask whoever invited you" in answer.text


def test_sending_again_gives_the_link_seven_days_more(app, admin, client, inbox, run_jobs):
    invite(admin)
    run_jobs()
    with app.app_context():
        number = db.session.scalar(select(Invitation.id))
    with clock.stopped_at(clock.now() + timedelta(days=6)):
        post(admin, f"/admin/invitations/{number}/resend", form_at="/admin/invitations")
        run_jobs()
    assert len(inbox.to("eve@example.org")) == 2
    with clock.stopped_at(clock.now() + timedelta(days=10)):
        assert client.get(link(inbox)).status_code == 200


def test_an_admin_needs_a_longer_password(app, admin, client, inbox, run_jobs):
    invite(admin, role="admin")
    run_jobs()
    assert post(client, link(inbox), {**ACCEPT, "password": "elevenchars"}).status_code == 422
    assert post(client, link(inbox), ACCEPT).status_code == 303


def test_who_became_an_admin_before_accepting_needs_the_longer_password_too(
    app, admin, client, inbox, run_jobs
):
    post(admin, "/admin/users/new", {"name": "Eve Elm", "email": "eve@example.org", "role": "student"})
    run_jobs()
    post(admin, f"/admin/users/{user(app).id}/role", {"role": "admin"}, form_at="/admin/users/new")
    assert post(client, link(inbox), {**ACCEPT, "password": "elevenchars"}).status_code == 422
    assert post(client, link(inbox), ACCEPT).status_code == 303
    assert user(app).role == "admin"


def test_who_made_an_account_meanwhile_signs_in_and_gets_the_course(
    app, admin, client, alice, as_user, inbox, run_jobs
):
    course(app, alice)
    with app.app_context():
        number = db.session.scalar(select(Course.id))
    invite(admin, course=str(number))
    run_jobs()
    path = link(inbox)
    post(client, "/register", {"name": "Eve", "email": "eve@example.org", "password": "four plain words"})
    assert "Sign in" in app.test_client().get(path).text
    assert "for your account" in client.get(path).text, "looking changes nothing"
    assert post(client, path).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Enrollment.user_id)).all() == [user(app).id]
