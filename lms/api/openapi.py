"""The description of the API (OpenAPI 3.1), written from its table."""

from functools import cache
from typing import Any

from lms.api import rules
from lms.api.schemas import COMPONENTS, SLUG, Schema, named
from lms.api.table import ENDPOINTS, Endpoint

VERSION = "1.0.0"

_EVERYWHERE = (400, 401, 403, 422, 429)
_MEANING = {
    200: "Done.",
    201: "Made.",
    204: "Done; there is nothing to say.",
    400: "The request is not HTTP as it should be.",
    401: "There is no token, or it does not work.",
    403: "The token may not do this.",
    404: "It does not exist, or is not open to this token.",
    409: "It is not possible now; `reason` says why.",
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
            "description": "Courses, enrollments, progress, results and certificates for other programs.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": COMPONENTS,
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
    statuses = sorted({*_EVERYWHERE, *line.problems})
    operation: dict[str, Any] = {
        "operationId": line.name,
        "summary": line.summary,
        "description": f"Needs the scope `{line.scope}`." if line.scope else "Any token will do.",
        "parameters": [*_places(line.path), *_parameters(line.query)],
        "responses": {
            **{str(status): _answer(status, schema) for status, schema in line.answers.items()},
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
    return {"description": _MEANING[status], **content}


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": _MEANING[status],
        "content": {"application/problem+json": {"schema": named("Problem")}},
    }
