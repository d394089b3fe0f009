"""One POST to another system: to the very address that was checked, within five seconds in all, no redirects,
and never more of the answer than we keep."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse
from urllib3.util import parse_url

from lms.core import clock
from lms.webhooks import addresses

SECONDS = 5.0
MOST_BODY = 4096
"""Bytes of the answer that are read and kept."""
MOST_HEADERS = 30
PORTS = {"http": 80, "https": 443}
ERRORS = (HTTPError, HTTPException, OSError, ValueError)
"""What a receiver, or the lack of one, makes the library raise."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How it went. `outcome`: delivered, status, redirect, gone, timeout, refused, unknown, tls or connection.

    `status` is None when there was no answer; `address` is the one that was called, `wish` its `Retry-After`.
    """

    outcome: str
    status: int | None = None
    detail: str = ""
    address: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    milliseconds: int = 0
    wish: timedelta | None = None


def post(
    url: str,
    body: str,
    headers: Mapping[str, str],
    *,
    allow_private: bool,
    resolve: addresses.Resolve = addresses.resolved,
    seconds: float = SECONDS,
) -> Answer:
    """Send it and say how it went. Whatever the receiver does, this ends in time and raises nothing."""
    begun, address = time.monotonic(), ""

    def failed(outcome: str, error: Exception) -> Answer:
        # At the time limit the line is cut, and reading from a line that was cut fails in many ways.
        spent = time.monotonic() - begun
        late = outcome == "connection" and spent >= seconds
        return Answer(
            "timeout" if late else outcome,
            detail=clean(str(error))[:500],
            address=address,
            milliseconds=round(spent * 1000),
        )

    try:
        target = parse_url(url)
        host, port = (target.host or "").strip("[]"), target.port or PORTS[target.scheme or ""]
        address = addresses.allowed(host, port, allow_private=allow_private, resolve=resolve)
        sent = {"Host": target.netloc or host, "Accept-Encoding": "identity", **headers}
        with (
            _line(address, port, begun + seconds) as line,
            contextlib.closing(_connection(target.scheme or "", host, port, line)) as connection,
        ):
            connection.request("POST", target.request_uri, body.encode(), sent, preload_content=False)
            with contextlib.closing(connection.getresponse()) as response:
                if time.monotonic() - begun >= seconds:
                    # Headers that ended because the line was cut look like headers that are complete.
                    raise TimeoutError("the answer was not complete")
                return _answer(response, address, begun)
    except addresses.Refused as error:
        return failed("refused", error)
    except (addresses.Unknown, KeyError) as error:
        return failed("unknown", error)
    except TimeoutError as error:
        return failed("timeout", error)
    except ERRORS as error:
        return failed("tls" if _is_about_tls(error) else "connection", error)


@contextlib.contextmanager
def _line(address: str, port: int, deadline: float) -> Iterator[socket.socket]:
    """An open line to the address, which is cut at the deadline. Time limits of a socket count from one byte to
    the next: a receiver that drips would hold us for as long as it likes."""
    left = max(deadline - time.monotonic(), 0.1)
    with socket.create_connection((address, port), timeout=left) as line, line.dup() as handle:
        # A second handle on the same line, because TLS takes the first one over.
        timer = threading.Timer(max(deadline - time.monotonic(), 0.1), _cut, (handle,))
        timer.daemon = True
        timer.start()
        try:
            yield line
        finally:
            timer.cancel()


def _cut(handle: socket.socket) -> None:
    with contextlib.suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)


class _Http(HTTPConnection):
    """HTTP over a line that is open already."""

    def __init__(self, host: str, port: int, line: socket.socket) -> None:
        super().__init__(host, port, timeout=line.gettimeout())
        self.line = line

    def _new_conn(self) -> socket.socket:
        return self.line


class _Https(HTTPSConnection):
    """HTTPS over a line that is open already; the certificate must be for the host, whatever its address is."""

    def __init__(self, host: str, port: int, line: socket.socket) -> None:
        super().__init__(host, port, timeout=line.gettimeout(), ssl_context=ssl.create_default_context())
        self.line = line

    def _new_conn(self) -> socket.socket:
        return self.line


def _connection(scheme: str, host: str, port: int, line: socket.socket) -> HTTPConnection:
    return _Https(host, port, line) if scheme == "https" else _Http(host, port, line)


def _answer(response: BaseHTTPResponse, address: str, begun: float) -> Answer:
    """The status decides. A body that is long, slow or broken is kept as far as it came."""
    kept = bytearray()
    with contextlib.suppress(*ERRORS):
        while len(kept) < MOST_BODY and (part := response.read1(MOST_BODY - len(kept), decode_content=False)):
            kept += part
    status = response.status
    return Answer(
        _outcome(status),
        status,
        clean(response.headers.get("location", ""))[:500] if 300 <= status < 400 else "",
        address,
        {
            clean(name.lower()): clean(value)[:500]
            for name, value in list(response.headers.items())[:MOST_HEADERS]
        },
        clean(kept.decode(errors="replace")),
        round((time.monotonic() - begun) * 1000),
        _wish(response.headers.get("retry-after", "")),
    )


def _outcome(status: int) -> str:
    if 200 <= status < 300:
        return "delivered"
    if 300 <= status < 400:
        return "redirect"
    return "gone" if status == 410 else "status"


def _wish(text: str) -> timedelta | None:
    """`Retry-After` (RFC 9110, 10.2.3): seconds or a date."""
    if text.isascii() and text.isdecimal():
        return timedelta(seconds=int(text[:9]))
    try:
        return parsedate_to_datetime(text).astimezone(UTC) - clock.now()
    except ValueError:
        return None


def _is_about_tls(error: BaseException) -> bool:
    return isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError)


def clean(text: str) -> str:
    """What PostgreSQL takes: no NUL, no half of a pair."""
    return text.replace("\0", "").encode(errors="replace").decode()
