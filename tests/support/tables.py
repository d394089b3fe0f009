"""Empty tables for the next test."""

from itertools import count

from flask import Flask
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from lms.accounts import site
from lms.core.db import db
from tests.support import server

SWEEP = 400
"""So often tables are truncated, which leaves no dead rows behind but takes as long as emptying them a hundred times."""

_calls = count()


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
                    if server.AWAKE:
                        _wait_for_writers(connection)
                    clear(connection)
                break
            except OperationalError:
                if not tries_left:
                    raise
        app.extensions["lectern-redis"].flushdb()
        site.forget()


def _names() -> list[str]:
    return [table.name for table in db.metadata.sorted_tables]


def _wait_for_writers(connection: Connection) -> None:
    """What a worker of the test before is writing must not come after the emptying, with a number that is given anew."""
    connection.execute(text(f"lock table {', '.join(_names())} in share row exclusive mode"))


def _truncate(connection: Connection) -> None:
    """Also makes what empties them until the next time: one call instead of a dozen, planned once."""
    connection.execute(text(f"truncate {', '.join(_names())} restart identity cascade"))
    sequences = connection.scalars(
        text("select sequencename from pg_sequences where schemaname = current_schema()")
    )
    # Only what holds something: most tests fill few of the tables.
    deletions = [f"if exists (select from {name}) then delete from {name}; end if;" for name in _names()]  # noqa: S608 - our own names
    restarts = [
        f"if (select is_called from {name}) then perform setval('{name}', 1, false); end if;"  # noqa: S608
        for name in sequences
    ]
    body = "\n".join([*deletions, *restarts])
    connection.exec_driver_sql(
        f"create or replace function empty_tables() returns void language plpgsql as $$ begin {body} end $$"
    )


def _delete(connection: Connection) -> None:
    connection.execute(text("select empty_tables()"))
