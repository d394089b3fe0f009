"""Parts that are away."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry


@contextmanager
def no_redis(app: Flask) -> Iterator[None]:
    """Within the block nobody listens where the application looks for its Redis."""
    kept = app.extensions["lectern-redis"]
    app.extensions["lectern-redis"] = Redis(
        host="127.0.0.1", port=1, password="a-secret-word", retry=Retry(NoBackoff(), 0)
    )
    try:
        yield
    finally:
        app.extensions["lectern-redis"] = kept
