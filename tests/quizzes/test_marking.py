"""Essays are graded by hand: the queue, one essay at a time, what the learner sees, what follows."""

from decimal import Decimal
from threading import Barrier, Thread

import pytest

from lms.core import clock, work
from lms.quizzes import corrections, marking, personal, regrading
from lms.quizzes.content import OpenContent, Text
from lms.quizzes.keys import OpenKey
from tests import factories
from tests.quizzes import taking
from tests.quizzes.correcting import correct, single_with
from tests.support import forms, quizzes, sql

QUEUE = "/teaching/tea/grading"
ESSAY = "Because it is warm.\nAnd <b>green</b>."


def essay(question: str = "Why do you drink tea?") -> quizzes.Pair:
    return OpenContent("essay", question), OpenKey("essay", Text("A good answer names two reasons."))


@pytest.fixture
def handed_in(make_quiz, as_user, bob):
    """Bob has handed in a quiz with a choice (right) and an essay; the number of his attempt."""

    def hand_in(pairs=None, answer=ESSAY, user=bob) -> int:
        browser = as_user(user)
        attempt = taking.start(browser)
        taking.save(browser, attempt, 0, 1, option="2")
        taking.save(browser, attempt, 1, 1, text=answer)
        taking.submit(browser, attempt)
        return attempt

    make_quiz([quizzes.single(), essay()])
    return hand_in


def mark(browser, attempt: int, slot: int, points: str, feedback: str = "", seen: str | None = None, **more):
    path = f"{QUEUE}/{attempt}/{slot}"
    if seen is None:
        page = browser.get(path).text
        seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
    return forms.post(
        browser, path, {"points": points, "feedback": feedback, "seen": seen, **more}, form_at="/profile"
    )


def look(app, sql: str, **parameters):
    with app.app_context():
        return taking.row(sql, **parameters)


def attempt_row(app, attempt: int):
    return look(app, "select state, score, percent, passed from attempts where id = :id", id=attempt)


def graded_events(app) -> int:
    return look(app, "select count(*) from events where name = 'quiz.graded'")[0]


def test_an_essay_waits_in_the_queue_and_on_the_result(app, handed_in, as_user, alice, bob) -> None:
    attempt = handed_in()
    assert attempt_row(app, attempt).state == "needs_grading"
    assert "graded by a person" in as_user(bob).get(f"/attempts/{attempt}/result").text
    assert "1 essay to grade" in as_user(alice).get("/teaching").text
    queue = as_user(alice).get(QUEUE).text
    assert "Steeping" in queue and "Bob" in queue and f"{QUEUE}/{attempt}/1" in queue
    page = as_user(alice).get(f"{QUEUE}/{attempt}/1").text
    assert "Because it is warm." in page and "&lt;b&gt;green&lt;/b&gt;" in page
    assert "Why do you drink tea?" in page and "A good answer names two reasons." in page


def test_the_last_mark_grades_the_attempt_and_tells_once(app, handed_in, as_user, alice, bob) -> None:
    attempt = handed_in()
    answer = mark(as_user(alice), attempt, 1, "0,5", "Well **said**. <script>alert(1)</script>")
    assert (answer.status_code, answer.location) == (303, QUEUE)
    row = attempt_row(app, attempt)
    assert (row.state, row.score, row.percent, row.passed) == ("graded", Decimal("1.5"), 75, True)
    assert graded_events(app) == 1
    page = as_user(bob).get(f"/attempts/{attempt}/result").text
    assert "0.5 / 1" in page and "Well <strong>said</strong>." in page and "<script>alert" not in page
    assert "Graded by a person" in page
    assert "No essay waits" in as_user(alice).get(QUEUE).text
    assert "essay to grade" not in as_user(alice).get("/teaching").text


def test_an_attempt_with_two_essays_is_graded_when_both_are(app, make_quiz, as_user, alice, bob) -> None:
    make_quiz([essay("Why?"), essay("Why not?"), essay("How?")])
    browser = as_user(bob)
    attempt = taking.start(browser)
    taking.save(browser, attempt, 0, 1, text="So.")
    taking.save(browser, attempt, 1, 1, text="Not so.")
    taking.submit(browser, attempt)
    teacher = as_user(alice)
    answer = mark(teacher, attempt, 0, "1")
    assert answer.location == f"{QUEUE}/{attempt}/1"
    assert (attempt_row(app, attempt).state, graded_events(app)) == ("needs_grading", 0)
    mark(teacher, attempt, 1, "1")
    row = attempt_row(app, attempt)
    assert (row.state, row.percent, graded_events(app)) == ("graded", Decimal("66.67"), 1)
    assert row.passed is False


def test_a_mark_can_be_changed_and_the_change_is_on_record(app, handed_in, as_user, alice, bob) -> None:
    attempt = handed_in()
    teacher = as_user(alice)
    mark(teacher, attempt, 1, "0")
    assert attempt_row(app, attempt).passed is False
    assert "0 / 1" in teacher.get(f"{QUEUE}?show=graded").text
    mark(teacher, attempt, 1, "1", "Better on a second reading.")
    row = attempt_row(app, attempt)
    assert (row.percent, row.passed, graded_events(app)) == (100, True, 1)
    entry = look(app, "select actor_name, details from audit_entries where action = 'essay.remarked'")
    assert entry.actor_name == "Alice Arden"
    assert (entry.details["before"], entry.details["after"]) == ("0", "1")
    assert "Better on a second reading." in as_user(bob).get(f"/attempts/{attempt}/result").text


@pytest.mark.parametrize("points", ["", "1.5", "-1", "one", "0.333", "1e9"])
def test_points_that_cannot_be_given_are_refused_and_what_was_typed_is_kept(
    app, handed_in, as_user, alice, points: str
) -> None:
    attempt = handed_in()
    answer = mark(as_user(alice), attempt, 1, points, "My long feedback")
    assert answer.status_code == 422
    assert "My long feedback" in answer.text
    assert "Give the points" in answer.text or "Give a number from 0 to 1" in answer.text
    assert attempt_row(app, attempt).state == "needs_grading"


def test_two_teachers_do_not_overwrite_each_other_unseen(app, handed_in, as_user, alice, dana) -> None:
    attempt = handed_in()
    mark(as_user(alice), attempt, 1, "1", "By Alice")
    answer = mark(as_user(dana), attempt, 1, "0", "By Dana", seen="")
    assert answer.status_code == 422
    assert (
        "Alice Arden graded this answer while you were reading (1 of 1)" in answer.text
        and "By Dana" in answer.text
    )
    assert attempt_row(app, attempt).percent == 100


def test_two_last_marks_at_the_same_moment_tell_once(app, make_quiz, as_user, alice, bob, tea) -> None:
    make_quiz([essay("Why?"), essay("Why not?")])
    browser = as_user(bob)
    attempt = taking.start(browser)
    for slot in (0, 1):
        taking.save(browser, attempt, slot, 1, text="So.")
    taking.submit(browser, attempt)
    together, outcomes = Barrier(2), []

    def give(slot: int) -> None:
        with app.app_context():
            together.wait()
            with work.unit():
                given = marking.Mark(Decimal(1), "")
                outcomes.append(marking.mark(tea.id, attempt, slot, given, None, alice.id, clock.now()))

    threads = [Thread(target=give, args=(slot,)) for slot in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["finished", "marked"]
    assert (attempt_row(app, attempt).state, attempt_row(app, attempt).percent, graded_events(app)) == (
        "graded",
        100,
        1,
    )


def test_names_can_be_hidden_all_the_way(app, handed_in, as_user, alice, bob, charlie, tea) -> None:
    quizzes.enrolled(app, charlie, tea)
    first = handed_in()
    second = handed_in(user=charlie)
    teacher = as_user(alice)
    queue = teacher.get(f"{QUEUE}?names=hidden").text
    assert "Bob" not in queue and "Charlie" not in queue and f"Attempt no. {first}" in queue
    page = teacher.get(f"{QUEUE}/{first}/1?names=hidden").text
    assert "Bob" not in page and f"Attempt no. {first}" in page
    answer = mark(teacher, first, 1, "1", names="hidden")
    assert answer.location == f"{QUEUE}/{second}/1?names=hidden"


def test_what_was_not_answered_earns_nothing_and_waits_for_nobody(
    app, make_quiz, as_user, alice, bob
) -> None:
    make_quiz([quizzes.single(), essay()])
    browser = as_user(bob)
    attempt = taking.start(browser)
    taking.save(browser, attempt, 0, 1, option="2")
    taking.submit(browser, attempt)
    assert attempt_row(app, attempt).state == "graded"
    assert as_user(alice).get(f"{QUEUE}/{attempt}/1").status_code == 404


def test_an_open_attempt_cannot_be_graded(make_quiz, as_user, alice, bob) -> None:
    make_quiz([essay()])
    browser = as_user(bob)
    attempt = taking.start(browser)
    taking.save(browser, attempt, 0, 1, text="Not yet done")
    assert as_user(alice).get(f"{QUEUE}/{attempt}/0").status_code == 404
    assert "No essay waits" in as_user(alice).get(QUEUE).text


def test_only_who_teaches_the_course_grades_in_it(app, handed_in, as_user, bob, charlie) -> None:
    attempt = handed_in()
    stranger = factories.person(app, "Erin", "erin@example.org", role="instructor")
    for path in (QUEUE, f"{QUEUE}/{attempt}/1"):
        assert as_user(stranger).get(path).status_code == 404
        assert as_user(bob).get(path).status_code == 403
    assert (
        forms.post(as_user(stranger), f"{QUEUE}/{attempt}/1", {"points": "1"}, form_at="/profile").status_code
        == 404
    )


def test_a_question_of_another_kind_is_not_graded_by_hand(handed_in, as_user, alice) -> None:
    attempt = handed_in()
    assert as_user(alice).get(f"{QUEUE}/{attempt}/0").status_code == 404


def test_when_nothing_is_revealed_marks_and_words_stay_unseen(make_quiz, as_user, alice, bob) -> None:
    make_quiz([quizzes.single(), essay()], reveal="never")
    browser = as_user(bob)
    attempt = taking.start(browser)
    taking.save(browser, attempt, 1, 1, text="So.")
    taking.submit(browser, attempt)
    mark(as_user(alice), attempt, 1, "1", "For later")
    assert "For later" not in browser.get(f"/attempts/{attempt}/result").text


def test_the_queue_costs_the_same_however_long_it_is(app, handed_in, as_user, alice, tea) -> None:
    first = handed_in()
    teacher = as_user(alice)

    def cost(path: str) -> int:
        with sql.count(app) as seen:
            assert teacher.get(path).status_code == 200
        return len(seen)

    paths = [QUEUE, f"{QUEUE}?show=graded", f"{QUEUE}/{first}/1"]
    before = [cost(path) for path in paths]
    for number in range(4):
        learner = factories.person(app, f"Learner {number}", f"learner{number}@example.org")
        quizzes.enrolled(app, learner, tea)
        attempt = handed_in(user=learner)
        if number % 2:
            mark(teacher, attempt, 1, "1")
    assert [cost(path) for path in paths] == before
    assert max(before) <= 5


def test_the_newest_mark_is_what_the_database_holds(app, handed_in, as_user, alice) -> None:
    attempt = handed_in()
    mark(as_user(alice), attempt, 1, "0.25", "A quarter")
    row = look(
        app,
        "select fraction, state, feedback, marked_by_id from answers where attempt_id = :id and slot = 1",
        id=attempt,
    )
    assert row == (Decimal("0.25"), "partial", "A quarter", alice.id)


def test_what_was_erased_waits_for_nobody(app, handed_in, as_user, alice, bob) -> None:
    attempt = handed_in()
    with app.app_context(), work.unit():
        personal.erase(bob.id, clock.now())
    assert "No essay waits" in as_user(alice).get(QUEUE).text
    assert as_user(alice).get(f"{QUEUE}/{attempt}/1").status_code == 404


def test_a_mark_outlives_a_regrade_and_its_undoing(app, make_quiz, as_user, alice, bob) -> None:
    quiz = make_quiz([quizzes.single(), essay()])
    browser = as_user(bob)
    attempt = taking.start(browser)
    taking.save(browser, attempt, 0, 1, option="3")
    taking.save(browser, attempt, 1, 1, text=ESSAY)
    taking.submit(browser, attempt)
    correct(app, quiz, 1, single_with("3"))
    with app.app_context(), work.unit():
        seen = corrections.fingerprint(corrections.preview(corrections.found(quiz.id), "all"))
        regrading.apply(quiz.id, "all", seen, alice.id, clock.now())
    assert attempt_row(app, attempt).state == "needs_grading"
    mark(as_user(alice), attempt, 1, "0.5")
    assert (attempt_row(app, attempt).state, attempt_row(app, attempt).score) == ("graded", Decimal("1.5"))
    with app.app_context(), work.unit():
        last = regrading.history(quiz.id)[0].id
        assert regrading.undo(quiz.id, last, alice.id, clock.now())
    assert (attempt_row(app, attempt).state, attempt_row(app, attempt).score) == ("graded", Decimal("0.5"))
