"""Settings beside a text: what one author did not touch, another may have changed meanwhile."""

import html
import re

from lms.assignments.models import Assignment
from lms.courses.models import Lesson, TextDraft

LESSON = "/lessons/lesson-1"


def hidden(page: str) -> dict[str, str]:
    """What the editor's form says it began from."""
    found = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1]
        for name in ("csrf_token", "base", "shown")
    }
    return {name: html.unescape(value) for name, value in found.items()}


def save(tea, browser, opened, path=LESSON, **more):
    return browser.post(f"{tea.home}{path}", data={**tea.fields(), **hidden(opened), **more})


def test_a_text_saved_late_leaves_the_settings_of_others(tea, as_user, dana):
    other = as_user(dana)
    mine, theirs = tea.page(LESSON), other.get(tea.home + LESSON).text
    assert save(tea, other, theirs, release="days", release_days="7", minutes="30").status_code == 303
    assert save(tea, tea.browser, mine, body="Only the text").status_code == 303
    lesson = tea.row(Lesson, slug="lesson-1")
    assert (lesson.body, lesson.release, lesson.minutes) == ("Only the text", {"days": 7}, 30)


def test_a_setting_that_two_changed_is_asked_about(tea, as_user, dana):
    other = as_user(dana)
    mine, theirs = tea.page(LESSON), other.get(tea.home + LESSON).text
    save(tea, other, theirs, minutes="30", is_preview="y")
    answer = save(tea, tea.browser, mine, minutes="45", body="Mine")
    assert answer.status_code == 409
    assert "Somebody else changed these settings while you wrote" in answer.text
    assert "30</strong>" in answer.text and "Mine" in answer.text
    assert tea.row(TextDraft).body == "Mine"
    assert tea.row(Lesson, slug="lesson-1").minutes == 30
    again = save(tea, tea.browser, answer.text, minutes="45", body="Mine", is_preview="y")
    assert again.status_code == 303
    lesson = tea.row(Lesson, slug="lesson-1")
    assert (lesson.minutes, lesson.is_preview, lesson.body) == (45, True, "Mine")


def test_a_rule_of_a_course_folder_that_the_form_cannot_show_stays(tea):
    rule = {"date": "2026-05-01T00:00:00+00:00", "days": 3, "after": "lesson-2"}
    lesson = Lesson.__table__
    tea.change(lesson.update().where(lesson.c.slug == "lesson-1").values(release=rule))
    answer = save(
        tea, tea.browser, tea.page(LESSON), body="Text", release="date", release_date="2026-05-01T00:00"
    )
    assert answer.status_code == 303, re.findall(r'class="error"[^>]*>.*', answer.text)
    assert tea.row(Lesson, slug="lesson-1").release == rule


def test_a_rule_whose_lesson_is_gone_does_not_stand_in_the_texts_way(tea):
    rule = {"after": "a-lesson-that-went"}
    lesson = Lesson.__table__
    tea.change(lesson.update().where(lesson.c.slug == "lesson-1").values(release=rule))
    opened = tea.page(LESSON)
    assert save(tea, tea.browser, opened, body="Text", release="after", release_after="").status_code == 303
    assert tea.row(Lesson, slug="lesson-1").body == "Text"
    assert save(tea, tea.browser, opened, minutes="x", body="Text").status_code == 422


def test_saving_says_who_sees_it(tea):
    page = tea.page(LESSON)
    save(tea, tea.browser, page, body="a")
    assert "Learners see it once the course is published." in tea.page(LESSON)
    save(tea, tea.browser, tea.page(LESSON), body="b", is_published="")
    assert "Learners don’t see this lesson yet." in tea.page(LESSON)


def test_the_points_of_an_assignment_can_be_saved_as_they_are_shown(tea):
    made = tea.post(f"{LESSON}/assignments", {"title": "Pour"})
    opened = tea.browser.get(made.location).text
    points = re.search(r'name="max_points"[^>]*value="([^"]*)"', opened)[1]
    data = {**hidden(opened), "title": "Pour", "body": "Pour it.", "max_points": points}
    answer = tea.browser.post(made.location, data=data)
    assert answer.status_code == 303
    assert tea.row(Assignment, title="Pour").body == "Pour it."


def test_text_and_settings_that_two_changed_are_asked_about_together(tea, as_user, dana):
    other = as_user(dana)
    mine, theirs = tea.page(LESSON), other.get(tea.home + LESSON).text
    save(tea, other, theirs, minutes="30", body="Theirs")
    answer = save(tea, tea.browser, mine, minutes="45", body="Mine")
    assert answer.status_code == 409
    assert "Somebody else saved this text" in answer.text and "changed these settings" in answer.text
    again = save(tea, tea.browser, answer.text, minutes="45", body="Both", theirs="minutes")
    assert again.status_code == 303
    lesson = tea.row(Lesson, slug="lesson-1")
    assert (lesson.minutes, lesson.body) == (30, "Both")
