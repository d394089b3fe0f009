"""A course from nothing to its first graduate, at a real browser; and the editor that loses nothing."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from lms.core import work
from lms.core.db import db
from lms.courses.models import Course, Lesson, Module, TextDraft
from lms.quizzes.models import Attempt
from tests import factories
from tests.support import axe
from tests.support.building import KINDS, add_one_of_each, add_quiz, answer_one_of_each
from tests.support.waiting import until

A_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def follow(page: Page, target) -> None:
    with page.expect_navigation(wait_until="domcontentloaded"):
        target.click()


def add(page: Page, label: str, title: str) -> None:
    page.get_by_label(label).fill(title)
    page.get_by_label(label).press("Enter")
    expect(page.get_by_text(f"“{title}” is added.")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_alice_builds_a_course_and_bob_completes_it(live, app, window_of, alice, bob, scripts):
    page = window_of(alice, java_script_enabled=scripts)
    page.goto(f"{live.url}/teaching")
    follow(page, page.get_by_role("link", name="New course").first)
    page.get_by_label("Title").fill("Growing beans")
    follow(page, page.get_by_role("button", name="Make the course"))
    for module, lessons in (("Soil", ("Earth", "Water")), ("Light", ("Sun", "Shade"))):
        add(page, "New module", module)
        for lesson in lessons:
            add(page, f"New lesson in {module}", lesson)
    for lesson in ("Earth", "Water", "Sun", "Shade"):
        follow(page, page.get_by_role("link", name=lesson, exact=True))
        page.get_by_label("Text, in Markdown").fill(f"All about **{lesson.lower()}**.")
        page.get_by_label("Duration in minutes").fill("5")
        follow(page, page.get_by_role("button", name="Save", exact=True))
        expect(page.get_by_text("Saved. Learners see it once the course is published.")).to_be_visible()
        follow(page, page.get_by_label("You are here").get_by_role("link", name="Growing beans"))
    follow(page, page.get_by_role("link", name="Files", exact=True))
    page.locator("input[type=file]").set_input_files(
        {"name": "beans.pdf", "mimeType": "application/pdf", "buffer": A_PDF}
    )
    follow(page, page.get_by_role("button", name="Upload"))
    expect(page.get_by_role("link", name="beans.pdf")).to_be_visible()
    page.goto(f"{live.url}/teaching/growing-beans/lessons/shade")
    page.get_by_label("Text, in Markdown").fill(
        "All about **shade**, also [on paper](../../assets/beans.pdf)."
    )
    follow(page, page.get_by_role("button", name="Save", exact=True))
    page.goto(f"{live.url}/teaching/growing-beans")
    add_quiz(page, "Sun", "All about tea")
    add_one_of_each(page)
    page.goto(f"{live.url}/teaching/growing-beans")
    follow(page, page.get_by_role("button", name="Publish", exact=True))
    expect(page.get_by_text("“Growing beans” is published.")).to_be_visible()

    page = window_of(bob, java_script_enabled=scripts)
    page.goto(f"{live.url}/courses/growing-beans")
    follow(page, page.get_by_role("button", name="Enroll", exact=True))
    for lesson in ("earth", "water", "sun", "shade"):
        page.goto(f"{live.url}/courses/growing-beans/lessons/{lesson}")
        expect(page.locator(".prose strong")).to_have_text(lesson)
        if lesson == "sun":
            follow(page, page.get_by_role("link", name="All about tea").first)
            follow(page, page.get_by_role("button", name="Start the quiz"))
            answer_one_of_each(page)
            follow(page, page.get_by_role("button", name="Finish"))
            follow(page, page.get_by_role("button", name="Hand in"))
            with app.app_context():
                attempt = db.session.scalars(select(Attempt)).one()
                assert (attempt.passed, attempt.points, attempt.score) == (True, len(KINDS), len(KINDS) - 1)
            follow(page, page.locator("main").get_by_role("link", name="Back to the lesson"))
        if lesson == "shade":
            address = page.get_by_role("link", name="on paper").get_attribute("href")
            assert page.request.get(f"{live.url}{address}").body() == A_PDF
        page.get_by_role("button", name=re.compile("complete", re.I)).click()
        expect(page.locator("#completion")).to_contain_text("You have completed")
    page.goto(f"{live.url}/courses/growing-beans")
    expect(page.get_by_text("You completed this course on")).to_be_visible()


@pytest.fixture
def tea(app, alice):
    return factories.course(app, alice, lessons=3, published=False)


def titles(app) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Lesson.title).order_by(Lesson.position)))


def test_lessons_are_moved_by_keyboard_and_by_dragging(live, app, window_of, alice, tea):
    page = window_of(alice)
    page.goto(f"{live.url}/teaching/tea")
    page.get_by_role("link", name="Lesson 1", exact=True).focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_text("“Lesson 1” is moved.")).to_be_visible()
    assert titles(app) == ["Lesson 2", "Lesson 1", "Lesson 3"]
    lines = page.locator("[data-lesson]")
    lines.filter(has_text="Lesson 3").locator("[data-grip]").drag_to(
        lines.filter(has_text="Lesson 2"), target_position={"x": 20, "y": 2}
    )
    expect(page.get_by_text("“Lesson 3” is moved.")).to_be_visible()
    assert titles(app) == ["Lesson 3", "Lesson 2", "Lesson 1"]


def test_a_deletion_is_undone_where_it_happened(live, app, window_of, alice, tea):
    page = window_of(alice)
    page.goto(f"{live.url}/teaching/tea")
    page.get_by_label("More for the lesson Lesson 2").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("link", name="Lesson 2", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Undo the deletion").click()
    expect(page.get_by_role("link", name="Lesson 2", exact=True)).to_be_visible()


def test_what_was_typed_survives_a_closed_laptop(live, app, window_of, alice, tea):
    page = window_of(alice)
    page.goto(f"{live.url}/teaching/tea/lessons/lesson-1")
    text = page.get_by_label("Text, in Markdown")
    text.fill("The first words")
    with app.app_context():
        until(lambda: db.session.rollback() or db.session.scalar(select(TextDraft.body)) == "The first words")
    page.close()
    again = window_of(alice)
    again.goto(f"{live.url}/teaching/tea/lessons/lesson-1")
    expect(again.get_by_label("Text, in Markdown")).to_have_value("The first words")
    expect(again.get_by_text("This is your draft of")).to_be_visible()


def test_what_was_typed_offline_is_there_after_a_reload(live, app, window_of, alice, tea):
    page = window_of(alice)
    page.goto(f"{live.url}/teaching/tea/lessons/lesson-1")
    page.route("**/draft", lambda route: route.abort())
    page.get_by_label("Text, in Markdown").fill("Written in a train")
    page.get_by_label("Title").focus()
    expect(page.get_by_text("Not connected. Your draft is kept in this browser.")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.get_by_label("Text, in Markdown")).to_have_value("Written in a train")
    page.unroute("**/draft")
    page.get_by_label("Title").focus()
    with app.app_context():
        until(
            lambda: db.session.rollback() or db.session.scalar(select(TextDraft.body)) == "Written in a train"
        )


def test_the_toolbar_writes_and_the_preview_follows(live, window_of, alice, tea):
    page = window_of(alice)
    page.goto(f"{live.url}/teaching/tea/lessons/lesson-1")
    text = page.get_by_label("Text, in Markdown")
    text.fill("hot")
    text.select_text()
    page.get_by_role("button", name="Bold").click()
    expect(text).to_have_value("**hot**")
    expect(page.locator("#preview strong")).to_have_text("hot")
    text.press("End")
    page.get_by_role("button", name="Note").click()
    expect(page.locator("#preview .callout")).to_be_visible()
    text.press("Control+z")


def test_a_picture_that_is_chosen_lands_in_the_text(live, window_of, alice, tea):
    page = window_of(alice)
    page.goto(f"{live.url}/teaching/tea/lessons/lesson-1")
    picture = {"name": "leaf.png", "mimeType": "image/png", "buffer": factories.picture()}
    page.locator("[data-file]").set_input_files([picture])
    expect(page.get_by_label("Text, in Markdown")).to_have_value(
        re.compile(r"!\[leaf\]\(\.\./\.\./assets/leaf\.png\)")
    )
    expect(page.locator("#preview img")).to_be_visible()


def test_the_studio_is_for_everyone(window_of, alice, tea):
    page = window_of(alice)
    for path in ("", "/settings", "/instructors", "/lessons/lesson-1", "/lessons/lesson-1/revisions"):
        page.goto(f"/teaching/tea{path}")
        assert axe.faults(page) == [], path


def test_what_was_typed_survives_being_signed_out(live, app, window_of, alice, tea):
    page = window_of(alice)
    page.goto(f"{live.url}/teaching/tea/lessons/lesson-1")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.get_by_label("Text, in Markdown").fill("Hours of work")
    page.get_by_label("Title").focus()
    expect(page.get_by_text("You are signed out. Your text is kept in this browser")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state()
    page.context.add_cookies(cookies)
    page.goto(f"{live.url}/teaching/tea/lessons/lesson-1")
    expect(page.get_by_label("Text, in Markdown")).to_have_value("Hours of work")
    follow(page, page.get_by_role("button", name="Save", exact=True))
    expect(page.get_by_label("Text, in Markdown")).to_have_value("Hours of work")
    page.reload()
    expect(page.get_by_text("What you typed before is back.")).to_have_count(0)


TABLES_SHOW_ALL = (
    """[...document.querySelectorAll(".table-wrap")].every((one) => one.scrollWidth <= one.clientWidth)"""
)


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.innerText.trim()")


def test_the_keyboard_stays_where_the_outline_changed(live, window_of, alice, tea):
    page = window_of(alice)
    page.goto(f"{live.url}/teaching/tea")
    expect(page.locator("#course-facts")).to_contain_text("3 lessons")
    page.get_by_role("link", name="Lesson 1", exact=True).focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_text("“Lesson 1” is moved.")).to_be_visible()
    assert focused(page) == "Lesson 1"
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("[data-lesson] .lesson-name > a").last).to_have_text("Lesson 1")
    page.get_by_label("More for the lesson Lesson 2").press("Enter")
    page.get_by_role("button", name="Delete", exact=True).press("Enter")
    expect(page.get_by_text("“Lesson 2” is deleted.")).to_be_visible()
    expect(page.locator("#course-facts")).to_contain_text("2 lessons")
    assert focused(page) == "Undo the deletion"


def test_what_has_the_focus_stands_clear_of_the_bar_that_stays(live, window_of, alice, tea):
    page = window_of(alice)
    page.goto(f"{live.url}/teaching/tea/bank/new?kind=single")
    for height in range(500, 900, 50):
        page.set_viewport_size({"width": 1280, "height": height})
        page.get_by_label("Tags").focus()
        page.evaluate("scrollTo(0, 0)")
        page.get_by_label("Name", exact=False).first.focus()
        field = page.locator(":focus").bounding_box()
        bar = page.locator(".editor-actions").bounding_box()
        assert field["y"] + field["height"] <= bar["y"], height


def test_endless_titles_stay_inside_the_studio(live, app, window_of, alice, tea):
    with app.app_context(), work.unit():
        for part in (Course, Module, Lesson):
            db.session.execute(update(part).values(title="Donaudampfschifffahrt" * 12))
    page = window_of(alice)
    page.set_viewport_size({"width": 390, "height": 800})
    for path in ("", "/analytics", "/gradebook", "/files"):
        page.goto(f"{live.url}/teaching/tea{path}")
        assert page.evaluate("document.documentElement.scrollWidth") == 390, path
        assert page.evaluate(TABLES_SHOW_ALL), path


def test_a_drag_that_is_given_up_moves_nothing(live, app, window_of, alice, tea):
    page = window_of(alice)
    page.goto(f"{live.url}/teaching/tea")
    lines = page.locator("[data-lesson]")
    grip, goal = lines.nth(0).locator("[data-grip]").bounding_box(), lines.nth(2).bounding_box()
    page.mouse.move(grip["x"] + 5, grip["y"] + 5)
    page.mouse.down()
    for near in (8, 6, 4):
        page.mouse.move(goal["x"] + 20, goal["y"] + goal["height"] - near)
    expect(page.locator("[data-lesson] .lesson-name > a").last).to_have_text("Lesson 1")
    page.keyboard.press("Escape")
    expect(page.locator("[data-lesson] .lesson-name > a").first).to_have_text("Lesson 1")
    page.mouse.up()
    assert titles(app) == ["Lesson 1", "Lesson 2", "Lesson 3"]
