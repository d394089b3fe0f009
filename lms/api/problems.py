"""Refusals as problems (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from flask import Response, jsonify


class Problem(Exception):
    """Ends a request of the API with this answer. `more` are further members of the problem."""

    def __init__(
        self, status: int, detail: str, *, headers: dict[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers, self.more = status, detail, headers or {}, more

    def answer(self) -> Response:
        title = HTTPStatus(self.status).phrase
        members = {"type": "about:blank", "title": title, "status": self.status, "detail": self.detail}
        response = jsonify(members | self.more)
        response.status_code, response.mimetype = self.status, "application/problem+json"
        response.headers["Cache-Control"] = "no-store"
        response.headers.update(self.headers)
        return response


def not_found() -> Problem:
    """What a caller may not see does not exist for them."""
    return Problem(404, "There is nothing under this address, or it is not open to this token.")


def unfit(field: str, detail: str) -> Problem:
    """A field or parameter is wrong."""
    return Problem(
        422,
        f"{field}: {detail}" if field else detail,
        errors=[{"field": field, "detail": detail}],
    )
