"""The catalogue of a very large school: what each kind of search costs, one request after the other.

make bench ARGS="--catalogue 100000"
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from benchmarks import installation, shelf
from benchmarks.installation import HOST
from config import Settings
from lms.app import create_app

GOAL_MS = 40.0
TIMES = 100

PAGES: tuple[tuple[str, dict[str, str]], ...] = (
    ("newest, first page", {}),
    ("newest, page 500", {"page": "500"}),
    ("a subject", {"category": "Music"}),
    ("three filters", {"category": "Music", "level": "advanced", "language": "ar"}),
    ("a subject, page 150", {"category": "Music", "page": "150"}),
    ("most learners", {"sort": "learners"}),
    ("best rated", {"sort": "rating"}),
    ("by title", {"sort": "title"}),
    ("a rare word", {"q": shelf.RARE}),
    ("a word of every 30th title", {"q": "gardens"}),
    ("a word of every third course", {"q": shelf.COMMON}),
    ("the same, page 400", {"q": shelf.COMMON, "page": "400"}),
    ("the same, with three filters", {"q": shelf.COMMON, "category": "Music", "level": "advanced", "language": "en"}),
    ("three words", {"q": "history of python"}),
    ("the beginning of a word", {"q": "stat"}),
    ("an instructor", {"q": "amina abara"}),
    ("a typo", {"q": shelf.TYPO}),
    ("two typos", {"q": "galculus introdcution"}),
    ("nothing at all", {"q": "xyzzyq"}),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """Milliseconds: of the whole page by share of requests, and of its statements (the middle one)."""

    name: str
    courses: str
    statements: int
    sql: float
    p50: float
    p99: float


def run(courses: int) -> int:
    """Measure and print; returns how many kinds of page missed the goal."""
    with installation.installed() as servers:
        began = time.perf_counter()
        shelf.load(servers.database_url, courses)
        print(f"loaded {courses:,} courses in {time.perf_counter() - began:.0f} s")
        return measure(create_app(Settings.from_env(servers.environment)))


def measure(app: Flask) -> int:
    """Every page TIMES times, in this process."""
    print(f"\n{'':32}{'SQL':>4}{'SQL ms':>9}{'p50 ms':>9}{'p99 ms':>9}   found")
    missed = 0
    for name, query in PAGES:
        line = _line(app, name, query)
        missed += line.p99 > GOAL_MS
        verdict = "" if line.p99 <= GOAL_MS else f"   over {GOAL_MS:.0f} ms"
        print(
            f"{line.name:32}{line.statements:>4}{line.sql:>9.1f}{line.p50:>9.1f}{line.p99:>9.1f}   {line.courses}{verdict}"
        )
    return missed


def _line(app: Flask, name: str, query: dict[str, str]) -> Line:
    client = app.test_client(use_cookies=False)
    path = "/courses?" + urlencode(query)
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": HOST}
    pages, asked, statements, text = [], [], 0, ""
    for number in range(TIMES + 3):
        with _timed() as spent:
            began = time.perf_counter()
            answer = client.get(path, headers=headers)
            took = time.perf_counter() - began
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status}:\n{answer.text[:2000]}")
        if number >= 3:  # the first ones warm up
            pages.append(took * 1000)
            asked.append(sum(spent) * 1000)
            statements, text = max(statements, len(spent)), answer.text
    pages.sort()
    return Line(
        name,
        _found(text),
        statements,
        sorted(asked)[TIMES // 2],
        pages[TIMES // 2],
        pages[int(TIMES * 0.99) - 1],
    )


def _found(text: str) -> str:
    return text.partition('role="status">')[2].partition("</p>")[0].strip()


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
