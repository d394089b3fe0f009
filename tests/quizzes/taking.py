"""Taking a quiz in tests: a browser without scripts, and the same as the page's script does it."""

import re
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
    """Send one answer as the page's script does; `pair_1` is the field `pair-1`."""
    data = {name.replace("_", "-"): value for name, value in fields.items()} | {"seq": seq}
    headers = {"Accept": "application/json", "X-CSRFToken": token(client, "/no-such-page")}
    return client.post(f"/attempts/{attempt}/answers/{slot}", data=data, headers=headers)


def submit(client: FlaskClient, attempt: int, data: dict[str, Any] | None = None) -> TestResponse:
    """Send the form of the attempt."""
    fields = {"csrf_token": token(client, "/no-such-page"), **(data or {})}
    return client.post(f"/attempts/{attempt}/submission", data=fields)


def row(sql: str, **parameters: Any) -> Any:
    """One row straight from the database."""
    with db.engine.connect() as connection:
        return connection.execute(text(sql), parameters).one()


def questions_in(page: str) -> list[str]:
    """The words of questions and options on a page, in their order."""
    return re.findall(r'class="(?:question-text prose|option-text)">([^<]+)<', page)
