"""What a page costs, apart from time: statements, bytes, requests of a first visit."""

import gzip
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from benchmarks.installation import HOST
from benchmarks.workload import Page, Request

_SOURCES = re.compile(
    r"<link[^>]+(?:stylesheet|icon)[^>]*>|<(?:script|img|source|video|audio|use|iframe)\b[^>]*>",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"""\b(?:href|src)=["']?([^"'\s>]+)""")


@dataclass(frozen=True, slots=True)
class Cost:
    """`html`, `css` and `js` in bytes as they are sent; `requests` of a first visit, the page included."""

    statements: int
    html: int
    css: int
    js: int
    requests: int


@dataclass(frozen=True, slots=True)
class Timing:
    """One page asked again and again in this process: milliseconds of its statements (the middle one) and of the
    whole, and the last answer's text."""

    statements: int
    sql: float
    p50: float
    p99: float
    text: str


def timing(
    app: Flask, path: str, headers: Mapping[str, str] = MappingProxyType({}), times: int = 100
) -> Timing:
    """Ask `times` times, after three to warm up. Raises SystemExit for an answer that is not 200."""
    client = app.test_client(use_cookies=False)
    proxied = {**headers, "X-Forwarded-Proto": "https", "X-Forwarded-Host": HOST}
    pages: list[float] = []
    asked: list[float] = []
    statements, text = 0, ""
    for number in range(times + 3):
        with _timed() as spent:
            began = time.perf_counter()
            answer = client.get(path, headers=proxied)
            took = time.perf_counter() - began
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status}:\n{answer.data[:2000]!r}")
        if number >= 3:
            pages.append(took * 1000)
            asked.append(sum(spent) * 1000)
            statements = max(statements, len(spent))
            text = "" if answer.is_streamed or answer.headers.get("Content-Encoding") else answer.text
    pages.sort()
    return Timing(
        statements, sorted(asked)[times // 2], pages[times // 2], pages[int(times * 0.99) - 1], text
    )


@contextmanager
def _timed() -> Iterator[list[float]]:
    """Seconds of each statement, from sending it to the first row."""
    spent: list[float] = []
    began: list[float] = []

    def before(*_: object) -> None:
        began.append(time.perf_counter())

    def after(*_: object) -> None:
        spent.append(time.perf_counter() - began.pop())

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)
    try:
        yield spent
    finally:
        event.remove(Engine, "before_cursor_execute", before)
        event.remove(Engine, "after_cursor_execute", after)


@contextmanager
def _statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def cost(app: Flask, page: Page, tries: int = 12) -> Cost:
    """The dearest of some requests of a page, asked in this process. The first is left out: it also warms up."""
    stream = page.requests()
    _ask(app, next(stream))
    dearest, largest, text = 0, 0, ""
    for _ in range(tries):
        with _statements() as seen:
            body, encoding = _ask(app, next(stream))
        dearest = max(dearest, len(seen))
        if len(body) > largest:
            largest = len(body)
            text = (gzip.decompress(body) if encoding == "gzip" else body).decode()
    files = {} if page.is_fragment else _files(app, text)
    sizes = {
        kind: sum(size for name, size in files.items() if name.endswith(kind)) for kind in (".css", ".js")
    }
    return Cost(dearest, largest, sizes[".css"], sizes[".js"], 0 if page.is_fragment else 1 + len(files))


def _ask(app: Flask, request: Request) -> tuple[bytes, str]:
    headers = {**request.headers, "X-Forwarded-Proto": "https", "X-Forwarded-Host": HOST}
    answer = app.test_client(use_cookies=False).open(
        request.path, method=request.method, headers=headers, data=request.form
    )
    if answer.status_code >= 400:
        raise SystemExit(f"{request.method} {request.path} answered {answer.status}:\n{answer.text[:2000]}")
    return answer.data, answer.headers.get("Content-Encoding", "")


def _files(app: Flask, text: str) -> dict[str, int]:
    """Everything that the page loads, by path, with its size as sent; what comes from another host is refused."""
    found: dict[str, int] = {}
    for tag in _SOURCES.findall(text):
        address = _ADDRESS.search(tag)
        if address is None or address[1].startswith(("data:", "#")):
            continue
        parts = urlsplit(urljoin(f"https://{HOST}/", address[1]))
        if parts.hostname != HOST:
            raise SystemExit(f"the page loads {address[1]} from another host")
        if parts.path not in found:
            body, _ = _ask(app, Request(parts.path, {"Accept-Encoding": "gzip, deflate, br"}))
            found[parts.path] = len(body)
    return found


def built_sizes(build: Path) -> dict[str, int]:
    """Bytes of the largest built file of each kind, as a browser that knows Brotli gets it; a page has one of each."""
    return {kind: max(path.stat().st_size for path in build.glob(f"*.{kind}.br")) for kind in ("css", "js")}
