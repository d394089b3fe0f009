"""Alice says which courses come before hers, and which score opens a lesson."""

import pytest
from sqlalchemy import update

from lms.courses.models import Course, CoursePrerequisite, Lesson
from tests import factories
from tests.support import quizzes


@pytest.fixture
def water(app, tea, alice) -> Course:
    return factories.course(app, alice, slug="water")


@pytest.mark.parametrize("typed", ["water", "https://learn.example/courses/water/", "/teaching/water?x=1"])
def test_a_course_is_added_by_its_address_and_removed(tea, water, typed):
    assert tea.post("/prerequisites", {"course": typed}).status_code == 303
    page = tea.page("/settings")
    assert "The book of water" in page
    assert tea.post(f"/prerequisites/{water.id}/removal").status_code == 303
    assert tea.row(CoursePrerequisite, course_id=tea.course.id) is None


def test_what_can_not_come_first_is_said_in_place_and_kept(app, tea, water, charlie):
    factories.course(app, charlie, slug="secret", published=False)
    for typed, words in (
        ("", "Paste the address"),
        ("nowhere", "There is no course at this address"),
        ("secret", "There is no course at this address"),
        ("tea", "That is this very course"),
    ):
        answer = tea.post("/prerequisites", {"course": typed})
        assert answer.status_code == 422 and words in answer.text and f'value="{typed}"' in answer.text


def test_no_circle_over_any_number_of_courses(app, tea, water, alice):
    steam = factories.course(app, alice, slug="steam")
    tea.post("/prerequisites", {"course": "water"})
    tea.browser.post("/teaching/water/prerequisites", data={"csrf_token": tea.token, "course": "steam"})
    answer = tea.browser.post(
        "/teaching/steam/prerequisites", data={"csrf_token": tea.token, "course": "tea"}
    )
    assert answer.status_code == 422 and "nobody could begin" in answer.text
    assert tea.row(CoursePrerequisite, course_id=steam.id) is None


def test_a_lesson_waits_for_a_score(app, tea):
    made = quizzes.quiz(app, tea.course, title="Leaves")
    page = tea.page("/lessons/lesson-2")
    assert "Leaves · Lesson 1" in page
    fields = tea.fields("Lesson 2", release="quiz", release_quiz=made.source_id, release_score="85")
    assert tea.post("/lessons/lesson-2", fields | {"base": base(page)}).status_code == 303
    assert tea.row(Lesson, slug="lesson-2").release == {"quiz": made.source_id, "score": 85}
    page = tea.page("/lessons/lesson-2")
    assert 'value="85"' in page and f'<option selected value="{made.source_id}">' in page


def test_a_score_needs_its_quiz(app, tea):
    quizzes.quiz(app, tea.course)
    page = tea.page("/lessons/lesson-2")
    answer = tea.post("/lessons/lesson-2", tea.fields("Lesson 2", release="quiz") | {"base": base(page)})
    assert answer.status_code == 422 and "Say when, in the field below" in answer.text


def test_a_lessons_own_quiz_is_not_offered(app, tea):
    quizzes.quiz(app, tea.course, title="Leaves")
    assert "Leaves · Lesson 1" not in tea.page("/lessons/lesson-1")


def test_the_short_form_of_a_folder_is_understood(app, tea):
    made = quizzes.quiz(app, tea.course)
    rule = {"quiz": f"lesson-1/{made.slug}", "score": 60}
    tea.change(update(Lesson).where(Lesson.slug == "lesson-2").values(release=rule))
    assert f'<option selected value="{made.source_id}">' in tea.page("/lessons/lesson-2")


def base(page: str) -> str:
    return page.partition('name="base"')[2].partition('value="')[2].partition('"')[0]
