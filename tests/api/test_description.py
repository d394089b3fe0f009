"""The description of the API agrees with the API: schemathesis asks for what it allows and what it forbids."""

import jsonschema_rs
import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS
from schemathesis.openapi.checks import RejectedPositiveData
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from lms.api.table import ENDPOINTS
from lms.certificates.models import Certificate
from lms.core import clock, work
from lms.core.db import db
from lms.learning import actions
from lms.quizzes.models import Attempt
from tests import factories
from tests.support import quizzes

OPERATIONS = [f"{line.method} {line.path}" for line in ENDPOINTS]
EXAMPLES = 12
"""Of each endpoint, the same ones each time."""


@pytest.fixture
def furnished(app, alice):
    """Courses, and somebody who teaches, learns, has a result and a certificate: no answer is empty."""
    course = factories.course(app, alice, slug="tea")
    factories.course(app, alice, slug="attic", published=False)
    quiz = quizzes.quiz(app, course)
    with app.app_context(), work.unit():
        number = actions.enroll(course.id, alice.id, clock.now()).enrollment_id
        mine = {"user_id": alice.id, "enrollment_id": number}
        done = {"started_at": factories.NOW, "submitted_at": factories.NOW, "closed_by": "learner"}
        db.session.add(
            Attempt(
                quiz_id=quiz.id, number=1, state="graded", layout=[], percent=80, passed=True, **mine, **done
            )
        )
        db.session.add(
            Certificate(
                number="CERT-20260302-ABCDEFGHJK",
                course_id=course.id,
                recipient="Alice Arden",
                course_title="The book of tea",
                completed_on=factories.NOW.date(),
                issued_at=factories.NOW,
                **mine,
            )
        )
    return app


def is_made_up_cursor(case) -> bool:
    """That a cursor is one of ours, no schema can say."""
    return "cursor" in (case.query or {})


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_is_described_is_what_is_served(furnished: Flask, alice, token_for, name):
    method, _, path = name.partition(" ")
    token = token_for(alice)
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", furnished)

    @given(case=described[path][method].as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case):
        try:
            case.call_and_validate(headers=token)
        except* RejectedPositiveData:
            if not is_made_up_cursor(case):
                raise

    ask()


@pytest.mark.parametrize("line", ENDPOINTS, ids=lambda line: line.name)
def test_answers_about_a_course_that_exists_are_as_described(furnished, alice, token_for, line):
    """Made-up slugs lead to 404; these do not."""
    operation = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", furnished)[line.path][line.method]
    known = {"path_parameters": {"slug": "tea"}} if "{slug}" in line.path else {}
    sent = {"body": {"course": "tea"}, "media_type": "application/json"} if line.body else {}
    case = operation.Case(**known, **sent)
    answer = case.call(headers=token_for(alice))
    assert answer.status_code in line.answers
    case.validate_response(answer, checks=[status_code_conformance, response_schema_conformance])


@pytest.mark.parametrize("line", [line for line in ENDPOINTS if line.is_list], ids=lambda line: line.path)
def test_no_list_was_empty_when_it_was_compared(client, furnished, alice, token_for, line):
    path = "/api/v1" + line.path.replace("{slug}", "tea")
    assert client.get(path, headers=token_for(alice)).json["items"]


def test_the_checks_that_matter_are_among_those_made():
    made = set(CHECKS.get_all_names())
    assert made >= {
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
        "ignored_auth",
        "unsupported_method",
    }


def test_every_operation_and_nothing_else_is_described(client):
    described = client.get("/api/v1/openapi.json").json
    assert described["openapi"].startswith("3.1")
    for name, schema in described["components"]["schemas"].items():
        whole = schema | {"components": described["components"]}
        for example in schema["examples"]:
            assert jsonschema_rs.is_valid(whole, example, validate_formats=True), name
    written = {
        f"{method.upper()} {path}" for path, methods in described["paths"].items() for method in methods
    }
    served = {
        f"{method} {rule.rule.removeprefix('/api/v1').replace('<', '{').replace('>', '}')}"
        for rule in client.application.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.endpoint != "api.description"
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert written == served == set(OPERATIONS)


def test_the_page_shows_it_where_it_is_switched_on(client, environment):
    from config import Settings

    page = client.get("/api/docs")
    assert page.status_code == 200
    assert all(line.path in page.text for line in ENDPOINTS)
    production = {
        **environment,
        "LECTERN_ENV": "production",
        "BASE_URL": "https://learn.example.org",
        "SECRET_KEY": "k" * 40,
    }
    assert Settings.from_env(production).api_docs is False
    assert Settings.from_env({**production, "API_DOCS": "true"}).api_docs is True
