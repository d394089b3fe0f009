"""Lessons that wait for each other would lock everybody out."""

import pytest
from sqlalchemy import update

from lms.courses.models import Course, Lesson
from lms.quizzes.models import Quiz


@pytest.fixture
def waiting(tea):
    """Lesson 1 opens after lesson 3."""
    tea.change(update(Lesson).where(Lesson.slug == "lesson-1").values(release={"after": "basics/lesson-3"}))
    return tea


def saved(tea, lesson, title, **fields):
    page = tea.page(f"/lessons/{lesson}")
    hidden = {
        name: page.partition(f'name="{name}"')[2].partition('value="')[2].partition('"')[0]
        for name in ("base", "shown")
    }
    return tea.post(f"/lessons/{lesson}", tea.fields(title, **hidden, **fields))


def test_a_circle_is_refused_where_it_would_close_and_named(waiting):
    answer = saved(waiting, "lesson-3", "Lesson 3", release="after", release_after="basics/lesson-1")
    assert answer.status_code == 422
    assert "Lesson 1 → Lesson 3 → Lesson 1" in answer.text
    assert waiting.row(Lesson, slug="lesson-3").release is None
    fine = saved(waiting, "lesson-3", "Lesson 3", release="after", release_after="basics/lesson-2")
    assert fine.status_code == 303


def test_the_score_in_a_quiz_closes_a_circle_too(waiting):
    waiting.post("/lessons/lesson-1/quizzes", {"title": "Leaves"})
    quiz = waiting.row(Quiz)
    answer = saved(
        waiting, "lesson-3", "Lesson 3", release="quiz", release_quiz=quiz.source_id, release_score="80"
    )
    assert answer.status_code == 422 and "Lesson 3 → Lesson 1" in answer.text


def test_a_circle_that_is_there_already_keeps_the_course_from_being_published(waiting):
    waiting.change(
        update(Lesson).where(Lesson.slug == "lesson-3").values(release={"after": "basics/lesson-2"}),
        update(Lesson).where(Lesson.slug == "lesson-2").values(release={"after": "basics/lesson-1"}),
    )
    page = waiting.page()
    assert "These lessons wait for each other" in page
    assert "Lesson 1 → Lesson 3 → Lesson 2 → Lesson 1" in page
    waiting.post("/publication")
    assert waiting.row(Course).state == "draft"
    waiting.change(update(Lesson).where(Lesson.slug == "lesson-2").values(release=None))
    waiting.post("/publication")
    assert waiting.row(Course).state == "published"


def test_a_lesson_that_waits_for_its_own_quiz_is_no_circle(tea):
    tea.post("/lessons/lesson-1/quizzes", {"title": "Leaves"})
    rule = {"quiz": tea.row(Quiz).source_id}
    tea.change(update(Lesson).where(Lesson.slug == "lesson-1").values(release=rule))
    assert "wait for each other" not in tea.page()
