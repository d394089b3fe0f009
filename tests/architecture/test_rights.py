"""Every route, asked by every kind of person, answers as the table in rights.py says."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.architecture import rights
from tests.support import forms, school
from tests.support.school import School

UNKNOWN = {
    "slug": "no-such-course",
    "lesson": "no-such-lesson",
    "page": "no-such-page",
    "quiz": "no-such-quiz",
    "assignment": "no-such-assignment",
    "path": "no/such/file.png",
    "number": "CERT-20260101-0000000000",
    "token": "no-such-token",
    "name": "no-such-message",
    "attempt_id": 999999,
    "assignment_id": 999999,
    "submission_id": 999999,
    "file_row": 999999,
    "item_id": 999999,
    "work": "assignment",
    "quiz_id": 999999,
    "table": "questions",
    "figures": "lessons",
    "regrade_id": 999999,
    "task_id": 999999,
    "export_id": 999999,
    "text_number": 1,
    "question_id": 999999,
    "draw_id": 999999,
    "asset_id": 999999,
    "review_id": 999999,
    "notice_id": 999999,
    "announcement_id": 999999,
    "thread_id": 999999,
    "post_id": 999999,
    "report_id": 999999,
    "upload_id": UUID(int=7),
    "start": 0,
    "module_id": 999999,
    "row_id": 999999,
    "fault_id": 999999,
    "required_id": 999999,
    "kind": "page",
    "part": "no-such-part",
    "thing": "module",
    "version": 1,
    "session_id": 999999,
    "user_id": 999999,
    "application_id": 999999,
    "invitation_id": 999999,
    "enrollment_id": 999999,
    "email_id": 999999,
    "ticket": "no-such-ticket",
    "source": "task",
    "slot": 99,
    "endpoint_id": 999999,
    "token_id": 999999,
    "message_id": 999999,
    "thumbprint": "no-such-key",
    "list_number": 9,
    "picture": "logo",
    "section": "no-such-section",
}
PROGRAMS = "api."
"""Endpoints under this name ask for a token and look at no cookie, so no form of another site reaches them."""
MAILED_LINKS = {"accounts.verify", "accounts.reset", "accounts.confirm_email", "membership.accept_invitation"}
"""A mailed link that is no good any more says so: 410, with the way to a new one."""

ONE_CLICK = {"notifications.stop"}
"""Sent by the reader's mail program, which has seen no page of ours: guarded by the signature in its address."""

WITHOUT_TOKEN = {"accounts.language"}
"""Changed by visitors, whose pages carry no token: guarded by what the browser says about the form's origin."""


@pytest.fixture(scope="module")
def standing_school(application: Flask) -> Iterator[School]:
    """For looking at only: nobody changes it."""
    yield school.built(application)


@pytest.fixture
def fresh_school(application: Flask) -> School:
    return school.built(application)


def parameters(place: School, on: str) -> dict[str, object]:
    """The values of an address for `tea`, `tea-1` (its lesson 1), `attic`, `tea-open` (bob's attempt) ..."""
    course, _, part = on.partition("-")
    attempt = place.values.get(f"{course} {part}")
    return {
        **UNKNOWN,
        "slug": course,
        "lesson": f"lesson-{part}" if part in ("1", "3") else "lesson-2",
        "page": "more",
        "quiz": "check",
        "assignment": "assignment",
        "path": "leaf.pdf",
        "number": school.NUMBER,
        "slot": 0,
        "attempt_id": attempt,
        "quiz_id": place.values.get(f"{course} quiz", 999999),
        "question_id": place.values.get(f"{course} question", 999999),
        "draw_id": place.values.get(f"{course} draw", 999999),
        "review_id": place.values.get(f"{course} review", 999999),
        "announcement_id": place.values.get(f"{course} announcement", 999999),
        "thread_id": place.values.get(f"{course} thread", 999999),
        "post_id": place.values.get(f"{course} thread", 999999),
        "report_id": place.values.get(f"{course} report", 999999),
        "assignment_id": place.values.get(f"{course} brief", 999999),
        "work": "assignment",
        "item_id": place.values.get(f"{course} brief", 999999),
        "file_row": place.values.get(f"{course} work file", 999999),
        "submission_id": place.values.get(f"{course} work", 999999),
        "asset_id": place.values.get(f"{course} asset", 999999),
        "module_id": place.values.get(f"{course} module", 999999),
        "row_id": place.values.get(f"{course} lesson", 999999),
        "kind": "page",
        "part": "more",
        "thing": "lesson",
        "version": 1,
        "list_number": 0,
        "section": course,
        "name": part or UNKNOWN["name"],
        **{name: value for name, value in place.parameters.items() if value and " " not in name},
    }


def address(app: Flask, endpoint: str, values: dict[str, object]) -> str:
    wanted = {name for rule in app.url_map.iter_rules(endpoint) for name in rule.arguments}
    if endpoint == "admin.retry_job":  # a job's number is no certificate's
        values = {**values, "number": 999999}
    with app.test_request_context():
        return url_for(endpoint, **{name: values[name] for name in wanted})


def ask(client: FlaskClient, row: rights.Row, path: str) -> TestResponse:
    if row.method == "GET":
        return client.get(path)
    if is_for_programs(row.endpoint):
        return client.open(path, method=row.method, json={})
    return forms.post(client, path, rights.FORMS.get(row.endpoint), form_at="/password/forgot")


def is_for_programs(endpoint: str) -> bool:
    return endpoint.startswith(PROGRAMS)


def words(answer: TestResponse) -> str:
    if answer.status_code == 303 and answer.location.startswith("/sign-in?next="):
        return "sign-in"
    return str(answer.status_code)


def surprises(place: School, row: rights.Row) -> dict[str, str]:
    """Who was answered otherwise than the table says."""
    clients = {name: place.client(name) for name in rights.PEOPLE}
    path = address(place.app, row.endpoint, parameters(place, row.on))
    # In the order of the table, the least entitled first: what they may not do has not happened when others ask.
    answers = {name: words(ask(client, row, path)) for name, client in clients.items()}
    return {
        name: f"{answer} instead of {row.answers[name]}"
        for name, answer in answers.items()
        if answer != row.answers[name]
    }


@pytest.mark.parametrize("row", [row for row in rights.ROWS if row.method == "GET"], ids=str)
def test_looking(row: rights.Row, standing_school: School) -> None:
    assert surprises(standing_school, row) == {}


@pytest.mark.parametrize("row", [row for row in rights.ROWS if row.method != "GET"], ids=str)
def test_changing(row: rights.Row, fresh_school: School) -> None:
    assert surprises(fresh_school, row) == {}


def test_what_does_not_exist_is_not_found_by_anyone(standing_school: School) -> None:
    """Unknown slugs, numbers and ids: 404, also for an admin, whatever is sent."""
    app, dana = standing_school.app, standing_school.client("dana")
    wrong = {}
    for rule in app.url_map.iter_rules():
        if not rule.arguments or rule.endpoint in MAILED_LINKS | {"static"} or is_for_programs(rule.endpoint):
            continue
        path = address(app, rule.endpoint, UNKNOWN)
        for method in (rule.methods or set()) & {"GET", "POST"}:
            row = rights.Row(rule.endpoint, method, "", {})
            if (status := ask(dana, row, path).status_code) != 404:
                wrong[f"{method} {path}"] = status
    assert wrong == {}


def test_a_post_without_its_token_changes_nothing_anywhere(standing_school: School) -> None:
    """No address is exempt from CSRF but those in WITHOUT_TOKEN and ONE_CLICK."""
    app, dana = standing_school.app, standing_school.client("dana")
    taken = {}
    for row in rights.ROWS:
        if (
            row.method == "POST"
            and row.endpoint not in WITHOUT_TOKEN | ONE_CLICK
            and not is_for_programs(row.endpoint)
        ):
            answer = dana.post(address(app, row.endpoint, parameters(standing_school, row.on)))
            if (answer.status_code, answer.headers.get("X-Error")) != (400, "csrf"):
                taken[str(row)] = answer.status_code
    assert taken == {}


@pytest.mark.parametrize("endpoint", sorted(WITHOUT_TOKEN))
def test_a_form_without_a_token_is_taken_from_our_own_pages_only(
    endpoint: str, standing_school: School
) -> None:
    visitor, path = standing_school.client("visitor"), address(standing_school.app, endpoint, UNKNOWN)
    elsewhere = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    assert visitor.post(path, data=rights.FORMS[endpoint], headers=elsewhere).status_code == 403


def test_an_address_with_huge_numbers_is_not_found(standing_school: School) -> None:
    dana = standing_school.client("dana")
    for path in ("/attempts/{}", "/attempts/{}/result", "/teaching/imports/{}"):
        for number in (2**31, 2**63, 10**40):
            assert dana.get(path.format(number)).status_code == 404, path.format(number)
