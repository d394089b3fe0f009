"""Sending forms as a browser without scripts does: the token comes from a page that was opened before."""

import re
from html.parser import HTMLParser
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


def filled(page: str, form_id: str) -> dict[str, str]:
    """The fields of a form as a browser would send them, without its buttons."""
    reader = _Fields(form_id)
    reader.feed(page)
    return reader.fields


class _Fields(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside = form_id, False
        self.fields: dict[str, str] = {}
        self.area = self.list = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name, kind = found.get("name") or "", found.get("type") or "text"
        if tag == "form":
            self.inside = found.get("id") == self.form_id
        elif not self.inside:
            return
        elif tag == "textarea":
            self.area, self.fields[name] = name, ""
        elif tag == "select":
            self.list = name
        elif tag == "option" and ("selected" in found or self.list not in self.fields):
            self.fields[self.list] = found.get("value") or ""
        elif tag == "input" and kind != "file" and (kind not in ("checkbox", "radio") or "checked" in found):
            self.fields[name] = found.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            # A browser leaves out the line end that follows the tag.
            self.fields[self.area] += (
                data if self.fields[self.area] else data.removeprefix("\r").removeprefix("\n")
            )
