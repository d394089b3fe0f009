"""Counting the statements that a request sends to the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from lms.accounts import site
from lms.core.db import db


@contextmanager
def count(app: Flask) -> Iterator[list[str]]:
    """The statements of the block, in order; savepoints and the connection's own talk are not statements."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engine
        site.current()  # read once in five seconds, whatever page is asked for
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
