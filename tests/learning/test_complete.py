"""Completing lessons and courses."""

import re
from datetime import timedelta
from threading import Barrier, Thread

from sqlalchemy import insert, update

from lms.assignments.models import Assignment, Submission
from lms.core import work
from lms.courses.models import Lesson
from lms.learning import actions
from lms.learning.models import Enrollment, LessonProgress
from lms.quizzes.models import Attempt, Quiz, QuizDraw
from tests import factories
from tests.support import sql
from tests.support.forms import post, token

NOW = factories.NOW
LATER = NOW + timedelta(days=3)
PAGE = "/courses/tea/lessons/lesson-1"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


A_QUESTION = insert(QuizDraw).values(quiz_id=1, position=1, count=1, tags=[], points=1)
"""What a quiz without a question lacks to be seen."""


def quiz(tea, **facts):
    return insert(Quiz).values(
        course_id=tea.course.id,
        lesson_id=1,
        source_id="q",
        slug="brewing",
        title="Brewing",
        position=1,
        **facts,
    )


def test_bob_marks_a_lesson_and_his_progress_moves_without_a_reload(app, as_user, bob, tea):
    browser = as_user(bob)
    secret = token(browser, PAGE)
    answer = browser.post(f"{PAGE}/completion", headers=HTMX | {"X-CSRFToken": secret})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "You have completed this lesson" in answer.text
    assert 'hx-target="#course-line"' in answer.text
    assert "33%" in answer.text
    assert "state-completed" in answer.text


def test_without_scripts_a_plain_form_does_the_same(as_user, bob, tea):
    browser = as_user(bob)
    answer = post(browser, f"{PAGE}/completion", form_at=PAGE)
    assert (answer.status_code, answer.location) == (303, f"{PAGE}#completion")
    assert "Lesson completed" in browser.get(PAGE).text


def test_what_is_missing_is_said_with_a_link(as_user, bob, tea):
    tea.change(quiz(tea), A_QUESTION)
    browser = as_user(bob)
    assert "Pass the quiz “Brewing”" in browser.get(PAGE).text
    secret = token(browser, PAGE)
    for headers in ({}, HTMX):
        answer = browser.post(f"{PAGE}/completion", data={"csrf_token": secret}, headers=headers)
        assert answer.status_code == 422
        assert f'href="{PAGE}/quizzes/brewing"' in answer.text
        assert ("<html" in answer.text) is not bool(headers)
    assert tea.row(LessonProgress).completed_at is None


def test_who_marks_a_lesson_too_early_sees_that_something_happened(as_user, bob, tea):
    """What is missing stood there before the button was pressed, and at the other end of a long page."""
    tea.change(quiz(tea), A_QUESTION)
    browser = as_user(bob)
    before = browser.get(PAGE).text
    assert "One thing is left" in before
    assert 'role="alert"' not in before
    assert f'action="{PAGE}/completion#completion"' in before, "without scripts, the answer opens at its end"
    secret = token(browser, PAGE)
    for headers in ({}, HTMX):
        answer = browser.post(f"{PAGE}/completion", data={"csrf_token": secret}, headers=headers)
        assert re.search(
            r'class="alert alert-warning" role="alert">.*One thing is left', answer.text, re.DOTALL
        )


def test_practice_quizzes_do_not_stand_in_the_way(as_user, bob, tea):
    tea.change(quiz(tea, is_required=False, mode="practice"))
    assert post(as_user(bob), f"{PAGE}/completion", form_at=PAGE).status_code == 303


def test_completing_again_changes_nothing(tea):
    tea.complete("lesson-1")
    again = tea.complete("lesson-1", LATER)
    assert not again.is_new
    assert tea.row(LessonProgress).completed_at == NOW
    assert tea.events("lesson.completed") == 1


def test_the_last_lesson_completes_the_course_once(tea):
    assert not tea.complete("lesson-1").finished_course
    assert not tea.complete("lesson-2").finished_course
    assert tea.complete("lesson-3").finished_course
    assert not tea.complete("lesson-3", LATER).finished_course
    enrollment = tea.row(Enrollment)
    assert (enrollment.state, enrollment.completed_at) == ("completed", NOW)
    assert tea.events("enrollment.completed") == 1


def test_two_last_lessons_at_the_same_time_still_finish_the_course(app, tea):
    tea.complete("lesson-1")
    start = Barrier(2)

    def finish(slug):
        with app.app_context(), work.unit():
            lesson = tea.lesson(slug)
            start.wait(10)
            actions.complete_lesson(tea.enrollment, lesson, (), NOW)

    threads = [Thread(target=finish, args=(f"lesson-{n}",)) for n in (2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert tea.row(Enrollment).state == "completed"
    assert (tea.events("lesson.completed"), tea.events("enrollment.completed")) == (3, 1)


def test_a_lesson_added_later_is_new_and_takes_nothing_back(as_user, bob, tea):
    for number in (1, 2, 3):
        tea.complete(f"lesson-{number}")
    tea.change(
        insert(Lesson).values(
            course_id=tea.course.id,
            module_id=1,
            source_id="new",
            slug="new",
            title="Something new",
            position=9,
        )
    )
    assert tea.row(Enrollment).completed_at == NOW
    browser = as_user(bob)
    assert "You completed this course on" in browser.get("/courses/tea").text
    assert "1 new lesson since" in browser.get("/learning").text
    tea.complete("new", LATER)
    assert tea.row(Enrollment).completed_at == NOW
    assert tea.events("enrollment.completed") == 1


def test_unpublished_removed_and_optional_lessons_are_not_waited_for(tea):
    tea.change(
        update(Lesson).where(Lesson.slug == "lesson-2").values(is_published=False),
        update(Lesson).where(Lesson.slug == "lesson-3").values(is_required=False),
        insert(Lesson).values(
            course_id=tea.course.id,
            module_id=1,
            source_id="old",
            slug="old",
            title="Old",
            position=9,
            removed_at=NOW,
        ),
    )
    assert tea.complete("lesson-1").finished_course


def test_a_course_of_optional_lessons_alone_is_never_complete(tea):
    tea.change(update(Lesson).values(is_required=False))
    assert not tea.complete("lesson-1").finished_course


def test_a_stranger_completes_nothing(app, as_user, charlie, alice, tea):
    for person in (charlie, alice):
        browser = as_user(person)
        assert post(browser, f"{PAGE}/completion", form_at="/courses/tea").status_code == 403
    assert (
        post(as_user(charlie), "/courses/tea/lessons/none/completion", form_at="/courses/tea").status_code
        == 404
    )
    assert tea.row(LessonProgress) is None


def test_an_unpublished_lesson_can_not_be_completed(as_user, bob, tea):
    tea.change(update(Lesson).where(Lesson.slug == "lesson-2").values(is_published=False))
    answer = post(as_user(bob), "/courses/tea/lessons/lesson-2/completion", form_at="/courses/tea")
    assert answer.status_code == 404


def test_completing_costs_four_statements_and_a_refusal_three(app, as_user, bob, tea):
    browser = as_user(bob)
    secret = token(browser, PAGE)
    with sql.count(app) as statements:
        browser.post(f"{PAGE}/completion", headers=HTMX | {"X-CSRFToken": secret})
    assert len(statements) <= 4, statements
    with sql.count(app) as again:
        browser.post(f"{PAGE}/completion", headers=HTMX | {"X-CSRFToken": secret})
    assert len(again) <= 4
    tea.change(quiz(tea), A_QUESTION)
    with sql.count(app) as refused:
        browser.post(f"{PAGE}/completion", headers=HTMX | {"X-CSRFToken": secret})
    assert len(refused) <= 3


def test_a_lesson_that_requires_a_quiz_and_an_assignment_is_completed_in_four_statements(
    app, as_user, bob, tea
):
    asked = {"course_id": tea.course.id, "lesson_id": 1, "source_id": "q", "title": "Pot", "position": 1}
    tea.change(
        quiz(tea, is_required=True),
        A_QUESTION,
        insert(Assignment).values(**asked, slug="pot", body_html="<p>Make one.</p>", is_required=True),
    )
    browser = as_user(bob)
    secret = token(browser, PAGE)
    with sql.count(app) as refused:
        answer = browser.post(f"{PAGE}/completion", headers=HTMX | {"X-CSRFToken": secret})
    assert answer.status_code == 422
    assert "Pass the quiz “Brewing”" in answer.text and "Hand in the assignment “Pot”" in answer.text
    tea.change(
        insert(Attempt).values(
            quiz_id=1,
            user_id=bob.id,
            enrollment_id=tea.enrollment,
            number=1,
            state="graded",
            layout=[],
            started_at=NOW,
            submitted_at=NOW,
            closed_by="learner",
            passed=True,
        ),
        insert(Submission).values(
            assignment_id=1,
            user_id=bob.id,
            enrollment_id=tea.enrollment,
            number=1,
            state="submitted",
            draft="",
            draft_seq=0,
        ),
    )
    with sql.count(app) as completed:
        answer = browser.post(f"{PAGE}/completion", headers=HTMX | {"X-CSRFToken": secret})
    assert "You have completed this lesson" in answer.text
    assert len(refused) <= 4, refused
    assert len(completed) <= 4, completed


def test_the_last_lesson_of_a_course_is_completed_in_four_statements(app, as_user, bob, tea):
    for number in (2, 3):
        tea.complete(f"lesson-{number}")
    browser = as_user(bob)
    secret = token(browser, PAGE)
    with sql.count(app) as statements:
        answer = browser.post(f"{PAGE}/completion", headers=HTMX | {"X-CSRFToken": secret})
    assert "You have completed the course" in answer.text
    assert len(statements) <= 4, statements
