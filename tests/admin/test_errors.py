"""Unexpected errors are kept for an admin: grouped, found by the number on the error page, without what was typed."""

import os
import re
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from config import Settings
from lms.accounts.models import AuditEntry, SignInFailure
from lms.app import create_app
from lms.core import clock, events, faults, jobs, work
from lms.core.db import db
from lms.core.jobs import job
from lms.core.models import Fault, FaultDay, FaultSighting
from lms.notifications.smtp import Refused
from lms.ops import upkeep
from tests.factories import NOW
from tests.support import sql, waiting
from tests.support.forms import post

SECRET = "correct horse battery"


@job("tests.faulty")
def faulty() -> None:
    raise LookupError(SECRET)


@job("tests.refused")
def refused() -> None:
    raise Refused("no such mailbox")


@pytest.fixture(autouse=True)
def nothing_held_back(app):
    """What other tests let go wrong in this process does not come in between."""
    keeper = app.extensions["lectern-faults"]
    with keeper._lock:
        if keeper._later is not None:
            keeper._later.cancel()
        keeper._later, keeper._allowance, keeper._resting_until = None, float(faults.BURST), 0.0
        keeper._waiting.clear()


@pytest.fixture
def breaking(app, monkeypatch):
    """Let the sign-in page break in a way of one's choice."""

    def set_view(body):
        monkeypatch.setitem(app.view_functions, "accounts.sign_in", body)

    return set_view


def lookup():
    typed = SECRET
    raise LookupError(typed)


def count(app, table):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table))


def only(app):
    with app.app_context():
        return db.session.scalars(select(Fault)).one()


def test_an_admin_finds_an_error_by_the_number_that_its_page_showed(app, client, as_user, dana, breaking):
    breaking(lookup)
    answer = client.get(f"/sign-in?next=/{SECRET.replace(' ', '-')}")
    assert answer.status_code == 500
    number = re.search(r'<code dir="ltr">(\w+)</code>', answer.text)[1]
    assert number == answer.headers["X-Request-Id"]
    admin = as_user(dana)
    assert "1 unexpected error" in admin.get("/admin/").text
    found = admin.get(f"/admin/errors?q={number[:10]}").text
    assert "LookupError" in found and "1 kind of error" in found
    assert "0 kinds of errors" in admin.get("/admin/errors?q=f00ba4").text
    page = admin.get(re.search(r"/admin/errors/\d+", found)[0]).text
    assert number in page and "GET /sign-in" in page and "tests/admin/test_errors.py" in page
    with app.app_context():
        tables = (Fault.__table__, FaultSighting.__table__)
        kept = str([db.session.execute(select(table)).all() for table in tables])
    assert SECRET not in kept and SECRET.replace(" ", "-") not in kept


def test_the_same_error_is_one_row_that_is_settled_and_comes_back(app, client, as_user, dana, breaking):
    breaking(lookup)
    for _ in range(3):
        client.get("/sign-in")
    admin, fault = as_user(dana), only(app)
    assert fault.count == 3 and not fault.is_back
    answer = post(admin, f"/admin/errors/{fault.id}/settlement", form_at="/admin/errors")
    assert answer.status_code == 303
    assert "Nothing went wrong that waits" in admin.get("/admin/errors").text
    assert "LookupError" in admin.get("/admin/errors?state=settled").text
    client.get("/sign-in")
    assert "Came back" in admin.get("/admin/errors").text
    with app.app_context():
        assert db.session.scalar(select(AuditEntry.action).order_by(AuditEntry.id.desc())) == "error.settled"


def test_all_that_was_shown_is_settled_and_nothing_newer(app, client, as_user, dana, breaking):
    admin = as_user(dana)
    breaking(lookup)
    client.get("/sign-in")
    shown = clock.now().isoformat()

    def newer():
        raise KeyError

    breaking(newer)
    client.get("/sign-in")
    post(admin, "/admin/errors/settlement", {"shown_at": shown}, form_at="/admin/errors")
    text = admin.get("/admin/errors").text
    assert "KeyError" in text and "LookupError" not in text
    assert (
        "nothing"
        in post(
            admin,
            "/admin/errors/settlement",
            {"shown_at": "soon"},
            form_at="/admin/errors",
            follow_redirects=True,
        ).text.lower()
    )


def test_what_breaks_in_the_commit_is_kept_as_well(app, client, breaking):
    def view():
        db.session.add(SignInFailure(email=None, at=NOW))
        return "looks fine"

    breaking(view)
    assert client.get("/sign-in").status_code == 500
    fault = only(app)
    assert fault.exception.endswith("IntegrityError") and fault.place.startswith("lms/core/work.py")


def test_a_program_is_told_the_number_too(app, client, monkeypatch):
    monkeypatch.setitem(app.view_functions, "ops.health", lookup)
    answer = client.get("/api/v1/health")
    assert answer.status_code == 500
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]


def test_a_job_that_breaks_is_kept_by_its_name_and_a_refused_message_is_not(app, run_jobs):
    with app.app_context():
        jobs.enqueue(faulty)
        jobs.enqueue(refused)
    run_jobs()
    fault = only(app)
    assert (fault.source, fault.route, fault.exception) == ("job", "tests.faulty", "LookupError")


def test_a_subscriber_that_breaks_is_kept_by_its_name(app, run_jobs):
    kept = app.extensions["lectern-subscribers"]
    app.extensions["lectern-subscribers"] = {"tea.spilled": (faulty,)}
    try:
        with app.app_context(), work.unit():
            events.record("tea.spilled", clock.now())
        run_jobs()
    finally:
        app.extensions["lectern-subscribers"] = kept
    assert only(app).route == "tests.faulty"


def test_its_trace_tells_our_lines_and_what_it_came_from(app):
    with app.app_context():
        try:
            db.session.execute(select(Fault.id).where(Fault.id == SECRET)).all()
        except Exception as raised:
            trace = faults.trace(raised)
    assert "because of psycopg.errors." in trace and SECRET not in trace
    assert "  tests/admin/test_errors.py:" in trace and "\n  ...\n" in trace


def told(app, error, times=1, **more):
    with app.app_context():
        for _ in range(times):
            try:
                raise error
            except Exception as raised:
                faults.record(raised, **{"source": "web", "route": "GET /", "request_id": "12345678", **more})


def test_it_is_bounded_in_number_and_in_time(app, monkeypatch):
    told(app, LookupError())
    with app.app_context(), work.unit():
        fault = db.session.scalar(select(Fault.id))
        for number in range(80):
            db.session.add(
                FaultSighting(fault_id=fault, at=NOW, route="", request_id=str(number), version="")
            )
    told(app, LookupError())
    assert count(app, FaultSighting) == faults.MOST_SIGHTINGS
    monkeypatch.setattr(faults, "MOST_KINDS", 2)
    for kind in (KeyError, ValueError, TypeError, KeyError):
        told(app, kind())
    assert count(app, Fault) == 2
    later = clock.now() + faults.KEPT + timedelta(days=1)
    with app.app_context(), work.unit():
        assert upkeep.remove_expired(later)["errors"] == 2
    assert count(app, FaultSighting) == 0


def test_a_flood_is_counted_whole_and_written_in_few_steps(app):
    with app.app_context():
        keeper = app.extensions["lectern-faults"]
        keeper._allowance = faults.BURST
    with sql.count(app) as seen:
        told(app, LookupError(), times=500)
    assert len(seen) < 300
    keeper._counted_at -= 1  # a second later
    told(app, LookupError())
    fault = only(app)
    assert fault.count == 501
    with app.app_context():
        assert db.session.scalar(select(FaultDay.count)) == 501


def test_what_a_flood_held_back_is_written_soon_also_when_no_other_error_comes(app, monkeypatch):
    monkeypatch.setattr(faults, "LATER_SECONDS", 0.05)
    with app.app_context():
        keeper = app.extensions["lectern-faults"]
        keeper._allowance = -1000.0
    told(app, LookupError(), times=50)
    waiting.until(lambda: count(app, Fault))
    assert only(app).count == 50
    keeper._allowance = faults.BURST


def test_what_a_flood_held_back_is_written_when_the_process_ends(app, environment):
    """A worker that is told to stop while it waits."""
    program = """if True:
        from config import Settings
        from lms.app import create_app
        from lms.core import faults
        app = create_app(Settings.from_env())
        with app.app_context():
            app.extensions["lectern-faults"]._allowance = -1000.0
            for _ in range(30):
                faults.record(LookupError(), source="job", route="tea.cold", request_id="")
    """
    subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, **environment}, cwd=faults.ROOT, check=True
    )
    assert only(app).count == 30


def test_it_does_not_wait_for_the_pool_that_the_error_has_emptied(app):
    with app.app_context():
        taken = [db.engine.connect() for _ in range(12)]
        begun = time.monotonic()
        told(app, TimeoutError())
        assert time.monotonic() - begun < 2
        for connection in taken:
            connection.close()
    assert only(app).exception == "TimeoutError"


def test_without_a_database_the_request_is_answered_and_nothing_is_tried_for_a_while(environment, caplog):
    kept, away = jobs._app, "postgresql://nobody@127.0.0.1:1/none"
    lost = create_app(Settings.from_env({**environment, "DATABASE_URL": away}))
    jobs._app = kept
    begun = time.monotonic()
    answers = [lost.test_client().get("/courses") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [503, 503, 503]
    assert time.monotonic() - begun < 5
    assert [record.message for record in caplog.records if "can't be kept" in record.message] == [
        "errors can't be kept for 30 s: OperationalError"
    ]
    assert lost.extensions["lectern-faults"]._waiting, "told when it is back"


def test_thousands_of_kinds_are_listed_in_pages_at_a_fixed_price(app, as_user, dana):
    with app.app_context(), work.unit():
        for number in range(450):
            db.session.add(
                Fault(
                    fingerprint=str(number), source="web", exception=f"E{number}", place="p", trace="", route="GET /",
                    request_id="", version="", count=number, first_at=NOW, last_at=NOW, is_back=False,
                )
            )  # fmt: skip
    admin = as_user(dana)
    with sql.count(app) as seen:
        text = admin.get("/admin/errors?page=2&sort=count").text
    assert len(seen) <= 5
    assert "450 kinds of errors" in text and ">E429<" in text
