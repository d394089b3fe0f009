"""The one table of endpoints: what is served, checked and described is read from it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any

from flask import Blueprint, Response, jsonify, request

from lms.api import bearer, checking, cursors, rules
from lms.api.bearer import Caller
from lms.api.problems import Problem, unfit
from lms.api.schemas import COMPONENTS, Schema, named, page_of
from lms.core import clock
from lms.core.security import csrf, limiter

bp = Blueprint("api", __name__, url_prefix="/api/v1")
# No cookie is looked at here (`cookieless`), so there is nothing that another site could borrow.
csrf.exempt(bp)

MOST = 100
MOST_BYTES = 64 * 1024
"""Of a body."""
LIMIT: Schema = {
    "type": "integer",
    "minimum": 1,
    "maximum": MOST,
    "default": 50,
    "description": "How many to give at most.",
}
CURSOR: Schema = {
    "type": "string",
    "minLength": 1,
    "maxLength": 200,
    "description": "`next` of the page before; the first page has none.",
}


@dataclass(frozen=True, slots=True)
class Call:
    """A request that has been checked: who asks, when, and with what."""

    caller: Caller
    at: datetime
    arguments: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    after: int = 0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One line of the table. `answers` are the schemas by status; None stands for an empty answer."""

    name: str
    method: str
    path: str
    scope: str | None
    summary: str
    answers: dict[int, Schema | None]
    query: dict[str, Schema]
    body: str | None
    problems: tuple[int, ...]
    is_list: bool
    says: str


ENDPOINTS: list[Endpoint] = []

_limit = limiter.shared_limit(f"{rules.PER_MINUTE} per minute", scope="api", key_func=bearer.limit_key)
"""One count for all endpoints."""

View = Callable[..., Any]


def endpoint(
    method: str,
    path: str,
    scope: str | None,
    summary: str,
    *,
    item: str | None = None,
    page: str | None = None,
    answers: dict[int, Schema | None] | None = None,
    query: dict[str, Schema] | None = None,
    body: str | None = None,
    problems: tuple[int, ...] = (),
    says: str = "",
) -> Callable[[View], View]:
    """Serve a view under `path` and write it into the table.

    The view gets a `Call` and the parts of the path. It gives what is to be sent: an object (`item` names its
    schema), the rows of a `page` (each with its `id`; one more than asked for tells that there are others),
    or a pair of object and status. `body` names the schema of what is taken, `says` is what else is to be known.
    """
    known = dict(query or {}) | ({"limit": LIMIT, "cursor": CURSOR} if page else {})
    schema = page_of(page) if page else named(item or "")

    def add(view: View) -> View:
        line = Endpoint(
            view.__name__,
            method,
            path,
            scope,
            summary,
            answers or {200: schema},
            known,
            body,
            problems,
            bool(page),
            says,
        )
        ENDPOINTS.append(line)
        guarded = _guarded(line, view)
        bp.add_url_rule(_rule(path), line.name, _limit(guarded), methods=[method])
        return view

    return add


def _rule(path: str) -> str:
    return path.replace("{", "<").replace("}", ">")


def _guarded(line: Endpoint, view: View) -> View:
    @wraps(view)
    def answer(**parts: Any) -> Response:
        try:
            call = _checked(line)
            return _sent(line, call, view(call, **parts))
        except Problem as problem:
            return problem.answer()

    answer.access = "token"  # type: ignore[attr-defined]
    return answer


def _checked(line: Endpoint) -> Call:
    at = clock.now()
    caller = bearer.caller(line.scope, at)
    try:
        given = checking.arguments(request.args.to_dict(flat=False), line.query)
        body = checking.body(_json(), COMPONENTS[line.body]) if line.body else {}
    except checking.Misfit as error:
        raise unfit(error.field, error.detail) from None
    after = cursors.read(line.name, given.get("cursor")) if line.is_list else 0
    return Call(caller, at, given, body, after)


def _json() -> Any:
    if request.mimetype != "application/json":
        raise Problem(415, "Send JSON, as `Content-Type: application/json`.")
    sent = request.stream.read(MOST_BYTES + 1)
    if len(sent) > MOST_BYTES:
        raise Problem(413, f"Send at most {MOST_BYTES} bytes.")
    try:
        return json.loads(sent)
    except (ValueError, RecursionError):
        raise unfit("", "Send a JSON object.") from None


def _sent(line: Endpoint, call: Call, answer: Any) -> Response:
    status = 200
    if isinstance(answer, tuple):
        answer, status = answer
    if answer is None:
        response = Response(status=204)
    else:
        response = jsonify(_page(line, call, answer) if line.is_list else answer)
        response.status_code = status
        response.add_etag()
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization"
    if status == 200 and answer is not None:
        response.make_conditional(request)
    return response


def _page(line: Endpoint, call: Call, rows: list[dict[str, Any]]) -> dict[str, Any]:
    limit = call.arguments["limit"]
    more = len(rows) > limit
    rows = rows[:limit]
    return {"items": rows, "next": cursors.written(line.name, rows[-1]["id"]) if more else None}
