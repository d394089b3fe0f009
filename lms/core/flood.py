"""A ceiling that no person reaches and a runaway script does.

It is counted in each process: asking Redis took three round trips, a fifth of a page's time. The limits that
guard something (sign-in, registration, verification) stand at their views and are counted in Redis.
"""

from collections.abc import Callable
from threading import Lock
from time import time

from flask import Flask, Response, abort, g

LIMIT = 3000
"""Requests a minute of one person or, for visitors, one address."""
WINDOW = 60
"""Seconds."""


class Counter:
    """Counts by name in windows that begin together; a new window forgets everything."""

    def __init__(self) -> None:
        self._window = 0
        self._counts: dict[str, int] = {}
        self._lock = Lock()

    def add(self, name: str, now: float) -> int:
        """How often `name` was seen in the window of `now`, this time included."""
        window = int(now) // WINDOW
        with self._lock:
            if window != self._window:
                self._window, self._counts = window, {}
            seen = self._counts[name] = self._counts.get(name, 0) + 1
        return seen


def init_app(app: Flask, who: Callable[[], str], limit: int = LIMIT) -> None:
    """Answer 429 to whoever is over the ceiling until the window ends; tell everyone where they are."""
    counter = Counter()

    def count() -> None:
        now = time()
        left = limit - counter.add(who(), now)
        g.flood = (max(left, 0), WINDOW - int(now) % WINDOW)
        if left < 0:
            abort(429)

    def tell(response: Response) -> Response:
        if "flood" in g and "X-RateLimit-Limit" not in response.headers:
            left, seconds = g.flood
            response.headers["X-RateLimit-Limit"] = str(limit)
            response.headers["X-RateLimit-Remaining"] = str(left)
            response.headers["X-RateLimit-Reset"] = str(int(time()) + seconds)
            if response.status_code == 429:
                response.headers["Retry-After"] = str(seconds)
        return response

    app.before_request(count)
    app.after_request(tell)
