"""A number that can't be read is kept as it was typed, and its learner hears of it at once."""

import pytest

from lms.quizzes.content import ClozeContent, Gap, OpenContent
from lms.quizzes.doubts import doubt
from tests.quizzes import taking
from tests.support import quizzes

UNREAD = "read as a number"


@pytest.mark.parametrize("text", ["abc", "3 cm", "1.2.3", "three"])
def test_the_learner_is_told_with_the_acknowledgement_and_on_the_page(make_quiz, as_user, bob, text) -> None:
    make_quiz([quizzes.numeric()])
    browser = as_user(bob)
    attempt = taking.start(browser)
    answer = taking.save(browser, attempt, 0, 1, text=text)
    assert answer.status_code == 200 and answer.get_json()["outcome"] == "saved"
    assert UNREAD in answer.get_json()["message"]
    page = browser.get(f"/attempts/{attempt}").text
    assert UNREAD in page and f'value="{text}"' in page


@pytest.mark.parametrize("text", ["3,5", "-1.000,5", "1e3", ""])
def test_a_number_raises_no_doubt(make_quiz, as_user, bob, text) -> None:
    make_quiz([quizzes.numeric()])
    browser = as_user(bob)
    attempt = taking.start(browser)
    assert taking.save(browser, attempt, 0, 1, text=text).get_json()["message"] == ""


def test_of_several_gaps_those_with_numbers_are_named(app) -> None:
    gaps = (Gap("a", "short_answer"), Gap("b", "numeric"), Gap("c", "numeric"))
    text = ClozeContent("[[c]] [[a]] [[b]]", gaps)
    with app.test_request_context():
        assert doubt(text, {"gaps": {"a": "x", "b": "2", "c": "two"}}).startswith("Gap 1: ")
        assert doubt(text, {"gaps": {"a": "x", "b": "2"}}) == ""
        assert doubt(OpenContent("short_answer", "What?"), {"text": "abc"}) == ""
