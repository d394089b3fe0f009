"""The gradebook: what counts, for whom it can be seen, deciding otherwise with a reason, and the same numbers everywhere."""

import csv
import html
import io
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from lms.assignments.models import Assignment
from lms.core import clock, work
from lms.core.db import db
from lms.courses.models import Lesson
from lms.learning.models import Enrollment
from lms.quizzes.models import Attempt, Quiz
from tests import factories
from tests.assignments.conftest import BRIEF, LESSON, desk  # noqa: F401 - the course with its assignment
from tests.support import forms, sql

BOOK, OWN = "/teaching/tea/gradebook", "/courses/tea/grades"
NOW = factories.NOW


@pytest.fixture
def book(desk, as_user, alice, bob):  # noqa: F811
    """Bob has 80 % in a quiz (best of two attempts) and 15 of 20 points for his pot."""
    with desk.app.app_context(), work.unit():
        quiz = Quiz(
            course_id=1,
            lesson_id=1,
            source_id="q",
            slug="steeping",
            title="Steeping",
            position=1,
            mode="graded",
        )
        warm_up = Quiz(
            course_id=1,
            lesson_id=1,
            source_id="p",
            slug="warm-up",
            title="Warm up",
            position=2,
            mode="practice",
        )
        db.session.add_all([quiz, warm_up])
        db.session.flush()
        enrollment = db.session.scalars(select(Enrollment).where(Enrollment.user_id == bob.id)).one()
        for number, percent in enumerate((80, 40), 1):
            db.session.execute(
                insert(Attempt).values(
                    quiz_id=quiz.id, user_id=bob.id, enrollment_id=enrollment.id, number=number, state="graded",
                    layout=[], started_at=NOW, submitted_at=NOW, percent=percent, passed=True,
                )
            )  # fmt: skip
        desk.enrollment = enrollment.id
    desk.hand_in(as_user(bob), "A pot")
    desk.grade(as_user(alice), bob, "15")
    return desk


def categories(browser, **typed: str):
    fields = {
        "name-0": "Quizzes",
        "weight-0": "25",
        "drop-0": "0",
        "name-1": "Work",
        "weight-1": "75",
        "drop-1": "",
    }
    fields |= {"in-quiz-1": "0", "in-assignment-1": "1"} | typed
    found = forms.filled(browser.get(f"{BOOK}/settings").text, "counting")
    shown = {name: value for name, value in found.items() if name == "shown" or name.startswith("id-")}
    return forms.post(browser, f"{BOOK}/settings", shown | fields)


def decide(book, browser, what: str, percent: str = "", reason: str = "", on: str = "assignment/1"):
    path = f"{BOOK}/{book.enrollment}/{on}"
    shown = forms.filled(browser.get(path).text, "decision")["shown"]
    return forms.post(browser, path, {"what": what, "percent": percent, "reason": reason, "shown": shown})


def test_quizzes_and_assignments_make_one_grade_that_teacher_and_learner_see_alike(
    app, as_user, book, alice, bob
) -> None:
    teacher, learner = as_user(alice), as_user(bob)
    with sql.count(app) as statements:
        page = teacher.get(BOOK).text
    assert len(statements) <= 6
    assert "80%" in page and "75%" in page and "77.5%" in page and "Warm up" not in page
    with sql.count(app) as statements:
        page = learner.get(OWN).text
    assert len(statements) <= 5
    assert "77.5%" in page and "mean of the 2 grades" in page and "15 of 20 points" in page
    assert OWN in learner.get("/courses/tea").text


def test_weights_and_what_belongs_where(as_user, book, alice, bob) -> None:
    assert categories(as_user(alice)).status_code == 303
    page = as_user(bob).get(OWN).text
    # 0.25 * 80 + 0.75 * 75
    assert "76.25%" in page and "Quizzes" in page and "Work" in page
    assert categories(as_user(alice), **{"in-assignment-1": ""}).status_code == 303
    page = as_user(bob).get(OWN).text
    assert "80%" in page and "does not count" in page
    assert categories(as_user(alice), **{"name-0": "", "name-1": ""}).status_code == 303
    assert "77.5%" in as_user(bob).get(OWN).text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"weight-0": "many"}, "The weight is a number from 0 to 1,000"),
        ({"weight-0": "-1"}, "The weight is a number from 0 to 1,000"),
        ({"drop-0": "1.5"}, "whole number from 0 to 100"),
        ({"name-0": "x" * 81}, "at most 80 characters"),
        ({"weight-0": "0", "weight-1": "0"}, "needs a weight above 0"),
        ({"weight-0": ""}, "The weight is a number from 0 to 1,000"),
        ({"name-0": "work"}, "Another category has this name already"),
        ({"in-assignment-1": "77"}, "Choose a category that has a name"),
        ({"in-assignment-1": "a"}, "Choose a category that has a name"),
        ({"in-assignment-1": "2", "name-2": ""}, "Choose a category that has a name"),
    ],
)
def test_what_makes_no_sense_is_said_in_place_and_kept(as_user, book, alice, typed, words) -> None:
    answer = categories(as_user(alice), **typed)
    assert answer.status_code == 422 and words in answer.text
    assert 'value="Work"' in answer.text
    assert book.look("select count(*) from grade_categories") == [(0,)]


def test_the_log_says_what_was_changed_of_the_gradebook_and_nothing_of_what_was_not(
    as_user, book, alice, dana
) -> None:
    def said() -> str:
        page = as_user(dana).get("/admin/audit?action=gradebook.changed").text
        return html.unescape(page).translate({0x2068: None, 0x2069: None})

    assert categories(as_user(alice)).status_code == 303
    assert "new category “Quizzes” (weight 25, lowest dropped: 0)" in said()
    assert categories(as_user(alice)).status_code == 303
    assert book.look("select count(*) from audit_entries where action = 'gradebook.changed'") == [(1,)]
    moved = {"in-assignment-1": "0", "weight-1": "70", "name-1": "Papers"}
    assert categories(as_user(alice), **moved).status_code == 303
    assert "“A pot of tea”: Work → Quizzes" not in said()
    assert "“A pot of tea”: Papers → Quizzes" in said()
    assert "category “Papers”: name Work → Papers, weight 75 → 70" in said()
    assert categories(as_user(alice), **moved | {"name-1": ""}).status_code == 303
    assert "category “Papers” removed" in said()


def test_what_must_be_said_is_not_called_optional(as_user, book, alice) -> None:
    page = as_user(alice).get(f"{BOOK}/{book.enrollment}/assignment/1").text
    label = page.partition('for="reason"')[2].partition("</label>")[0]
    assert "Reason" in label and "optional" not in label


def test_a_grade_is_decided_otherwise_with_a_reason_that_its_learner_reads(as_user, book, alice, bob) -> None:
    teacher = as_user(alice)
    assert "Say why" in decide(book, teacher, "percent", "90").text
    assert "from 0 to 100" in decide(book, teacher, "percent", "101", "Kind").text
    assert decide(book, teacher, "percent", "90", "The scale was broken").status_code == 303
    form = teacher.get(f"{BOOK}/{book.enrollment}/assignment/1").text
    assert "75%" in form.partition("What the work itself has:")[2].partition("<form")[0]
    page = as_user(bob).get(OWN).text
    assert "85%" in page and "Decided by Alice Arden: The scale was broken" in page and "has 75%" in page
    log = book.look("select actor_name, details from audit_entries where action = 'grade.decided'")
    assert log[0].actor_name == "Alice Arden" and log[0].details["percent"] == "90"
    assert "broken" not in str(log[0].details)
    assert decide(book, teacher, "work").status_code == 303
    assert "77.5%" in as_user(bob).get(OWN).text


def test_two_windows_never_write_over_each_other_in_the_gradebook(as_user, book, alice) -> None:
    first, second = as_user(alice), as_user(alice)
    path = f"{BOOK}/settings"
    begun = forms.filled(second.get(path).text, "counting") | {"name-0": "Everything", "weight-0": "1"}
    assert categories(first).status_code == 303
    answer = second.post(path, data=begun)
    assert answer.status_code == 409 and "Quizzes" in answer.text and 'value="Everything"' in answer.text
    assert "Somebody else changed how grades are counted while you wrote" in answer.text
    assert '<strong dir="auto">' not in answer.text, "words of the page run as the page does"
    assert book.look("select name from grade_categories order by position") == [("Quizzes",), ("Work",)]
    assert second.post(path, data=forms.filled(answer.text, "counting")).status_code == 303
    assert book.look("select name from grade_categories") == [("Everything",)]

    path = f"{BOOK}/{book.enrollment}/assignment/1"
    typed = {"what": "percent", "percent": "40", "reason": "From the second"}
    begun = forms.filled(second.get(path).text, "decision") | typed
    assert decide(book, first, "percent", "90", "From the first").status_code == 303
    answer = second.post(path, data=begun)
    assert answer.status_code == 409 and "90%. Decided by Alice Arden: From the first" in answer.text
    assert "From the second" in answer.text and 'value="40"' in answer.text
    assert "Somebody else decided about this grade while you wrote" in answer.text
    assert book.look("select percent from grade_overrides") == [(90,)]
    again = forms.filled(answer.text, "decision") | {"what": "percent"}
    assert second.post(path, data=again).status_code == 303
    assert book.look("select percent from grade_overrides") == [(40,)]


def test_two_teachers_change_different_things_of_the_gradebook(as_user, book, alice) -> None:
    path = f"{BOOK}/settings"
    assert categories(as_user(alice), **{"in-quiz-1": "", "in-assignment-1": ""}).status_code == 303
    first, second = as_user(alice), as_user(alice)
    begun, theirs = (forms.filled(browser.get(path).text, "counting") for browser in (second, first))
    assert first.post(path, data=theirs | {"in-quiz-1": "0", "name-0": "Tests"}).status_code == 303
    assert second.post(path, data=begun | {"in-assignment-1": "1"}).status_code == 303
    assert book.look("select name from grade_categories order by position") == [("Tests",), ("Work",)]
    placed = "select c.name, p.quiz_id, p.assignment_id from grade_places p join grade_categories c on c.id = category_id"
    assert sorted(book.look(placed)) == [("Tests", 1, None), ("Work", None, 1)]


def test_work_is_not_dropped_from_a_category_that_goes_meanwhile(as_user, book, alice) -> None:
    path = f"{BOOK}/settings"
    assert categories(as_user(alice), **{"in-quiz-1": "", "in-assignment-1": ""}).status_code == 303
    first, second = as_user(alice), as_user(alice)
    begun, theirs = (forms.filled(browser.get(path).text, "counting") for browser in (second, first))
    assert first.post(path, data=theirs | {"name-0": ""}).status_code == 303
    answer = second.post(path, data=begun | {"in-quiz-1": "0"})
    assert answer.status_code == 409 and "Take theirs: Steeping" in answer.text
    assert book.look("select name from grade_categories") == [("Work",)]


def test_the_others_categories_can_be_taken_with_what_belongs_to_them(as_user, book, alice) -> None:
    path = f"{BOOK}/settings"
    first, second = as_user(alice), as_user(alice)
    begun = forms.filled(second.get(path).text, "counting") | {"name-0": "Everything", "weight-0": "1"}
    assert categories(first).status_code == 303
    answer = second.post(path, data=begun)
    assert answer.status_code == 409 and "Quizzes (weight 25" in answer.text
    again = forms.filled(answer.text, "counting") | {"theirs": "categories"}
    assert second.post(path, data=again).status_code == 303
    assert book.look("select name from grade_categories order by position") == [("Quizzes",), ("Work",)]
    assert book.look("select count(*) from grade_places") == [(2,)]


def test_who_is_excused_loses_nothing(as_user, book, alice, bob) -> None:
    decide(book, as_user(alice), "excused", reason="Ill")
    page = as_user(bob).get(OWN).text
    assert "Excused" in page and "80%" in page and "It does not count: Ill" in page


def test_what_was_due_and_did_not_come_counts_as_nothing_until_it_does(as_user, book, alice, charlie) -> None:
    due = NOW + timedelta(days=1)
    book.set(due_at=due)
    browser = as_user(charlie)
    with clock.stopped_at(due - timedelta(hours=1)):
        assert "Nothing counts yet" in browser.get(OWN).text
    with clock.stopped_at(due + timedelta(hours=1)):
        page = browser.get(OWN).text
        assert "counts as 0 until it does" in page and "0%" in page
    book.hand_in(browser, "Late", due + timedelta(hours=2))
    with clock.stopped_at(due + timedelta(hours=3)):
        assert "left out until it is graded" in browser.get(OWN).text
    book.grade(as_user(alice), charlie, "20")
    assert "100%" in browser.get(OWN).text


def test_what_was_returned_is_left_out_also_after_its_date(as_user, book, alice, charlie) -> None:
    book.set(due_at=NOW + timedelta(days=1))
    book.hand_in(as_user(charlie), "In time")
    book.grade(as_user(alice), charlie, "", "Once more, please.", then="return")
    with clock.stopped_at(NOW + timedelta(days=2)):
        page = as_user(charlie).get(OWN).text
        assert "Returned" in page and "left out until it comes back" in page and "Nothing counts yet" in page
        assert (
            "Charlie Croft,charlie@example.org,,With the learner since"
            in as_user(alice).get(f"{BOOK}.csv").text
        )


def test_revising_what_was_returned_is_not_being_late(as_user, book, alice, charlie) -> None:
    book.set(due_at=NOW + timedelta(days=1), late_policy="percent", late_percent=10)
    teacher, learner = as_user(alice), as_user(charlie)
    book.hand_in(learner, "In time")
    book.grade(teacher, charlie, "", "Once more.", then="return")
    assert "the days in between cost nothing" in learner.get(BRIEF).text
    book.hand_in(learner, "Better", NOW + timedelta(days=3))
    desk_page = teacher.get(f"/teaching/tea/submissions/{book.work_of(charlie)}").text
    assert "<span>on time</span>" in desk_page
    book.grade(teacher, charlie, "20")
    page = learner.get(BRIEF).text
    assert "100%" in page and "It was on time." in page and "revised after it had been returned" in page
    with clock.stopped_at(NOW + timedelta(days=4)):
        assert "100%" in learner.get(OWN).text and "100%" in learner.get(LESSON).text
        listed = teacher.get(f"/teaching/tea/assignments/{book.assignment}/submissions").text
        assert "20 / 20" in listed and "day late" not in listed and "days late" not in listed
    # Late of one's own accord stays late.
    book.set(due_at=NOW - timedelta(days=1))
    assert "90%" in learner.get(OWN).text


def test_the_gradebook_does_not_tell_whose_nameless_work_it_is(as_user, book, alice, charlie) -> None:
    book.set(is_blind=True)
    teacher, learner = as_user(alice), as_user(charlie)
    book.hand_in(learner, "A cup")
    place = f"/teaching/tea/submissions/{book.work_of(charlie)}"
    page = teacher.get(f"{BOOK}/{book.enrollment + 1}").text
    assert "Charlie Croft" in page and place not in page and "Its name stays hidden" in page
    book.grade(teacher, charlie, "", "Once more.", then="return")
    assert place not in teacher.get(f"{BOOK}/{book.enrollment + 1}").text
    book.hand_in(learner, "A warm cup")
    book.grade(teacher, charlie, "20")
    assert place in teacher.get(f"{BOOK}/{book.enrollment + 1}").text


def test_a_grade_that_is_not_released_counts_for_nobody_yet(as_user, book, alice, charlie) -> None:
    book.set(released_together=True)
    book.hand_in(as_user(charlie), "A cup")
    book.grade(as_user(alice), charlie, "1")
    page = as_user(charlie).get(OWN).text
    assert "5%" not in page and "left out until it is graded" in page
    assert "Waits for grading" in as_user(alice).get(BOOK).text


@pytest.mark.parametrize("gone", ["assignment", "lesson"])
def test_a_grade_for_what_was_taken_out_stays_to_be_seen_and_counts_no_more(
    app, as_user, book, alice, bob, charlie, gone
) -> None:
    teacher, learner, other = as_user(alice), as_user(bob), as_user(charlie)
    own = f"/submissions/{book.work_of(bob)}"
    assert learner.get(own).location == BRIEF
    with book.app.app_context(), work.unit():
        table = {"assignment": Assignment, "lesson": Lesson}[gone]
        db.session.get_one(table, 1).removed_at = NOW
    with sql.count(app) as statements:
        page = learner.get(OWN).text
    assert len(statements) <= 5
    assert "counts in no grade" in page and "15 of 20 points" in page and f'href="{own}"' in page
    assert "A pot of tea" not in other.get(OWN).text
    page = teacher.get(f"{BOOK}/{book.enrollment}").text
    assert "counts in no grade" in page and f"/teaching/tea{own}" in page
    page = learner.get(own).text
    assert "taken out of the course" in page and "Make one." in page and "75%" in page
    assert other.get(own).status_code == 404 and teacher.get(own).status_code == 404
    if gone == "lesson":
        assert learner.get(BRIEF).location == own
        assert other.get(BRIEF).status_code == 404


@pytest.mark.parametrize("gone", ["quiz", "lesson", "unpublished"])
def test_a_quiz_that_was_taken_out_stays_to_be_seen_and_counts_no_more(
    app, as_user, book, alice, bob, charlie, gone
) -> None:
    teacher, learner = as_user(alice), as_user(bob)
    best = book.look("select id from attempts where percent = 80")[0].id
    with book.app.app_context(), work.unit():
        attempt = db.session.get_one(Attempt, best)
        attempt.score, attempt.points = 8, 10
        if gone == "unpublished":
            db.session.get_one(Lesson, 1).is_published = False
        else:
            db.session.get_one({"quiz": Quiz, "lesson": Lesson}[gone], 1).removed_at = NOW
    with sql.count(app) as statements:
        page = learner.get(OWN).text
    assert len(statements) <= 5
    kept = page.partition("Taken out of the course")[2]
    assert "Steeping" in kept and "80%" in kept and f'href="/attempts/{best}/result"' in kept
    assert "Warm up" not in page and "Steeping" not in as_user(charlie).get(OWN).text
    assert "Steeping" in teacher.get(f"{BOOK}/{book.enrollment}").text
    page = learner.get(f"/attempts/{best}/result").text
    assert "was taken out of the course" in page and "All attempts" not in page and "Try again" not in page
    assert f'href="{OWN}"' in page and LESSON not in page


def test_scores_that_wait_for_the_end_of_a_quiz_stay_hidden(as_user, book, alice, bob) -> None:
    with book.app.app_context(), work.unit():
        db.session.get_one(Quiz, 1).reveal_score = "close"
    page = as_user(bob).get(OWN).text
    assert "80%" not in page and "Scores are shown when the quiz has closed" in page and "75%" in page


def test_the_file_has_every_learner_and_no_formula(as_user, book, alice, charlie) -> None:
    with book.app.app_context(), work.unit():
        db.session.get_one(Quiz, 1).title = "=1+1"
    answer = as_user(alice).get(f"{BOOK}.csv")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows[0] == ["Learner", "Email address", "'=1+1", "A pot of tea", "Grade so far"]
    assert rows[1] == ["Bob Brook", "bob@example.org", "80.00", "75.00", "77.50"]
    assert rows[2] == ["Charlie Croft", "charlie@example.org", "", "", ""]


def test_learners_are_found_by_name_and_grades_are_for_nobody_else(
    client, as_user, book, alice, bob, dana
) -> None:
    page = as_user(alice).get(f"{BOOK}?q=BROOK").text
    assert "Bob Brook" in page and "Charlie Croft" not in page
    assert as_user(dana).get(OWN).status_code == 403
    assert as_user(bob).get(f"{BOOK}/{book.enrollment}").status_code == 403
