"""What those who teach see of attempts: the list, the receipt, the file; and what nobody else sees."""

import csv
from datetime import timedelta

import pytest

from lms.core import clock
from tests.quizzes import taking
from tests.support import quizzes, sql

INDEX = "/teaching/tea/quizzes/1/attempts"


@pytest.fixture
def sat(app, make_quiz, as_user, bob, charlie, tea):
    """Bob has handed in; Charlie sits."""
    made = make_quiz(time_limit=600)
    quizzes.enrolled(app, charlie, tea)
    browser = as_user(bob)
    attempt = taking.start(browser)
    taking.save(browser, attempt, 0, 77, option="2")
    taking.save(browser, attempt, 3, 5, text="<b>bold</b>")
    taking.submit(browser, attempt)
    taking.save(as_user(charlie), taking.start(as_user(charlie)), 0, 1, option="1")
    return made


def test_attempts_are_listed_and_filtered(sat, as_user, alice) -> None:
    browser = as_user(alice)
    page = browser.get(INDEX).text
    assert "<bdi>Bob" in page and "<bdi>Charlie" in page and "16.67%" in page
    assert "<bdi>Bob" not in browser.get(f"{INDEX}?state=open").text
    assert "<bdi>Charlie" not in browser.get(f"{INDEX}?q=BOB").text
    assert "No attempt matches." in browser.get(f"{INDEX}?q=%25").text
    assert "<bdi>Bob" in browser.get(f"{INDEX}?state=nonsense&page=nonsense").text


def test_a_receipt_says_what_was_received_when_and_what_it_earned(sat, as_user, alice) -> None:
    page = as_user(alice).get(f"{INDEX}/1").text
    for said in ("80 degrees", "&lt;b&gt;bold&lt;/b&gt;", ">77<", "the learner", "1 / 6 (16.67%)"):
        assert said in page, said
    under_way = as_user(alice).get(f"{INDEX}/2").text
    assert "Under way; nothing is graded yet" in under_way and "60 degrees" in under_way


def test_an_answer_in_the_grace_is_marked_late(sat, as_user, alice, charlie) -> None:
    with clock.stopped_at(clock.now() + timedelta(seconds=615)):
        assert taking.save(as_user(charlie), 2, 1, 1, options=["1"]).status_code == 200
    assert as_user(alice).get(f"{INDEX}/2").text.count("in the grace after the end") == 1


def test_the_file_has_a_line_for_each_attempt(sat, as_user, alice) -> None:
    text = as_user(alice).get(f"{INDEX}.csv").text.removeprefix("\ufeff")
    lines = list(csv.DictReader(text.splitlines()))
    assert [(line["Learner"].split()[0], line["State"], line["Answers"]) for line in lines] == [
        ("Bob", "graded", "2"),
        ("Charlie", "open", "1"),
    ]
    assert lines[0]["Started"].endswith("+00:00")


def test_an_attempt_is_found_in_its_own_quiz_alone(sat, make_quiz, as_user, alice) -> None:
    make_quiz(slug="other")
    browser = as_user(alice)
    assert browser.get("/teaching/tea/quizzes/2/attempts/1").status_code == 404
    assert browser.get("/teaching/tea/quizzes/2/attempts").status_code == 200


def test_learners_see_none_of_it(sat, as_user, bob) -> None:
    for page in ("", "/1", ".csv"):
        assert as_user(bob).get(f"{INDEX}{page}").status_code == 403


def test_the_list_costs_the_same_for_two_attempts_and_for_many(app, sat, as_user, alice, bob) -> None:
    browser, learner = as_user(alice), as_user(bob)
    counts = []
    for _ in range(2):
        with sql.count(app) as statements:
            browser.get(INDEX)
        counts.append(len(statements))
        for _ in range(3):
            taking.submit(learner, taking.start(learner))
    assert counts[0] == counts[1] <= 5
