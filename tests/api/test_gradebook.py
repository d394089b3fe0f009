"""Gradebooks that programs read: the numbers of the pages, for the same people, and nothing sooner."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import update

from lms.core import clock, work
from lms.core.db import db
from lms.courses.models import Course
from lms.learning import actions
from lms.quizzes.models import Quiz
from tests import factories
from tests.assignments.conftest import desk  # noqa: F401 - the course with its assignment
from tests.gradebook.test_pages import book, categories, decide  # noqa: F401 - bob: a quiz with 80 %, work with 75 %
from tests.support import quizzes

OWN, TAUGHT = "/api/v1/grades/tea", "/api/v1/teaching/courses/tea/gradebook"


@pytest.fixture
def read(client, token_for):
    """What somebody's program is told: the gradebook, or those of all learners by their first names."""

    def ask(person, path=OWN):
        answer = client.get(path, headers=token_for(person))
        assert answer.status_code == 200, answer.text
        if path == OWN:
            return answer.json
        return {row["learner"]["name"].split()[0]: row for row in answer.json["items"]}

    return ask


def short(told):
    return [(one["kind"], one["state"], one["percent"], one["dropped"]) for one in told["items"]]


def test_a_program_is_told_what_the_pages_show(as_user, book, alice, bob, read) -> None:  # noqa: F811
    assert short(read(bob)) == [("quiz", "graded", 80, False), ("assignment", "graded", 75, False)]
    assert read(bob)["percent"] == 77.5
    teacher = as_user(alice)
    # Both in one category that leaves out its lowest grade.
    categories(teacher, **{"drop-1": "1", "in-quiz-1": "1"})
    decide(book, teacher, "percent", "90.25", "The scale was broken")
    mine, rows = read(bob), read(alice, TAUGHT)
    assert short(mine) == [("quiz", "graded", 80, True), ("assignment", "decided", 90.25, False)]
    assert {one["category"] for one in mine["items"]} == {"Work"}
    assert rows["Bob"].pop("learner")["email"] == "bob@example.org"
    assert rows["Bob"] == mine, "teachers and learners read the same"
    file = teacher.get("/teaching/tea/gradebook.csv").get_data(as_text=True).removeprefix("\ufeff")
    totals = {row["Learner"].split()[0]: row["Grade so far"] for row in csv.DictReader(io.StringIO(file))}
    told = {name: "" if row["percent"] is None else f"{row['percent']:.2f}" for name, row in rows.items()}
    assert told == totals == {"Bob": "90.25", "Charlie": ""}


def test_each_state_is_told_and_what_is_not_released_is_not(
    as_user,
    book,  # noqa: F811
    alice,
    bob,
    charlie,
    read,
) -> None:
    teacher = as_user(alice)
    decide(book, teacher, "excused", reason="Ill")
    with book.app.app_context(), work.unit():
        db.session.get_one(Quiz, 1).reveal_score = "close"
    book.set(released_together=True, due_at=factories.NOW + timedelta(days=1))
    book.hand_in(as_user(charlie), "A cup")
    book.grade(teacher, charlie, "1")
    with clock.stopped_at(factories.NOW + timedelta(days=2)):
        assert short(read(bob)) == [("quiz", "hidden", None, False), ("assignment", "excused", None, False)]
        assert short(read(charlie)) == [("quiz", "open", None, False), ("assignment", "waiting", None, False)]
        rows = read(alice, TAUGHT)
    assert [rows[name]["percent"] for name in ("Bob", "Charlie")] == [None, None]


def test_work_that_was_due_and_did_not_come_counts_as_nothing(book, charlie, read) -> None:  # noqa: F811
    due = factories.NOW + timedelta(days=1)
    book.set(due_at=due)
    with clock.stopped_at(due - timedelta(hours=1)):
        assert (read(charlie)["percent"], read(charlie)["items"][1]["state"]) == (None, "open")
    with clock.stopped_at(due + timedelta(hours=1)):
        told = read(charlie)
    assert (told["percent"], told["items"][1]["state"]) == (0, "missing")
    assert told["items"][1]["due_at"] == due.isoformat().replace("+00:00", "Z")


def test_a_gradebook_is_for_who_learns_there(
    client,
    book,  # noqa: F811
    alice,
    bob,
    charlie,
    dana,
    token_for,
    read,
) -> None:
    for person in (alice, dana):
        assert client.get(OWN, headers=token_for(person)).status_code == 404
    with book.app.app_context(), work.unit():
        actions.leave(1, charlie.id, clock.now())
    assert client.get(OWN, headers=token_for(charlie)).status_code == 404
    assert list(read(alice, TAUGHT)) == ["Bob"], "as on the page"
    assert read(alice, f"{TAUGHT}?learner=charlie@example.org") == {}
    assert client.get(TAUGHT, headers=token_for(bob)).status_code == 403
    one = client.get(f"{TAUGHT}?limit=1", headers=token_for(None, maker=dana)).json
    assert ([row["learner"]["name"] for row in one["items"]], one["next"]) == (["Bob Brook"], None)


def test_what_was_due_before_somebody_enrolled_is_not_owed_and_has_no_due_date(app, desk, bob, read) -> None:  # noqa: F811
    erin = factories.person(app, "Erin Elm", "erin@example.org")
    desk.set(due_at=factories.NOW)
    with app.app_context(), work.unit():
        actions.enroll(1, erin.id, factories.NOW)
    told = {person.id: read(person)["items"][0] for person in (bob, erin)}
    assert (told[bob.id]["state"], told[bob.id]["percent"]) == ("missing", 0)
    assert told[bob.id]["due_at"] is not None
    assert [told[erin.id][name] for name in ("state", "percent", "due_at")] == ["not_owed", None, None]


def test_what_asks_nothing_yet_is_in_no_gradebook_that_a_program_reads(app, desk, bob, as_user, read) -> None:  # noqa: F811
    with app.app_context():
        course = db.session.get_one(Course, 1)
    quizzes.quiz(app, course, [])
    desk.set(body_html="", due_at=factories.NOW)
    assert read(bob)["items"] == [] and read(bob)["percent"] is None
    page = as_user(bob).get("/courses/tea/grades").text
    assert "Steeping" not in page and "A pot of tea" not in page
    desk.set(body_html="<p>Make a pot of tea.</p>", due_at=None)
    desk.hand_in(as_user(bob), "A pot")
    desk.set(body_html="")
    assert [one["kind"] for one in read(bob)["items"]] == ["assignment"], "what was handed in stays"


def test_a_hidden_quiz_is_in_no_gradebook_that_a_program_reads(app, book, alice, bob, read) -> None:  # noqa: F811
    with app.app_context(), work.unit():
        db.session.execute(update(Quiz).values(is_published=False))
    assert short(read(bob)) == [("assignment", "graded", 75, False)] and read(bob)["percent"] == 75
    assert short(read(alice, TAUGHT)["Bob"]) == [("assignment", "graded", 75, False)]
