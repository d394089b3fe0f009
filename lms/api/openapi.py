"""The description of the API (OpenAPI 3.1), written from its table."""

from functools import cache
from typing import Any

from lms.api import rules
from lms.api.examples import EXAMPLES
from lms.api.schemas import COMPONENTS, SLUG, Schema, named
from lms.api.table import ENDPOINTS, Endpoint

VERSION = "1.0.0"

_EVERYWHERE = (400, 401, 403, 422, 429)
_WHOLE: Schema = {"type": "integer"}
_HEADERS: dict[int, dict[str, tuple[str, Schema]]] = {
    200: {"ETag": ("For `If-None-Match` next time.", {"type": "string"})},
    401: {"WWW-Authenticate": ("`Bearer`, and what is wrong with the token.", {"type": "string"})},
    429: {"Retry-After": ("Seconds to wait.", _WHOLE)},
}
_MEANING = {
    200: "Done.",
    201: "Made.",
    204: "Done; there is nothing to say.",
    304: "Nothing changed since the `ETag` that you sent as `If-None-Match`.",
    400: "The request is not HTTP as it should be.",
    401: "There is no token, or it does not work.",
    403: "The token may not do this.",
    404: "It does not exist, or is not open to this token.",
    409: "It is not possible now; `reason` says why.",
    413: "The body is larger than 64 KiB.",
    415: "Send JSON.",
    422: "A parameter or field is wrong; `errors` names it.",
    429: "Too many requests; `Retry-After` says how many seconds to wait.",
}


@cache
def document() -> dict[str, Any]:
    """The whole description; addresses are relative to the server that gave it."""
    paths: dict[str, dict[str, Any]] = {}
    for line in ENDPOINTS:
        paths.setdefault(line.path, {})[line.method.lower()] = _operation(line)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Lectern",
            "version": VERSION,
            "description": "Courses, enrollments, progress, results and certificates for other programs. "
            "Times are UTC. Lists go up by `id`; `next` is the `cursor` of the next page.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": {
                name: {**schema, "examples": [EXAMPLES[name]]} for name, schema in COMPONENTS.items()
            },
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": f"A token beginning with {rules.PREFIX}, made under /profile/tokens.",
                }
            },
        },
    }


def _operation(line: Endpoint) -> dict[str, Any]:
    right = f"Needs the scope `{line.scope}`." if line.scope else "Any token will do."
    statuses = sorted({*_EVERYWHERE, *line.problems, *((413,) if line.body else ())})
    operation: dict[str, Any] = {
        "operationId": line.name,
        "tags": [line.scope.partition(":")[2] if line.scope else "token"],
        "summary": line.summary,
        "description": f"{line.says} {right}".strip(),
        "parameters": [*_places(line.path), *_parameters(line.query)],
        "responses": {
            **{str(status): _answer(status, schema) for status, schema in line.answers.items()},
            **({"304": {"description": _MEANING[304]}} if line.method == "GET" else {}),
            **{str(status): _problem(status) for status in statuses},
        },
    }
    if line.body:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": named(line.body)}},
        }
    return operation


def _places(path: str) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    return [{"name": name, "in": "path", "required": True, "schema": SLUG} for name in names]


def _parameters(query: dict[str, Schema]) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "required": False, "schema": schema} for name, schema in query.items()
    ]


def _answer(status: int, schema: Schema | None) -> dict[str, Any]:
    content = {} if schema is None else {"content": {"application/json": {"schema": schema}}}
    return {"description": _MEANING[status], **_headers(status), **content}


def _headers(status: int) -> dict[str, Any]:
    headers = {
        name: {"description": words, "schema": schema}
        for name, (words, schema) in _HEADERS.get(status, {}).items()
    }
    return {"headers": headers} if headers else {}


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": _MEANING[status],
        **_headers(status),
        "content": {"application/problem+json": {"schema": named("Problem")}},
    }
