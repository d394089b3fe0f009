"""Reading lessons: who may, what is remembered, what it costs."""

import html
import json
import re

import pytest
from sqlalchemy import insert, update

from lms.core import clock
from lms.courses.models import Course, CourseInstructor, Lesson, LessonPage
from lms.learning.models import Enrollment, LessonProgress
from tests import factories
from tests.learning.conftest import Class
from tests.support import sql
from tests.support.forms import token

PAGE = "/courses/tea/lessons/lesson-1"


def test_bob_reads_and_his_place_is_kept(as_user, bob, tea):
    browser = as_user(bob)
    page = browser.get("/courses/tea/lessons/lesson-2")
    assert "Words of lesson 2." in page.text
    assert "Lesson 2 of 3" in page.text
    assert tea.row(LessonProgress).lesson_id == 2
    assert tea.row(Enrollment).last_lesson_id == 2
    assert browser.get("/courses/tea/continue").location == "/courses/tea/lessons/lesson-2"


def test_after_a_completed_lesson_continue_leads_to_the_next(as_user, bob, tea):
    browser = as_user(bob)
    browser.get(PAGE)
    tea.complete("lesson-1")
    assert browser.get("/courses/tea/continue").location == "/courses/tea/lessons/lesson-2"


def test_who_is_not_enrolled_is_told_how_to_read_on(client, as_user, charlie, tea):
    for browser in (client, as_user(charlie)):
        answer = browser.get(PAGE)
        assert answer.status_code == 403
        assert "Words of lesson 1." not in answer.text
        assert "nroll" in answer.text
        assert browser.get("/courses/tea").status_code == 200
        assert browser.get("/courses/tea/continue").status_code == 303


def test_a_preview_lesson_is_open_to_everyone_and_remembers_nothing(client, as_user, charlie, tea):
    tea.change(update(Lesson).where(Lesson.slug == "lesson-1").values(is_preview=True))
    for browser in (client, as_user(charlie)):
        assert "Words of lesson 1." in browser.get(PAGE).text
    assert tea.row(LessonProgress) is None


def test_staff_read_everything(app, as_user, alice, dana, charlie, tea):
    tea.change(
        update(Course).values(state="draft"),
        insert(CourseInstructor).values(course_id=tea.course.id, user_id=charlie.id),
    )
    for person in (alice, dana, charlie):
        assert "Words of lesson 1." in as_user(person).get(PAGE).text
        assert "This course is a draft" in as_user(person).get("/courses/tea").text


@pytest.mark.parametrize("path", ["", "/lessons/lesson-1", "/lessons/lesson-1/more", "/continue"])
def test_a_draft_can_not_be_read_by_its_address_not_even_by_who_is_enrolled(client, as_user, bob, tea, path):
    tea.change(update(Course).values(state="draft"))
    assert as_user(bob).get(f"/courses/tea{path}").status_code == 404
    assert client.get(f"/courses/tea{path}").status_code in (303, 404)


def test_an_archived_course_stays_open_to_its_learners_alone(as_user, bob, charlie, tea):
    tea.change(update(Course).values(state="archived"))
    assert as_user(bob).get(PAGE).status_code == 200
    assert as_user(charlie).get(PAGE).status_code == 404


def test_unpublished_and_removed_lessons_are_not_there(as_user, bob, alice, tea):
    tea.change(
        update(Lesson).where(Lesson.slug == "lesson-1").values(is_published=False),
        update(Lesson).where(Lesson.slug == "lesson-2").values(removed_at=factories.NOW),
    )
    browser = as_user(bob)
    assert browser.get(PAGE).status_code == 404
    assert browser.get("/courses/tea/lessons/lesson-2").status_code == 404
    assert "Lesson 1<" not in browser.get("/courses/tea").text
    assert as_user(alice).get(PAGE).status_code == 200


def test_extra_pages_are_for_who_reads_the_lesson(client, as_user, bob, tea):
    tea.change(
        insert(LessonPage).values(
            lesson_id=1, slug="more", title="More tea", body_html="<p>Oolong.</p>", position=1
        )
    )
    browser = as_user(bob)
    assert f'href="{PAGE}/more"' in browser.get(PAGE).text
    assert "Oolong." in browser.get(f"{PAGE}/more").text
    assert browser.get(f"{PAGE}/none").status_code == 404
    assert "Oolong." not in client.get(f"{PAGE}/more").text


def test_the_position_in_a_lesson_is_remembered(as_user, bob, tea):
    browser = as_user(bob)
    secret = {"X-CSRFToken": token(browser, PAGE)}
    assert browser.post(f"{PAGE}/position", data={"position": "0.42"}, headers=secret).status_code == 204
    assert 'data-position="0.42"' in browser.get(PAGE).text
    for wrong in ("2", "-1", "nan", "here", ""):
        assert browser.post(f"{PAGE}/position", data={"position": wrong}, headers=secret).status_code == 422
    assert tea.row(LessonProgress).position == 0.42


def test_nobody_has_a_position_in_a_lesson_they_never_opened(as_user, charlie, tea):
    browser = as_user(charlie)
    secret = {"X-CSRFToken": token(browser, "/courses/tea")}
    assert browser.post(f"{PAGE}/position", data={"position": "0.4"}, headers=secret).status_code == 404


@pytest.mark.parametrize("lessons", [3, 60])
def test_every_page_costs_at_most_five_statements_whatever_the_number_of_lessons(
    app, as_user, alice, bob, lessons
):
    Class(app, alice, bob, lessons)
    browser = as_user(bob)
    for path, most in [
        ("/courses/tea", 4),
        (PAGE, 5),
        (PAGE, 4),
        ("/courses/tea/continue", 2),
        ("/learning", 4),
        ("/courses/tea", 4),
    ]:
        with sql.count(app) as statements:
            browser.get(path)
        assert len(statements) <= most, (path, statements)


def test_the_outline_loads_no_other_lessons_text(app, as_user, bob, tea):
    with sql.count(app):
        page = as_user(bob).get(PAGE).text
    assert "Words of lesson 2." not in page


def test_reading_on_in_one_lesson_writes_nothing(app, as_user, bob, tea):
    browser = as_user(bob)
    browser.get(PAGE)
    with sql.count(app) as statements:
        browser.get(PAGE)
    assert not [statement for statement in statements if "UPDATE" in statement.upper().split("SELECT")[0]]


def test_a_day_later_the_learner_counts_as_active_again(app, as_user, bob, tea):
    browser = as_user(bob)
    browser.get(PAGE)
    before = tea.row(Enrollment).last_active_at
    tea.change(update(Enrollment).values(last_active_at=factories.NOW))
    browser.get(PAGE)
    assert before <= tea.row(Enrollment).last_active_at <= clock.now()


def test_where_a_video_was_stopped_is_remembered(as_user, bob, tea):
    browser = as_user(bob)
    secret = {"X-CSRFToken": token(browser, PAGE)}

    def stop(recording, seconds):
        data = {"recording": recording, "seconds": seconds}
        return browser.post(f"{PAGE}/position", data=data, headers=secret).status_code

    assert "data-recordings" not in browser.get(PAGE).text
    assert stop('assets/a"film.mp4', "73.9") == 204
    assert stop("assets/talk.mp3", "5") == 204
    assert stop("assets/talk.mp3", "8") == 204
    assert tea.row(LessonProgress).recordings == {'assets/a"film.mp4': 73, "assets/talk.mp3": 8}
    shown = html.unescape(re.search(r'data-recordings="([^"]*)"', browser.get(PAGE).text)[1])
    assert json.loads(shown)["assets/talk.mp3"] == 8
    for wrong in (("", "4"), ("x", "-1"), ("x", "nan"), ("x", "99999999"), ("x" * 501, "1")):
        assert stop(*wrong) == 422
    many = [stop(f"assets/{n}.mp4", "9") for n in range(60)]
    assert many.count(204) == 48 and many[-1] == 404
    assert stop("assets/talk.mp3", "10") == 204


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"access": "invitation"}, "This course is by invitation"),
        ({"access": "code", "access_code": "sesame"}, "Its course is for those who know its code"),
        ({"capacity": 1}, "All places in this course are taken"),
    ],
)
def test_a_closed_lesson_says_how_one_comes_in(as_user, client, charlie, tea, values, said):
    tea.change(update(Course).values(**values))
    answer = as_user(charlie).get(PAGE)
    assert answer.status_code == 403 and said in answer.text
    assert "takes one click" not in answer.text and "/courses/tea/enrollment" not in answer.text
    assert said in client.get(PAGE).text
