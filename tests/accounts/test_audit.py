"""The audit log: what is noted, that nobody changes it, and how it is read."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from lms.accounts import audit
from lms.accounts.models import AuditEntry
from lms.core import clock, work
from lms.core.db import db
from tests.support import sql
from tests.support.forms import post


def note(app, action="user.role_changed", *, name="Bob Brook", at=None, **details):
    with app.app_context(), work.unit():
        audit.record(
            action, at or clock.now(), subject_kind="user", subject_id=1, subject_name=name, **details
        )


def entries(app):
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


def test_an_entry_says_who_did_what_to_whom_from_where(app, as_user, dana, bob):
    post(
        as_user(dana), f"/admin/users/{bob.id}/role", {"role": "instructor"}, form_at=f"/admin/users/{bob.id}"
    )
    entry = entries(app)[-1]
    assert (entry.actor_name, entry.action, entry.subject_name) == (
        "Dana Dale",
        "user.role_changed",
        "Bob Brook",
    )
    assert entry.address == "127.0.0.1"
    assert entry.details == {"before": "student", "after": "instructor"}


def test_outside_a_request_the_system_acts(app):
    note(app)
    assert entries(app)[0].actor_name == "system"


def test_what_is_rolled_back_is_not_noted(app):
    with app.app_context(), pytest.raises(RuntimeError), work.unit():
        audit.record("user.created", clock.now())
        raise RuntimeError("no")
    assert entries(app) == []


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_entries set actor_name = 'nobody'",
        "delete from audit_entries",
        "truncate audit_entries",
        "update audit_entries set at = now() where false",
    ],
)
def test_the_application_can_change_nothing_in_it(app, statement):
    """As the very role that the application signs in with."""
    note(app)
    with app.app_context(), db.engine.connect() as connection:
        with pytest.raises(ProgrammingError, match="append-only"):
            connection.execute(text(statement))
        connection.rollback()
    assert len(entries(app)) == 1


def test_it_is_filtered_by_person_action_and_days(app, as_user, dana):
    at = clock.now()
    note(app, "user.created", name="Zoë Zander", at=at - timedelta(days=40))
    note(app, "user.deactivated", name="Bob Brook", at=at)
    page = as_user(dana)
    assert "Zoë Zander" in page.get("/admin/audit").text
    assert "Zoë Zander" not in page.get("/admin/audit?person=bob").text
    assert "Bob Brook" in page.get("/admin/audit?person=bob").text
    assert "Bob Brook" not in page.get("/admin/audit?action=user.created").text
    assert "Zoë Zander" not in page.get(f"/admin/audit?since={at:%Y-%m-%d}").text
    until = f"{at - timedelta(days=40):%Y-%m-%d}"
    assert "Zoë Zander" in page.get(f"/admin/audit?until={until}").text
    assert "Bob Brook" not in page.get(f"/admin/audit?until={until}").text
    assert page.get("/admin/audit?since=rubbish&until=9999-99-99&page=x").status_code == 200


def test_a_long_log_has_pages_at_a_constant_price(app, as_user, dana):
    for number in range(45):
        note(app, name=f"Person {number:02}")
    client = as_user(dana)
    assert "Person 44" in client.get("/admin/audit").text
    assert "Person 04" in client.get("/admin/audit?page=3").text
    with sql.count(app) as seen:
        client.get("/admin/audit?person=person")
    assert len(seen) <= 5
    with sql.count(app) as seen:
        client.get("/admin/audit?person=person", headers={"HX-Request": "true"})
    assert len(seen) <= 4


def test_the_csv_holds_everything_and_no_formula(app, as_user, dana):
    note(app, name='=HYPERLINK("http://evil.example")')
    for number in range(30):
        note(app, name=f"Person {number}")
    answer = as_user(dana).get("/admin/audit.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert len(rows) == 32
    assert rows[-1][5].startswith("'=HYPERLINK")


def test_registering_and_leaving_are_noted(app, client):
    fields = {"name": "Eve Elm", "email": "eve@example.org", "password": "four plain words"}
    post(client, "/register", fields)
    post(client, "/sign-out", form_at="/profile")
    assert [entry.action for entry in entries(app)] == ["user.registered", "session.started", "session.ended"]
