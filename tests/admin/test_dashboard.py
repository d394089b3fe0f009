"""The operator's first page, and the lists behind its numbers."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from lms.accounts.models import AuditEntry
from lms.core import clock, work
from lms.core.db import db
from lms.core.models import Delivery, Event, Task
from lms.notifications.models import Email
from tests.factories import course
from tests.support import sql
from tests.support.forms import post

PAGES = (
    "/admin/",
    "/admin/users",
    "/admin/users/new",
    "/admin/applications",
    "/admin/applications?state=verified",
    "/admin/invitations",
    "/admin/import",
    "/admin/courses",
    "/admin/jobs",
    "/admin/jobs?state=waiting",
    "/admin/jobs?state=done&q=nothing",
    "/admin/errors",
    "/admin/storage",
    "/admin/courses?state=removed&sort=title",
    "/admin/users?sort=seen",
    "/admin/emails?state=done",
    "/admin/audit",
    "/admin/settings",
)


def trouble(app):
    """A delivery, a task and a message that failed."""
    at = clock.now()
    failed = {"state": "failed", "attempts": 30, "due_at": at}
    with app.app_context(), work.unit():
        event = db.session.scalar(
            insert(Event)
            .values(name="certificate.issued", payload={"certificate_id": 999}, occurred_at=at)
            .returning(Event.id)
        )
        db.session.add_all(
            [
                Delivery(
                    event_id=event, subscriber="certificates.make_pdf", last_error="disk full", **failed
                ),
                Task(kind="admin.export_personal", owner_id=1, state="failed", result={"error": "odd"}),
                Email(
                    template="welcome", to_address="e@example.org", facts={}, last_error="no box", **failed
                ),
            ]
        )


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_on_an_empty_system_within_eight_statements(app, as_user, dana, path):
    client = as_user(dana)
    with sql.count(app) as seen:
        assert client.get(path).status_code == 200
    assert len(seen) <= 8, seen


def test_the_numbers_are_those_of_the_system(app, as_user, dana, bob, alice):
    course(app, alice)
    post(as_user(bob), "/courses/tea/enrollment", form_at="/profile")
    text = as_user(dana).get("/admin/").text
    for number, words in ((3, "People"), (2, "Active in 7 days"), (1, "Courses"), (1, "Enrollments")):
        assert f'<dt>{words}</dt><dd><a class="stat-value"' in text
        assert f">{number}</a>" in text.split(f"<dt>{words}</dt>")[1][:200], words


def test_failures_are_named_with_their_reason_and_tried_again(app, as_user, dana):
    trouble(app)
    client = as_user(dana)
    assert "2 failed jobs" in client.get("/admin/").text
    jobs = client.get("/admin/jobs").text
    assert "disk full" in jobs and ">odd<" in jobs
    assert "no box" in client.get("/admin/emails").text
    with app.app_context():
        delivery, task, email = (db.session.scalar(select(table.id)) for table in (Delivery, Task, Email))
    for path in (f"jobs/delivery/{delivery}", f"jobs/task/{task}", f"emails/{email}"):
        assert post(client, f"/admin/{path}/retry", form_at="/admin/jobs").status_code == 303
        assert post(client, f"/admin/{path}/retry", form_at="/admin/jobs").status_code == 404, (
            "not failed any longer"
        )
    with app.app_context():
        states = [db.session.scalar(select(table.state)) for table in (Delivery, Task, Email)]
        assert states == ["pending", "queued", "queued"]
        assert db.session.scalar(select(AuditEntry.action).order_by(AuditEntry.id.desc())) == "email.retried"


def test_a_price_does_not_grow_with_the_school(app, as_user, dana, bob, alice):
    course(app, alice)
    trouble(app)
    with app.app_context(), work.unit():
        for number in range(60):
            at = clock.now() - timedelta(minutes=number)
            db.session.add(
                Email(template="t", to_address="x@example.org", facts={}, due_at=at, state="failed")
            )
    client = as_user(dana)
    for path in (
        "/admin/",
        "/admin/courses",
        "/admin/emails?page=2",
        "/admin/jobs",
        f"/admin/users/{bob.id}",
    ):
        with sql.count(app) as seen:
            assert client.get(path).status_code == 200
        assert len(seen) <= 5, path


def test_courses_of_everybody_are_listed_with_their_owner(app, as_user, dana, alice):
    course(app, alice, slug="attic", published=False)
    text = as_user(dana).get("/admin/courses?q=attic&state=draft").text
    assert "The book of attic" in text and "Alice Arden" in text
    assert "No course matches" in as_user(dana).get("/admin/courses?q=nothing").text


def test_the_list_behind_the_active_holds_them(app, as_user, dana, bob, alice):
    as_user(bob)
    text = as_user(dana).get("/admin/users?state=recent").text
    assert "Bob Brook" in text and "Dana Dale" in text
    assert "Alice Arden" not in text
