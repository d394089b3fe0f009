"""The requests of each measured page: many learners, each with a browser's headers and a session of their own."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

import psycopg
from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from benchmarks.dataset import token_of
from benchmarks.installation import HOST

_CSRF = "0123456789abcdef0123456789abcdef01234567"
_HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "Accept": "text/html"}


@dataclass(frozen=True, slots=True)
class Request:
    """One request of one learner."""

    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None

    @property
    def method(self) -> str:
        return "GET" if self.form is None else "POST"

    def raw(self) -> bytes:
        """As it goes over the wire, from a proxy that speaks HTTPS to the browser."""
        body = b"" if self.form is None else urlencode(self.form).encode()
        headers = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "192.0.2.7",
            "X-Forwarded-Host": HOST,
        }
        headers |= {"User-Agent": "benchmark", **self.headers}
        if self.form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
        lines = [
            f"{self.method} {self.path} HTTP/1.1",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass(frozen=True, slots=True)
class Page:
    """Something to measure. `requests` starts an endless stream of requests, each time a different one."""

    name: str
    requests: Callable[[], Iterator[Request]]
    floor: str
    is_fragment: bool = False


class Learners:
    """Cookies and tokens as the application would give them."""

    def __init__(self, app: Flask) -> None:
        interface: Any = app.session_interface
        signer = interface.get_signing_serializer(app)
        self._cookie = app.config["SESSION_COOKIE_NAME"]
        self._signer: Any = signer
        tokens = URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token")
        self.csrf = str(tokens.dumps(_CSRF))
        self._known: dict[int, dict[str, str]] = {}

    def _signed(self, number: int) -> str:
        facts = {"_user_id": token_of(number), "_fresh": True, "csrf_token": _CSRF}
        return str(self._signer.dumps(facts))

    def headers(self, number: int) -> dict[str, str]:
        """What the browser of a learner sends with every request."""
        if number not in self._known:
            self._known[number] = {
                "Cookie": f"{self._cookie}={self._signed(number)}",
                "Accept": "text/html,application/xhtml+xml",
                "Accept-Language": "en",
                "Accept-Encoding": "gzip, deflate, br, zstd",
                "Referer": f"https://{HOST}/courses",
            }
        return self._known[number]


def floors(learners: Learners, sittings: "list[tuple[int, int]]") -> list[Page]:
    """The floors, with requests of the same kind."""
    numbers = sorted({number for number, _ in sittings})

    def get(path: str) -> Callable[[], Iterator[Request]]:
        return lambda: (Request(path, learners.headers(number)) for number in cycle(numbers))

    return [
        Page("a", get("/constant"), ""),
        Page("b", get("/query"), ""),
        Page("c", get("/entities"), ""),
        Page("d", lambda: _answers(learners, sittings, {"Accept": "application/json"}), ""),
    ]


def pages(learners: Learners, url: str) -> tuple[list[Page], list[tuple[int, int]]]:
    """(the pages of the product, the open attempts as (learner, attempt id))."""
    with psycopg.connect(url) as connection:
        enrolled = connection.execute(_ENROLLED).fetchall()
        ahead = connection.execute(_AHEAD).fetchall()
        sittings = [(int(row[0]), int(row[1])) for row in connection.execute(_SITTINGS).fetchall()]
        catalogue_pages = min(
            10, (connection.execute("select count(*) from courses").fetchone() or (1,))[0] // 20 or 1
        )

    def catalogue() -> Iterator[Request]:
        numbers = cycle(sorted({row[0] for row in enrolled}))
        for count, number in enumerate(numbers):
            page = count % catalogue_pages + 1
            yield Request(f"/courses?page={page}" if page > 1 else "/courses", learners.headers(number))

    def course() -> Iterator[Request]:
        return (Request(f"/courses/{row[1]}", learners.headers(row[0])) for row in cycle(enrolled))

    def lesson() -> Iterator[Request]:
        for count, row in enumerate(cycle(enrolled)):
            yield Request(f"/courses/{row[1]}/lessons/lesson-{count % 12 + 1}", learners.headers(row[0]))

    def dashboard() -> Iterator[Request]:
        return (
            Request("/learning", learners.headers(number))
            for number in cycle(sorted({row[0] for row in enrolled}))
        )

    left = iter(ahead)

    def complete() -> Iterator[Request]:
        for number, slug, lesson_slug in left:
            path = f"/courses/{slug}/lessons/{lesson_slug}/completion"
            yield Request(path, learners.headers(number) | _HTMX, {"csrf_token": learners.csrf})
        raise StopIteration("no lessons are left to complete")

    return [
        Page("catalogue", catalogue, "c"),
        Page("course page", course, "c"),
        Page("lesson", lesson, "c"),
        Page("dashboard", dashboard, "c"),
        Page("save answer", lambda: _answers(learners, sittings, {"Accept": "application/json"}), "d", True),
        Page("complete lesson", complete, "d", True),
    ], sittings


_seq = iter(range(2, 1 << 40))


def _answers(
    learners: Learners, sittings: list[tuple[int, int]], accept: Mapping[str, str]
) -> Iterator[Request]:
    """Answers to the single choices of every open attempt, as the page's script sends them."""
    for seq, (number, attempt) in zip(_seq, cycle(sittings)):
        form = {"option": str(seq % 4 + 1), "seq": str(seq)}
        headers = learners.headers(number) | {"X-CSRFToken": learners.csrf} | dict(accept)
        yield Request(f"/attempts/{attempt}/answers/{0 if seq % 2 else 4}", headers, form)


_LEARNERS = """
    (select u.id, (row_number() over (order by u.id))::int as n
       from users u join user_sessions s on s.user_id = u.id where u.role = 'student')
"""
# Mixed, so that neighbours in the stream are different people in different courses.
_ENROLLED = f"""
    select l.n, c.slug from {_LEARNERS} l join enrollments e on e.user_id = l.id join courses c on c.id = e.course_id
     order by md5(e.id::text)
"""
_AHEAD = f"""
    select l.n, c.slug, t.slug
      from {_LEARNERS} l join enrollments e on e.user_id = l.id join courses c on c.id = e.course_id
      join lessons t on t.course_id = c.id and t.position % 4 <> 0
     where not exists (select from lesson_progress p where p.enrollment_id = e.id and p.lesson_id = t.id
                          and p.completed_at is not null)
     order by md5(e.id::text || t.id)
"""
_SITTINGS = f"""
    select l.n, a.id from {_LEARNERS} l join attempts a on a.user_id = l.id
     where a.state = 'open' order by md5(a.id::text)
"""
