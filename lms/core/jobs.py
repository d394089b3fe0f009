"""Jobs: named functions run by RQ, each with its own application context and unit of work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from redis import Redis
from redis.client import Pipeline
from rq import Queue, get_current_job
from structlog.contextvars import bind_contextvars, bound_contextvars, get_contextvars

from lms.core import faults

QUEUES = ("emails", "progress", "certificates", "webhooks", "default")
"""Served in this order: somebody waits for a link by mail, a deadline waits for nobody."""
CLOCK = "lectern:clock"
"""Key that a running clock renews before it is gone after CLOCK_SECONDS."""
CLOCK_SECONDS = 90
TIMEOUT_SECONDS = 600
"""After so long a job is stopped, unless it says less. What works under a lease says less than the lease."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job by its stable name (`certificates.issue`), its queue and the function behind it.

    With `own_units` the body opens its units of work itself: it does something that no rollback takes back.
    With `whole_event` a subscriber is given the event (`events.Heard`) instead of its facts as arguments.
    After `seconds` it is stopped.
    """

    name: str
    queue: str
    body: Callable[..., None]
    own_units: bool = False
    whole_event: bool = False
    seconds: int = TIMEOUT_SECONDS


_registry: dict[str, Job] = {}
_app: Flask | None = None


def job(
    name: str,
    queue: str = "default",
    *,
    own_units: bool = False,
    whole_event: bool = False,
    seconds: int = TIMEOUT_SECONDS,
) -> Callable[[Callable[..., None]], Job]:
    """Declare a job. Arguments are ids and plain values, never objects."""
    if queue not in QUEUES:
        raise ValueError(f"unknown queue {queue!r}")

    def register(body: Callable[..., None]) -> Job:
        if name in _registry and _registry[name].body.__module__ != body.__module__:
            raise ValueError(f"job {name!r} exists already")
        _registry[name] = Job(name, queue, body, own_units, whole_event, seconds)
        return _registry[name]

    return register


def registered(name: str) -> Job:
    """The job of that name. Raises KeyError when a deployment no longer knows it."""
    return _registry[name]


def init_app(app: Flask, connection: "Redis[bytes] | Redis") -> None:  # type: ignore[type-arg]
    """Give the application its queue connection and make it the one that jobs run in."""
    global _app
    app.extensions["lectern-redis"] = connection
    _app = app


def redis() -> Redis:
    """The current application's connection."""
    connection: Redis = current_app.extensions["lectern-redis"]
    return connection


def enqueue(which: Job, *args: Any, together: Pipeline | None = None) -> None:
    """Put a job on its queue now, or when what goes `together` is sent. Raises RedisError when the queue is away: call
    it after a commit."""
    enqueue_call(which.queue, run, which.name, *args, seconds=which.seconds, together=together)


def go_on(which: Job) -> None:
    """Run a job once more as soon as nothing else waits, with nothing held up by it: on the last queue.

    Only for a job that opens its units of work itself, which calls this outside of them. Raises ValueError for others.
    """
    if not which.own_units:
        raise ValueError(f"{which.name} has not been committed yet")
    enqueue_call(QUEUES[-1], run, which.name, seconds=which.seconds)


def enqueue_call(
    queue: str,
    function: Callable[..., None],
    *args: Any,
    seconds: int = TIMEOUT_SECONDS,
    together: Pipeline | None = None,
) -> None:
    """Put a plain call on a queue, to be stopped after `seconds`; with `together` when that is sent.

    The id of the request that caused it goes along into its log lines.
    """
    request_id = get_contextvars().get("request_id")
    Queue(queue, connection=redis()).enqueue_call(
        function,
        args=args,
        timeout=seconds,
        result_ttl=0,
        failure_ttl=7 * 86400,
        meta={"request_id": request_id} if request_id else None,
        pipeline=together,
    )


@contextmanager
def context() -> Iterator[None]:
    """The application context of a worker process; log lines within carry the job's id and its request's.

    What is raised within is kept as an error that an admin reads, unless it says that it was `expected`.
    """
    if _app is None:
        raise RuntimeError("no application: create_app() first")
    current = get_current_job()
    carried = {"job_id": current.id, **current.meta} if current else {}
    with bound_contextvars(job="unknown", **carried), _app.app_context():
        try:
            yield
        except Exception as error:
            if not getattr(error, "expected", False):
                known = get_contextvars()
                faults.record(error, source="job", route=known["job"], request_id=known.get("request_id", ""))
            raise


def named(name: str) -> None:
    """Say in log lines and errors of this context which job it is."""
    bind_contextvars(job=name)


def run(name: str, *args: Any) -> None:
    """Queue entry of a plain job: one context, one unit of work (or those that the job opens itself)."""
    from lms.core import work  # work -> events -> jobs

    which = registered(name)
    with context():
        named(name)
        with nullcontext() if which.own_units else work.unit():
            which.body(*args)
