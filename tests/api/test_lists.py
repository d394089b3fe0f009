"""Lists that programs read again and again: complete while they grow, narrowed, and at a steady price."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.api import rules
from lms.api.table import ENDPOINTS
from lms.certificates.models import Certificate
from lms.core import clock, work
from lms.core.db import db
from lms.learning import actions
from lms.learning.models import Enrollment
from lms.quizzes.models import Answer, Attempt
from tests import factories
from tests.support import quizzes, sql

ROOT = "/api/v1"
START = factories.NOW
LISTS = ("enrollments", "grades", "certificates")


def learner(app, quiz, number):
    """Somebody who enrolled, handed in and got a certificate `number` days after START."""
    at = START + timedelta(days=number)
    person = factories.person(app, f"Learner {number}", f"l{number}@example.org")
    with app.app_context(), work.unit():
        place = actions.enroll(quiz.course_id, person.id, at).enrollment_id
        mine = {"user_id": person.id, "enrollment_id": place}
        done = {"started_at": at, "submitted_at": at, "closed_by": "learner", "percent": 80, "passed": True}
        attempt = Attempt(quiz_id=quiz.id, number=1, state="graded", layout=[], **mine, **done)
        paper = {"recipient": person.name, "course_title": "Tea", "completed_on": at.date(), "issued_at": at}
        db.session.add_all(
            [attempt, Certificate(number=f"CERT-{number}", course_id=quiz.course_id, **mine, **paper)]
        )


@pytest.fixture
def quiz(app, alice):
    return quizzes.quiz(app, factories.course(app, alice, slug="tea", lessons=3))


@pytest.fixture
def read(client, alice, token_for):
    """The rows of one of the lists of the course, in pages of two, and who is in them."""
    token = token_for(alice)

    def people(name, between=lambda: None, **query):
        seen, cursor = [], None
        while True:
            asked = query | {"limit": 2} | ({"cursor": cursor} if cursor else {})
            page = client.get(f"{ROOT}/teaching/courses/tea/{name}", headers=token, query_string=asked)
            assert page.status_code == 200, page.text
            seen += [row["learner"]["email"].partition("@")[0] for row in page.json["items"]]
            between()
            if (cursor := page.json["next"]) is None:
                return seen

    return people


@pytest.mark.parametrize("name", LISTS)
def test_pages_miss_nothing_and_repeat_nothing_while_people_come_and_go(app, quiz, read, name):
    rest = iter(range(4, 6))
    for number in range(4):
        learner(app, quiz, number)

    def something_happens():
        if (number := next(rest, None)) is not None:
            learner(app, quiz, number)
            with app.app_context(), work.unit():
                actions.leave(quiz.course_id, db.session.scalar(select(Enrollment.user_id)), START)

    assert read(name, something_happens) == [f"l{number}" for number in range(6)]


@pytest.mark.parametrize("name", LISTS)
def test_only_what_changed_since_then(app, quiz, read, name):
    for number in range(3):
        learner(app, quiz, number)
    assert read(name, updated_since="2026-03-04T00:00:00+01:00") == ["l2"]
    assert read(name, updated_since=(START + timedelta(days=2)).isoformat()) == ["l2"], "to the moment"
    assert read(name, updated_since="2030-01-01T00:00:00Z") == []
    assert read(name, learner="L1@EXAMPLE.org") == ["l1"]
    late = START + timedelta(days=400)
    with app.app_context(), work.unit():
        db.session.get_one(Certificate, 1).revoked_at = late
        db.session.get_one(Certificate, 1).revoked_reason = "a mistake"
        db.session.get_one(Enrollment, 1).dropped_at = late
        db.session.add(Answer(attempt_id=1, slot=0, seq=1, saved_at=START, marked_at=late))
    assert read(name, updated_since=late.isoformat()) == ["l0"]


@pytest.mark.parametrize("wrong", ["yesterday", "2026-03-02", "2026-03-02T10:00:00", "2026-02-30T10:00:00Z"])
def test_a_time_that_is_none_is_refused(client, quiz, alice, token_for, wrong):
    path = f"{ROOT}/teaching/courses/tea/grades"
    answer = client.get(path, headers=token_for(alice), query_string={"updated_since": wrong})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "updated_since")


@pytest.mark.parametrize(
    "line", [line for line in ENDPOINTS if line.method == "GET"], ids=lambda line: line.name
)
def test_reading_costs_few_statements_however_much_there_is(app, client, quiz, alice, token_for, line):
    token, path = token_for(alice), ROOT + line.path.replace("{slug}", "tea")
    with app.app_context(), work.unit():
        actions.enroll(quiz.course_id, alice.id, clock.now())
    client.get(path, headers=token)
    counts = []
    for number in (1, 2, 3):
        learner(app, quiz, number)
        with sql.count(app) as seen:
            assert client.get(path, headers=token).status_code == 200
        counts.append(len(seen))
    # A gradebook is read like its page: what counts, what quizzes and what assignments gave.
    most = {"gradebook": 5, "learners_gradebook": 6}.get(line.name, 4)
    assert len(set(counts)) == 1 and counts[0] <= most, seen


@pytest.mark.parametrize("line", ENDPOINTS, ids=lambda line: line.name)
def test_each_endpoint_asks_for_its_scope_and_for_no_other(app, client, quiz, alice, token_for, line):
    def ask(*scopes):
        path, sent = line.path.replace("{slug}", "tea"), {"json": {"course": "tea"}} if line.body else {}
        return client.open(ROOT + path, method=line.method, headers=token_for(alice, *scopes), **sent)

    with app.app_context(), work.unit():
        actions.enroll(quiz.course_id, alice.id, clock.now())
    others = [scope for scope in rules.SCOPES if scope != line.scope]
    if line.scope is None:
        assert ask(others[0]).status_code == 200
        return
    refused = ask(*others)
    assert refused.status_code == 403
    assert f'scope="{line.scope}"' in refused.headers["WWW-Authenticate"]
    assert ask(line.scope).status_code in line.answers
