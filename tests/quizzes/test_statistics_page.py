"""The statistics page: Alice sees what the attempts say of her questions, others do not."""

import csv
import re
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from lms.accounts.models import User
from lms.courses.models import Course
from lms.quizzes.models import Quiz
from tests import factories
from tests.support import quizzes
from tests.support.sittings import class_of, sit
from tests.support.sql import count

As = Callable[[User], FlaskClient]
RIGHT, WRONG = {"option": "2"}, {"option": "3"}
TRUE, FALSE = {"option": "true"}, {"option": "false"}


def address(quiz: Quiz, more: str = "") -> str:
    return f"/teaching/tea/quizzes/{quiz.id}/statistics{more}"


def words(page: str) -> str:
    """The text of a page on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split()).replace("\u2069", "").replace("\u2068", "")


def test_before_the_first_attempt_the_page_says_so(
    as_user: As, alice: User, make_quiz: Callable[..., Quiz]
) -> None:
    answer = as_user(alice).get(address(make_quiz()))
    assert answer.status_code == 200
    assert "There is no graded attempt yet" in answer.text


def test_one_attempt_gives_means_and_leaves_the_rest_open(
    app: Flask, as_user: As, alice: User, bob: User, tea: Course, make_quiz: Callable[..., Quiz]
) -> None:
    quiz = make_quiz()
    sit(app, tea, quiz, bob, [RIGHT])
    page = words(as_user(alice).get(address(quiz)).text)
    assert "Graded attempts 1 of 1 learner" in page
    assert "chance weighs heavily" in page
    assert "nan" not in page.lower().split()
    assert "not known" in page


def test_only_those_who_teach_the_course_see_it(
    as_user: As, bob: User, charlie: User, dana: User, make_quiz: Callable[..., Quiz], app: Flask
) -> None:
    quiz = make_quiz()
    erin = factories.person(app, "Erin", "erin@example.com", role="instructor")
    assert as_user(bob).get(address(quiz)).status_code == 403
    assert as_user(erin).get(address(quiz)).status_code == 404
    assert as_user(dana).get(address(quiz)).status_code == 200


def test_a_wrong_key_shows_in_what_the_best_chose(
    app: Flask, as_user: As, alice: User, tea: Course, make_quiz: Callable[..., Quiz]
) -> None:
    quiz = make_quiz([quizzes.single(), quizzes.true_false(), quizzes.short_answer(), quizzes.numeric()])
    good = [WRONG, TRUE, {"text": "oolongleaf"}, {"text": "3.5"}]
    weak = [RIGHT, FALSE, {"text": " Green "}, None]
    people = class_of(app, tea, 12)
    for person in people[:6]:
        sit(app, tea, quiz, person, good)
    for person in people[6:]:
        sit(app, tea, quiz, person, weak)
    page = words(as_user(alice).get(address(quiz)).text)
    assert "Most who did well chose “100 degrees”: is the key right?" in page
    assert "Those who did well on the rest did worse here" in page
    assert "Green" in page
    assert "6 of 12" in page
    rows = list(csv.reader(as_user(alice).get(address(quiz, "/answers.csv")).text.splitlines()))
    assert ["1", "", "100 degrees", "0.0", "6", "4"] in rows
    assert ["3", "", "oolongleaf", "1.0", "6", "4"] in rows
    figures = list(csv.DictReader(as_user(alice).get(address(quiz, "/questions.csv")).text.splitlines()))
    assert [row["Facility"] for row in figures] == ["0.5", "0.5", "0.5", "0.5"]
    assert [row["Median time in seconds"] for row in figures] == ["30.0", "30.0", "30.0", "30.0"]
    assert figures[0]["Discrimination"] == "'-1.0" or float(figures[0]["Discrimination"]) == -1


def test_the_first_attempt_counts_unless_another_is_chosen(
    app: Flask, as_user: As, alice: User, bob: User, tea: Course, make_quiz: Callable[..., Quiz]
) -> None:
    quiz = make_quiz([quizzes.single()])
    for day, answer in enumerate([WRONG, RIGHT, WRONG]):
        sit(app, tea, quiz, bob, [answer], factories.NOW + timedelta(days=day))
    means = {}
    for which in ("first", "best", "last", "all"):
        table = as_user(alice).get(address(quiz, f"/questions.csv?attempts={which}")).text
        (row,) = csv.DictReader(table.splitlines())
        means[which] = (row["Attempts"], float(row["Facility"]))
    assert means == {"first": ("1", 0), "best": ("1", 1), "last": ("1", 0), "all": ("3", 0.333333)}
    assert as_user(alice).get(address(quiz, "?attempts=some")).status_code == 404


def test_attempts_that_wait_for_a_grader_are_named_and_not_counted(
    app: Flask, as_user: As, alice: User, bob: User, tea: Course, make_quiz: Callable[..., Quiz]
) -> None:
    quiz = make_quiz([quizzes.single(), quizzes.essay()])
    sit(app, tea, quiz, bob, [RIGHT, {"text": "It warms."}])
    page = words(as_user(alice).get(address(quiz)).text)
    assert "There is no graded attempt yet" in page
    assert "1 attempt waits for a person’s grading" in page


def test_the_page_costs_the_same_for_one_learner_and_for_many(
    app: Flask, as_user: As, alice: User, tea: Course, make_quiz: Callable[..., Quiz]
) -> None:
    quiz, teacher = make_quiz(), as_user(alice)
    first, *others = class_of(app, tea, 5)
    sit(app, tea, quiz, first, [RIGHT, None, TRUE])
    with count(app) as few:
        assert teacher.get(address(quiz)).status_code == 200
    for person in others:
        sit(app, tea, quiz, person, [RIGHT, {"options": ["1"]}, TRUE, {"text": "tea"}, {"text": "3"}])
    with count(app) as many:
        assert teacher.get(address(quiz)).status_code == 200
    assert len(many) == len(few) <= 6
