"""Recurring jobs that failed: unlike those that an event or a person caused, they stand in the queue's own register."""

from dataclasses import dataclass
from datetime import UTC, datetime

from redis.exceptions import RedisError
from rq.job import Job as Call
from rq.registry import FailedJobRegistry

from lms.core import jobs

MOST = 500
"""Failures that are looked at in each queue; the register forgets them after a week."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A recurring job by its name: how often it failed, when last (UTC), and the last line of why."""

    name: str
    times: int
    at: datetime
    error: str


def calls() -> list[tuple[FailedJobRegistry, Call]]:
    """Every failed run of a recurring job. Raises RedisError when the queue is away."""
    found = []
    for queue in jobs.QUEUES:
        register = FailedJobRegistry(queue, connection=jobs.redis())
        for call in Call.fetch_many(register.get_job_ids(0, MOST - 1), connection=jobs.redis()):
            if call is not None and call.func_name == f"{jobs.__name__}.run" and len(call.args) == 1:
                found.append((register, call))
    return found


def failures() -> list[Failure]:
    """One line for each job, the latest failure first; none when the queue is away, which Health says."""
    known: dict[str, list[Call]] = {}
    try:
        for _register, call in calls():
            known.setdefault(call.args[0], []).append(call)
        found = [_failure(name, runs) for name, runs in known.items()]
    except RedisError:
        return []
    return sorted(found, key=lambda failure: failure.at, reverse=True)


def _failure(name: str, runs: list[Call]) -> Failure:
    last = max(runs, key=_ended)
    result = last.latest_result()
    said = (result.exc_string or "").strip().splitlines() if result else []
    return Failure(name, len(runs), _ended(last), said[-1][:500] if said else "")


def _ended(call: Call) -> datetime:
    at = call.ended_at or call.enqueued_at or call.created_at
    return at if at.tzinfo else at.replace(tzinfo=UTC)
