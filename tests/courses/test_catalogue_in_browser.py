"""The catalogue while one types, and stars by keyboard."""

import pytest
from sqlalchemy import select, update

from lms.core import clock, work
from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.learning import actions
from lms.learning.reviews_models import Review
from tests import factories


@pytest.fixture
def shelf(app, alice):
    for slug, title, level in (
        ("bread", "Bread, slowly", "beginner"),
        ("rye", "Bread of rye", "advanced"),
        ("sky", "The sky at night", "beginner"),
    ):
        course = factories.course(app, alice, slug=slug)
        with app.app_context(), work.unit():
            db.session.execute(update(Course).where(Course.id == course.id).values(title=title, level=level))


@pytest.fixture
def page(window_of, shelf):
    opened = window_of(None)
    opened.goto("/courses")
    return opened


def test_results_and_counts_follow_what_is_typed_and_chosen(page):
    page.get_by_role("searchbox", name="Title, subject").press_sequentially("brea")
    page.get_by_role("status").filter(has_text="2 courses").wait_for()
    assert page.locator("#results mark").first.inner_text() == "Bread"
    level = page.get_by_label("Level")
    assert level.locator("option").all_inner_texts() == [
        "Every level",
        "Beginner (1)",
        "Intermediate (0)",
        "Advanced (1)",
    ]
    level.focus()
    level.select_option("advanced")
    page.get_by_role("status").filter(has_text="1 course").wait_for()
    page.wait_for_url("**/courses?q=brea&level=advanced")
    assert page.evaluate("document.activeElement.name") == "level"
    page.get_by_role("link", name="Without Advanced").click()
    page.get_by_role("status").filter(has_text="2 courses").wait_for()


def test_stars_are_given_with_the_arrow_keys(app, shelf, window_of, bob):
    with app.app_context(), work.unit():
        course = db.session.scalars(select(Course).where(Course.slug == "rye")).one()
        enrolled = actions.enroll(course.id, bob.id, clock.now()).enrollment_id
        for lesson in db.session.scalars(select(Lesson.id).where(Lesson.course_id == course.id)):
            actions.complete_lesson(enrolled, lesson, (), clock.now())
    page = window_of(bob)
    page.goto("/courses/rye")
    page.get_by_role("link", name="Write a review").press("Enter")
    page.get_by_label("1 star", exact=True).focus()
    for key in ("Space", "ArrowRight", "ArrowRight", "ArrowRight", "Tab"):
        page.keyboard.press(key)
    page.keyboard.type("It rose, and so did I.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Thank you. Your review stands").wait_for()
    with app.app_context():
        assert db.session.execute(select(Review.rating, Review.body)).one() == (4, "It rose, and so did I.")
