"""Another system that hears of events: a real HTTP server that behaves as it is told."""

import contextlib
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from standardwebhooks import Webhook

Behaviour = Callable[["Handler"], None]


@dataclass(frozen=True)
class Received:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    def verified(self, secret: str) -> Any:
        """What it says, checked as the specification's own library checks it. Raises when it is not genuine."""
        return Webhook(secret).verify(self.body, self.headers)


class Handler(BaseHTTPRequestHandler):
    """Keeps the request, then does the next of the receiver's behaviours; 204 when there is none left."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        receiver = self.server.receiver
        with receiver.lock:
            receiver.requests.append(Received(self.path, headers, body))
            behave = receiver.behaviours.pop(0) if receiver.behaviours else answer(204)
        with contextlib.suppress(OSError):
            behave(self)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Silence."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    receiver: "Receiver"

    def handle_error(self, *_: object) -> None:
        """Who hangs up early is no error here."""


class Receiver:
    """`url` takes messages; `requests` are those that came, `behaviours` what it does next."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Received] = []
        self.behaviours: list[Behaviour] = []
        self.lock = threading.Lock()
        self.over = threading.Event()
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.receiver = self
        if tls:
            self.server.socket = tls.wrap_socket(
                self.server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = self.server.server_address[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}/hook"

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()

    @property
    def ids(self) -> list[str]:
        """The `webhook-id` of each request."""
        return [request.headers["webhook-id"] for request in self.requests]


def answer(status: int, body: bytes = b"", **headers: str) -> Behaviour:
    """Answer with that."""

    def behave(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return behave


def hang(handler: Handler) -> None:
    """Take the request and say nothing."""
    handler.server.receiver.over.wait(20)


def hang_up(handler: Handler) -> None:
    """Take the request and close the line."""


def drip(handler: Handler) -> None:
    """One letter of a header at a time, for ever."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nx-slow: ")
    while not handler.server.receiver.over.is_set():
        handler.wfile.write(b"z")
        handler.wfile.flush()
        time.sleep(0.05)


def flood(handler: Handler) -> None:
    """Answer 200 and a body that never ends."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not handler.server.receiver.over.is_set():
        handler.wfile.write(b"megabytes " * 100_000)
