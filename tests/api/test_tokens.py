"""Tokens: made once, shown once, scoped, and gone when revoked, expired or their owner leaves."""

import re
from datetime import timedelta
from time import monotonic

import pytest
from sqlalchemy import select

from lms.accounts.models import AuditEntry, User
from lms.api.models import ApiToken
from lms.core import clock, work
from lms.core.db import db
from lms.core.security import limiter
from lms.courses.models import Course
from tests import factories
from tests.support import forms

ME = "/api/v1/me"


def make(client, page="/profile/tokens", **more):
    data = {"name": "My script", "scopes": ["read:courses", "read:learning"], "days": "30"} | more
    return forms.post(client, page, data, form_at=page)


def shown(answer):
    return re.search(r"lectern_[\w-]{43}", answer.text)[0]


def test_a_token_is_shown_once_and_kept_as_a_fingerprint(app, bob, as_user):
    browser = as_user(bob)
    answer = make(browser)
    token = shown(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    again = browser.get("/profile/tokens").text
    assert token not in again and "My script" in again and f"lectern_…{token[-4:]}" in again
    with app.app_context():
        row = db.session.scalars(select(ApiToken)).one()
        assert token not in str(vars(row)) and row.scopes == ["read:courses", "read:learning"]
        assert token not in str(db.session.execute(select(AuditEntry.details)).all())


def test_it_opens_what_it_is_for_and_nothing_else(client, bob, as_user):
    token = {"Authorization": f"Bearer {shown(make(as_user(bob)))}"}
    me = client.get(ME, headers=token)
    assert me.json["user"]["email"] == "bob@example.org"
    assert client.get("/api/v1/enrollments", headers=token).status_code == 200
    refused = client.post("/api/v1/enrollments", headers=token, json={"course": "tea"})
    assert refused.status_code == 403
    assert 'error="insufficient_scope"' in refused.headers["WWW-Authenticate"]
    assert client.get("/learning", headers=token).status_code == 303, "pages know no tokens"


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer lectern_none", "Basic Ym9iOmJvYg==", "Bearer \u00e9"]
)
def test_without_a_working_token_nothing_is_told(client, given):
    answer = client.get(ME, headers={"Authorization": given})
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_log_says_whose_program_it_was_and_never_the_token(client, bob, token_for, caplog):
    token = token_for(bob)
    with caplog.at_level("INFO"):
        client.get(ME, headers=token)
    [line] = [record for record in caplog.records if record.name == "lectern.request"]
    assert line.user == bob.id and line.api_token
    assert token["Authorization"].removeprefix("Bearer ") not in str(vars(line))


def test_a_browsers_session_opens_nothing_and_is_not_taken_away(bob, as_user):
    browser = as_user(bob)
    assert browser.get(ME).status_code == 401
    assert browser.delete("/api/v1/enrollments/tea").status_code == 401
    assert browser.get("/learning").status_code == 200


def test_revoking_stops_it_at_once(client, bob, charlie, as_user):
    browser = as_user(bob)
    token = {"Authorization": f"Bearer {shown(make(browser))}"}
    place = re.search(r"/profile/tokens/\d+/removal", browser.get("/profile/tokens").text)[0]
    assert forms.post(as_user(charlie), place, {}, form_at="/profile/tokens").status_code == 404
    assert client.get(ME, headers=token).status_code == 200
    assert forms.post(browser, place, {}, form_at="/profile/tokens").status_code == 303
    assert client.get(ME, headers=token).status_code == 401


def test_it_ends_by_itself(client, bob, token_for):
    token = token_for(bob, days=30)
    with clock.stopped_at(clock.now() + timedelta(days=30, seconds=1)):
        assert client.get(ME, headers=token).status_code == 401


def test_a_closed_account_closes_its_tokens(app, client, bob, token_for):
    token = token_for(bob)
    with app.app_context(), work.unit():
        db.session.get(User, bob.id).is_active = False
    assert client.get(ME, headers=token).status_code == 401


def test_who_teaches_no_longer_loses_the_scope(app, client, alice, token_for):
    token = token_for(alice)
    assert client.get("/api/v1/teaching/courses", headers=token).status_code == 200
    with app.app_context(), work.unit():
        db.session.get(User, alice.id).role = "student"
    assert client.get("/api/v1/teaching/courses", headers=token).status_code == 403


def test_the_day_of_use_is_noted_and_not_the_minute(app, client, bob, token_for):
    token, noon = token_for(bob), clock.now().replace(hour=12)
    with clock.stopped_at(noon):
        client.get(ME, headers=token)
    with app.app_context():
        assert db.session.scalar(select(ApiToken.last_used_on)) == noon.date()


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "a" * 81}, {"scopes": []}, {"scopes": ["read:teaching"]}, {"days": "9999"}],
)
def test_a_form_that_asks_for_too_much_is_refused_and_keeps_what_was_typed(app, bob, as_user, wrong):
    answer = make(as_user(bob), **wrong)
    assert answer.status_code == 422
    if "name" not in wrong:
        assert "My script" in answer.text
    with app.app_context():
        assert db.session.scalar(select(ApiToken.id)) is None


def test_one_person_has_at_most_twenty(bob, as_user, token_for):
    for _ in range(20):
        token_for(bob)
    assert make(as_user(bob)).status_code == 422


def test_admins_make_tokens_of_services_which_belong_to_nobody(client, dana, bob, as_user):
    browser = as_user(dana)
    answer = make(browser, "/admin/tokens", scopes=["read:courses", "read:teaching"])
    token = {"Authorization": f"Bearer {shown(answer)}"}
    me = client.get(ME, headers=token).json
    assert (me["kind"], me["user"]) == ("service", None)
    assert "Dana Dale" in browser.get("/admin/tokens").text
    assert "My script" not in browser.get("/profile/tokens").text
    assert as_user(bob).get("/admin/tokens").status_code == 403


def in_one_minute(ask):
    """What `ask` brings when all of it falls into one minute of the limits, which a busy machine may miss."""
    for _ in range(5):
        limiter.reset()
        began = monotonic()
        answers = ask()
        if monotonic() - began < 60:
            return answers
    pytest.fail("too slow to reach a limit within its minute")


def test_a_tokens_requests_are_limited_and_counted_in_headers(app, environment, alice, bob, token_for):
    from config import Settings
    from lms.api import rules
    from lms.app import create_app
    from lms.core import jobs

    course = factories.course(app, alice, slug="tea")
    with app.app_context(), work.unit():
        db.session.get_one(Course, course.id).access = "code"
    busy, quiet = token_for(alice), token_for(bob)
    owner = jobs._app
    limited = create_app(Settings.from_env({**environment, "RATE_LIMITS": "true"}))
    jobs._app = owner
    client = limited.test_client()

    def try_codes():
        body = {"course": "tea"}
        answers = [
            client.post("/api/v1/enrollments", headers=quiet, json=body | {"code": str(number)})
            for number in range(21)
        ]
        return [answer.status_code for answer in answers]

    def ask_too_often():
        return [client.get(ME, headers=busy) for _ in range(rules.PER_MINUTE + 1)]

    with limited.app_context():
        assert in_one_minute(try_codes) == [409] * 20 + [429], "nobody tries out codes"
        first, *_, last = in_one_minute(ask_too_often)
        assert int(first.headers["X-RateLimit-Remaining"]) == rules.PER_MINUTE - 1
        assert "Retry-After" not in first.headers, "who is served need not wait"
        assert (last.status_code, last.mimetype) == (429, "application/problem+json")
        assert int(last.headers["Retry-After"]) > 0
        limiter.reset()
        unknown = client.get("/api/v1/courses/x", headers=busy)
        assert "X-RateLimit-Reset" in unknown.headers
    assert client.get(ME, headers=quiet).status_code == 200
    with limited.app_context():
        db.engine.dispose()


def test_ones_own_data_tells_of_tokens_and_forgetting_removes_them(app, client, bob, token_for):
    from lms.api import personal

    token = token_for(bob)
    with app.app_context(), work.unit():
        [row] = personal.export(bob.id)["api_tokens"]
        assert row["name"] == "a program" and "token_hash" not in row
        personal.erase(bob.id, factories.NOW)
    assert client.get(ME, headers=token).status_code == 401
