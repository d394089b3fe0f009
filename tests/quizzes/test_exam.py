"""An exam begins: a class presses start in the same moment, on a small server that stays small."""

import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import text

from lms.accounts.models import User
from lms.core.db import db
from lms.ops import processes
from tests import factories
from tests.quizzes import taking
from tests.support import quizzes
from tests.support.forms import token
from tests.support.server import Live

CLASS = 100
MOST_MB = 300
"""Resident memory of one process; two of the web server and a worker then need less than 1 GB beside PostgreSQL."""


def sent(url: str, cookie: str, data: dict[str, str]) -> tuple[int, str]:
    """The status and the address that a form leads to."""
    headers = {"Cookie": f"session={cookie}", "Accept": "text/html", "X-CSRFToken": data["csrf_token"]}
    request = urllib.request.Request(url, urlencode(data).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.url
    except urllib.error.HTTPError as error:
        return error.code, error.url


def test_a_whole_class_starts_an_exam_at_once(live: Live, app: Flask, make_quiz: Callable) -> None:
    make_quiz(max_attempts=1, time_limit=3600)
    with app.app_context(), db.engine.begin() as connection:
        course_id = connection.execute(text("select id from courses")).scalar_one()
    learners: list[tuple[User, str, str]] = []
    for number in range(CLASS):
        person = factories.person(app, f"Learner {number}", f"learner{number}@example.org")
        quizzes.enrolled(app, person, _Course(course_id))
        browser = factories.signed_in(app, person)
        good = token(browser, taking.QUIZ)
        learners.append((person, browser.get_cookie("session").value, good))

    def begin(learner: tuple[User, str, str]) -> tuple[int, int]:
        _person, cookie, good = learner
        started, place = sent(f"{live.url}{taking.QUIZ}/attempts", cookie, {"csrf_token": good})
        answer = {"csrf_token": good, "option": "2", "seq": "1"}
        saved, _ = sent(f"{live.url}/attempts/{place.rstrip('/').split('/')[-1]}/answers/0", cookie, answer)
        again, _ = sent(f"{live.url}{taking.QUIZ}/attempts", cookie, {"csrf_token": good})
        return max(started, again), saved

    with ThreadPoolExecutor(CLASS) as hall:
        answers = list(hall.map(begin, learners))
    assert set(answers) == {(200, 200)}
    with app.app_context(), db.engine.connect() as connection:
        each = connection.execute(text("select user_id, count(*) from attempts group by 1")).all()
        kept = connection.execute(text('select count(*) from answers where response = \'{"option": "2"}\''))
        assert sorted(row[0] for row in each) == sorted(person.id for person, *_ in learners)
        assert {row[1] for row in each} == {1}
        assert kept.scalar_one() == CLASS
    sizes = {
        pid: resident(pid)
        for process in live.processes.values()
        for pid in (process.pid, *processes.children(process.pid))
    }
    assert max(sizes.values()) < MOST_MB, sizes


class _Course:
    def __init__(self, number: int) -> None:
        self.id = number


def resident(pid: int) -> int:
    """MB that a process holds in memory."""
    line = next(x for x in Path(f"/proc/{pid}/status").read_text().splitlines() if x.startswith("VmRSS"))
    return int(line.split()[1]) // 1024
