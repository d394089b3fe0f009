"""A course of 1,000 learners: every page of those who teach and administer stays as short and as cheap as a small one's."""

import gzip
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from tests.architecture import rights
from tests.support import crowd, sql
from tests.support.pages import COURSE, PAGES, SITTINGS, STUDIO, Shown

FEW, MORE, MANY = 10, 200, 1000
MOST_STATEMENTS = 15
MOST_BYTES = 60_000
"""Of one page, compressed."""
GROWTH = 1.1
"""A page whose lists are all paged is as long with MANY learners as with MORE, but for longer numbers."""

PIECE = 50
"""Learners that a file is read for at once, at least."""

STAFF = ("alice", "dana")
OF_ALICE = (
    f"{COURSE}/announcements/1",
    f"{COURSE}/discussion",
    f"{COURSE}/discussion?show=unanswered",
    f"{COURSE}/discussion?page=2",
    f"{COURSE}/discussion/new/scale",
    f"{COURSE}/discussion/posts/1/hiding",
    f"{COURSE}/discussion/posts/1/report",
    f"{COURSE}/lessons/scale",
    f"{COURSE}/lessons/scale/assignment",
    f"{COURSE}/lessons/scale/more",
    f"{COURSE}/discussion/reports?page=2",
    f"{STUDIO}/bank/questions.gift",
    f"{STUDIO}/bank/questions.xml",
    f"{STUDIO}/certificate/preview.png",
    f"{STUDIO}/export",
    f"{STUDIO}/files",
    f"{STUDIO}/files/1",
    f"{STUDIO}/gradebook.csv",
    f"{STUDIO}/grading/2/9",
    f"{STUDIO}/grading?page=2",
    f"{STUDIO}/grading?show=graded",
    f"{STUDIO}/gradebook?page=2",
    f"{STUDIO}/lessons/scale/revisions/1",
    f"{STUDIO}/learners?page=2",
    f"{STUDIO}/questions/1",
    f"{STUDIO}/analytics/learners?page=2",
    *(
        f"{STUDIO}/analytics/{figures}.csv"
        for figures in ("lessons", "days", "scores", "assignments", "learners", "risk")
    ),
    f"{SITTINGS}/attempts.csv",
    f"{SITTINGS}/attempts?page=2",
    f"{SITTINGS}/accommodations?page=2",
    f"{SITTINGS}/questions.gift",
    f"{SITTINGS}/questions.xml",
    *(f"{SITTINGS}/statistics/{table}.csv" for table in ("questions", "answers", "scores")),
    "/inbox",
    "/teaching/analytics.csv",
)
OF_DANA = (
    "/admin/analytics.csv",
    "/admin/applications/1",
    "/admin/audit.csv",
    "/admin/import/template.csv",
    "/admin/users?page=2",
    "/admin/webhooks/1/edit",
    "/inbox",
)
"""What staff look at and `PAGES` does not show."""
NOT_HERE = {"courses.asset"}
"""A file itself, which is sent by the storage."""


@dataclass(frozen=True)
class Seen:
    """What one page came to: `length` in bytes of HTML, 0 for a file; `compressed` likewise."""

    status: int
    statements: int
    length: int
    compressed: int


def looked_at(app: Flask, learners: int) -> dict[str, Seen]:
    """Every page of staff, by who opens it and its path."""
    place = crowd.gathered(app, learners)
    clients = {name: place.client(name) for name in STAFF}
    return {
        f"{shown.person} {shown.path}": seen(app, clients[shown.person], shown) for shown in staff_pages()
    }


def staff_pages() -> list[Shown]:
    beside = [
        Shown(path, person, path)
        for person, paths in (("alice", OF_ALICE), ("dana", OF_DANA))
        for path in paths
    ]
    return [shown for shown in (*PAGES, *beside) if shown.person in STAFF]


def seen(app: Flask, client: FlaskClient, shown: Shown) -> Seen:
    path = shown.path.format(**crowd.FACTS)
    with sql.count(app) as statements:
        answer = client.get(path)
        body = answer.data  # a file is made while it is read
    page = body if answer.mimetype == "text/html" else b""
    return Seen(answer.status_code, len(statements), len(page), len(gzip.compress(page, 4)))


def test_no_page_of_staff_grows_with_the_learners(application: Flask) -> None:
    few, more, many = (looked_at(application, learners) for learners in (FEW, MORE, MANY))
    wrong = [f"{path}: {said}" for path in many for said in complaints(few[path], more[path], many[path])]
    assert not wrong, "\n".join(wrong)


def complaints(few: Seen, more: Seen, many: Seen) -> list[str]:
    pieces = 0 if many.length else MANY // PIECE
    found = {
        f"status {many.status}": many.status != 200,
        f"{few.statements} statements become {many.statements}": many.statements > few.statements + pieces,
        f"{many.statements} statements": many.statements > MOST_STATEMENTS + pieces,
        f"{more.length} bytes become {many.length}": many.length > GROWTH * more.length,
        f"{many.compressed} bytes compressed": many.compressed > MOST_BYTES,
    }
    return [said for said, is_so in found.items() if is_so]


def test_every_page_of_staff_is_among_them(unconnected: Flask) -> None:
    paths = unconnected.url_map.bind("localhost")
    opened = {paths.match(urlsplit(s.path.format(**crowd.FACTS)).path)[0] for s in staff_pages()}
    of_staff = {
        row.endpoint
        for row in rights.ROWS
        if row.method == "GET" and row.answers["dana"] == "200" and row.answers["charlie"] == "403"
    }
    missing = of_staff - opened - NOT_HERE
    assert not missing, sorted(missing)
