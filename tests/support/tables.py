"""Empty tables for the next test."""

from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from lms.accounts import site
from lms.core.db import db


def empty(app: Flask) -> None:
    """Empty every table and the queue."""
    with app.app_context():
        db.session.remove()
        names = ", ".join(table.name for table in db.metadata.sorted_tables)
        # A running worker may hold rows at this moment: PostgreSQL ends one of the two, the next try succeeds.
        for tries_left in reversed(range(10)):
            try:
                with db.engine.begin() as connection:
                    # The audit log refuses to be emptied while its trigger is on.
                    connection.execute(text("set local session_replication_role = replica"))
                    connection.execute(text(f"truncate {names} restart identity cascade"))
                break
            except OperationalError:
                if not tries_left:
                    raise
        app.extensions["lectern-redis"].flushdb()
        site.forget()
