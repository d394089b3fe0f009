"""Grading: the queue, the desk, feedback, returning and releasing; what the learner sees and hears, and when."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from lms.core import clock, work
from lms.core.db import db
from tests import factories
from tests.assignments.conftest import BRIEF, LESSON, TEACHING, WORK
from tests.support import forms

NOW = factories.NOW


def events(desk, name: str) -> int:
    return desk.look("select count(*) from events where name = :name", name=name)[0][0]


@pytest.fixture
def handed_in(desk, as_user, bob, charlie):
    desk.hand_in(as_user(bob), "Bob's pot")
    desk.hand_in(as_user(charlie), "Charlie's cup", NOW + timedelta(hours=1))
    return desk


def test_what_waits_stands_in_the_queue_oldest_first(as_user, handed_in, alice, bob) -> None:
    browser = as_user(alice)
    assert "2 submissions to grade" in browser.get("/teaching").text
    queue = browser.get(f"{TEACHING}/assignments").text
    first = handed_in.work_of(bob)
    assert f"{TEACHING}/submissions/{first}" in queue and "A pot of tea" in queue
    page = browser.get(f"{TEACHING}/submissions/{first}").text
    assert "Bob&#39;s pot" in page and "Bob Brook" in page and "1 other waits" in page


def test_a_grade_leads_to_the_next_and_its_learner_sees_it_and_hears_of_it(
    as_user, handed_in, alice, bob, charlie, run_jobs, inbox
) -> None:
    answer = handed_in.grade(as_user(alice), bob, "17,5", "Well **brewed**. <script>alert(1)</script>")
    assert (answer.status_code, answer.location) == (
        303,
        f"{TEACHING}/submissions/{handed_in.work_of(charlie)}",
    )
    page = as_user(bob).get(BRIEF).text
    assert "87.5%" in page and "17.5 of 20 points" in page
    assert "Well <strong>brewed</strong>." in page and "<script>alert" not in page
    assert "Graded: 87.5%" in as_user(bob).get(LESSON).text
    assert events(handed_in, "assignment.graded") == 1
    run_jobs()
    assert "Graded: A pot of tea" in as_user(bob).get("/inbox").text
    assert [mail for mail in inbox.messages if "A pot of tea" in str(mail["Subject"])]


def test_the_last_grade_leads_back_to_the_list(as_user, handed_in, alice, bob, charlie) -> None:
    handed_in.grade(as_user(alice), bob, "1")
    answer = handed_in.grade(as_user(alice), charlie, "1")
    assert answer.location.endswith(f"/assignments/{handed_in.assignment}/submissions")
    assert "submissions to grade" not in as_user(alice).get("/teaching").text


@pytest.mark.parametrize("points", ["", "20.5", "-1", "one", "0.333", "1e9"])
def test_points_that_cannot_be_given_are_refused_and_the_feedback_is_kept(
    as_user, handed_in, alice, bob, points: str
) -> None:
    answer = handed_in.grade(as_user(alice), bob, points, "My long feedback")
    assert answer.status_code == 422 and "My long feedback" in answer.text
    assert "Give the points" in answer.text or "Give a number from 0 to 20" in answer.text
    assert handed_in.look("select state from submissions where user_id = :id", id=bob.id) == [("submitted",)]


def test_work_is_returned_revised_and_handed_in_again(as_user, handed_in, alice, bob) -> None:
    teacher, learner = as_user(alice), as_user(bob)
    handed_in.grade(teacher, bob, "", "Warm the pot first.", then="return")
    page = learner.get(BRIEF).text
    assert "Your work was returned to you" in page and "Warm the pot first." in page
    assert forms.filled(page, "work-form")["text"] == "Bob's pot"
    assert "Revise “A pot of tea” and hand it in again" in learner.get(LESSON).text
    assert events(handed_in, "assignment.returned") == 1
    handed_in.hand_in(learner, "Bob's warm pot", NOW + timedelta(days=1))
    states = "select state, number from submissions where user_id = :id"
    assert handed_in.look(states, id=bob.id) == [("resubmitted", 2)]
    page = teacher.get(f"{TEACHING}/submissions/{handed_in.work_of(bob)}").text
    assert "Bob&#39;s warm pot" in page and "Bob&#39;s pot" in page and "Warm the pot first." in page
    handed_in.grade(teacher, bob, "20", "Now it is.")
    assert handed_in.look(states, id=bob.id) == [("graded", 2)]
    page = learner.get(BRIEF).text
    assert "100%" in page and "Warm the pot first." in page and "Now it is." in page


def test_released_together_means_that_nobody_sees_anything_before(
    as_user, handed_in, alice, bob, charlie
) -> None:
    handed_in.set(released_together=True)
    teacher = as_user(alice)
    for person, points in ((bob, "10"), (charlie, "15")):
        handed_in.grade(teacher, person, points, f"For {person.name}")
    page = as_user(bob).get(BRIEF).text
    assert "waits to be graded" in page and "For Bob" not in page and "50%" not in page
    assert events(handed_in, "assignment.graded") == 0
    place = f"{TEACHING}/assignments/{handed_in.assignment}"
    assert "Release 2 grades" in teacher.get(f"{place}/submissions").text
    for _ in range(2):
        forms.post(teacher, f"{place}/release", form_at=f"{place}/submissions")
    assert events(handed_in, "assignment.graded") == 2
    assert "50%" in as_user(bob).get(BRIEF).text and "75%" in as_user(charlie).get(BRIEF).text


def test_notes_are_kept_while_one_reads_and_their_learner_sees_nothing_of_them(
    as_user, handed_in, alice, bob
) -> None:
    teacher, path = as_user(alice), f"{TEACHING}/submissions/{handed_in.work_of(bob)}"
    fields = forms.filled(teacher.get(path).text, "grade-form") | {"points": "3", "feedback": "Hmm."}
    assert teacher.post(f"{path}/notes", data=fields).json["seen"] == "1"
    again = forms.filled(teacher.get(path).text, "grade-form")
    assert (again["points"], again["feedback"]) == ("3", "Hmm.")
    assert "Hmm." not in as_user(bob).get(BRIEF).text
    assert handed_in.look("select state from submissions where user_id = :id", id=bob.id) == [("submitted",)]


def test_two_graders_at_once_never_write_over_each_other(as_user, handed_in, alice, dana, bob) -> None:
    first, second = as_user(alice), as_user(dana)
    path = f"{TEACHING}/submissions/{handed_in.work_of(bob)}"
    begun = forms.filled(second.get(path).text, "grade-form") | {"points": "5", "feedback": "From dana"}
    handed_in.grade(first, bob, "15", "From alice")
    assert second.post(f"{path}/notes", data=begun).status_code == 409
    answer = second.post(f"{path}/grade", data=begun)
    assert answer.status_code == 409 and "now: 15 of 20" in answer.text and "From dana" in answer.text
    assert handed_in.look("select points, feedback from submission_versions where points > 0") == [
        (15, "From alice")
    ]
    assert second.post(f"{path}/grade", data=forms.filled(answer.text, "grade-form")).status_code == 303
    log = handed_in.look("select actor_name, details from audit_entries where action = 'submission.regraded'")
    assert log[0].actor_name == "Dana Dale"
    assert (log[0].details["before"], log[0].details["after"]) == ("15", "5")


def test_ones_own_notes_stand_in_nobodys_way_but_their_own_neither(
    as_user, handed_in, alice, dana, bob
) -> None:
    teacher, other = as_user(alice), as_user(dana)
    path = f"{TEACHING}/submissions/{handed_in.work_of(bob)}"
    begun = forms.filled(teacher.get(path).text, "grade-form") | {"points": "15", "feedback": "Warm"}
    theirs = forms.filled(other.get(path).text, "grade-form") | {"points": "5"}
    # The notes are on their way while the form is: both began from what the page showed.
    assert teacher.post(f"{path}/notes", data=begun | {"feedback": "War"}).status_code == 200
    assert other.post(f"{path}/grade", data=theirs).status_code == 409
    assert teacher.post(f"{path}/grade", data=begun).status_code == 303
    assert teacher.post(f"{path}/grade", data=begun).status_code == 303, "the same, sent twice"
    assert teacher.post(f"{path}/grade", data=begun | {"then": "return"}).status_code == 409
    assert other.post(f"{path}/grade", data=theirs).status_code == 409
    assert events(handed_in, "assignment.graded") == 1
    assert (
        handed_in.look("select audit_entries.id from audit_entries where action = 'submission.regraded'")
        == []
    )


@pytest.mark.parametrize("graded_first", [True, False], ids=["graded first", "returned first"])
def test_a_return_lets_no_grade_out_before_all_are_released(
    as_user, handed_in, alice, bob, graded_first: bool
) -> None:
    handed_in.set(released_together=True)
    teacher, learner = as_user(alice), as_user(bob)
    if graded_first:
        handed_in.grade(teacher, bob, "18", "Nearly")
    handed_in.grade(teacher, bob, "18", "Warm it.", then="return")
    page = learner.get(BRIEF).text
    assert "Warm it." in page and "90%" not in page + learner.get("/courses/tea/grades").text
    handed_in.grade(teacher, bob, "16", "Good enough.")
    page = learner.get(BRIEF).text
    assert "Good enough." not in page and "80%" not in page + learner.get("/courses/tea/grades").text
    place = f"{TEACHING}/assignments/{handed_in.assignment}"
    assert "Release 1 grade" in teacher.get(f"{place}/submissions").text
    forms.post(teacher, f"{place}/release", form_at=f"{place}/submissions")
    assert "80%" in learner.get(BRIEF).text and events(handed_in, "assignment.graded") == 1


@pytest.mark.parametrize("then", [{}, {"then": "return"}], ids=["graded", "returned"])
def test_notes_on_what_is_given_are_kept_apart_until_they_are_given_too(
    as_user, handed_in, alice, dana, bob, then: dict[str, str]
) -> None:
    teacher, other, learner = as_user(alice), as_user(dana), as_user(bob)
    path = f"{TEACHING}/submissions/{handed_in.work_of(bob)}"
    handed_in.grade(teacher, bob, "15", "As given", **then)
    typed = {"points": "9", "feedback": "Thought better"}
    fields = forms.filled(teacher.get(path).text, "grade-form") | typed
    assert teacher.post(f"{path}/notes", data=fields).status_code == 200
    page = other.get(path).text
    again = forms.filled(page, "grade-form")
    assert (again["points"], again["feedback"]) == ("9", "Thought better")
    assert "not given yet" in page and "As given" in page
    said = learner.get(BRIEF).text
    assert "As given" in said and "Thought better" not in said and "45%" not in said
    assert other.post(f"{path}/grade", data=again).status_code == 303
    assert "Thought better" in learner.get(BRIEF).text and "not given yet" not in teacher.get(path).text


def test_who_hands_in_again_meanwhile_is_not_graded_by_what_was_read_before(
    as_user, handed_in, alice, bob
) -> None:
    teacher, path = as_user(alice), f"{TEACHING}/submissions/{handed_in.work_of(bob)}"
    begun = forms.filled(teacher.get(path).text, "grade-form") | {"points": "5", "feedback": "Too cold"}
    handed_in.hand_in(as_user(bob), "A better pot", NOW + timedelta(hours=2))
    answer = teacher.post(f"{path}/grade", data=begun)
    assert answer.status_code == 409 and "A better pot" in answer.text and "Too cold" in answer.text
    assert "handed in again while you were reading" in answer.text
    assert handed_in.look("select count(*) from submission_versions where graded_at is not null") == [(0,)]


def test_names_are_hidden_until_the_grade_is_out(as_user, handed_in, alice, bob) -> None:
    handed_in.set(is_blind=True)
    teacher, path = as_user(alice), f"{TEACHING}/submissions/{handed_in.work_of(bob)}"
    listed = f"{TEACHING}/assignments/{handed_in.assignment}/submissions"
    assert "Bob Brook" not in teacher.get(path).text + teacher.get(listed).text
    handed_in.grade(teacher, bob, "5")
    assert "Bob Brook" in teacher.get(path).text and "Bob Brook" in teacher.get(listed).text


def test_the_levels_of_a_rubric_make_the_points_and_the_learner_sees_which(
    as_user, handed_in, alice, bob
) -> None:
    levels = ["Excellent", "Good", "Not yet"]
    criteria = [{"title": name, "cells": ["Very", "Rather", "Hardly"]} for name in ("Warm", "Clear")]
    handed_in.set(rubric={"levels": levels, "criteria": criteria, "percents": [100, 75, 0]})
    teacher = as_user(alice)
    page = teacher.get(f"{TEACHING}/submissions/{handed_in.work_of(bob)}").text
    assert 'name="criterion-0" value="1" data-worth="7.5' in page
    assert handed_in.grade(teacher, bob, "", **{"criterion-0": "1"}).status_code == 422
    answer = handed_in.grade(teacher, bob, "", **{"criterion-0": "1", "criterion-1": "0", "criterion-9": "0"})
    assert answer.status_code == 303
    assert handed_in.look("select points, choices from submission_versions where graded_at is not null") == [
        (17.5, {"0": 1, "1": 0})
    ]
    page = as_user(bob).get(BRIEF).text
    assert "87.5%" in page and page.count('class="chosen"') == 2
    # A person may think otherwise than the sum.
    handed_in.grade(teacher, bob, "19", **{"criterion-0": "1", "criterion-1": "0"})
    assert "95%" in as_user(bob).get(BRIEF).text


def test_a_script_is_told_where_to_go_on(as_user, handed_in, alice, bob, charlie) -> None:
    teacher, path = as_user(alice), f"{TEACHING}/submissions/{handed_in.work_of(bob)}"
    fields = forms.filled(teacher.get(path).text, "grade-form") | {"points": "1"}
    answer = teacher.post(
        f"{path}/grade", data=fields, headers={"Accept": "application/json, text/html;q=0.5"}
    )
    assert answer.json == {"next": f"{TEACHING}/submissions/{handed_in.work_of(charlie)}"}


LEVELS = ["Excellent", "Good", "Not yet"]
ROWS = [{"title": name, "cells": ["Very", "Rather", "Hardly"]} for name in ("Warm", "Clear")]


def test_a_grade_is_read_by_the_points_and_the_rubric_that_it_was_given_by(
    as_user, handed_in, alice, bob, charlie
) -> None:
    rubric = {"levels": LEVELS, "criteria": ROWS, "percents": [100, 50, 0]}
    handed_in.set(rubric=rubric)
    teacher = as_user(alice)
    handed_in.grade(teacher, bob, "", **{"criterion-0": "0", "criterion-1": "2"})
    before = as_user(bob).get(BRIEF).text
    assert "50%" in before and "10 of 20 points" in before
    handed_in.set(max_points=5, rubric=rubric | {"criteria": ROWS[::-1]})
    page, grades = as_user(bob).get(BRIEF).text, as_user(bob).get("/courses/tea/grades").text
    assert "50%" in page and "10 of 20 points" in page and "10 of 20 points" in grades
    said = page[page.index("What was said about it") :]
    assert said.index("Warm") < said.index("Clear")
    # The desk too measures it as before; what is graded from now on has the new measure.
    opened = teacher.get(f"{TEACHING}/submissions/{handed_in.work_of(bob)}").text
    assert "0 to 20" in opened and opened.index("Warm") < opened.index("Clear")
    assert "10 / 20" in teacher.get(f"{TEACHING}/assignments/{handed_in.assignment}/submissions").text
    fresh = teacher.get(f"{TEACHING}/submissions/{handed_in.work_of(charlie)}").text
    assert "0 to 5" in fresh and fresh.index("Clear") < fresh.index("Warm")


def test_work_on_an_assignment_that_was_taken_out_stays_readable(
    as_user, handed_in, alice, bob, charlie
) -> None:
    teacher, learner = as_user(alice), as_user(bob)
    handed_in.grade(teacher, bob, "15", "Well brewed.")
    begun = forms.filled(as_user(charlie).get(BRIEF).text, "work-form") | {"text": "One more cup"}
    lesson = teacher.get(f"{TEACHING}/lessons/lesson-1").text
    assert "2 learners handed in work. It stays to be read" in lesson
    handed_in.set(removed_at=NOW)
    assert "Taken out" in teacher.get(f"{TEACHING}/assignments").text
    place = f"{TEACHING}/assignments/{handed_in.assignment}"
    page = teacher.get(f"{place}/submissions").text
    assert "taken out of the course" in page and "Bob Brook" in page and f"{place}/settings" not in page
    page = learner.get(BRIEF).text
    assert "taken out of the course" in page and "Well brewed." in page and 'id="work-form"' not in page
    answer = as_user(charlie).post(f"{WORK}/submission", data=begun)
    assert answer.status_code in (400, 422)
    with handed_in.app.app_context(), work.unit():
        db.session.execute(text("update lessons set removed_at = now()"))
    assert teacher.get(f"{place}/submissions").status_code == 200


def test_neither_the_place_in_a_list_nor_a_return_tells_a_hidden_name(
    as_user, desk, alice, bob, charlie
) -> None:
    desk.set(is_blind=True)
    desk.hand_in(as_user(charlie), "Charlie's cup")
    desk.hand_in(as_user(bob), "Bob's pot", NOW + timedelta(hours=1))
    teacher, listed = as_user(alice), f"{TEACHING}/assignments/{desk.assignment}/submissions"
    page = teacher.get(listed).text
    first, second = (page.index(f"no. {desk.work_of(person)}<") for person in (charlie, bob))
    assert first < second, "not by name"
    desk.grade(teacher, bob, "", "Warm it.", then="return")
    assert "Bob Brook" not in teacher.get(listed).text


def test_a_grade_that_its_learner_knows_is_not_changed_in_silence(
    as_user, handed_in, alice, bob, run_jobs
) -> None:
    teacher = as_user(alice)
    handed_in.grade(teacher, bob, "16")
    handed_in.grade(teacher, bob, "16", "More words, the same points")
    run_jobs()
    assert "Grade changed" not in as_user(bob).get("/inbox").text
    handed_in.grade(teacher, bob, "12")
    run_jobs()
    assert "Grade changed: A pot of tea" in as_user(bob).get("/inbox").text


def test_what_was_said_with_a_return_stays_while_a_grade_waits_for_its_release(
    as_user, handed_in, alice, bob
) -> None:
    handed_in.set(released_together=True)
    teacher, learner = as_user(alice), as_user(bob)
    handed_in.grade(teacher, bob, "", "Warm the pot first.", then="return")
    assert "Warm the pot first." in learner.get(BRIEF).text
    assert handed_in.grade(teacher, bob, "12", "Not warm, all the same.").status_code == 303
    page = learner.get(BRIEF).text
    assert "Warm the pot first." in page and "Not warm" not in page and "12 of 20" not in page
    handed_in.hand_in(learner, "A warm pot", NOW + timedelta(days=1))
    handed_in.grade(teacher, bob, "18", "Warm now.")
    page = learner.get(BRIEF).text
    assert "Warm the pot first." in page and "Not warm" not in page and "Warm now." not in page
    forms.post(teacher, f"{TEACHING}/assignments/{handed_in.assignment}/release", {})
    page = learner.get(BRIEF).text
    assert "Warm now." in page and "18 of 20 points" in page and "Warm the pot first." in page


def test_what_was_said_with_a_return_keeps_its_author_while_somebody_elses_grade_waits(
    as_user, handed_in, alice, bob, dana
) -> None:
    handed_in.set(released_together=True)
    handed_in.grade(as_user(alice), bob, "", "Warm the pot first.", then="return")
    handed_in.grade(as_user(dana), bob, "12", "Not warm, all the same.")
    page = as_user(bob).get(BRIEF).text
    assert "Warm the pot first." in page
    assert f'<span dir="auto">{alice.name}</span>' in page and dana.name not in page


def test_returned_work_that_does_not_come_back_is_seen_and_can_be_graded_as_it_is(
    as_user, handed_in, alice, bob
) -> None:
    teacher, place = as_user(alice), f"{TEACHING}/assignments/{handed_in.assignment}/submissions"
    with clock.stopped_at(NOW):
        handed_in.grade(teacher, bob, "", "Warm it.", then="return")
        listed = teacher.get(f"{place}?show=returned").text
        assert "With the learner since 2 March 2026" in listed and "Bob Brook" in listed
        assert "With the learner since 2 Mar<" in teacher.get(f"{TEACHING}/gradebook").text
        assert "show=returned" in teacher.get(f"{TEACHING}/assignments").text
        enrollment = handed_in.look("select id from enrollments where user_id = :id", id=bob.id)[0][0]
        page = teacher.get(f"{TEACHING}/gradebook/{enrollment}").text
        assert "Grade it as it is" in page
        desk = f"{TEACHING}/submissions/{handed_in.work_of(bob)}"
        assert f'href="{desk}"' in page and "You need not wait" in teacher.get(desk).text
    assert handed_in.grade(teacher, bob, "10").status_code == 303
    assert "50%" in teacher.get(f"{TEACHING}/gradebook").text
    assert "10 of 20 points" in as_user(bob).get(BRIEF).text
