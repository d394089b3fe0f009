"""Learners who answer by HTTP and repeat what was not acknowledged, as the page's script does; and what the server
owes them afterwards."""

import http.client
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import psycopg

from benchmarks.installation import HOST
from benchmarks.soak.school import LESSON, QUIZ, SLUG
from benchmarks.soak.system import System
from benchmarks.workload import Learners

TIMEOUT = 20.0
WAITS = (0.1, 0.2, 0.5, 1.0, 2.0, 3.0)
"""Seconds between tries."""
GRACE = 60.0
"""Seconds after its deadline by which every attempt is closed."""
_RIGHT: dict[str, dict[str, Any]] = {
    "single": {"option": "2"},
    "multiple": {"options": ["1", "2"]},
    "true_false": {"option": "true"},
    "short_answer": {"text": "scale"},
}
_WRONG: dict[str, dict[str, Any]] = {
    "single": {"option": "3"},
    "multiple": {"options": ["3", "4"]},
    "true_false": {"option": "false"},
    "short_answer": {"text": "compass"},
}


@dataclass
class Figures:
    """Counted over all learners, under the lock."""

    acknowledged: int = 0
    repeats: int = 0
    tries_again: int = 0
    refused: int = 0
    latencies: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Learner:
    """One person with a browser. `said` is what was sent by slot and seq, `acknowledged` the newest seq kept by slot."""

    number: int
    port: int
    headers: dict[str, str]
    csrf: str
    kinds: list[str]
    chance: random.Random
    figures: Figures
    pause: float
    hands_in: bool
    attempt: int = 0
    is_closed: bool = False
    said: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    acknowledged: dict[int, int] = field(default_factory=dict)
    _line: http.client.HTTPConnection | None = None

    def sit(self) -> None:
        """Start, answer everything, some of it twice, hand in or walk away, and complete the lesson."""
        base = f"/courses/{SLUG}/lessons/{LESSON}"
        answer = self._insist("POST", f"{base}/quizzes/{QUIZ}/attempts", {})
        self.attempt = int(answer.getheader("Location", "").rsplit("/", 1)[1])
        slots = list(range(len(self.kinds)))
        self.chance.shuffle(slots)
        for slot in slots:
            for _ in range(self.chance.choice((1, 1, 2))):
                if not self.is_closed:
                    self._answer(slot)
        if self.hands_in and not self.is_closed:
            self._insist("POST", f"/attempts/{self.attempt}/submission", {"then": "finish"})
            # Who did not pass is told so by 422.
            self._insist("POST", f"{base}/completion", {}, accepts=(200, 303, 422))

    def complete(self) -> None:
        """Mark the lesson as completed; twice, as an impatient person does."""
        for _ in range(self.chance.choice((1, 1, 2))):
            self._insist("POST", f"/courses/{SLUG}/lessons/{LESSON}/completion", {})

    def _answer(self, slot: int) -> None:
        kinds = _RIGHT if self.chance.random() < 0.85 else _WRONG
        seq = time.time_ns() // 1_000_000
        seq = max(seq, self.acknowledged.get(slot, 0) + 1)
        self.said[slot, seq] = kinds[self.kinds[slot]]
        self._send(slot, seq)
        older = [one for place, one in self.said if place == slot and one < seq]
        if older and self.chance.random() < 0.3:
            self._send(slot, older[0])
            with self.figures.lock:
                self.figures.repeats += 1
        time.sleep(self.chance.expovariate(1 / self.pause))

    def _send(self, slot: int, seq: int) -> None:
        fields = [(name, value) for name, value in self.said[slot, seq].items()]
        began = time.perf_counter()
        answer = self._insist(
            "POST",
            f"/attempts/{self.attempt}/answers/{slot}",
            dict(fields) | {"seq": str(seq)},
            accepts=(200, 409),
        )
        with self.figures.lock:
            self.figures.latencies.append(time.perf_counter() - began)
            if answer.status == 409:
                self.is_closed = True
                self.figures.refused += 1
                return
            self.figures.acknowledged += 1
        self.acknowledged[slot] = max(self.acknowledged.get(slot, 0), seq)

    def _insist(
        self, method: str, path: str, form: dict[str, Any], accepts: tuple[int, ...] = (200, 303)
    ) -> http.client.HTTPResponse:
        """Ask until there is an answer; anything but a fault of the server that is not expected is a failure."""
        body = urlencode({**form, "csrf_token": self.csrf}, doseq=True)
        for wait in self._waits():
            try:
                answer = self._ask(method, path, body)
            except (OSError, http.client.HTTPException):
                self.hang_up()
            else:
                if answer.status in accepts:
                    return answer
                if answer.status < 500 and answer.status != 429:
                    raise AssertionError(f"{method} {path} answered {answer.status}")
            with self.figures.lock:
                self.figures.tries_again += 1
            time.sleep(wait)
        raise AssertionError(f"{method} {path} was never answered")

    def _waits(self) -> Iterator[float]:
        yield from WAITS
        for _ in range(60):
            yield WAITS[-1]

    def _ask(self, method: str, path: str, body: str) -> http.client.HTTPResponse:
        self._line = self._line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        self._line.request(method, path, body, self.headers)
        answer = self._line.getresponse()
        answer.read()
        return answer

    def hang_up(self) -> None:
        """Close the connection; the next request opens another."""
        if self._line is not None:
            self._line.close()
            self._line = None


def learners(
    system: System, count: int, *, pause: float, leaves: float, chance: random.Random
) -> tuple[list[Learner], Figures]:
    """People who pause `pause` seconds on average; a share `leaves` of them never hands in."""
    known, figures = Learners(system.app), Figures()
    with psycopg.connect(system.postgres.url) as connection:
        kinds = [row[0] for row in connection.execute(_KINDS).fetchall()]
    found = []
    for number in range(1, count + 1):
        headers = known.headers(number) | {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "192.0.2.7",
            "X-Forwarded-Host": HOST,
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
            "X-CSRFToken": known.csrf,
        }
        found.append(
            Learner(
                number,
                system.port,
                headers,
                known.csrf,
                kinds,
                random.Random(chance.random()),
                figures,
                pause,
                chance.random() >= leaves,
            )
        )
    return found, figures


_KINDS = """
    select v.kind from questions n join question_versions v on v.id = n.version_id order by n.position
"""
_ATTEMPTS = """
    select a.id, u.email, a.state, a.closed_by, a.deadline_at, a.score, a.points, a.layout,
           (select array_agg(e.occurred_at) from events e
             where e.name = 'quiz.submitted' and (e.payload ->> 'attempt_id')::bigint = a.id)
      from attempts a join users u on u.id = a.user_id
"""
_ANSWERS = "select attempt_id, slot, seq, response from answers"


@dataclass
class Audit:
    """What was looked at, and every promise that was broken, in words."""

    answers: int = 0
    attempts: int = 0
    by_deadline: int = 0
    latest_closing: float = 0.0
    broken: list[str] = field(default_factory=list)


def audit(system: System, people: list[Learner]) -> Audit:
    """Compare the database with what the learners were told."""
    found = Audit()
    with psycopg.connect(system.postgres.url) as connection:
        attempts = connection.execute(_ATTEMPTS).fetchall()
        kept = {(row[0], row[1]): (row[2], row[3]) for row in connection.execute(_ANSWERS).fetchall()}
    by_id = {row[0]: row for row in attempts}
    found.attempts = len(attempts)
    if len(attempts) != len(people):
        found.broken.append(f"{len(attempts)} attempts of {len(people)} learners")
    for person in people:
        for slot, seq in person.acknowledged.items():
            found.answers += 1
            has, response = kept.get((person.attempt, slot), (0, None))
            if has < seq or response != person.said.get((slot, has)):
                found.broken.append(
                    f"learner {person.number}, slot {slot}: acknowledged {seq}, the database has {has} {response}"
                )
        row = by_id.get(person.attempt)
        if row is not None:
            _audit_attempt(found, person, row, kept)
    return found


def _audit_attempt(
    found: Audit, person: Learner, row: tuple[Any, ...], kept: dict[tuple[int, int], tuple[int, Any]]
) -> None:
    number, email, state, closed_by, deadline, score, points, layout, closings = row
    name = f"attempt {number} of {email}"
    if state != "graded" or not closings or len(closings) != 1:
        found.broken.append(f"{name}: {state}, graded {len(closings or ())} times")
        return
    right = sum(
        kept.get((number, slot), (0, None))[1] == _RIGHT[person.kinds[slot]] for slot in range(len(layout))
    )
    if float(score) != right or float(points) != len(layout):
        found.broken.append(f"{name}: scored {score} of {points}, {right} answers are right")
    found.by_deadline += closed_by == "deadline"
    late = (closings[0] - _moment(deadline)).total_seconds()
    found.latest_closing = max(found.latest_closing, late)
    if late > GRACE:
        found.broken.append(f"{name}: closed {late:.0f} s after its deadline")


def _moment(value: datetime | None) -> datetime:
    assert value is not None
    return value
