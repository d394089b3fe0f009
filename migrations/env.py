"""Run migrations: one at a time for the whole installation, each in its own transaction, never waiting long for a lock."""

from alembic import context
from flask import current_app
from sqlalchemy import text

import lms.accounts.models
import lms.api.models
import lms.assignments.models
import lms.calendars.models
import lms.certificates.models
import lms.core.models
import lms.courses.models
import lms.discussions.models
import lms.files.models
import lms.learning.models
import lms.notifications.models
import lms.quizzes.models
import lms.webhooks.models  # noqa: F401
from lms.core.db import db

ADVISORY_LOCK = 7215


def run() -> None:
    """Upgrade or downgrade online. Fails after 10 s without a lock, so that a busy table isn't blocked behind us."""
    engine = context.config.attributes.get("engine") or db.engine
    with engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
        connection.commit()
        try:
            connection.execute(text("set lock_timeout = '10s'"))
            connection.execute(text("set statement_timeout = '30min'"))
            connection.commit()
            context.configure(
                connection=connection,
                target_metadata=db.metadata,
                transaction_per_migration=True,
                compare_type=True,
            )
            with context.begin_transaction():
                context.run_migrations()
        finally:
            connection.rollback()
            connection.execute(text("select pg_advisory_unlock(:key)"), {"key": ADVISORY_LOCK})
            connection.commit()


if context.is_offline_mode():
    raise SystemExit(f"Migrations of {current_app.name} run against a database only.")
run()
