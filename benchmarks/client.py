"""A load generator: keep-alive HTTP/1.1 connections, each sending its next request when it has its answer.

One thread and plain sockets, so that the client takes little of the machine it shares with the server.
"""

import re
import selectors
import socket
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_RECEIVE = 1 << 18
_PATIENCE_SECONDS = 30.0


class LoadError(Exception):
    """The server stopped answering, or answered what is no HTTP."""


@dataclass(slots=True)
class Load:
    """What came of it. `latencies` in seconds, in order of size; `statuses` counts answers by status."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    reconnects: int = 0
    sample: bytes = b""

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The latency in seconds that `share` (0 to 1) of the answers stayed within."""
        if not self.latencies:
            return 0.0
        return self.latencies[max(0, ceil(share * len(self.latencies)) - 1)]

    @property
    def failures(self) -> int:
        """Answers from status 400 on."""
        return sum(count for status, count in self.statuses.items() if status >= 400)


class _Line:
    """One connection and the answer it waits for."""

    __slots__ = ("buffer", "end", "sent", "sent_at", "socket")

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=_PATIENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.end = -1
        self.sent_at = 0.0
        self.sent = b""

    def send(self, request: bytes) -> None:
        self.buffer, self.end, self.sent = b"", -1, request
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bool | None:
        """True when the answer is whole, None when the server closed the connection."""
        part = self.socket.recv(_RECEIVE)
        if not part:
            return None
        self.buffer = self.buffer + part if self.buffer else part
        if self.end < 0:
            head = self.buffer.find(b"\r\n\r\n")
            if head < 0:
                return False
            self.end = _end_of_answer(self.buffer, head)
        if self.end == 0:
            return self.buffer.endswith(b"0\r\n\r\n")
        return len(self.buffer) >= self.end


def _end_of_answer(answer: bytes, head: int) -> int:
    """The length of the whole answer; 0 when it comes in chunks."""
    if found := _LENGTH.search(answer, 0, head):
        return head + 4 + int(found[1])
    if _CHUNKED.search(answer, 0, head):
        return 0
    if answer[9:12] in (b"204", b"304"):
        return head + 4
    raise LoadError(f"an answer without its length: {answer[:head].decode(errors='replace')}")


def generate(
    address: tuple[str, int], requests: Iterator[bytes], *, seconds: float, connections: int
) -> Load:
    """Keep `connections` busy with `requests` for `seconds`. Raises LoadError when the server is silent.

    A connection that the server closes between two answers is opened again and its request repeated, as a
    browser or a proxy does; the time this takes counts.
    """
    load = Load()
    with selectors.DefaultSelector() as selector:
        lines = [_Line(address) for _ in range(connections)]
        for line in lines:
            selector.register(line.socket, selectors.EVENT_READ, line)
        began = time.perf_counter()
        until = began + seconds
        busy = 0
        for line in lines:
            line.send(next(requests))
            busy += 1
        while busy:
            events = selector.select(_PATIENCE_SECONDS)
            if not events:
                raise LoadError(f"no answer for {_PATIENCE_SECONDS:.0f} s")
            for key, _ in events:
                line = key.data
                whole = _received(line)
                if whole is None:
                    _reopen(line, selector, address)
                    load.reconnects += 1
                    continue
                if not whole:
                    continue
                now = time.perf_counter()
                load.latencies.append(now - line.sent_at)
                status = int(line.buffer[9:12])
                load.statuses[status] = load.statuses.get(status, 0) + 1
                if status >= 400 or not load.sample:
                    load.sample = line.buffer
                if now >= until:
                    busy -= 1
                    continue
                if _CLOSES.search(line.buffer, 0, line.buffer.find(b"\r\n\r\n")):
                    line.sent = next(requests)
                    _reopen(line, selector, address)
                else:
                    line.send(next(requests))
        load.seconds = time.perf_counter() - began
        for line in lines:
            line.socket.close()
    load.latencies.sort()
    return load


def pace(address: tuple[str, int], requests: Iterator[bytes], *, rate: float, seconds: float) -> Load:
    """Send `rate` requests a second whether or not answers come in time, as many independent people do.

    A latency begins at the moment its request was due, so that waiting for a free connection counts too.
    """
    load, connections = Load(), max(16, int(rate / 4))
    due = deque(number / rate for number in range(int(rate * seconds)))
    waiting: deque[float] = deque()
    with selectors.DefaultSelector() as selector:
        free: list[_Line] = []
        lines: list[_Line] = []
        began = time.perf_counter()
        while due or waiting or len(free) < len(lines):
            now = time.perf_counter() - began
            while due and due[0] <= now:
                waiting.append(due.popleft())
            while waiting and (free or len(lines) < connections):
                # As a proxy does: a connection is opened when there is something to send.
                if not free:
                    free.append(_Line(address))
                    lines.append(free[0])
                    selector.register(free[0].socket, selectors.EVENT_READ, free[0])
                line = free.pop()
                line.send(next(requests))
                line.sent_at = began + waiting.popleft()
            if now > seconds + _PATIENCE_SECONDS:
                raise LoadError(f"{len(lines) - len(free)} answers are missing after {now:.0f} s")
            for key, _ in selector.select(max(0.0, min(due[0] - now, 1.0)) if due else 1.0):
                line = key.data
                whole = _received(line)
                if whole is None:
                    _reopen(line, selector, address)
                    load.reconnects += 1
                elif whole:
                    load.latencies.append(time.perf_counter() - line.sent_at)
                    status = int(line.buffer[9:12])
                    load.statuses[status] = load.statuses.get(status, 0) + 1
                    if status >= 400:
                        load.sample = line.buffer
                    free.append(line)
        load.seconds = time.perf_counter() - began
        for line in lines:
            line.socket.close()
    load.latencies.sort()
    return load


def _received(line: _Line) -> bool | None:
    try:
        return line.receive()
    except ConnectionResetError:
        return None


def _reopen(line: _Line, selector: selectors.BaseSelector, address: tuple[str, int]) -> None:
    selector.unregister(line.socket)
    line.socket.close()
    fresh = _Line(address)
    sent_at = line.sent_at if not line.buffer else 0.0
    line.socket = fresh.socket
    selector.register(line.socket, selectors.EVENT_READ, line)
    line.send(line.sent)
    if sent_at:
        line.sent_at = sent_at
