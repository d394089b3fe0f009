"""The application: built without touching anything, with every route guarded and every event heard."""

import ast
import os
import subprocess
import sys
from pathlib import Path

from flask import Flask

from lms.app import SCHEDULE, SUBSCRIBERS
from lms.core import jobs
from tests.architecture import rights

ROOT = Path(__file__).resolve().parents[2]

ACCESS = {"public", "signed_in", "teachers", "admins", "token"}

DEAF: frozenset[str] = frozenset(
    {
        "course.unpublished",
        # The admin's page lists what waits for a decision.
        "instructor_application.submitted",
    }
)
"""Events that are recorded for the record alone."""


RECORDING = ("events.record", "record", "events.record_many", "events.within")


def routes(app: Flask) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint != "static"}


def recorded_events() -> set[str]:
    """The names in every `events.record("name", ...)` of the source, or its forms for many and within a statement."""
    return {
        node.args[0].value
        for path in (ROOT / "lms").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in RECORDING
        and isinstance(node.args[0], ast.Constant)
    }


def test_building_it_opens_no_connection(unconnected: Flask) -> None:
    """`unconnected` was built with sockets that raise and servers that do not exist."""
    assert routes(unconnected)


def test_every_route_declares_who_may_call_it(unconnected: Flask) -> None:
    undeclared = {
        endpoint
        for endpoint in routes(unconnected)
        if getattr(unconnected.view_functions[endpoint], "access", None) not in ACCESS
    }
    assert undeclared == set()


def test_every_route_has_its_line_in_the_rights_table(unconnected: Flask) -> None:
    wanted = {
        (rule.endpoint, method)
        for rule in unconnected.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}
        if rule.endpoint != "static"
    }
    written = {(row.endpoint, row.method) for row in rights.ROWS}
    assert wanted - written == set(), "add a line to tests/architecture/rights.py"
    assert written - wanted == set(), "these routes are gone"


def test_only_get_and_post_are_used(unconnected: Flask) -> None:
    """Plain forms know no others; what programs call is no form."""
    pages = [rule for rule in unconnected.url_map.iter_rules() if not rule.rule.startswith("/api/v1/")]
    methods = {method for rule in pages for method in rule.methods or ()}
    assert methods <= {"GET", "HEAD", "OPTIONS", "POST"}


def test_who_subscribes_hears_of_something() -> None:
    assert set(SUBSCRIBERS) - recorded_events() == set()


def test_what_is_recorded_is_heard_or_known_to_be_for_the_record() -> None:
    assert recorded_events() - set(SUBSCRIBERS) - DEAF == set()
    assert set() == DEAF & set(SUBSCRIBERS)


def test_jobs_are_found_again_by_their_names() -> None:
    """A queued job or delivery holds a name only."""
    for job in [job for heard in SUBSCRIBERS.values() for job in heard] + [job for job, _ in SCHEDULE]:
        assert jobs.registered(job.name) is job
        assert job.name.split(".")[0] == job.body.__module__.split(".")[1]


def test_the_schedule_has_every_job_once_and_in_whole_seconds() -> None:
    names = [job.name for job, _ in SCHEDULE]
    assert len(names) == len(set(names))
    assert all(isinstance(seconds, int) and seconds >= 1 for _, seconds in SCHEDULE)


def test_importing_the_application_connects_to_nothing_either() -> None:
    """The web server imports it in each of its processes, also while the database is away."""
    lines = (
        "import socket, sys",
        "def no(*a, **k): raise SystemExit('import opened a connection')",
        "socket.socket.connect = no; socket.getaddrinfo = no",
        "import wsgi",
        "sys.exit(0 if wsgi.app.url_map else 1)",
    )
    environment = {
        "PATH": os.environ["PATH"],
        "LECTERN_ENV": "test",
        "SECRET_KEY": "a secret for tests that is long enough",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
