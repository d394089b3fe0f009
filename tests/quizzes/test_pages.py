"""What the pages say, what they cost, and what they never give away."""

from datetime import timedelta

import pytest

from lms.core import clock
from lms.quizzes import queries
from tests.quizzes import taking
from tests.support import quizzes, sql

SECRETS = (quizzes.SECRET, "oolongleaf", "tolerance", "weight")


def test_nothing_secret_stands_in_a_page_or_answer_before_handing_in(make_quiz, as_user, bob) -> None:
    make_quiz(time_limit=600)
    browser = as_user(bob)
    attempt = taking.start(browser)
    texts = [
        browser.get(taking.QUIZ).text,
        browser.get(f"/attempts/{attempt}").text,
        browser.get(f"/attempts/{attempt}/submission").text,
        browser.get(f"/attempts/{attempt}/result", follow_redirects=True).text,
        taking.save(browser, attempt, 0, 1, option="1").text,
        taking.save(browser, attempt, 0, 1, option="9").text,
        taking.submit(browser, attempt, {"then": "review", "q0-seq": "5", "q0-option": "9"}).text,
    ]
    for text in texts:
        for secret in SECRETS:
            assert secret not in text
    taking.submit(browser, attempt)
    assert quizzes.SECRET in browser.get(f"/attempts/{attempt}/result").text


def test_a_quiz_that_never_reveals_shows_the_score_alone(make_quiz, as_user, bob) -> None:
    make_quiz(reveal="never")
    browser = as_user(bob)
    attempt = taking.start(browser)
    taking.save(browser, attempt, 0, 1, option="2")
    taking.submit(browser, attempt)
    page = browser.get(f"/attempts/{attempt}/result").text
    assert "1 of 6 points" in page and "80 degrees" in page
    assert not any(secret in page for secret in SECRETS)
    assert "Correct answer" not in page and "result-correct" not in page and "option-correct" not in page


def test_the_result_explains_its_number(make_quiz, as_user, bob) -> None:
    make_quiz()
    browser = as_user(bob)
    attempt = taking.start(browser)
    taking.save(browser, attempt, 0, 1, option="1")
    taking.save(browser, attempt, 3, 1, text="greenleaf")
    taking.submit(browser, attempt)
    page = browser.get(f"/attempts/{attempt}/result").text
    for words in (
        "Why this number?", "0 of 6 points are 0%", "Your best attempt counts.", "greenleaf", "oolongleaf",
        "3.5 ± 0.5", "You gave no answer.", "Receipt", f"{quizzes.SECRET} 1", "Try again",
    ):  # fmt: skip
        assert words in page, words


def test_the_rules_are_told_in_words(make_quiz, as_user, bob) -> None:
    make_quiz(time_limit=1200, max_attempts=3, counts="average", one_per_page=True)
    page = as_user(bob).get(taking.QUIZ).text
    for words in (
        "6 questions", "20 minutes", "3 attempts in all", "3 are left", "Passed with 70% of the points.",
        "The average of your attempts counts.", "One question a page", "Start the quiz",
    ):  # fmt: skip
        assert words in page, words


def test_past_attempts_are_listed_with_the_one_that_counts(make_quiz, as_user, bob) -> None:
    make_quiz()
    browser = as_user(bob)
    for option in ("2", "1"):
        attempt = taking.start(browser)
        taking.save(browser, attempt, 0, 1, option=option)
        taking.submit(browser, attempt)
    page = browser.get(taking.QUIZ).text
    assert page.count("Look at it") == 2 and page.count(">counts<") == 1 and "Try again" in page


def test_one_question_a_page_is_walked_by_plain_buttons(make_quiz, as_user, bob) -> None:
    make_quiz(one_per_page=True)
    browser = as_user(bob)
    attempt = taking.start(browser)
    page = browser.get(f"/attempts/{attempt}").text
    assert "Which water" in page and "Which are teas?" not in page
    answer = taking.submit(browser, attempt, {"then": "2", "q0-seq": "0", "q0-option": "2"})
    assert answer.location == f"/attempts/{attempt}?question=2#question-2"
    page = browser.get(answer.location).text
    assert "Which are teas?" in page and "Which water" not in page and page.count('class="answered"') == 1
    for odd in ("0", "99", "x", "-1", "9" * 40, "²"):
        assert browser.get(f"/attempts/{attempt}?question={odd}").status_code == 200


def test_what_learners_and_authors_write_is_never_markup(make_quiz, as_user, bob) -> None:
    content, key = quizzes.single("<img src=x onerror=alert(1)><script>alert(2)</script> Which <your tea>?")
    make_quiz(
        [
            (content.__class__(content.type, content.text, content.options, "moodle"), key),
            quizzes.short_answer(),
        ]
    )
    browser = as_user(bob)
    attempt = taking.start(browser)
    taking.save(browser, attempt, 1, 1, text="<script>alert(3)</script>")
    pages = browser.get(f"/attempts/{attempt}").text
    taking.submit(browser, attempt)
    pages += browser.get(f"/attempts/{attempt}/result").text
    assert "alert(" not in pages.replace("&lt;script&gt;alert(3)&lt;/script&gt;", "")
    assert "onerror" not in pages and "&lt;your tea&gt;" in pages


@pytest.mark.parametrize("count", [3, 60])
def test_pages_cost_the_same_few_statements_whatever_their_length(
    app, make_quiz, as_user, bob, count
) -> None:
    make_quiz([quizzes.single(f"Question {n}?") for n in range(count)])
    browser = as_user(bob)
    attempt = taking.start(browser)
    costs = {}
    for name in ("", "/submission"):
        with sql.count(app) as statements:
            assert browser.get(f"/attempts/{attempt}{name}").status_code == 200
        costs[name] = len(statements)
    with sql.count(app) as statements:
        assert browser.get(taking.QUIZ).status_code == 200
    costs["quiz"] = len(statements)
    taking.submit(browser, attempt)
    with sql.count(app) as statements:
        assert browser.get(f"/attempts/{attempt}/result").status_code == 200
    costs["result"] = len(statements)
    assert costs == {"": 3, "/submission": 3, "quiz": 3, "result": 4}


def test_the_lesson_learns_what_is_passed_and_what_is_missing(app, make_quiz, as_user, bob) -> None:
    made = make_quiz([quizzes.single()], max_attempts=5)
    make_quiz([quizzes.single()], slug="extra", title="Extra", is_required=False, mode="practice", position=2)
    browser = as_user(bob)

    def standing() -> tuple:
        with app.app_context():
            rows = queries.quizzes_of_lesson(made.lesson_id, bob.id, is_staff=False)
            unmet = queries.unmet_for(made.lesson_id, bob.id)
        assert [row.slug for row in rows] == ["steeping", "extra"]
        return rows[0].passed, rows[0].attempts_used, rows[0].open_attempt_id, [tuple(row) for row in unmet]

    assert standing() == (False, 0, None, [("Steeping", "steeping")])
    attempt = taking.start(browser)
    assert standing() == (False, 1, attempt, [("Steeping", "steeping")])
    taking.save(browser, attempt, 0, 1, option="2")
    taking.submit(browser, attempt)
    assert standing() == (True, 1, None, [])


@pytest.mark.parametrize(
    ("counts", "expected"), [("best", [True, True]), ("last", [True, False]), ("average", [True, False])]
)
def test_which_attempt_counts_decides_passing(app, make_quiz, as_user, bob, counts, expected) -> None:
    made = make_quiz([quizzes.single()], counts=counts)
    browser = as_user(bob)
    found = []
    for option in ("2", "1"):
        attempt = taking.start(browser)
        taking.save(browser, attempt, 0, 1, option=option)
        taking.submit(browser, attempt)
        with app.app_context():
            found.append(not queries.unmet_for(made.lesson_id, bob.id))
    assert found == expected


def test_the_time_left_is_told_on_the_page(make_quiz, as_user, bob) -> None:
    make_quiz(time_limit=600)
    browser = as_user(bob)
    with clock.stopped_at(clock.now()):
        attempt = taking.start(browser)
    with clock.stopped_at(clock.now() + timedelta(seconds=61)):
        page = browser.get(f"/attempts/{attempt}").text
    assert "8:5" in page
