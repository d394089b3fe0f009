"""The web server's process: whom it waits for, how it stops, how it speaks."""

import selectors
from functools import partial
from typing import Any

from gunicorn.workers.gthread import ThreadWorker


class Worker(ThreadWorker):
    """Gunicorn's threads, without two of its habits.

    It lends a thread to whoever connects, for up to 5 s in which nothing is said; browsers and proxies open connections in
    advance, and a few of them hold up everybody. Here a thread is for those who have said something.

    When it stops it leaves its socket open, accepting nothing, until the last answer is given; whoever connects then
    is cut off at the end. Here those at the door are taken in and the door is closed at once, so that a proxy is refused
    and asks the next process.
    """

    def enqueue_req(self, conn: Any) -> None:
        """Give a connection to a thread; a new one when its first bytes are there."""
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)
            return
        conn.sock.setblocking(False)
        conn.set_timeout()
        self.pending_conns.append(conn)
        heard = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, heard)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Called with False when the process stops, and when it has more connections than it may have."""
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        for listener in self.sockets:
            before = -1
            while self.nr_conns != before:
                before = self.nr_conns
                self.accept(listener)
            listener.close()

    def _cap_keepalive(self, deadline: float) -> None:
        """A stopping process waits for silent connections no longer than for those that it has answered."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)


def logging_settings(level: str) -> dict[str, Any]:
    """For logging.config: what gunicorn itself has to say, as one JSON object a line like everything else."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "lms.ops.logs.formatter", "json": True}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "loggers": {"gunicorn.error": {"level": level, "handlers": ["stderr"], "propagate": False}},
        "root": {},
    }
