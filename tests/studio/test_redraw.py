"""A picture that is replaced by one of another size is shown in its new size, everywhere, without a save."""

import io

from sqlalchemy import select, update

from lms.core import clock, work
from lms.core.db import db
from lms.courses import editing, library
from lms.courses.models import Course, CourseAsset, Lesson, LessonPage
from lms.courses.revisions import Written, fingerprint
from lms.files import intake
from lms.studio import actions
from tests import factories

LIMITS = library.Limits(10_000_000, 100_000_000)
BODY = "![A leaf](../../assets/leaf.png)\n\nAnd **words**."


def replace(app, course, data):
    with app.app_context(), work.unit():
        held = db.session.get_one(Course, course.id)
        asset = db.session.scalars(select(CourseAsset)).one()
        library.replace(held, asset.id, io.BytesIO(data), LIMITS, clock.now())


def test_lessons_and_pages_show_the_new_size(app, alice, run_jobs):
    course = factories.course(app, alice)
    with app.app_context(), work.unit():
        held = db.session.get_one(Course, course.id)
        library.add(held, "leaf.png", io.BytesIO(factories.picture(300, 200)), LIMITS, clock.now())
        lesson = editing.lesson_of(held, "lesson-1")
        page = editing.add_page(held, lesson, "More", clock.now())
        db.session.flush()
        for place in (
            actions.Place(held, lesson, "lesson", lesson),
            actions.Place(held, lesson, "page", page),
        ):
            base = fingerprint(place.text.title, place.text.body)
            actions.save(place, Written(place.text.title, BODY, base), alice.id, clock.now())
    replace(app, course, factories.picture(1200, 400))
    run_jobs()
    with app.app_context():
        for model in (Lesson, LessonPage):
            html = db.session.scalars(select(model.body_html).where(model.body == BODY)).one()
            assert 'width="1200" height="400"' in html
            assert "?w=480 480w" in html
            assert "<strong>words</strong>" in html
        other = db.session.scalars(select(Lesson.body_html).where(Lesson.slug == "lesson-2")).one()
        assert other == "<p>Words of lesson 2.</p>"


def test_texts_that_do_not_show_it_are_left_alone(app, alice, run_jobs):
    course = factories.course(app, alice)
    with app.app_context(), work.unit():
        held = db.session.get_one(Course, course.id)
        library.add(held, "leaf.png", io.BytesIO(factories.picture(300, 200)), LIMITS, clock.now())
        db.session.execute(update(Lesson).values(body="Changed by nobody", body_html="<p>As it was.</p>"))
    replace(app, course, factories.picture(1200, 400))
    run_jobs()
    with app.app_context():
        assert set(db.session.scalars(select(Lesson.body_html))) == {"<p>As it was.</p>"}


def test_what_is_refused_changes_nothing(app, alice):
    course = factories.course(app, alice)
    with app.app_context(), work.unit():
        held = db.session.get_one(Course, course.id)
        library.add(held, "leaf.png", io.BytesIO(factories.picture(300, 200)), LIMITS, clock.now())
    try:
        replace(app, course, b"no picture")
    except intake.Refused as error:
        assert error.reason == "picture"
    else:
        raise AssertionError("a text was taken for a picture")
