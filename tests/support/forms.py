"""Sending forms as a browser without scripts does: the token comes from a page that was opened before."""

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def token(client: FlaskClient, page: str) -> str:
    """The CSRF token that stands on a page."""
    text = client.get(page).text
    match = _TOKEN.search(text) or re.search(r'"X-CSRFToken": "([^"]+)"', text)
    assert match, f"no form on {page}"
    return match[1]


def post(
    client: FlaskClient,
    path: str,
    data: dict[str, Any] | None = None,
    *,
    form_at: str | None = None,
    **more: Any,
) -> TestResponse:
    """POST a form; the token is taken from `form_at`, or from the page at `path` itself, or from the sign-in page."""
    fields = {"csrf_token": token(client, form_at or path), **(data or {})}
    return client.post(path, data=fields, **more)
