"""Introductions of modules, extra pages and assignments: written, ordered, deleted and brought back."""

import threading

import pytest
from sqlalchemy import select

from lms.assignments.models import Assignment
from lms.core import work
from lms.core.db import db
from lms.courses.models import Course, Lesson, LessonPage, Module, TextRevision

EDITOR = "/lessons/lesson-1"


@pytest.fixture
def pages(tea):
    for title in ("Kettle", "Pot"):
        tea.post(f"{EDITOR}/pages", {"title": title})
    return lambda: order(tea, "Kettle", "Pot")


def order(tea, *titles):
    page = tea.page(EDITOR)
    page = page[page.index('id="parts"') :]
    return sorted(
        (title for title in titles if f">{title}</span>" in page), key=lambda title: page.index(f">{title}<")
    )


def test_a_module_is_introduced_with_the_lessons_editor(tea):
    path = f"/introductions/{tea.module()}"
    assert f'href="/teaching/tea{path}"' in tea.page()
    page = tea.page(path)
    base = page.partition('name="base"')[2].partition('value="')[2].partition('"')[0]
    sent = {"title": "Basics", "body": "See [the first](lesson-1/lesson.md). $x^2$", "base": base}
    assert tea.post(path, sent).status_code == 303
    row = tea.row(Module, title="Basics")
    assert 'href="/courses/tea/lessons/lesson-1"' in row.body_html and "<math" in row.body_html
    assert tea.row(TextRevision, kind="module", number=2).body == sent["body"]
    assert "Revision 2" in tea.page(f"{path}/revisions")
    assert tea.post(f"{path}/revisions/1/restoration").status_code == 303
    assert tea.row(Module, title="Basics").body == ""
    assert "the first" in tea.post(f"{path}/preview", {"body": sent["body"]}).text
    tea.post(f"{path}/draft", {"title": "Basics", "body": "half a thought", "base": base})
    assert "half a thought" in tea.page(path)


@pytest.mark.parametrize("part", ["0", "999999", "x", "9" * 30])
def test_there_is_no_other_introduction(tea, part):
    assert tea.browser.get(f"/teaching/tea/introductions/{part}").status_code == 404


def test_pages_are_ordered(tea, pages):
    assert pages() == ["Kettle", "Pot"]
    assert tea.post(f"{EDITOR}/page/pot/position", {"to": "up"}).status_code == 303
    assert pages() == ["Pot", "Kettle"]
    assert tea.post(f"{EDITOR}/page/pot/position", {"to": "sideways"}).status_code == 400


def test_a_page_is_deleted_and_brought_back(tea, pages):
    answer = tea.post(f"{EDITOR}/page/kettle/removal")
    number = tea.row(LessonPage, slug="kettle").id
    assert f"undo=page-{number}" in answer.location
    assert pages() == ["Pot"]
    assert tea.browser.get("/courses/tea/lessons/lesson-1/kettle").status_code == 404
    assert "Kettle" not in tea.browser.get("/courses/tea/lessons/lesson-1").text
    assert "Undo the deletion" in tea.browser.get(answer.location).text
    tea.post(f"{EDITOR}/page/{number}/removal/end")
    assert pages() == ["Kettle", "Pot"]


def test_assignments_are_made_and_deleted(tea):
    for title in ("Brew a cup", "Brew another"):
        answer = tea.post(f"{EDITOR}/assignments", {"title": title})
        assert answer.status_code == 303
    assert answer.location == "/teaching/tea/lessons/lesson-1/assignment/brew-another"
    assert tea.row(Assignment, title="Brew a cup").slug == "assignment"
    assert "Brew a cup" in tea.browser.get("/courses/tea/lessons/lesson-1/assignment").text
    tea.post(f"{EDITOR}/assignment/assignment/removal")
    assert order(tea, "Brew a cup", "Brew another") == ["Brew another"]
    tea.post(f"{EDITOR}/assignment/{tea.row(Assignment, slug='assignment').id}/removal/end")
    assert order(tea, "Brew a cup", "Brew another") == ["Brew a cup", "Brew another"]


def test_a_part_needs_a_title(tea):
    for kind in ("pages", "assignments"):
        answer = tea.post(f"{EDITOR}/{kind}", {"title": " "}, follow_redirects=True)
        assert "a title." in answer.text


def test_a_draft_is_kept_while_somebody_else_changes_the_course(app, tea):
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with app.app_context(), work.unit():
            db.session.get_one(Course, tea.course.id, with_for_update=True)
            held.set()
            done.wait(10)

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(5)
    try:
        answer = tea.post(f"{EDITOR}/draft", {"title": "Lesson 1", "body": "typed on", "base": ""})
        assert answer.status_code == 303 and not done.is_set()
    finally:
        done.set()
        other.join()


def test_a_duplicated_lesson_has_its_assignments_too(tea):
    for title in ("Pour", "Taste"):
        tea.post(f"{EDITOR}/assignments", {"title": title})
    tea.change(
        Assignment.__table__.update().values(body="Do it.", max_points=12, rubric={"levels": ["Good"]})
    )
    tea.post(f"{EDITOR}/copy")
    copy = tea.row(Lesson, title="Lesson 1 (copy)")
    with tea.app.app_context():
        rows = db.session.scalars(
            select(Assignment).where(Assignment.lesson_id == copy.id).order_by(Assignment.position)
        ).all()
    assert [(row.title, row.slug, row.body, row.max_points) for row in rows] == [
        ("Pour", "assignment", "Do it.", 12),
        ("Taste", "taste", "Do it.", 12),
    ]
    assert all(row.rubric == {"levels": ["Good"]} for row in rows)
