"""Settings that are enforced."""

import pytest
from sqlalchemy import select

from lms.accounts import site
from lms.accounts.models import AuditEntry
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


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"registration": "domains"}, "at least one domain"),
        ({"session_hours": "0"}, "from 1 to 720"),
        ({"session_hours": "many"}, "whole number"),
        ({"admin_networks": "here"}, "no address range"),
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
