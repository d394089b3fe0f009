"""The dashboards of a large school: what counting costs, and what each page costs, one request after the other.

make bench ARGS="--part analytics"                       100,000 enrollments, 2,000,000 rows of progress
make bench ARGS="--part analytics --enrollments-counted 1000000"
"""

import math
import os
import time
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import text

from benchmarks import installation, pupils
from benchmarks.measure import timing
from benchmarks.workload import Learners
from config import Settings
from lms.analytics import refreshing
from lms.app import create_app
from lms.core import clock, work
from lms.core.db import db

GOAL_MS = 100.0
TIMES = 40
ADMIN, TEACHER = 1, 2
LESSONS_BETWEEN = 500
"""Completed between two refreshes, in courses all over the school."""
WORKS_BETWEEN = 200


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
    now = clock.now()
    with app.app_context():
        _timed("rebuild from scratch", lambda: refreshing.rebuild(now))
        for _ in range(2):
            written = pupils.learn(url, LESSONS_BETWEEN)
            print(f"{LESSONS_BETWEEN} lessons completed, with their triggers {written:.2f} ms each")
            _timed("a minute's refresh", lambda: refreshing.refresh(now))
        pupils.hand_in(url, WORKS_BETWEEN)
        _timed(f"the same after {WORKS_BETWEEN} works handed in", lambda: refreshing.refresh(now))
        with work.unit():
            db.session.execute(text("update assignments set due_at = due_at + interval '1 day' where id = 1"))
        _timed("the largest course after a new date of an assignment", lambda: refreshing.refresh(now))
        with work.unit():
            db.session.execute(text("update lessons set minutes = minutes + 1 where id = 1"))
        _timed("the largest course anew after an edit", lambda: refreshing.refresh(now + timedelta(hours=1)))
        tomorrow = now + timedelta(days=1)
        _timed("the first refresh of a day", lambda: refreshing.refresh(tomorrow, budget=math.inf))
        learner = db.session.scalar(text("select max(user_id) from enrollments where course_id = 1"))
        db.session.remove()
        return int(learner or 0)


def _timed(name: str, counting: Callable[[], int | None]) -> None:
    began = time.perf_counter()
    courses = counting()
    took = time.perf_counter() - began
    print(f"{name}: {courses or 0:,} courses, {took:.1f} s (load {os.getloadavg()[0]:.0f})", flush=True)
    db.session.remove()


def _measure(app: Flask, learner: int) -> int:
    course = "/teaching/course-1/analytics"
    pages = (
        ("course, 30 days", TEACHER, course),
        ("course, a year", TEACHER, f"{course}?days=365"),
        ("learners of a course", TEACHER, f"{course}/learners"),
        ("the same, page 500", TEACHER, f"{course}/learners?page=500"),
        ("who stopped at a lesson", TEACHER, f"{course}/learners?show=stopped&lesson=10"),
        ("who reached it, page 300", TEACHER, f"{course}/learners?show=reached&lesson=10&page=300"),
        ("learners at risk", TEACHER, f"{course}/risk"),
        ("courses side by side", TEACHER, "/teaching/analytics"),
        ("own activity", learner, "/learning/activity"),
        ("site, 30 days", ADMIN, "/admin/analytics"),
        ("site, a year", ADMIN, "/admin/analytics?days=365"),
    )
    print(f"\nload {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores; {TIMES} requests each")
    print(f"{'':28}{'SQL':>4}{'SQL ms':>9}{'p50 ms':>9}{'p99 ms':>9}")
    learners, missed = Learners(app), 0
    for name, number, path in pages:
        line = timing(app, path, learners.headers(number), TIMES)
        missed += line.p99 > GOAL_MS
        verdict = "" if line.p99 <= GOAL_MS else f"   over {GOAL_MS:.0f} ms"
        print(f"{name:28}{line.statements:>4}{line.sql:>9.1f}{line.p50:>9.1f}{line.p99:>9.1f}{verdict}")
    return missed
