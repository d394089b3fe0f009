"""Dana keeps the endpoints; every step works without scripts and is noted."""

import re

import pytest
from sqlalchemy import select

from config import Settings
from lms.accounts.models import AuditEntry
from lms.core import clock, work
from lms.core.db import db
from lms.webhooks import delivering, rules
from lms.webhooks.models import WebhookEndpoint, WebhookMessage
from tests.support import sql
from tests.support.forms import post
from tests.support.receiver import answer

PAGE = "/admin/webhooks"


@pytest.fixture
def admin(as_user, dana):
    return as_user(dana)


def row(app, model):
    with app.app_context():
        return db.session.scalars(select(model).order_by(model.id.desc())).first()


def add(admin, url, *names):
    return post(admin, f"{PAGE}/new", {"url": url, "description": "Books", "events": list(names)})


def secret_on(page):
    found = re.search(r'id="webhook-secret"[^>]*>([^<]+)<', page.text)
    assert found, page.text
    return found[1]


def test_from_nothing_to_a_message_that_was_tested(app, admin, receiver, run_jobs):
    assert "No other system hears" in admin.get(PAGE).text
    added = add(admin, receiver.url, "user.registered", "course.published")
    secret = secret_on(added)
    assert added.headers["Cache-Control"] == "no-store"
    number = row(app, WebhookEndpoint).id
    assert secret not in admin.get(f"{PAGE}/{number}").text
    sent = post(admin, f"{PAGE}/{number}/test", form_at=f"{PAGE}/{number}")
    assert "sent within seconds" in admin.get(sent.location).text
    receiver.behaviours.append(answer(200, b"<b>thank you</b>"))
    run_jobs()
    [request] = receiver.requests
    assert request.verified(secret)["type"] == "webhook.test"
    page = admin.get(sent.location).text
    assert (
        "Delivered" in page
        and "&lt;b&gt;thank you&lt;/b&gt;" in page
        and request.headers["webhook-id"] in page
    )
    assert receiver.url in admin.get(PAGE).text
    assert "1 message" in admin.get(f"{PAGE}/{number}").text
    with app.app_context():
        noted = set(db.session.scalars(select(AuditEntry.action)))
    assert {"webhook.created", "webhook.tested"} <= noted


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "Enter the address"),
        ("hooks.example.org", "begins with https://"),
        ("ftp://hooks.example.org/", "begins with https://"),
        ("https://", "begins with https://"),
        ("https://dana:secret@hooks.example.org/", "Leave user and password out"),
        ("https://hooks.example.org:99999/", "begins with https://"),
    ],
)
def test_what_is_no_address_is_said_in_place(admin, url, words):
    answered = add(admin, url, "user.registered")
    assert answered.status_code == 422
    assert words in answered.text and "Books" in answered.text


def test_an_endpoint_needs_events_that_exist(admin, receiver):
    assert "Choose at least one event" in add(admin, receiver.url).text
    assert add(admin, receiver.url, "user.registered", "user.exploded").status_code == 422


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "https://[::ffff:10.0.0.1]/", "https://localhost/x"])
def test_a_private_address_is_refused_at_the_form(app, admin, monkeypatch, environment, url):

    monkeypatch.setitem(app.config, "LECTERN", Settings.from_env(environment))
    assert "private or belongs to this machine" in add(admin, url, "user.registered").text
    assert add(admin, "http://hooks.example.org/", "user.registered").status_code == 422


def test_a_name_in_another_script_is_kept_as_name_servers_know_it(app, admin):
    add(admin, "https://tée.example.org/hook#part", "user.registered")
    assert row(app, WebhookEndpoint).url == "https://xn--te-bja.example.org/hook"


def test_editing_renewing_switching_and_removing(app, admin, receiver, subscribe):
    number, old = subscribe("user.registered")
    here = f"{PAGE}/{number}"
    fields = {"url": receiver.url, "description": "Ledger", "events": ["course.published"]}
    assert post(admin, f"{here}/edit", fields).status_code == 303
    assert "Ledger" in admin.get(here).text and "A course was published" in admin.get(here).text
    assert post(admin, f"{here}/edit", {**fields, "url": "nowhere"}).status_code == 422
    assert secret_on(post(admin, f"{here}/secret", form_at=here)) != old
    assert "signs as well until" in admin.get(here).text
    post(admin, f"{here}/state", {"on": "no"}, form_at=here)
    assert "Switched off by an administrator" in admin.get(here).text
    post(admin, f"{here}/state", {"on": "yes"}, form_at=here)
    assert row(app, WebhookEndpoint).is_on
    assert post(admin, f"{here}/removal", form_at=here).status_code == 303
    assert admin.get(here).status_code == 404
    with app.app_context():
        noted = set(db.session.scalars(select(AuditEntry.action)))
        details = str(list(db.session.scalars(select(AuditEntry.details))))
    assert {
        f"webhook.{name}" for name in ("changed", "rotated", "switched_off", "switched_on", "removed")
    } <= noted
    assert "whsec_" not in details


def messages(app, endpoint_id, number, state="failed"):
    with app.app_context(), work.unit():
        for place in range(number):
            db.session.add(
                WebhookMessage(
                    endpoint_id=endpoint_id,
                    event_id=place + 1,
                    uid=f"msg_{place}",
                    name=rules.EVENTS[place % 3],
                    body="{}",
                    state=state,
                    attempts=10,
                    attempts_before=0,
                    due_at=clock.now(),
                    created_at=clock.now(),
                )
            )


def test_the_log_is_filtered_and_costs_the_same_however_long(app, admin, subscribe):
    number, _ = subscribe()
    messages(app, number, 1)
    with sql.count(app) as few:
        admin.get(f"{PAGE}/{number}")
    messages(app, number + 0, 0)
    with app.app_context(), work.unit():
        db.session.query(WebhookMessage).delete()
    messages(app, number, 45)
    with sql.count(app) as many:
        page = admin.get(f"{PAGE}/{number}?state=failed&event=user.registered").text
    assert len(many) == len(few) <= 6
    assert "15 messages" in page
    assert "No message matches" in admin.get(f"{PAGE}/{number}?state=delivered").text
    assert "45 messages" in admin.get(f"{PAGE}/{number}?state=odd&event=odd").text


def test_one_message_or_all_that_failed_are_sent_again(app, admin, receiver, subscribe, run_jobs):
    number, secret = subscribe()
    messages(app, number, 3)
    here = f"{PAGE}/{number}"
    first = row(app, WebhookMessage)
    again = post(admin, f"{here}/messages/{first.id}/replay", form_at=f"{here}/messages/{first.id}")
    assert again.status_code == 303
    run_jobs()
    assert receiver.ids == [first.uid] and receiver.requests[0].verified(secret) == {}
    page = post(admin, f"{here}/replay", {"hours": "24"}, form_at=here, follow_redirects=True).text
    assert "2 messages are sent again" in page
    with app.app_context(), work.unit():
        assert delivering.sweep(clock.now()) == 2
    run_jobs()
    assert sorted(receiver.ids) == ["msg_0", "msg_1", "msg_2"]
    with app.app_context():
        assert set(db.session.scalars(select(WebhookMessage.state))) == {"delivered"}
    assert "Nothing failed in that time" not in admin.get(here).text
