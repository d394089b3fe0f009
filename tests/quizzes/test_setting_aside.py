"""A question that should not have been asked: full points for everybody, or left out, with a reason, and taken back."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from lms.core import clock, work
from lms.core.db import db
from lms.learning import actions as learning
from lms.quizzes import personal, queries, regrading, statistics_report
from lms.quizzes.authoring import quizzes as authoring
from lms.quizzes.content import Option
from lms.quizzes.models import Answer, Attempt, Question, Quiz
from tests.quizzes import taking
from tests.quizzes.correcting import correct, single_with
from tests.support import forms, quizzes

QUIZ = "/teaching/tea/quizzes/1"
REGRADE = f"{QUIZ}/regrade"
WHY = "Two of the options are right."


@pytest.fixture
def sat(app, make_quiz, as_user, bob, charlie, tea):
    """Bob chose the right option of the first question, Charlie did not answer it. Both got the second right, and wrote
    nothing wrong elsewhere."""
    made = make_quiz([quizzes.single(), quizzes.true_false()], passing_percent=100)
    quizzes.enrolled(app, charlie, tea)
    for person, option in ((bob, "2"), (charlie, None)):
        browser = as_user(person)
        attempt = taking.start(browser)
        if option:
            taking.save(browser, attempt, 0, 1, option=option)
        taking.save(browser, attempt, 1, 1, option="true")
        taking.submit(browser, attempt)
    return made


def set_aside(browser, how: str, question: int = 1, **more):
    address = f"{QUIZ}/set-aside/{question}"
    return forms.post(browser, address, {"how": how, "reason": WHY, **more}, form_at=address)


def take_back(browser, question: int = 1):
    address = f"{QUIZ}/set-aside/{question}"
    return forms.post(browser, f"{address}/removal", form_at=address)


def regrade(browser, rule: str = "raise"):
    seen = re.search(r'name="seen" value="(\w+)"', browser.get(f"{REGRADE}?rule={rule}").text)
    assert seen
    return forms.post(browser, REGRADE, {"rule": rule, "seen": seen[1]})


def sums(app) -> list[tuple[int, int, int]]:
    """Score, points and percent of each attempt."""
    with app.app_context(), db.engine.connect() as connection:
        rows = connection.exec_driver_sql("select score, points, percent from attempts order by id")
        return [tuple(int(number) for number in row) for row in rows]


def rows(app, table: type) -> list:
    with app.app_context(), db.engine.connect() as connection:
        return sorted(map(tuple, connection.execute(select(table.__table__))), key=lambda row: row[:2])


def set_points(app, position: int, points: int) -> None:
    with app.app_context(), work.unit():
        question = db.session.scalars(select(Question).where(Question.position == position)).one()
        question.points = Decimal(points)


def test_full_points_for_everybody_also_for_who_did_not_answer(app, sat, as_user, alice, charlie) -> None:
    browser = as_user(alice)
    assert set_aside(browser, "full").status_code == 303
    assert sums(app) == [(2, 2, 100), (1, 2, 50)]
    page = re.sub(r"\s+", " ", browser.get(REGRADE).text)
    assert "everybody has full points" in page and "1 attempt changes; 1 keeps its result." in page
    regrade(browser)
    assert sums(app) == [(2, 2, 100), (2, 2, 100)]
    page = as_user(charlie).get("/attempts/2/result").text
    assert "This question was set aside: everybody has its points." in page and WHY in page
    assert "set aside, full points for everybody" in page and "2 of 2 points" in page
    assert "There is nothing" not in page and "1 attempt counts so" not in browser.get(REGRADE).text
    assert "2 attempts count so" in browser.get(REGRADE).text
    with app.app_context():
        assert regrading.outdated_attempts(sat.id) == 0
        assert queries.unmet_for(sat.lesson_id, charlie.id) == []


def test_left_out_its_points_leave_the_total(app, sat, as_user, alice, bob, charlie) -> None:
    browser = as_user(alice)
    set_aside(browser, "out")
    regrade(browser, "all")
    assert sums(app) == [(1, 1, 100), (1, 1, 100)]
    page = as_user(bob).get("/attempts/1/result").text
    assert "it does not count, and its points left the total" in page and "1 of 1 points" in page
    with app.app_context():
        told = taking.row("select count(*) as n from events where name = 'quiz.regraded'")
        answers = personal.export(charlie.id)["attempts"][0]["answers"]
    assert told.n == 2
    assert [(each["set_aside"], each["reason"]) for each in answers] == [("out", WHY), (None, None)]


def test_only_raise_leaves_a_question_in_for_who_would_lose_by_its_going(
    app, make_quiz, as_user, alice, bob
) -> None:
    make_quiz([quizzes.single(), quizzes.true_false()])
    learner = as_user(bob)
    attempt = taking.start(learner)
    taking.save(learner, attempt, 0, 1, option="2")
    taking.submit(learner, attempt)
    browser = as_user(alice)
    set_aside(browser, "out")
    regrade(browser)
    assert sums(app) == [(1, 2, 50)]
    assert "because that is better for you" in learner.get("/attempts/1/result").text
    with app.app_context():
        assert regrading.outdated_attempts(1) == 0


@pytest.mark.parametrize("rule", ["all", "raise"])
@pytest.mark.parametrize("how", ["full", "out"])
def test_undone_as_one_step_everything_is_as_before(app, sat, as_user, alice, how, rule) -> None:
    before = rows(app, Attempt), rows(app, Answer)
    browser = as_user(alice)
    set_aside(browser, how)
    set_points(app, 2, 3)
    regrade(browser, rule)
    assert rows(app, Attempt) != before[0]
    forms.post(browser, f"{QUIZ}/regrades/1/undo", form_at=REGRADE)
    assert (rows(app, Attempt), rows(app, Answer)) == before


def test_taken_back_it_counts_as_it_was_answered(app, sat, as_user, alice) -> None:
    browser = as_user(alice)
    set_aside(browser, "full")
    regrade(browser)
    assert take_back(browser).status_code == 303
    assert "counts again as it was answered" in browser.get(REGRADE).text
    regrade(browser, "all")
    assert sums(app) == [(2, 2, 100), (1, 2, 50)]
    with app.app_context():
        noted = taking.row("select count(*) as n from audit_entries where action like 'question.%'")
    assert noted.n == 2
    assert take_back(browser).status_code == 404


def test_a_completed_lesson_stays_completed(app, sat, as_user, alice, bob) -> None:
    with app.app_context(), work.unit():
        enrollment = taking.row("select id from enrollments where user_id = :id", id=bob.id).id
        learning.complete_lesson(enrollment, sat.lesson_id, (), clock.now())
    set_points(app, 1, 5)
    correct(app, sat, 1, single_with("3"))
    regrade(as_user(alice), "all")
    with app.app_context():
        done = taking.row("select completed_at from lesson_progress where enrollment_id = :id", id=enrollment)
    assert sums(app)[0] == (1, 6, 16) and done.completed_at is not None


def test_it_is_asked_no_more_and_the_studio_says_so(app, sat, as_user, alice, bob) -> None:
    browser, learner = as_user(alice), as_user(bob)
    set_aside(browser, "full")
    page = browser.get(QUIZ).text
    assert "Question 1 is set aside: new attempts do not ask it" in page and "1 point in all" in page
    attempt = taking.start(learner)
    assert "Which water" not in learner.get(f"/attempts/{attempt}").text
    taking.submit(learner, attempt)
    assert sums(app)[-1] == (0, 1, 0)
    set_aside(browser, "out", 2)
    with app.app_context(), work.unit():
        db.session.execute(text("update lessons set is_published = true"))
        unfit = queries.unfit_quizzes(sat.course_id)
    assert [each.id for each in unfit] == [sat.id]
    take_back(browser)
    attempt = taking.start(learner)
    assert "Which water" in learner.get(f"/attempts/{attempt}").text


def test_an_attempt_under_way_ends_by_the_new_terms(app, sat, as_user, alice, bob) -> None:
    learner, browser = as_user(bob), as_user(alice)
    attempt = taking.start(learner)
    set_aside(browser, "out")
    assert "it does not count, and its points left the total" in learner.get(f"/attempts/{attempt}").text
    taking.save(learner, attempt, 1, 1, option="true")
    taking.submit(learner, attempt)
    assert sums(app)[-1] == (1, 1, 100)
    take_back(browser)
    regrade(browser, "all")
    assert sums(app)[-1] == (1, 2, 50)


def test_a_quiz_of_which_everything_is_left_out_is_passed_by_all(app, sat, as_user, alice) -> None:
    browser = as_user(alice)
    set_aside(browser, "out", 1)
    set_aside(browser, "out", 2)
    regrade(browser, "all")
    assert sums(app) == [(0, 0, 100), (0, 0, 100)]
    assert browser.get(f"{QUIZ}/statistics").status_code == 200
    assert browser.get(f"{QUIZ}/attempts/1").status_code == 200


def test_an_essay_that_is_set_aside_waits_for_nobody_and_keeps_its_marks(
    app, make_quiz, as_user, alice, bob
) -> None:
    make_quiz([quizzes.true_false(), quizzes.essay()])
    learner, browser = as_user(bob), as_user(alice)
    attempt = taking.start(learner)
    taking.save(learner, attempt, 0, 1, option="true")
    taking.save(learner, attempt, 1, 1, text="For calm.")
    taking.submit(learner, attempt)
    set_aside(browser, "full", 2)
    regrade(browser)
    assert sums(app) == [(2, 2, 100)]
    grading = browser.get("/teaching/tea/grading").text
    assert "No essay waits for you" in grading
    essay = f"/teaching/tea/grading/{attempt}/1"
    page = browser.get(essay).text
    assert "what you give here does not change the score" in page
    forms.post(browser, essay, {"points": "0.5", "feedback": "Short."}, form_at=essay)
    assert sums(app) == [(2, 2, 100)]
    forms.post(browser, f"{QUIZ}/regrades/1/undo", form_at=REGRADE)
    with app.app_context():
        row = taking.row("select state, score from attempts")
    assert (row.state, row.score) == ("graded", Decimal("1.5"))


def test_changed_points_are_a_correction_of_their_own(app, sat, as_user, alice) -> None:
    browser = as_user(alice)
    set_points(app, 2, 3)
    page = browser.get(f"{REGRADE}?rule=all").text
    assert "3 points instead of 1" in page
    regrade(browser, "all")
    assert sums(app) == [(4, 4, 100), (3, 4, 75)]
    set_points(app, 2, 1)
    regrade(browser)
    assert sums(app) == [(2, 2, 100), (3, 4, 75)]
    with app.app_context():
        assert regrading.outdated_attempts(sat.id) == 0


@pytest.mark.parametrize("is_pinned", [True, False])
def test_points_of_a_draw_reach_what_it_drew(app, make_quiz, as_user, alice, bob, tea, is_pinned) -> None:
    made = make_quiz([quizzes.true_false()])
    with app.app_context(), work.unit():
        content, key = quizzes.single()
        question = quizzes.ask(made, content, key, 2)
        question.quiz_id, question.course_id, question.tags = None, tea.id, ["green", "hard"]
        draw = authoring.add_draw(db.session.get_one(Quiz, made.id), 1, ["green"], Decimal(2)).id
    learner, browser = as_user(bob), as_user(alice)
    attempt = taking.start(learner)
    taking.save(learner, attempt, 1, 1, option="2")
    taking.submit(learner, attempt)
    if not is_pinned:
        with app.app_context(), work.unit():
            db.session.execute(text("update attempts set layout = layout #- '{1,draw}'"))
    assert sums(app) == [(2, 3, 66)]
    worth = f"{QUIZ}/draws/{draw}/points"
    assert forms.post(browser, worth, {"points": "7"}, form_at=QUIZ).status_code == 303
    regrade(browser)
    assert sums(app) == [(7, 8, 87)]
    set_aside(browser, "out", 2)
    again = taking.start(learner)
    assert "Which water" not in learner.get(f"/attempts/{again}").text


def test_what_was_looked_at_is_what_is_applied(app, sat, as_user, alice) -> None:
    browser = as_user(alice)
    set_aside(browser, "full")
    seen = re.search(r'name="seen" value="(\w+)"', browser.get(REGRADE).text)
    assert seen
    set_aside(browser, "out")
    answer = forms.post(browser, REGRADE, {"rule": "raise", "seen": seen[1]})
    assert answer.status_code == 422 and "have changed since you looked" in answer.text
    assert sums(app) == [(2, 2, 100), (1, 2, 50)]


def test_a_reason_and_a_way_to_count_are_needed_and_only_what_was_asked_is_set_aside(
    app, sat, as_user, alice
) -> None:
    browser = as_user(alice)
    assert set_aside(browser, "full", reason="").status_code == 422
    assert set_aside(browser, "twice").status_code == 422
    assert browser.get(f"{QUIZ}/set-aside/99").status_code == 404
    assert browser.get(f"{QUIZ}/set-aside/1?version=2").status_code == 404
    assert browser.get(f"{QUIZ}/set-aside").text.count("/set-aside/") >= 2


def test_too_different_to_grade_again_it_is_set_aside_for_who_saw_it(app, sat, as_user, alice, bob) -> None:
    content, key = single_with("3")
    other = replace(content, text="Which pot?", options=(Option("2", "Clay"), Option("3", "Tin")))
    correct(app, sat, 1, (other, key))
    browser, learner = as_user(alice), as_user(bob)
    page = browser.get(REGRADE).text
    assert "Set the question aside for these" in page and 'name="seen"' not in page
    set_aside(browser, "full", version="1")
    page = browser.get(REGRADE).text
    assert "Too different to grade again" not in page and "only for those who saw it before" in page
    regrade(browser)
    assert sums(app) == [(2, 2, 100), (2, 2, 100)]
    attempt = taking.start(learner)
    assert "Which pot?" in learner.get(f"/attempts/{attempt}").text


def test_statistics_mark_it_and_leave_it_out_of_the_reliability(app, sat, as_user, alice) -> None:
    browser = as_user(alice)
    set_aside(browser, "full")
    regrade(browser)
    with app.app_context():
        first, second = statistics_report.report(sat.id, "first").questions
    assert (first.how, second.how) == ("full", None)
    assert first.figures.facility == 0.5 and first.figures.effective_weight is None
    assert second.figures.discrimination is None
    page = browser.get(f"{QUIZ}/statistics").text
    assert "Set aside; everybody has full points." in page
    assert ",full" in browser.get(f"{QUIZ}/statistics/questions.csv").text


def test_a_regrade_of_an_earlier_release_is_undone_exactly(app, sat, as_user, alice) -> None:
    before = rows(app, Attempt), rows(app, Answer)
    browser = as_user(alice)
    correct(app, sat, 1, single_with("3"))
    regrade(browser, "all")
    with app.app_context(), work.unit():
        db.session.execute(
            text("""
                update regrade_changes set
                  before = before - 'points' || jsonb_build_object('slots', (
                      select jsonb_object_agg(key, value - '{points,aside,how,declined}'::text[])
                        from jsonb_each(before -> 'slots'))),
                  after = after - 'points' || jsonb_build_object('slots', (
                      select jsonb_object_agg(key, value - '{points,aside,how,declined}'::text[])
                        from jsonb_each(after -> 'slots')))
            """)
        )
    forms.post(browser, f"{QUIZ}/regrades/1/undo", form_at=REGRADE)
    assert (rows(app, Attempt), rows(app, Answer)) == before
