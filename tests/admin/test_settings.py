"""Settings that are enforced."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.accounts import site
from lms.accounts.models import AuditEntry, UserSession
from lms.core import clock, work
from lms.core.db import db
from tests.support.forms import post

OPEN = {"registration": "open", "session_hours": "12"}


@pytest.fixture
def admin(app, as_user, dana):
    yield as_user(dana)
    with app.app_context():
        site.forget()


def save(admin, **fields):
    return post(admin, "/admin/settings", {**OPEN, **fields})


def test_closing_registration_closes_it_and_is_noted(app, admin, client):
    assert save(admin, registration="closed").status_code == 303
    fields = {"name": "Eve", "email": "eve@example.org", "password": "four plain words"}
    assert "made by the administrator" in client.get("/register").text
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "settings.changed")).one()
        assert entry.details["after"] == {"registration": "closed"} and entry.actor_name == "Dana Dale"
    save(admin, registration="open")
    assert post(client, "/register", fields).status_code == 303


def test_nobody_locks_themself_out(app, admin):
    answer = save(admin, admin_networks="10.0.0.0/8")
    assert answer.status_code == 422
    assert "lock you out" in answer.text and "127.0.0.1" in answer.text
    assert admin.get("/admin/").status_code == 200
    assert save(admin, admin_networks="10.0.0.0/8\n127.0.0.0/8").status_code == 303


def test_from_another_network_an_admin_gets_nowhere(app, admin):
    save(admin, admin_networks="127.0.0.0/8")
    refused = admin.get("/admin/", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    assert refused.status_code == 403
    assert "network" in refused.text
    assert admin.get("/admin/").status_code == 200


def test_hours_that_are_no_number_are_told_once(admin):
    text = save(admin, session_hours="abc").text
    assert text.count("Use a whole number from 1 to 720.") == 2, "in the summary and at the field"
    assert "Not a valid integer" not in text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"registration": "domains"}, "at least one domain"),
        ({"session_hours": "0"}, "from 1 to 720"),
        ({"session_hours": "many"}, "whole number"),
        ({"admin_networks": "here"}, "no address range"),
        ({"admin_networks": "192.168.1.77/24"}, "write 192.168.1.0/24"),
        (
            {"registration": "domains", "registration_domains": "example.org nonsense!"},
            "nonsense! is no domain",
        ),
        ({"registration": "sometimes"}, "Not a valid choice"),
    ],
)
def test_what_is_impossible_is_said_in_place_and_kept(app, admin, fields, words):
    answer = save(admin, **fields)
    assert answer.status_code == 422
    assert words in answer.text
    with app.app_context():
        site.forget()
        assert site.current() == site.SiteSettings()


def opened(admin):
    """What a page of the settings says it showed."""
    return html.unescape(re.search(r'name="shown"[^>]*value="([^"]*)"', admin.get("/admin/settings").text)[1])


def test_what_another_admin_changed_meanwhile_stays(app, admin):
    shown = opened(admin)
    save(admin, verification_required="y")
    assert save(admin, session_hours="13", shown=shown).status_code == 303
    with app.app_context():
        now = site.current()
        assert now.verification_required and now.session_hours == 13


def test_a_setting_that_two_admins_changed_is_asked_about(app, admin):
    shown = opened(admin)
    save(admin, session_hours="24", second_factor_roles="student", registration="closed")
    answer = save(admin, session_hours="13", shown=shown)
    assert answer.status_code == 409
    assert "It says now: 24" in answer.text and 'value="13"' in answer.text
    with app.app_context():
        assert site.current().session_hours == 24
    again = html.unescape(re.search(r'name="shown"[^>]*value="([^"]*)"', answer.text)[1])
    fields = {"registration": "closed", "second_factor_roles": "student"}
    assert save(admin, session_hours="13", shown=again, **fields).status_code == 303
    with app.app_context():
        now = site.current()
        assert (now.session_hours, now.second_factor_roles, now.registration) == (13, ("student",), "closed")


def test_shorter_sign_ins_hold_for_who_is_signed_in_but_not_for_who_stays(app, admin, bob, charlie):
    days = app.config["LECTERN"].remember_days
    with app.app_context(), work.unit():
        for person, lasting in ((bob, timedelta(hours=12)), (charlie, timedelta(days=days))):
            at = clock.now()
            row = {
                "user_id": person.id,
                "token_hash": person.email,
                "created_at": at,
                "expires_at": at + lasting,
            }
            db.session.add(UserSession(**row))
    save(admin, session_hours="1")
    with app.app_context():
        lasting = {
            row.token_hash: row.expires_at - row.created_at for row in db.session.scalars(select(UserSession))
        }
    assert lasting[bob.email] == timedelta(hours=1)
    assert lasting[charlie.email] == timedelta(days=days)
