"""Whether the machine works, what takes its room, and what it could not do."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, update

from lms.accounts.models import AuditEntry
from lms.admin.queries import storage as queries
from lms.core import clock, jobs, work
from lms.core.db import db
from lms.core.jobs import job
from lms.core.models import Delivery, Event, Task
from lms.courses.models import Course, CourseAsset
from lms.files import actions as files
from lms.files import storage
from lms.files.models import StoredFile
from lms.notifications.models import Bounce, Email
from tests.factories import course
from tests.support import sql
from tests.support.forms import post
from tests.support.outage import no_redis


@pytest.fixture
def admin(as_user, dana):
    return as_user(dana)


def test_every_part_is_shown_with_its_remedy(app, admin, inbox):
    text = admin.get("/admin/health").text
    assert "2 parts need somebody" in text, "worker and clock"
    assert '<code dir="ltr">python worker.py</code>' in text
    assert "PostgreSQL" in text and "Mail server" in text


def test_the_page_of_health_answers_also_when_a_part_is_away(app, admin, inbox):
    with no_redis(app):
        text = admin.get("/admin/health").text
    assert "is REDIS_URL its address?" in text and "a-secret-word" not in text


def fill(app, alice):
    """A course with two files, one of them there twice; one file that nothing needs."""
    made = course(app, alice)
    with app.app_context(), work.unit():
        film, leaf = files.keep(b"f" * 5000, "video/mp4"), files.keep(b"l" * 700, "application/pdf")
        stray = files.keep(b"s" * 90, "image/png")
        for path, file in (("film.mp4", film), ("copy.mp4", film), ("leaf.pdf", leaf)):
            db.session.add(CourseAsset(course_id=made.id, path=path, file_id=file.id))
        db.session.flush()
        old = clock.now() - timedelta(days=3)
        db.session.execute(update(StoredFile).where(StoredFile.id == stray.id).values(created_at=old))
        return stray.key


def test_room_is_told_by_use_kind_and_course_and_given_back(app, admin, alice, run_jobs):
    key = fill(app, alice)
    text = " ".join(admin.get("/admin/storage").text.split())
    assert "The book of tea" in text.partition('id="results"')[2]
    assert "5.6 kB" in text, "a file that is there twice takes room once"
    assert "Nothing refers to them" in text and "90 bytes" in text
    assert "1 course with files" in text
    assert "No course with files has these words" in admin.get("/admin/storage?q=coffee").text
    assert post(admin, "/admin/storage/clean-up", form_at="/admin/storage").status_code == 303
    run_jobs()
    assert "Nothing refers to them" not in admin.get("/admin/storage").text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 2
        assert storage.read(key), "its bytes are younger than two days"
        assert db.session.scalars(select(AuditEntry.action)).all()[-1] == "storage.cleaned"


def test_no_use_of_a_file_is_forgotten():
    tables = {
        table.name
        for table in db.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column is StoredFile.__table__.c.id
    }
    assert "submission_files" in tables
    assert {name for name in tables if f"from {name} " not in str(queries._USES)} == set()


def test_storage_has_a_fixed_price(app, admin, alice):
    fill(app, alice)
    with app.app_context(), work.unit():
        file = db.session.scalar(select(StoredFile.id).limit(1))
        for number in range(45):
            made = Course(slug=f"c{number}", title=f"Course {number}", owner_id=alice.id)
            db.session.add(made)
            db.session.flush()
            db.session.add(CourseAsset(course_id=made.id, path="a.mp4", file_id=file))
    with sql.count(app) as seen:
        text = admin.get("/admin/storage?page=3&sort=title").text
    assert len(seen) <= 8
    assert "46 courses with files" in text
    part = admin.get("/admin/storage?q=course+4", headers={"HX-Request": "true"}).text
    assert "<html" not in part and "Course 44" in part


def break_many(app):
    at = clock.now()
    with app.app_context(), work.unit():
        event = db.session.scalar(
            insert(Event).values(name="tea.cold", payload={}, occurred_at=at).returning(Event.id)
        )
        db.session.add(
            Delivery(
                event_id=event, subscriber="webhooks.fan_out", state="failed", due_at=at, last_error="odd"
            )
        )
        db.session.add(
            Task(kind="admin.export_personal", owner_id=1, state="failed", result={"error": "disk full"})
        )
        for name in ("bob", "eve"):
            db.session.add(
                Email(
                    template="test", to_address=f"{name}@example.org", facts={}, due_at=at, state="failed",
                    last_error=f"no box of {name}",
                )
            )  # fmt: skip


def test_all_that_failed_is_tried_again_at_one_press_however_much_it_is(app, admin):
    """A mail server that was away for a night leaves thousands."""
    break_many(app)
    at = clock.now()
    with app.app_context(), work.unit():
        event = db.session.scalar(select(Event.id))
        failed = {"state": "failed", "due_at": at}
        db.session.execute(
            insert(Delivery), [{"event_id": event, "subscriber": f"tea.{n}", **failed} for n in range(250)]
        )
        message = {"template": "test", "facts": {}, "user_id": 1, **failed}
        db.session.execute(insert(Email), [{"to_address": f"{n}@example.org", **message} for n in range(250)])
        db.session.execute(insert(Bounce).values(user_id=1, address="0@example.org", reason="none", at=at))
    with sql.count(app) as seen:
        retried = post(admin, "/admin/jobs/retries", form_at="/admin/jobs", follow_redirects=True).text
        emails = post(admin, "/admin/emails/retries", form_at="/admin/emails", follow_redirects=True).text
    assert "252 jobs are tried again" in retried and "252 messages are sent again" in emails
    assert len(seen) < 60, "a statement for each would be 500"
    with app.app_context():
        for table in (Delivery, Task, Email):
            assert "failed" not in db.session.scalars(select(table.state)).all()
        assert db.session.scalars(select(Bounce.user_id)).all() == []


def test_failures_are_found_by_words_and_tried_again_all_at_once(app, admin):
    break_many(app)
    found = admin.get("/admin/jobs?q=disk").text.partition('id="results"')[2]
    assert "admin.export_personal" in found and "webhooks.fan_out" not in found
    found = admin.get("/admin/emails?q=EVE@example").text.partition('id="results"')[2]
    assert "no box of eve" in found and "bob" not in found
    assert "No message matches" in admin.get("/admin/emails?q=zzz").text
    retried = post(admin, "/admin/jobs/retries", form_at="/admin/jobs", follow_redirects=True).text
    emails = post(admin, "/admin/emails/retries", form_at="/admin/emails", follow_redirects=True).text
    assert "2 jobs are tried again" in retried and "2 messages are sent again" in emails
    with app.app_context():
        for table in (Delivery, Task, Email):
            assert "failed" not in db.session.scalars(select(table.state)).all()
        assert db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()[-2:] == [
            "jobs.retried",
            "emails.retried",
        ]


COLD = {"is": True}


@job("tests.cold_kettle")
def cold_kettle() -> None:
    if COLD["is"]:
        raise LookupError("no water")


def test_a_recurring_job_that_fails_is_seen_and_runs_again(app, admin, run_jobs):
    for _ in range(2):
        with app.app_context():
            jobs.enqueue(cold_kettle)
        run_jobs()
    text = admin.get("/admin/jobs").text.partition('id="recurring"')[2]
    assert "tests.cold_kettle" in text and "LookupError: no water" in text
    assert re.search(r'data-label="Failures">2<', text)
    COLD["is"] = False
    post(admin, "/admin/jobs/recurring/tests.cold_kettle/run", form_at="/admin/jobs")
    run_jobs()
    assert "tests.cold_kettle" not in admin.get("/admin/jobs").text
    with app.app_context():
        assert db.session.scalars(select(AuditEntry.action)).all()[-1] == "job.retried"


def test_without_its_queue_the_page_of_jobs_is_there(app, admin):
    with no_redis(app):
        assert admin.get("/admin/jobs").status_code == 200


def test_an_admin_tries_the_mail_server_with_a_message_to_themself(admin, dana, inbox, run_jobs):
    answer = post(admin, "/admin/emails/test", form_at="/admin/emails", follow_redirects=True)
    assert "on its way to dana@example.org" in answer.text
    run_jobs()
    assert len(inbox.to(dana.email)) == 1
    assert "dana@example.org" in admin.get("/admin/emails?state=done").text


def test_work_that_nobody_does_is_said_on_the_first_page(app, admin):
    assert "Work is not being done" not in admin.get("/admin/").text
    late = clock.now() - timedelta(minutes=11)
    with app.app_context(), work.unit():
        db.session.add(Email(template="test", to_address="e@example.org", facts={}, due_at=late))
    assert "1 job or message is late" in admin.get("/admin/").text


def test_storage_and_failures_stand_in_the_charts_before_anything_was_counted(app, admin):
    break_many(app)
    text = admin.get("/admin/analytics").text
    assert "Nothing is counted yet" in text
    day = admin.get("/admin/analytics.csv?days=30").text.splitlines()[-1].split(",")
    assert day[0] == clock.now().date().isoformat()
    assert int(day[10]) > 1_000_000, "the database"
    assert day[11:13] == ["2", "2"], "failed jobs and messages"
