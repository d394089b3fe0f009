"""The measure of a quiz is kept while its attempts stay what they are, and is taken anew as soon as one is not."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from lms.accounts.models import User
from lms.core import work
from lms.core.db import db
from lms.courses.models import Course
from lms.quizzes import corrections, marking, personal, regrading, setting_aside
from lms.quizzes import statistics_queries as queries
from lms.quizzes.models import Answer, Quiz
from lms.quizzes.statistics_measure import Measure, measure, taken
from tests import factories
from tests.quizzes import taking
from tests.quizzes.correcting import correct, single_with
from tests.support import quizzes
from tests.support.sittings import class_of, sit
from tests.support.sql import count

As = Callable[[User], FlaskClient]
RIGHT, WRONG, TRUE, FALSE = {"option": "2"}, {"option": "3"}, {"option": "true"}, {"option": "false"}
ESSAY = {"text": "It warms."}
LATER = factories.NOW + timedelta(days=1)
PAGE = "/teaching/tea/quizzes/1/statistics"


def measures(app: Flask, quiz: Quiz) -> dict[str, Measure]:
    """What is told now, which must be what the attempts say now."""
    with app.app_context():
        told = {which: measure(quiz.id, which, queries.sittings(quiz.id, which)) for which in queries.WHICH}
        for which, found in told.items():
            assert found == taken(quiz.id, which, queries.sittings(quiz.id, which).percents), which
    return told


def test_the_second_look_reads_no_answers(
    app: Flask, as_user: As, alice: User, bob: User, tea: Course, make_quiz: Callable[..., Quiz]
) -> None:
    sit(app, tea, make_quiz(), bob, [RIGHT, None, TRUE])
    pages, reads = [], []
    for _ in range(2):
        with count(app) as seen:
            pages.append(as_user(alice).get(PAGE).text)
        reads.append(sum("join answers" in statement for statement in seen))
    assert reads == [1, 0]
    assert "80 degrees" in pages[0] and "80 degrees" in pages[1]


def test_whatever_becomes_of_an_attempt_is_told_at_once(
    app: Flask, alice: User, tea: Course, make_quiz: Callable[..., Quiz]
) -> None:
    quiz = make_quiz([quizzes.single(), quizzes.true_false(), quizzes.essay()])
    people = class_of(app, tea, 4)
    told = [measures(app, quiz)]

    def and_then(what: str) -> None:
        told.append(measures(app, quiz))
        assert told[-1] != told[-2], what

    attempts = [sit(app, tea, quiz, person, [RIGHT, FALSE, ESSAY]) for person in people[:3]]
    for attempt in attempts[:2]:
        mark(app, alice, tea, attempt, 1)
        and_then("an essay is graded, and its attempt counts")
    mark(app, alice, tea, attempts[0], 0)
    and_then("the grade of an essay is another")
    mark(app, alice, tea, sit(app, tea, quiz, people[3], [WRONG, TRUE, ESSAY]), 1)
    and_then("somebody more")
    mark(app, alice, tea, sit(app, tea, quiz, people[0], [WRONG, TRUE, ESSAY], LATER), 1)
    and_then("once more")
    correct(app, quiz, 1, single_with("3"))
    done = regrade(app, alice, quiz)
    and_then("a corrected key")
    with app.app_context(), work.unit():
        assert regrading.undo(quiz.id, done, alice.id, LATER)
    and_then("and back")
    with app.app_context(), work.unit():
        question = setting_aside.asked(quiz.id)[1].question_id
        decision = setting_aside.Decision(question, "full", "Nobody could know.")
        setting_aside.decide(quiz.id, decision, alice.id, LATER)
    regrade(app, alice, quiz)
    and_then("a question is set aside")
    with app.app_context(), work.unit():
        personal.erase(people[1].id, LATER)
    and_then("the answers of somebody are erased")
    with app.app_context(), work.unit():
        db.session.execute(text("delete from users where id = :id"), {"id": people[3].id})
    and_then("somebody is gone")


def mark(app: Flask, alice: User, tea: Course, attempt: int, points: int) -> None:
    with app.app_context(), work.unit():
        seen = db.session.get_one(Answer, (attempt, 2)).marked_at
        given = marking.Mark(Decimal(points), "")
        assert marking.mark(tea.id, attempt, 2, given, seen, alice.id, LATER) == "finished"


def regrade(app: Flask, alice: User, quiz: Quiz) -> int:
    with app.app_context(), work.unit():
        seen = corrections.fingerprint(corrections.preview(regrading.outdated(quiz.id), "all"))
        done = regrading.apply(quiz.id, "all", seen, alice.id, LATER).regrade_id
        assert done is not None
    return done


def test_what_becomes_of_a_question_is_told_at_once(
    app: Flask, as_user: As, alice: User, bob: User, tea: Course, make_quiz: Callable[..., Quiz]
) -> None:
    sit(app, tea, make_quiz(), bob, [RIGHT, None, TRUE])
    browser = as_user(alice)
    before = browser.get(PAGE).text
    assert "The first of all" not in before
    with app.app_context(), work.unit():
        renamed = text("update questions set title = 'The first of all', position = 99 where id = 1")
        db.session.execute(renamed)
    table = browser.get(f"{PAGE}/questions.csv").text.splitlines()
    assert "The first of all" in table[-1]


def test_attempts_under_way_are_counted_at_once(
    app: Flask, as_user: As, alice: User, bob: User, make_quiz: Callable[..., Quiz]
) -> None:
    make_quiz()
    browser = as_user(alice)
    assert "under way" not in browser.get(PAGE).text
    taking.start(as_user(bob))
    assert "1 attempt is under way" in browser.get(PAGE).text
