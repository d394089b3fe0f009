"""Jobs of quizzes."""

import logging
from datetime import timedelta

from flask import current_app

from lms.core import clock, work
from lms.core.jobs import job
from lms.quizzes import actions, queries

log = logging.getLogger(__name__)


@job("quizzes.close_overdue", queue="progress")
def close_overdue() -> None:
    """Close and grade attempts past their deadline and grace, each in a transaction of its own.

    One that cannot be graded keeps no other from being closed; it fails the job when all others are done.
    """
    at = clock.now()
    before = at - timedelta(seconds=current_app.config["LECTERN"].answer_grace_seconds)
    failed: list[int] = []
    last = 0
    while batch := queries.overdue(before, after=last):
        for attempt_id in batch:
            try:
                with work.unit():
                    actions.close(attempt_id, at, "deadline", wait=False)
            except Exception:
                log.exception("attempt %s could not be closed", attempt_id)
                failed.append(attempt_id)
        last = batch[-1]
    if failed:
        raise RuntimeError(f"attempts that could not be closed: {failed}")
