"""Empty tables for the next test."""

from itertools import count

from flask import Flask
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from lms.accounts import site
from lms.core.db import db

SWEEP = 200
"""So often tables are truncated, which leaves no dead rows behind but took most of the time of many tests."""

_calls = count()
_COUNTED = (
    "select sequencename from pg_sequences where schemaname = current_schema() and last_value is not null"
)


def empty(app: Flask) -> None:
    """Empty every table and the queue; rows are counted from 1 again."""
    with app.app_context():
        db.session.remove()
        clear = _truncate if next(_calls) % SWEEP == 0 else _delete
        # A running worker may hold rows at this moment: PostgreSQL ends one of the two, the next try succeeds.
        for tries_left in reversed(range(10)):
            try:
                with db.engine.begin() as connection:
                    # The audit log refuses to be emptied while its trigger is on; nor are foreign keys asked.
                    connection.execute(text("set local session_replication_role = replica"))
                    clear(connection)
                break
            except OperationalError:
                if not tries_left:
                    raise
        app.extensions["lectern-redis"].flushdb()
        site.forget()


def _names() -> list[str]:
    return [table.name for table in db.metadata.sorted_tables]


def _truncate(connection: Connection) -> None:
    connection.execute(text(f"truncate {', '.join(_names())} restart identity cascade"))


def _delete(connection: Connection) -> None:
    """Only what holds something: most tests fill few of the tables."""
    filled = " union all ".join(f"select '{name}' where exists (select from {name})" for name in _names())  # noqa: S608 - our own names
    deletions = [f"delete from {name}" for name in connection.scalars(text(filled))]  # noqa: S608
    counted = connection.scalars(text(_COUNTED))
    restarts = [f"select setval('{name}', 1, false)" for name in counted]
    for statement in (*deletions, *restarts):
        connection.execute(text(statement))
