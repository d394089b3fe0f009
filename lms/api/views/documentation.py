"""The description of the API, for programs and for people."""

from dataclasses import dataclass
from typing import Any

from flask import Response, abort, current_app, jsonify, request

from lms.api import openapi, rules, schemas
from lms.api.examples import EXAMPLES
from lms.api.table import ENDPOINTS, Endpoint, bp
from lms.core import web
from lms.core.access import public
from lms.core.security import limiter


@bp.get("/openapi.json")
@limiter.limit("60 per minute")
@public
def description() -> Response:
    response = jsonify(openapi.document())
    response.headers["Cache-Control"] = "public, max-age=300"
    response.add_etag()
    response.make_conditional(request)
    return response


def page() -> Response:
    """The description as a page, where the installation shows it."""
    if not current_app.config["LECTERN"].api_docs:
        abort(404)
    return web.render(
        "api/docs.html",
        chapters=[Chapter(line) for line in ENDPOINTS],
        schemas=schemas.COMPONENTS,
        rules=rules,
    )


@dataclass(frozen=True, slots=True)
class Chapter:
    """What the page says about one endpoint."""

    line: Endpoint

    @property
    def parameters(self) -> list[tuple[str, str, str, str]]:
        """Name, where it goes, its form and what it is for."""
        line = self.line
        places = [part[1:-1] for part in line.path.split("/") if part.startswith("{")]
        taken = schemas.COMPONENTS[line.body] if line.body else {"properties": {}, "required": []}
        found = [(name, "path", schemas.SLUG, True) for name in places]
        found += [(name, "query", schema, False) for name, schema in line.query.items()]
        found += [
            (name, "body", schema, name in taken["required"]) for name, schema in taken["properties"].items()
        ]
        return [
            (name, where, form_of(schema, required=required), schema.get("description", ""))
            for name, where, schema, required in found
        ]

    @property
    def statuses(self) -> list[tuple[int, str]]:
        """What may come back, and what it means."""
        operation = openapi.document()["paths"][self.line.path][self.line.method.lower()]
        return [(int(status), answer["description"]) for status, answer in operation["responses"].items()]

    @property
    def shape(self) -> str | None:
        """The name of what comes back: of each item, where it is a list."""
        schema = next(iter(self.line.answers.values()))
        if schema is None:
            return None
        name: str = (schema["properties"]["items"]["items"] if self.line.is_list else schema)["$ref"]
        return name.rpartition("/")[2]

    @property
    def example(self) -> Any:
        """An answer."""
        if self.shape is None:
            return None
        one = EXAMPLES[self.shape]
        return {"items": [one], "next": None} if self.line.is_list else one


def form_of(schema: schemas.Schema, *, required: bool) -> str:
    """A parameter's schema in a few words."""
    if schema["type"] == "integer":
        return f"{schema['minimum']}–{schema['maximum']}, else {schema['default']}"
    form = "2026-03-02T09:30:00Z" if schema.get("format") == "date-time" else "text"
    form = "a-z 0-9 -" if schema == schemas.SLUG or "pattern" in schema else form
    return form if required else f"{form}, optional"
