"""Logs: one line a request, JSON in production, readable lines in development. Never a secret.

A path may hold a link's secret and a query string anything at all, so the route stands in their place.
"""

import logging
import re
import sys
from collections.abc import Iterable
from time import perf_counter
from typing import Any, TextIO
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request
from flask.globals import app_ctx
from sqlalchemy import Engine, event
from structlog.contextvars import bind_contextvars, unbind_contextvars
from structlog.typing import EventDict, Processor

from config import Settings

log = logging.getLogger("lectern.request")

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
QUIET = ("static", "ops.health", "ops.ready", "ops.metrics")
SECRET_KEYS = frozenset(
    {
        "password",
        "token",
        "csrf_token",
        "secret",
        "code",
        "answer",
        "answers",
        "response",
        "authorization",
        "cookie",
    }
)
_SECRET_PATHS = re.compile(
    r"(/(?:verify-email|password/reset|email/confirm|invitations|calendar|messages/unsubscribe|privacy/erasures)/)"
    r"[^\s\"'<>?#]+"
)
_SECRET_URLS = re.compile(r"(://[^\s/:@]*:)[^\s/@]+@")
_CHATTY = ("rq", "fontTools", "mail.log", "PIL", "svglib", "xhtml2pdf", "alembic.runtime.plugins")


def init_app(app: Flask, settings: Settings) -> None:
    """Set format and level, and write a line for each request. Comes before what may refuse a request."""
    configure(settings)
    app.before_request(_begin)
    app.after_request(_note_answer)
    app.teardown_request(_write)


def configure(settings: Settings) -> None:
    """Send everything that is logged in this process, also by libraries, through one handler."""
    root = logging.getLogger()
    for old in [handler for handler in root.handlers if isinstance(handler, _Stderr)]:
        root.removeHandler(old)
    handler = _Stderr()
    handler.setFormatter(formatter(json=settings.environment != "development"))
    root.addHandler(handler)
    root.setLevel(settings.log_level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    if settings.environment != "test":
        logging.captureWarnings(True)


def _for_people() -> structlog.dev.ConsoleRenderer:
    """Python's own traces: those in frames, with every local value, took seconds and a thousand lines for one error."""
    plain = structlog.dev.plain_traceback
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)


def formatter(*, json: bool) -> structlog.stdlib.ProcessorFormatter:
    """Lines as JSON for machines, or coloured (on a terminal) for people."""
    first: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso" if json else "%H:%M:%S", utc=json),
    ]
    last: list[Processor] = (
        [
            structlog.processors.format_exc_info,
            _without_secrets,
            structlog.processors.JSONRenderer(default=str),
        ]
        if json
        else [_without_secrets, _for_people()]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=first,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    )


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes to what is standard error at that moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


def _without_secrets(_logger: Any, _method: str, line: EventDict) -> EventDict:
    # Another handler may have left its own copy of the text on the record.
    line.pop("message", None)
    for key, value in line.items():
        if key.lower() in SECRET_KEYS:
            line[key] = "***"
        elif isinstance(value, str) and "/" in value:
            line[key] = without_secrets(value)
    return line


def without_secrets(words: str) -> str:
    """Words in which addresses have no secret of a link and no password."""
    return _SECRET_URLS.sub(r"\1***@", _SECRET_PATHS.sub(r"\1***", words))


def route() -> str:
    """The current request's route, which stands for its address."""
    return request.url_rule.rule if request.url_rule else _unknown(request.path.split("/"))


def _begin() -> None:
    wish = request.headers.get("X-Request-Id", "")
    g.request_id = wish if REQUEST_ID.fullmatch(wish) else uuid4().hex
    g.begun, g.sql, g.answered = perf_counter(), 0, 500
    bind_contextvars(request_id=g.request_id)


def _note_answer(response: Response) -> Response:
    g.answered = response.status_code
    if "request_id" in g:
        response.headers["X-Request-Id"] = g.request_id
    return response


def _write(_error: BaseException | None) -> None:
    if "begun" not in g:
        return
    level = logging.DEBUG if request.endpoint in QUIET and g.answered < 500 else logging.INFO
    if log.isEnabledFor(level):
        facts = {
            "method": request.method,
            "route": route(),
            "status": g.answered,
            "ms": round((perf_counter() - g.begun) * 1000, 1),
            "sql": g.sql,
        }
        # What Flask-Login has loaded for this request; asking it would load.
        if person_id := getattr(g.get("_login_user"), "id", None):
            facts["user"] = person_id
        facts |= g.get("caller", {})
        log.log(level, "request", extra=facts)
    unbind_contextvars("request_id")


def _unknown(parts: Iterable[str]) -> str:
    """Of an address that no route knows, the first part: the rest may be a mistyped secret."""
    return "/" + next(filter(None, parts), "")[:40] + " (unknown)"


@event.listens_for(Engine, "before_cursor_execute")
def _count(*_: Any) -> None:
    if app_ctx:
        g.sql = g.get("sql", 0) + 1
