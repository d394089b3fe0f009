"""A course's own page."""

from sqlalchemy import insert, update

from lms.core import work
from lms.core.db import db
from lms.courses.models import Course, CourseInstructor, Lesson, Module
from tests import factories


def change(app, *statements):
    with app.app_context(), work.unit():
        for statement in statements:
            db.session.execute(statement)


def test_a_visitor_sees_what_the_course_is(app, client, alice, charlie):
    course = factories.course(app, alice)
    change(
        app,
        update(Course).values(
            license="CC-BY-4.0", authors=["Ada L."], source_url="https://www.example.org/tea"
        ),
        update(Module).values(body_html="<p>First the leaves.</p>"),
        insert(CourseInstructor).values(course_id=course.id, user_id=charlie.id),
        update(Lesson).where(Lesson.slug == "lesson-1").values(is_preview=True),
    )
    page = client.get("/courses/tea").text
    for words in (
        "The book of tea",
        "How to make a good cup.",
        "Alice Arden",
        "Charlie Croft",
        "2 lessons",
        "20 min",
    ):
        assert words in page
    for words in (
        "CC-BY-4.0",
        "Ada L.",
        "example.org",
        "Beginner",
        "English",
        "First the leaves.",
        "Preview",
    ):
        assert words in page
    assert 'href="/courses/tea/lessons/lesson-1"' in page
    assert 'href="/courses/tea/lessons/lesson-2"' not in page
    assert 'id="module-basics"' in page


def test_an_unknown_course_and_anothers_draft_are_both_not_there(app, client, as_user, alice, charlie):
    factories.course(app, alice, published=False)
    assert client.get("/courses/none").status_code == 404
    assert client.get("/courses/tea").status_code == 404
    assert as_user(charlie).get("/courses/tea").status_code == 404
    assert as_user(alice).get("/courses/tea").status_code == 200


def test_an_arabic_course_reads_from_the_right_in_an_english_page(app, client, alice):
    factories.course(app, alice)
    change(app, update(Course).values(language="ar", title="السماء ليلًا"))
    page = client.get("/courses/tea").text
    assert '<html lang="en" dir="ltr"' in page
    assert 'lang="ar" dir="rtl"' in page
    assert "Arabic" in page


def test_a_title_is_text_and_never_markup(app, client, alice):
    factories.course(app, alice)
    change(app, update(Course).values(title="<script>alert(1)</script>"))
    assert "<script>alert(1)" not in client.get("/courses/tea").text
