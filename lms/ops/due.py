"""Doing at once what the clock and the workers would do one after another."""

from typing import Any

from flask import current_app
from rq import Queue, SimpleWorker

from lms.core import jobs


def run() -> int:
    """Run every recurring job, then work off all queues in this process. Returns how many jobs failed."""
    connection = jobs.redis()
    before = _failed()
    queues = [Queue(name, connection=connection) for name in jobs.QUEUES]
    for job, _seconds in current_app.extensions["lectern-schedule"]:
        jobs.enqueue(job)
    SimpleWorker(queues, connection=connection).work(burst=True, logging_level="WARNING")
    return _failed() - before


def _failed() -> int:
    connection: Any = jobs.redis()
    return sum(connection.zcard(f"rq:failed:{name}") for name in jobs.QUEUES)
