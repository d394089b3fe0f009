"""Starting an attempt: one at a time, never more than allowed, pinned to what was asked at that moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import update

from lms.core import clock, work
from lms.core.db import db
from lms.quizzes import actions, queries
from lms.quizzes.models import Question, QuestionVersion
from tests.factories import NOW
from tests.quizzes import taking
from tests.support import quizzes

GRACE = timedelta(seconds=30)


def test_bob_starts_and_finds_his_questions(make_quiz, as_user, bob) -> None:
    make_quiz()
    browser = as_user(bob)
    page = browser.get(f"/attempts/{taking.start(browser)}").text
    assert "Which water is best for green tea?" in page and "Question 6 of 6" in page


def test_starting_again_leads_to_the_same_attempt(make_quiz, as_user, bob) -> None:
    make_quiz()
    browser = as_user(bob)
    assert taking.start(browser) == taking.start(browser)


def test_two_tabs_at_once_get_one_attempt(app, make_quiz, bob) -> None:
    made = make_quiz(max_attempts=1)

    def press(_: int) -> int | None:
        with app.app_context(), work.unit():
            quiz = queries.quiz_for("tea", "lesson-1", made.slug, user_id=bob.id, is_admin=False)
            return actions.start(quiz, bob.id, NOW, GRACE).attempt_id

    with ThreadPoolExecutor(6) as pool:
        attempts = set(pool.map(press, range(6)))
    assert len(attempts) == 1 and None not in attempts
    with app.app_context():
        assert taking.row("select count(*) as n from attempts").n == 1


def test_the_limit_of_attempts_holds_against_many_at_once(app, make_quiz, bob) -> None:
    made = make_quiz(max_attempts=3)

    def sit(_: int) -> None:
        with app.app_context():
            with work.unit():
                quiz = queries.quiz_for("tea", "lesson-1", made.slug, user_id=bob.id, is_admin=False)
                attempt = actions.start(quiz, bob.id, NOW, GRACE).attempt_id
            if attempt:
                with work.unit():
                    actions.close(attempt, NOW, "learner")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(sit, range(12)))
    with app.app_context():
        assert taking.row("select count(*) as n, max(number) as last from attempts") == (3, 3)


def test_after_the_last_attempt_the_page_says_so(make_quiz, as_user, bob) -> None:
    make_quiz(max_attempts=1)
    browser = as_user(bob)
    attempt = taking.start(browser)
    taking.submit(browser, attempt)
    page = browser.get(taking.QUIZ).text
    assert "You have used all your attempts. Your instructor can allow you more." in page
    assert "Try again" not in page
    token = {"csrf_token": taking.token(browser, "/no-such-page")}
    answer = browser.post(f"{taking.QUIZ}/attempts", data=token)
    assert answer.status_code == 303 and answer.location.endswith("/quizzes/steeping")


def test_an_attempt_keeps_the_questions_it_began_with(app, make_quiz, as_user, bob) -> None:
    made = make_quiz([quizzes.single("The old wording?")])
    browser = as_user(bob)
    attempt = taking.start(browser)
    with app.app_context(), work.unit():
        question = db.session.query(Question).filter_by(quiz_id=made.id).one()
        content, key = quizzes.single("The new wording?")
        version = QuestionVersion(
            question_id=question.id, number=2, kind="single", content=content.to_json(), key=key.to_json()
        )
        db.session.add(version)
        db.session.flush()
        db.session.execute(update(Question).values(version_id=version.id, points=Decimal(7)))
    page = browser.get(f"/attempts/{attempt}").text
    assert "The old wording?" in page and "The new wording?" not in page
    taking.save(browser, attempt, 0, 1, option="2")
    taking.submit(browser, attempt)
    assert "1 of 1 points" in browser.get(f"/attempts/{attempt}/result").text


def test_reloading_never_reshuffles(make_quiz, as_user, bob) -> None:
    make_quiz(
        [quizzes.single(f"Question {n}?") for n in range(8)], shuffle_questions=True, shuffle_options=True
    )
    browser = as_user(bob)
    attempt = taking.start(browser)
    first = taking.questions_in(browser.get(f"/attempts/{attempt}").text)
    assert all(taking.questions_in(browser.get(f"/attempts/{attempt}").text) == first for _ in range(4))


def test_the_time_runs_from_the_start(app, make_quiz, as_user, bob) -> None:
    make_quiz(time_limit=600)
    browser = as_user(bob)
    attempt = taking.start(browser)
    with app.app_context():
        row = taking.row("select deadline_at - started_at as limit from attempts where id = :id", id=attempt)
    assert row.limit == timedelta(minutes=10)
    page = browser.get(f"/attempts/{attempt}").text
    assert 'role="timer"' in page


def test_a_press_of_continue_after_the_time_leads_to_the_result(make_quiz, as_user, bob) -> None:
    make_quiz(time_limit=60, max_attempts=2)
    browser = as_user(bob)
    attempt = taking.start(browser)
    token = {"csrf_token": taking.token(browser, "/no-such-page")}
    with clock.stopped_at(clock.now() + timedelta(minutes=2)):
        pressed = browser.post(f"{taking.QUIZ}/attempts", data=token)
        assert pressed.location == f"/attempts/{attempt}"
        answer = browser.get(f"/attempts/{attempt}")
        assert answer.status_code == 303 and answer.location == f"/attempts/{attempt}/result"


def test_a_quiz_without_questions_does_not_begin(make_quiz, as_user, bob) -> None:
    make_quiz([])
    browser = as_user(bob)
    assert "This quiz has no questions yet." in browser.get(taking.QUIZ).text


def test_strangers_and_visitors_find_no_quiz(make_quiz, as_user, client, charlie) -> None:
    make_quiz()
    stranger = as_user(charlie)
    assert stranger.get(taking.QUIZ).status_code == 404
    token = {"csrf_token": taking.token(stranger, "/no-such-page")}
    assert stranger.post(f"{taking.QUIZ}/attempts", data=token).status_code == 404
    assert client.get(taking.QUIZ).status_code == 303


def test_alice_and_dana_see_the_rules_but_take_no_attempt(make_quiz, as_user, alice, dana) -> None:
    make_quiz()
    for person in (alice, dana):
        browser = as_user(person)
        assert "Enroll in the course to take this quiz." in browser.get(taking.QUIZ).text
        token = {"csrf_token": taking.token(browser, "/no-such-page")}
        assert browser.post(f"{taking.QUIZ}/attempts", data=token).status_code == 403


def test_who_left_the_course_finds_no_quiz(app, make_quiz, as_user, bob) -> None:
    make_quiz()
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("update enrollments set state = 'dropped'")
    assert as_user(bob).get(taking.QUIZ).status_code == 404
