"""Prometheus metrics. Requests are counted in each process, the state of the work is read at each scrape.

Several web processes write their counts into PROMETHEUS_MULTIPROC_DIR, which `gunicorn.conf.py` sets.
"""

import os
from collections.abc import Iterable, Iterator
from time import perf_counter
from typing import Any

from flask import Flask
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from rq.exceptions import NoSuchJobError
from rq.job import Job
from sqlalchemy import event, text

from lms.core import clock, jobs
from lms.core.db import db

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SLOW_OF_JOBS = "lectern:slow-statements-of-jobs"
"""Key of Redis under which workers and commands count."""
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})

registry = CollectorRegistry()
REQUESTS = Counter(
    "lectern_http_requests", "Requests answered.", ("method", "route", "status"), registry=registry
)
SECONDS = Histogram(
    "lectern_http_request_seconds",
    "Time to answer a request.",
    ("method", "route"),
    registry=registry,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
IN_PROGRESS = Gauge(
    "lectern_http_requests_in_progress",
    "Requests being answered.",
    registry=registry,
    multiprocess_mode="livesum",
)
POOL = Gauge(
    "lectern_database_connections_in_use",
    "Connections taken from the pool.",
    registry=registry,
    multiprocess_mode="livesum",
)

POOL_LIMIT = Gauge(
    "lectern_database_connections_limit",
    "Connections that the pools may take.",
    registry=registry,
    multiprocess_mode="livesum",
)


def init_app(app: Flask) -> None:
    """Count and time every request, and the connections taken from the pool."""
    app.wsgi_app = _Measured(app.wsgi_app)  # type: ignore[method-assign]
    with app.app_context():
        event.listen(db.engine, "checkout", lambda *_: POOL.inc())
        event.listen(db.engine, "checkin", lambda *_: POOL.dec())
    options = app.config["SQLALCHEMY_ENGINE_OPTIONS"]
    POOL_LIMIT.set(options["pool_size"] + options["max_overflow"])


class _Measured:
    """Outside of everything, so that also what the framework itself refuses is counted, once."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        begun = perf_counter()
        status, route = "500", "unknown"

        def note(line: str, *more: Any) -> Any:
            nonlocal status, route
            status = line[:3]
            # The rule, not the path: few series, and no secret of a link among them.
            rule = getattr(environ.get("werkzeug.request"), "url_rule", None)
            route = rule.rule if rule is not None else "unknown"
            return start_response(line, *more)

        IN_PROGRESS.inc()
        try:
            answer: Iterable[bytes] = self.inner(environ, note)
            return answer
        finally:
            IN_PROGRESS.dec()
            method = environ.get("REQUEST_METHOD", "")
            method = method if method in METHODS else "other"
            REQUESTS.labels(method, route, status).inc()
            SECONDS.labels(method, route).observe(perf_counter() - begun)


def exposition() -> bytes:
    """All metrics as text. A part whose source does not answer is left out, and `lectern_up` says so."""
    requests = registry
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        requests = CollectorRegistry()
        MultiProcessCollector(requests)  # type: ignore[no-untyped-call]
    state = CollectorRegistry()
    state.register(_State())
    return generate_latest(requests) + generate_latest(state)


_COUNTS = text("""
select 'deliveries' as what, state as label, count(*) as n, min(due_at) as oldest
  from deliveries where state in ('pending', 'failed') group by state
union all select 'emails', state, count(*), min(created_at) filter (where state = 'queued')
  from emails group by state
union all select 'webhooks', state, count(*), min(created_at) filter (where state = 'waiting')
  from webhook_messages group by state
union all select 'tasks', state, count(*), null from tasks where state <> 'done' group by state
union all select 'attempts', 'open', count(*), null from attempts where state = 'open'
union all select 'errors', 'open', count(*), null from faults where settled_at is null
""")
_KNOWN = {
    "deliveries": ("pending", "failed"),
    "emails": ("queued", "sent", "failed"),
    "webhooks": ("waiting", "delivered", "failed"),
    "tasks": ("queued", "running", "failed"),
    "attempts": ("open",),
    "errors": ("open",),
}
_WORDS = {
    "deliveries": "Events on their way to a subscriber.",
    "emails": "Messages by state.",
    "webhooks": "Messages to other systems by state.",
    "tasks": "Long pieces of work by state.",
    "attempts": "Quiz attempts under way.",
    "errors": "Kinds of unexpected errors that nobody has settled.",
}


_AGED = (
    ("emails", "queued", "Age of the oldest queued message."),
    ("deliveries", "pending", "How long the most overdue event waits for its subscriber."),
    ("webhooks", "waiting", "Age of the oldest message for another system."),
)


class _State(Collector):
    """What the database and the queue know: one statement and one round trip."""

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("lectern_up", "Whether a part answered this scrape.", labels=("part",))
        for part, read in (("database", _database), ("redis", _queues)):
            try:
                families = list(read())
            except Exception:  # whatever the part's driver raises: the scrape must still answer
                up.add_metric([part], 0)
            else:
                up.add_metric([part], 1)
                yield from families
        yield up


def _database() -> Iterator[Metric]:
    with db.engine.connect() as connection:
        rows = {(row.what, row.label): row for row in connection.execute(_COUNTS)}
    for what, labels in _KNOWN.items():
        family = GaugeMetricFamily(f"lectern_{what}", _WORDS[what], labels=("state",))
        for label in labels:
            family.add_metric([label], rows[what, label].n if (what, label) in rows else 0)
        yield family
    for what, state, words in _AGED:
        row = rows.get((what, state))
        # What is put off for later is due in the future and no age at all.
        age = max(0.0, (clock.now() - row.oldest).total_seconds()) if row and row.oldest else 0.0
        yield GaugeMetricFamily(f"lectern_{what}_oldest_seconds", words, value=age)


def _queues() -> Iterator[Metric]:
    connection = jobs.redis()
    first: Any = connection.pipeline(transaction=False)
    for name in jobs.QUEUES:
        first.llen(f"rq:queue:{name}").lindex(f"rq:queue:{name}", 0).zcard(f"rq:failed:{name}")
    first.scard("rq:workers").exists(jobs.CLOCK).get(SLOW_OF_JOBS)
    answers = first.execute()
    depth = GaugeMetricFamily("lectern_jobs", "Jobs waiting, by queue.", labels=("queue",))
    failed = GaugeMetricFamily(
        "lectern_jobs_failed", "Jobs that failed in the last 7 days.", labels=("queue",)
    )
    oldest = GaugeMetricFamily("lectern_jobs_oldest_seconds", "Age of the next job.", labels=("queue",))
    for place, name in enumerate(jobs.QUEUES):
        waiting, job_id, broken = answers[place * 3 : place * 3 + 3]
        depth.add_metric([name], waiting)
        failed.add_metric([name], broken)
        oldest.add_metric([name], _age(job_id))
    workers = GaugeMetricFamily("lectern_workers", "Workers that are registered.", value=answers[-3])
    beat = GaugeMetricFamily("lectern_clock_up", "Whether recurring jobs are started.", value=answers[-2])
    slow = CounterMetricFamily(
        "lectern_job_slow_statements",
        "Statements of workers and commands over SLOW_QUERY_MS.",
        value=int(answers[-1] or 0),
    )
    yield from (depth, failed, oldest, workers, beat, slow)


def _age(job_id: bytes | None) -> float:
    if job_id is None:
        return 0.0
    try:
        enqueued = Job.fetch(job_id.decode(), connection=jobs.redis()).enqueued_at
    except NoSuchJobError:
        return 0.0
    return (clock.now() - enqueued).total_seconds() if enqueued else 0.0
