"""A corrected key: looked at, applied once, undone once; nobody is hurt who was right under the old one."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from lms.core import clock, work
from lms.core.db import db
from lms.learning import actions as learning
from lms.quizzes import corrections, queries, regrading
from lms.quizzes.content import Option
from lms.quizzes.models import Answer, Attempt
from tests.quizzes import taking
from tests.quizzes.correcting import correct, single_with
from tests.support import crowd, forms, quizzes, sql

REGRADE = "/teaching/tea/quizzes/1/regrade"


@pytest.fixture
def sat(app, make_quiz, as_user, bob, charlie, tea):
    """Bob chose option 2, which is right; Charlie chose 3. Both answered the second question rightly."""
    made = make_quiz([quizzes.single(), quizzes.true_false()], passing_percent=100)
    quizzes.enrolled(app, charlie, tea)
    for person, option in ((bob, "2"), (charlie, "3")):
        browser = as_user(person)
        attempt = taking.start(browser)
        taking.save(browser, attempt, 0, 1, option=option)
        taking.save(browser, attempt, 1, 1, option="true")
        taking.submit(browser, attempt)
    return made


def _percents(app) -> list:
    with app.app_context(), db.engine.connect() as connection:
        rows = connection.exec_driver_sql("select percent, passed from attempts order by id")
        return [(int(row.percent), row.passed) for row in rows]


def _rows(app, table: type) -> list:
    with app.app_context(), db.engine.connect() as connection:
        return sorted(map(tuple, connection.execute(select(table.__table__))), key=lambda row: row[:2])


def _told(app) -> list:
    with app.app_context(), db.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "select payload from events where name = 'quiz.regraded' order by id"
        )
        return [row.payload for row in rows]


def _apply(alice_browser, rule: str):
    page = alice_browser.get(f"{REGRADE}?rule={rule}").text
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    return forms.post(alice_browser, REGRADE, {"rule": rule, "seen": seen[1]})


def test_correcting_a_key_changes_nothing_until_somebody_decides(app, sat, as_user, alice, bob) -> None:
    assert regrading_count(app, sat) == 0
    correct(app, sat, 1, single_with("3"))
    assert _percents(app) == [(100, True), (50, False)]
    assert regrading_count(app, sat) == 2
    page = as_user(alice).get("/teaching/tea/quizzes/1/attempts").text
    assert "2 attempts were graded before a correction" in page
    assert "2 of 2 points" in as_user(bob).get("/attempts/1/result").text


def regrading_count(app, quiz) -> int:
    with app.app_context():
        return regrading.outdated_attempts(quiz.id)


def test_the_preview_lists_every_learner_before_and_after_and_writes_nothing(
    app, sat, as_user, alice
) -> None:
    correct(app, sat, 1, single_with("3"))
    before = _rows(app, Attempt), _rows(app, Answer)
    browser = as_user(alice)
    page = re.sub(r"\s+", " ", browser.get(f"{REGRADE}?rule=all").text)
    assert "<bdi>Bob" in page and "<bdi>Charlie" in page
    assert "2 attempts change; 0 keep their result." in page
    raised = browser.get(f"{REGRADE}?rule=raise").text
    assert "<bdi>Bob" not in raised and "1 attempt changes" in raised
    assert (_rows(app, Attempt), _rows(app, Answer)) == before


def test_regrade_all_gives_everyone_what_the_new_key_gives(app, sat, as_user, alice, bob, charlie) -> None:
    correct(app, sat, 1, single_with("3"))
    assert _apply(as_user(alice), "all").status_code == 303
    assert _percents(app) == [(50, False), (100, True)]
    assert sorted(told["user_id"] for told in _told(app)) == sorted([bob.id, charlie.id])
    page = as_user(charlie).get("/attempts/2/result").text
    assert "2 of 2 points" in page and "graded again" in page and "it had 50% before" in page
    assert regrading_count(app, sat) == 0


def test_only_raise_lowers_no_right_answer(app, sat, as_user, alice, bob) -> None:
    correct(app, sat, 1, single_with("3"))
    _apply(as_user(alice), "raise")
    assert _percents(app) == [(100, True), (100, True)]
    assert [told["attempt_ids"] for told in _told(app)] == [[2]]
    page = as_user(bob).get("/attempts/1/result").text
    assert "You keep the points you had." in page and "graded again" not in page


def test_undone_as_one_step_everything_is_as_before(app, sat, as_user, alice) -> None:
    correct(app, sat, 1, single_with("3"))
    before = _rows(app, Attempt), _rows(app, Answer)
    browser = as_user(alice)
    _apply(browser, "all")
    assert _rows(app, Attempt) != before[0]
    undo = "/teaching/tea/quizzes/1/regrades/1/undo"
    assert forms.post(browser, undo, form_at=REGRADE).status_code == 303
    assert (_rows(app, Attempt), _rows(app, Answer)) == before
    assert [told["undone"] for told in _told(app)] == [False, False, True, True]
    forms.post(browser, undo, form_at=REGRADE)
    assert len(_told(app)) == 4 and regrading_count(app, sat) == 2


def test_pressed_twice_or_by_many_at_once_it_happens_once(app, sat, alice) -> None:
    correct(app, sat, 1, single_with("3"))
    with app.app_context():
        seen = corrections.fingerprint(corrections.preview(regrading.outdated(sat.id), "all"))

    def press(_: int):
        with app.app_context(), work.unit():
            return regrading.apply(sat.id, "all", seen, alice.id, clock.now()).regrade_id

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(press, range(4)))
    assert len([each for each in done if each]) == 1 and len(_told(app)) == 2
    assert _percents(app) == [(50, False), (100, True)]

    def undo(_: int) -> bool:
        with app.app_context(), work.unit():
            return regrading.undo(sat.id, 1, alice.id, clock.now())

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(undo, range(4))) == [False, False, False, True]


def test_what_changed_since_the_look_is_not_applied_unseen(app, sat, as_user, alice) -> None:
    correct(app, sat, 1, single_with("3"))
    answer = forms.post(as_user(alice), REGRADE, {"rule": "all", "seen": "another look"})
    assert answer.status_code == 422 and "have changed since you looked" in answer.text
    assert _percents(app) == [(100, True), (50, False)]


def test_a_second_correction_starts_from_the_first(app, sat, as_user, alice) -> None:
    browser = as_user(alice)
    correct(app, sat, 1, single_with("3"))
    _apply(browser, "all")
    correct(app, sat, 1, single_with("2"))
    _apply(browser, "all")
    assert _percents(app) == [(100, True), (50, False)]
    page = browser.get(REGRADE).text
    assert "Undo the later one first" in page
    forms.post(browser, "/teaching/tea/quizzes/1/regrades/1/undo", form_at=REGRADE)
    assert _percents(app) == [(100, True), (50, False)]


def test_a_lesson_opens_for_who_passes_now_and_is_never_taken_back(
    app, sat, as_user, alice, bob, charlie
) -> None:
    with app.app_context(), work.unit():
        enrollment = taking.row("select id from enrollments where user_id = :id", id=bob.id).id
        learning.complete_lesson(enrollment, sat.lesson_id, (), clock.now())
    correct(app, sat, 1, single_with("3"))
    _apply(as_user(alice), "all")
    with app.app_context():
        assert queries.unmet_for(sat.lesson_id, charlie.id) == []
        assert len(queries.unmet_for(sat.lesson_id, bob.id)) == 1
        done = taking.row("select completed_at from lesson_progress where enrollment_id = :id", id=enrollment)
    assert done.completed_at is not None


def test_other_options_than_were_seen_are_not_graded_again(app, sat, as_user, alice) -> None:
    content, key = single_with("3")
    swapped = (Option("1", "80 degrees"), Option("2", "60 degrees"), Option("3", "100 degrees"))
    correct(app, sat, 1, (replace(content, options=swapped), key))
    page = as_user(alice).get(REGRADE).text
    assert "Too different to grade again" in page and 'name="seen"' not in page
    assert regrading_count(app, sat) == 0


def test_corrected_words_and_feedback_alone_are_no_reason_to_regrade(app, sat) -> None:
    content, key = quizzes.single("Which water is the best for green tea?")
    correct(app, sat, 1, (content, replace(key, general=None)))
    with app.app_context():
        assert regrading.outdated(sat.id) == corrections.Found()


def test_an_attempt_under_way_is_graded_by_what_its_learner_saw(app, sat, as_user, alice, bob) -> None:
    browser = as_user(bob)
    attempt = taking.start(browser)
    correct(app, sat, 1, single_with("3"))
    _apply(as_user(alice), "all")
    taking.save(browser, attempt, 0, 1, option="2")
    taking.submit(browser, attempt)
    with app.app_context():
        assert taking.row("select score from attempts where id = :id", id=attempt).score == 1
    assert regrading_count(app, sat) == 1


def test_an_essay_that_waits_keeps_waiting(app, make_quiz, as_user, alice, bob) -> None:
    made = make_quiz([quizzes.single(), quizzes.essay()])
    browser = as_user(bob)
    attempt = taking.start(browser)
    taking.save(browser, attempt, 0, 1, option="3")
    taking.save(browser, attempt, 1, 1, text="For calm.")
    taking.submit(browser, attempt)
    correct(app, made, 1, single_with("3"))
    _apply(as_user(alice), "raise")
    with app.app_context():
        row = taking.row("select state, score, passed from attempts where id = :id", id=attempt)
    assert (row.state, row.score, row.passed) == ("needs_grading", 1, None)


def test_the_preview_costs_the_same_for_two_attempts_and_for_six(app, sat, as_user, alice, bob) -> None:
    correct(app, sat, 1, single_with("3"))
    browser, learner = as_user(alice), as_user(bob)
    counts = []
    for _ in range(2):
        with sql.count(app) as statements:
            assert browser.get(REGRADE).status_code == 200
        counts.append(len(statements))
        for _ in range(2):
            attempt = taking.start(learner)
            taking.submit(learner, attempt)
    assert counts[0] == counts[1]


_DECIDED = text("""
    insert into set_asides (quiz_id, question_id, how, reason, set_at)
    select quiz_id, id, 'full', 'It was misleading.', now() from questions where quiz_id = 2 and position = 2;
    delete from answers where attempt_id % 7 = 0 and slot = 3;
    update answers set fraction = 0.333333, state = 'partial' where slot = 4;
""")


@pytest.mark.parametrize("rule", corrections.RULES)
def test_what_nothing_touches_is_read_in_short_and_counts_as_if_read_whole(app, rule) -> None:
    """Quiz 1 has a corrected key, in quiz 2 a question is set aside and an essay waits."""
    crowd.gathered(app, 20)
    with app.app_context(), work.unit():
        db.session.execute(_DECIDED)
        for quiz_id in (1, 2):
            found = corrections.found(quiz_id)
            keys = {(each.seen, each.graded_by): each for each in found.usable}
            offers = {each.pin: each.offered for each in found.worths}
            whole = [
                corrections._change(row, keys, offers, rule) for row in corrections.attempts(found.attempts)
            ]
            assert len(whole) == 20 and any(change.is_changed for change in whole)
            assert corrections.preview(found, rule) == whole


def test_a_long_preview_comes_in_pages_and_is_applied_whole(app, sat, as_user, alice) -> None:
    with app.app_context(), work.unit():
        copied = "user_id, quiz_id, enrollment_id, state, layout, started_at, submitted_at, closed_by"
        graded = "score, points, percent, passed"
        db.session.execute(
            text(f"insert into attempts (number, {copied}, {graded}) select number + g, {copied}, {graded}"  # noqa: S608
                 " from attempts, generate_series(1, 149) g where id = 1")
        )  # fmt: skip
        db.session.execute(
            text("insert into answers select a.id, n.slot, n.response, n.seq, n.saved_at, n.fraction, n.state"
                 " from attempts a, answers n where n.attempt_id = 1 and a.id > 2")
        )  # fmt: skip
    correct(app, sat, 1, single_with("3"))
    browser = as_user(alice)
    assert browser.get(f"{REGRADE}?rule=all").text.count("<bdi>Bob") == 100
    assert browser.get(f"{REGRADE}?rule=all&page=2").text.count("<bdi>Bob") == 50
    _apply(browser, "all")
    assert sorted(_percents(app))[:150] == [(50, False)] * 150
    assert len(_told(app)) == 2
