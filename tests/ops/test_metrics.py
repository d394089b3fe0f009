"""What Prometheus reads, and who else may."""

import re

import pytest

from lms.core import clock, events, jobs, work
from lms.core.db import db
from lms.core.jobs import job
from lms.notifications import actions
from tests.support.outage import no_redis

TOKEN = {"Authorization": "Bearer metrics-token-of-tests"}
STRANGER = {"REMOTE_ADDR": "203.0.113.9"}


def value(text, series):
    """The value of one series, None when there is no such series."""
    found = re.search(rf"^{re.escape(series)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else None


def scrape(client):
    return client.get("/metrics", headers=TOKEN, environ_base=STRANGER).text


def test_only_the_token_or_a_listed_address_may_read(client):
    assert client.get("/metrics", environ_base=STRANGER).status_code == 404
    wrong = {"Authorization": "Bearer metrics-token"}
    assert client.get("/metrics", headers=wrong, environ_base=STRANGER).status_code == 404
    assert client.get("/metrics", headers=TOKEN, environ_base=STRANGER).status_code == 200
    assert client.get("/metrics").status_code == 200, "this machine is on the list"


def test_who_comes_through_an_unknown_proxy_is_not_this_machine(client):
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404


def test_requests_are_counted_by_route_and_never_by_address(client):
    series = 'lectern_http_requests_total{method="GET",route="/verify-email/<token>",status="410"}'
    before = value(scrape(client), series) or 0
    client.get("/verify-email/a-secret-of-somebody")
    client.get("/verify-email/another-secret")
    text = scrape(client)
    assert value(text, series) == before + 2
    assert "a-secret-of-somebody" not in text
    assert 'lectern_http_request_seconds_bucket{le="0.1",method="GET",route="/verify-email/<token>"}' in text


def test_made_up_addresses_and_methods_make_no_new_series(client):
    for number in range(3):
        client.get(f"/wp-admin/{number}")
    client.open("/sign-in", method="BREW")
    text = scrape(client)
    assert "wp-admin" not in text
    assert "BREW" not in text
    assert 'method="other"' in text


def test_the_scrape_itself_is_the_only_request_in_progress(client):
    assert value(scrape(client), "lectern_http_requests_in_progress") == 1.0


def test_waiting_work_is_seen(app, client, bob):
    with app.app_context(), work.unit():
        actions.queue("test", "bob@example.org", {}, clock.now(), None)
        events.record("account.locked", clock.now(), user_id=bob.id)
    text = scrape(client)
    assert value(text, 'lectern_emails{state="queued"}') == 1
    assert value(text, 'lectern_deliveries{state="pending"}') == 1
    assert value(text, 'lectern_jobs{queue="emails"}') == 2
    assert value(text, 'lectern_jobs{queue="default"}') == 0
    assert 0 <= value(text, 'lectern_jobs_oldest_seconds{queue="emails"}') < 30
    assert value(text, 'lectern_attempts{state="open"}') == 0


@job("tests.breaks")
def breaks() -> None:
    raise LookupError("on purpose")


def test_failed_jobs_are_seen(app, client, run_jobs):
    with app.app_context():
        jobs.enqueue(breaks)
    run_jobs()
    assert value(scrape(client), 'lectern_jobs_failed{queue="default"}') == 1


def test_a_connection_that_is_held_is_seen(app, client):
    with app.app_context():
        before = value(scrape(client), "lectern_database_connections_in_use")
        with db.engine.connect():
            assert value(scrape(client), "lectern_database_connections_in_use") == before + 1
        assert value(scrape(client), "lectern_database_connections_in_use") == before


def test_a_lost_redis_leaves_the_rest_of_the_scrape(app, client):
    with no_redis(app):
        text = scrape(client)
    assert value(text, 'lectern_up{part="redis"}') == 0
    assert value(text, 'lectern_up{part="database"}') == 1
    assert value(text, 'lectern_emails{state="sent"}') == 0


@pytest.mark.parametrize("name", ["lectern_http_requests_total", "lectern_emails_oldest_seconds"])
def test_every_family_explains_itself(client, name):
    assert f"# HELP {name}" in scrape(client)
