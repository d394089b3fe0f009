"""Empty tables for the next test."""

from flask import Flask
from sqlalchemy import text

from lms.accounts import site
from lms.core.db import db


def empty(app: Flask) -> None:
    """Empty every table and the queue."""
    with app.app_context():
        db.session.remove()
        names = ", ".join(table.name for table in db.metadata.sorted_tables)
        with db.engine.begin() as connection:
            # The audit log refuses to be emptied while its trigger is on.
            connection.execute(text("set local session_replication_role = replica"))
            connection.execute(text(f"truncate {names} restart identity cascade"))
        app.extensions["lectern-redis"].flushdb()
        site.forget()
