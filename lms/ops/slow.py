"""Statements that take too long, in the log: with the route and the words of the statement, never with its values."""

import logging
from time import perf_counter
from typing import Any

from flask import Flask, has_request_context, request
from prometheus_client import Counter
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import event

from lms.core.db import db
from lms.ops.metrics import SLOW_OF_JOBS, registry

log = logging.getLogger("lectern.slow")

LONGEST = 2000
"""Signs of a statement that are written."""

SLOW = Counter("lectern_slow_statements", "Statements of requests over SLOW_QUERY_MS.", registry=registry)


def init_app(app: Flask, milliseconds: int) -> None:
    """Time every statement; 0 times none."""
    if not milliseconds:
        return

    def begin(
        _connection: Any, _cursor: Any, _statement: str, _values: Any, context: Any, _many: bool
    ) -> None:
        context.lectern_begun = perf_counter()

    def end(_connection: Any, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool) -> None:
        took = (perf_counter() - context.lectern_begun) * 1000
        if took >= milliseconds:
            if has_request_context():
                SLOW.inc()
            else:
                _count_of_job(app.extensions["lectern-redis"])
            log.warning("slow statement", extra={"ms": round(took, 1), "sql": _words(statement), **_place()})

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", begin)
        event.listen(db.engine, "after_cursor_execute", end)


def _count_of_job(connection: Redis) -> None:
    """Nobody scrapes a worker, so its count is where a web process reads it. Without Redis it stands in the log alone."""
    try:
        connection.incr(SLOW_OF_JOBS)
    except RedisError as error:
        log.info("a slow statement could not be counted: %s", type(error).__name__)


def _words(statement: str) -> str:
    """One line. Values are not in it: they travel apart from the statement."""
    return " ".join(statement.split())[:LONGEST]


def _place() -> dict[str, str]:
    if has_request_context() and request.url_rule is not None:
        return {"method": request.method, "route": request.url_rule.rule}
    return {}
