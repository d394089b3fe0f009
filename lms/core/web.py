"""Answers: a page or its fragment, and redirects that htmx and plain forms both follow."""

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

import flask.templating
from flask import Response, current_app, make_response, render_template, request, url_for
from jinja2 import Template


class Environment(flask.templating.Environment):
    """Jinja for pages, which import forty templates each."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self._loaded: dict[str, Template] = {}

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """One dictionary for all: Jinja compares them at each import, which took a twentieth of a page's time
        through the chain that it makes of them otherwise."""
        return super().make_globals(d) if d else self.globals

    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Template:
        """What was loaded, by its plain name; Jinja's own store is asked where a file may change meanwhile."""
        if globals or self.auto_reload:
            return super()._load_template(name, globals)
        known = self._loaded.get(name)
        if known is None:
            known = self._loaded[name] = super()._load_template(name, globals)
        return known


def wants_fragment() -> bool:
    """Whether htmx asked for a part of a page (its `HX-Request-Type` says which)."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type") != "full"


def render(template: str, *, fragment: str | None = None, status: int = 200, **facts: Any) -> Response:
    """Render the page `template`, or only `fragment` when htmx asked for a part."""
    chosen = fragment if fragment and wants_fragment() else template
    response = make_response(render_template(chosen, **facts), status)
    if fragment:
        response.headers.add("Vary", "HX-Request, HX-Request-Type")
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def redirect(target: str) -> Response:
    """Lead on after a change: 303 for a plain form, `HX-Redirect` for htmx."""
    if request.headers.get("HX-Request") == "true":
        return Response(status=204, headers={"HX-Redirect": target})
    return Response(status=303, headers={"Location": target})


def redirect_to(endpoint: str, **values: Any) -> Response:
    """`redirect` by endpoint."""
    return redirect(url_for(endpoint, **values))


def path(endpoint: str, **values: Any) -> str:
    """The path of an endpoint."""
    return url_for(endpoint, **values)


def safe_next(target: str | None) -> str | None:
    """`target` when it is a path on this site, else None: no open redirects."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    parts = urlsplit(target.replace("\\", "/"))
    if parts.scheme or parts.netloc or any(ord(sign) < 32 for sign in target):
        return None
    return target


def absolute_url(endpoint: str, **values: Any) -> str:
    """An address for emails and documents, from BASE_URL and never from the request's host."""
    base = urlsplit(current_app.config["LECTERN"].base_url)
    adapter = current_app.url_map.bind(base.netloc, script_name=base.path or "/", url_scheme=base.scheme)
    return adapter.build(endpoint, values, force_external=True)
