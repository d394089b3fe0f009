"""The dashboards of a large school: what counting costs, and what each page costs, one request after the other.

make bench ARGS="--part analytics"                       100,000 enrollments, 2,000,000 rows of progress
make bench ARGS="--part analytics --enrollments-counted 1000000"
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from benchmarks import installation, pupils
from benchmarks.installation import HOST
from benchmarks.workload import Learners
from config import Settings
from lms.analytics import refreshing
from lms.app import create_app
from lms.core import clock
from lms.core.db import db

GOAL_MS = 100.0
TIMES = 40
ADMIN, TEACHER = 1, 2
LESSONS_BETWEEN = 500
"""Completed between two refreshes, in courses all over the school."""


@dataclass(frozen=True, slots=True)
class Line:
    """Milliseconds of the whole page by share of requests, and of its statements (the middle one)."""

    name: str
    statements: int
    sql: float
    p50: float
    p99: float


def run(enrollments: int) -> int:
    """Load, count, measure and print; returns how many dashboards missed the goal."""
    with installation.installed() as servers:
        began = time.perf_counter()
        counts = pupils.load(servers.database_url, enrollments)
        loaded = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        print(f"loaded in {time.perf_counter() - began:.0f} s: {loaded}")
        app = create_app(Settings.from_env(servers.environment))
        learner = _count(app, servers.database_url)
        pupils.sign_in(servers.database_url, (ADMIN, TEACHER, learner))
        return _measure(app, learner)


def _count(app: Flask, url: str) -> int:
    """Time counting from scratch and counting what changed. Returns a learner of the largest course."""
    with app.app_context():
        began = time.perf_counter()
        courses = refreshing.rebuild(clock.now())
        print(f"rebuild of {courses:,} courses: {time.perf_counter() - began:.1f} s")
        longest = db.session.execute(
            text("select enrollments, took from course_figures order by enrollments desc")
        ).first()
        assert longest is not None
        print(f"the largest course, {longest.enrollments:,} enrollments: {longest.took:.2f} s of it")
        db.session.remove()
        written = pupils.learn(url, LESSONS_BETWEEN)
        began = time.perf_counter()
        counted = refreshing.refresh(clock.now())
        took = time.perf_counter() - began
        print(
            f"refresh after {LESSONS_BETWEEN} completed lessons ({written:.2f} ms each): {counted} courses, {took:.1f} s"
        )
        learner = db.session.scalar(text("select max(user_id) from enrollments where course_id = 1"))
        db.session.remove()
        return int(learner or 0)


def _measure(app: Flask, learner: int) -> int:
    course = "/teaching/course-1/analytics"
    pages = (
        ("course, 30 days", TEACHER, course),
        ("course, a year", TEACHER, f"{course}?days=365"),
        ("learners of a course", TEACHER, f"{course}/learners"),
        ("the same, page 500", TEACHER, f"{course}/learners?page=500"),
        ("who stopped at a lesson", TEACHER, f"{course}/learners?show=stopped&lesson=10"),
        ("learners at risk", TEACHER, f"{course}/risk"),
        ("courses side by side", TEACHER, "/teaching/analytics"),
        ("own activity", learner, "/learning/activity"),
        ("site, 30 days", ADMIN, "/admin/analytics"),
        ("site, a year", ADMIN, "/admin/analytics?days=365"),
    )
    print(f"\n{'':28}{'SQL':>4}{'SQL ms':>9}{'p50 ms':>9}{'p99 ms':>9}")
    learners, missed = Learners(app), 0
    for name, number, path in pages:
        line = _line(app, name, path, learners.headers(number))
        missed += line.p99 > GOAL_MS
        verdict = "" if line.p99 <= GOAL_MS else f"   over {GOAL_MS:.0f} ms"
        print(f"{line.name:28}{line.statements:>4}{line.sql:>9.1f}{line.p50:>9.1f}{line.p99:>9.1f}{verdict}")
    return missed


def _line(app: Flask, name: str, path: str, headers: dict[str, str]) -> Line:
    client = app.test_client(use_cookies=False)
    proxied = {**headers, "X-Forwarded-Proto": "https", "X-Forwarded-Host": HOST}
    pages, asked, statements = [], [], 0
    for number in range(TIMES + 3):
        with _timed() as spent:
            began = time.perf_counter()
            answer = client.get(path, headers=proxied)
            took = time.perf_counter() - began
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status}:\n{answer.data[:2000]!r}")
        if number >= 3:  # the first ones warm up
            pages.append(took * 1000)
            asked.append(sum(spent) * 1000)
            statements = max(statements, len(spent))
    pages.sort()
    return Line(name, statements, sorted(asked)[TIMES // 2], pages[TIMES // 2], pages[int(TIMES * 0.99) - 1])


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
