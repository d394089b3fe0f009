"""Another system that hears of webhooks: it fails at times, and counts each message once by its id."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook


class Receiver:
    """`accepted` holds what was taken by `webhook-id`; `repeats` counts what came again after that."""

    def __init__(self, chance: random.Random) -> None:
        self.accepted: dict[str, dict[str, Any]] = {}
        self.repeats = 0
        self.failed = 0
        self.forged = 0
        self.secret = ""
        self._chance = chance
        self._tried: set[str] = set()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hook"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                status = receiver.take({name.lower(): value for name, value in self.headers.items()}, body)
                with suppress(OSError):
                    if status:
                        self.send_response(status)
                        self.send_header("Content-Length", "0")
                        self.end_headers()

            def log_message(self, *_: object) -> None:
                """Silence."""

        return Handler

    def take(self, headers: dict[str, str], body: bytes) -> int:
        """The status to answer; 0 hangs up without one."""
        with self._lock:
            # Only the first attempt fails: a second failure would put it off for minutes.
            fate = 1.0 if headers["webhook-id"] in self._tried else self._chance.random()
            self._tried.add(headers["webhook-id"])
            if fate < 0.05:
                self.failed += 1
                return 500
            try:
                said: dict[str, Any] = Webhook(self.secret).verify(body, headers)
            except Exception:
                self.forged += 1
                return 400
            self.repeats += headers["webhook-id"] in self.accepted
            self.accepted[headers["webhook-id"]] = said
            # Taken, but the sender never hears of it.
            return 0 if fate < 0.08 else 204

    @contextmanager
    def running(self) -> Iterator["Receiver"]:
        """Serve in a thread until the end."""
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
