"""Taking a quiz in tests: a browser without scripts, and the same as the page's script does it."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from lms.core.db import db
from tests.support.forms import token

QUIZ = "/courses/tea/lessons/lesson-1/quizzes/steeping"


def start(client: FlaskClient) -> int:
    """Press start; the attempt's id."""
    answer = client.post(f"{QUIZ}/attempts", data={"csrf_token": token(client, QUIZ)})
    assert answer.status_code == 303, answer.text
    return int(answer.location.split("/")[2])


def save(client: FlaskClient, attempt: int, slot: int, seq: int, /, **fields: Any) -> TestResponse:
    """Send one answer as the page's script does."""
    data = {name.replace("_", "-"): value for name, value in fields.items()} | {"seq": seq}
    headers = {"Accept": "application/json", "X-CSRFToken": _token(client)}
    return client.post(f"/attempts/{attempt}/answers/{slot}", data=data, headers=headers)


def _token(client: FlaskClient) -> str:
    return token(client, "/profile")


def submit(client: FlaskClient, attempt: int, data: dict[str, Any] | None = None) -> TestResponse:
    """Send the form of the attempt."""
    return client.post(f"/attempts/{attempt}/submission", data={"csrf_token": _token(client), **(data or {})})


def row(sql: str, **parameters: Any) -> Any:
    """One row straight from the database."""
    with db.engine.connect() as connection:
        return connection.execute(text(sql), parameters).one()
