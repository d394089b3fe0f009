"""Settings that an admin changes are enforced."""

import re

import pytest
from sqlalchemy import select

from lms.accounts import site
from lms.accounts.models import AuditEntry, UserSession
from lms.core import work
from lms.core.db import db
from tests.factories import NOW, PASSWORD
from tests.support import sql
from tests.support.forms import post

NEW = {"name": "Eve Ember", "email": "eve@example.org", "password": "four plain words here"}


def change(app, by=None, **values):
    with app.app_context(), work.unit():
        return site.change(values, by, NOW)


def test_closed_registration_makes_no_account_also_by_a_crafted_request(app, client):
    change(app, registration="closed")
    assert "made by the administrator" in client.get("/register").text
    assert post(client, "/register", NEW, form_at="/sign-in").status_code == 422


def test_only_listed_domains_register(app, client):
    change(app, registration="domains", registration_domains=["school.example"])
    refused = post(client, "/register", NEW)
    assert refused.status_code == 422 and "school.example" in refused.text
    assert post(client, "/register", {**NEW, "email": "eve@sub.school.example"}).status_code == 422
    assert post(client, "/register", {**NEW, "email": "eve@School.example"}).status_code == 303


def test_required_verification_keeps_the_unverified_out(app, client):
    change(app, verification_required=True)
    assert post(client, "/register", NEW).headers["Location"] == "/check-mail"
    answer = post(client, "/sign-in", {"email": NEW["email"], "password": NEW["password"]})
    assert answer.headers["Location"] == "/check-mail"
    assert client.get("/profile").status_code == 303


def test_a_session_lasts_as_long_as_the_admin_says(app, client, bob):
    change(app, session_hours=2)
    post(client, "/sign-in", {"email": "bob@example.org", "password": PASSWORD})
    with app.app_context():
        row = db.session.scalars(select(UserSession)).one()
        assert (row.expires_at - row.created_at).total_seconds() == 2 * 3600


def test_admins_work_from_listed_addresses_only_and_others_from_anywhere(app, as_user, dana, bob):
    change(app, admin_networks=["10.1.0.0/16", "2001:db8::/32"])
    browser = as_user(dana)

    def status(address, path="/profile"):
        return browser.get(path, environ_base={"REMOTE_ADDR": address}).status_code

    assert [status(a) for a in ("10.1.2.3", "::ffff:10.1.2.3", "2001:db8::1")] == [200, 200, 200]
    assert [status(a) for a in ("10.2.0.1", "", "unix")] == [403, 403, 403]
    assert "Not from this network" in browser.get("/courses").text
    assert as_user(bob).get("/profile").status_code == 200


def test_an_admin_in_the_wrong_place_can_sign_out(app, as_user, dana):
    browser = as_user(dana)
    page = browser.get("/profile").text
    change(app, admin_networks=["10.1.0.0/16"])
    fields = {"csrf_token": re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]}
    assert browser.post("/sign-out", data=fields).status_code == 303


def test_a_change_is_noted_with_what_was_before(app, dana):
    change(app, dana.id, session_hours=3, verification_required=False)
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "settings.changed")).one()
        assert entry.details == {"before": {"session_hours": 12}, "after": {"session_hours": 3}}


@pytest.mark.parametrize(
    "values",
    [
        {"registration": "sometimes"},
        {"registration": "domains"},
        {"second_factor_roles": ["cook"]},
        {"session_hours": 0},
        {"admin_networks": ["the office"]},
        {"colour": "red"},
    ],
)
def test_what_is_not_possible_is_refused_and_changes_nothing(app, values):
    with pytest.raises(ValueError):
        change(app, **values)
    with app.app_context():
        assert site.current() == site.SiteSettings()


def test_asking_again_costs_no_statement(app):
    with sql.count(app) as seen, app.app_context():
        for _ in range(10):
            site.current()
    assert seen == []


def test_a_domain_says_nothing_until_the_address_is_confirmed(app, client):
    change(app, registration="domains", registration_domains=["example.org"])
    assert post(client, "/register", NEW).headers["Location"] == "/check-mail"
    assert client.get("/profile").status_code == 303
    answer = post(client, "/sign-in", {"email": NEW["email"], "password": NEW["password"]})
    assert answer.headers["Location"] == "/check-mail"


def test_a_command_takes_the_settings_back_for_an_admin_who_is_locked_out(app, as_user, dana):
    browser = as_user(dana)
    change(app, admin_networks=["10.1.0.0/16"], session_hours=3)
    assert browser.get("/admin/").status_code == 403
    run = app.test_cli_runner().invoke
    assert "admin_networks, session_hours" in run(args=["accounts", "reset-settings"]).output
    assert browser.get("/admin/").status_code == 200
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "settings.reset")).one()
        assert entry.actor_name == "system"
        assert entry.details["before"] == {"admin_networks": ["10.1.0.0/16"], "session_hours": 3}
    assert "Nothing" in run(args=["accounts", "reset-settings"]).output


def test_the_command_that_makes_admins_refuses_what_guessers_try(app):
    people = ["--email", "eve@example.org", "--name", "Eve"]
    run = app.test_cli_runner().invoke
    refused = run(args=["accounts", "create-admin", *people, "--password", "1q2w3e4r5t6y"])
    assert refused.exit_code == 2 and "guessers" in refused.output
    assert run(args=["accounts", "create-admin", *people, "--password", "four plain words"]).exit_code == 0
