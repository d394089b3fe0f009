"""What a page costs, apart from time: statements, bytes, requests of a first visit."""

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
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
    """Bytes of all built files by kind, as a browser that knows Brotli gets them."""
    return {kind: sum(path.stat().st_size for path in build.glob(f"*.{kind}.br")) for kind in ("css", "js")}
