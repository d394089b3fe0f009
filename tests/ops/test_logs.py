"""What is written down of a request, and what never is."""

import json
import logging
import warnings

import pytest

from lms.core import clock, events, work
from lms.core.jobs import job
from lms.ops import logs
from tests.factories import PASSWORD
from tests.support.forms import post


class Lines(logging.Handler):
    """Every line as it would be written in production."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logs.formatter(json=True))
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.text += self.format(record) + "\n"

    def of(self, event):
        return [line for line in map(json.loads, self.text.splitlines()) if line["event"] == event]


@pytest.fixture
def lines():
    handler = Lines()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


def test_a_request_is_one_line(as_user, bob, lines):
    as_user(bob).get("/profile?tab=secret-thing")
    (line,) = lines.of("request")
    assert {key: line[key] for key in ("method", "route", "status", "user", "level")} == {
        "method": "GET",
        "route": "/profile",
        "status": 200,
        "user": bob.id,
        "level": "info",
    }
    assert line["ms"] > 0
    assert line["sql"] >= 2
    assert len(line["request_id"]) == 32
    assert line["timestamp"].endswith("Z")
    assert "secret-thing" not in lines.text


def test_a_trace_on_the_screen_is_short_and_shows_no_values():
    def fails(typed, depth=0):
        return fails(typed, depth + 1) if depth < 20 else 1 / 0

    try:
        fails(typed="-".join(["what", "somebody", "typed"]))
    except ZeroDivisionError as error:
        shown = (type(error), error, error.__traceback__)
    record = logging.LogRecord("lms", logging.ERROR, "", 1, "unexpected error", (), shown)
    said = logs.formatter(json=False).format(record)
    assert "ZeroDivisionError: division by zero" in said and "unexpected error" in said
    assert len(said.splitlines()) < 70 and "what-somebody" not in said


def test_passwords_and_links_are_not_written(client, bob, lines):
    post(client, "/sign-in", {"email": "bob@example.org", "password": PASSWORD})
    client.get("/password/reset/a-secret-link")
    client.get("/password/reset/a-secret-link/and-a-typo")
    logging.getLogger("library").warning("fetched http://localhost/verify-email/a-secret-link?x=1 in 3 ms")
    logging.getLogger("library").warning("lost redis://lectern:a-secret-link@127.0.0.1/0")
    logging.getLogger("library").warning("odd form", extra={"password": "a-secret-link"})
    assert PASSWORD not in lines.text
    assert "a-secret-link" not in lines.text
    assert "/password/reset/<token>" in lines.text


def test_a_sane_request_id_is_kept_and_an_odd_one_replaced(client):
    kept = client.get("/sign-in", headers={"X-Request-Id": "front-7f3a.91"})
    assert kept.headers["X-Request-Id"] == "front-7f3a.91"
    replaced = client.get("/sign-in", headers={"X-Request-Id": 'x"} {"forged": 1'})
    assert "forged" not in replaced.headers["X-Request-Id"]


def test_an_error_is_written_with_its_trace_and_request(app, client, lines, monkeypatch):
    def broken():
        raise LookupError("the shelf is empty")

    monkeypatch.setitem(app.view_functions, "accounts.sign_in", broken)
    answer = client.get("/sign-in")
    assert answer.status_code == 500
    (line,) = lines.of("unexpected error")
    assert "the shelf is empty" in line["exception"]
    assert line["request_id"] == answer.headers["X-Request-Id"] == lines.of("request")[0]["request_id"]
    assert lines.of("request")[0]["status"] == 500
    assert line["request_id"] in answer.text, "who reports it can name it"
    missing = client.get("/nowhere")
    assert missing.headers["X-Request-Id"] not in missing.text, "nobody need report what is not there"


def test_probes_are_not_written(client, lines):
    client.get("/api/v1/health")
    assert not lines.of("request")


@job("tests.speaks")
def speaks() -> None:
    logging.getLogger("tests").warning("a job speaks")


def test_a_job_carries_the_id_of_the_request_that_caused_it(app, client, lines, run_jobs, monkeypatch):
    def caused():
        events.send(speaks)
        return "ok"

    monkeypatch.setitem(app.view_functions, "accounts.sign_in", caused)
    client.get("/sign-in", headers={"X-Request-Id": "the-cause-of-it"})
    run_jobs()
    (line,) = lines.of("a job speaks")
    assert line["request_id"] == "the-cause-of-it"
    assert line["job_id"]


def test_outside_of_a_request_no_id_is_left_over(app, client, lines):
    client.get("/sign-in", headers={"X-Request-Id": "over-and-done"})
    with app.app_context(), work.unit():
        events.record("nothing.heard", clock.now())
        logging.getLogger("tests").warning("later")
    assert "request_id" not in lines.of("later")[0]


def test_people_get_readable_lines(capsys):
    record = logging.LogRecord("tests", logging.INFO, "", 0, "hello %s", ("there",), None)
    text = logs.formatter(json=False).format(record)
    assert "hello there" in text
    assert not text.startswith("{")


def test_warnings_of_libraries_reach_the_log(lines):
    logging.captureWarnings(True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            logging.captureWarnings(False)
            logging.captureWarnings(True)
            warnings.warn("an old way", DeprecationWarning, stacklevel=1)
    finally:
        logging.captureWarnings(False)
    assert "an old way" in lines.text
