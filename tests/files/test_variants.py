"""Pictures come in the width that a screen has use for."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import func, select

from lms.core import work
from lms.core.db import db
from lms.courses.markdown import Link, render
from lms.courses.models import CourseAsset
from lms.files import actions as files
from lms.files.models import FileVariant
from tests import factories


def noisy(width, height, kind):
    """A picture that does not pack well, like a photograph."""
    image = Image.effect_noise((width, height), 90).convert("RGB")
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


@pytest.fixture
def browser(app, as_user, alice):
    course = factories.course(app, alice)
    with app.app_context(), work.unit():
        for path, data, kind, width in (
            ("assets/wide.jpg", noisy(2000, 1000, "JPEG"), "image/jpeg", 2000),
            ("assets/plain.png", factories.picture(700, 10), "image/png", 700),
            ("assets/broken.png", b"\x89PNG nothing", "image/png", 2000),
        ):
            stored = files.keep(data, kind, width=width, height=10)
            db.session.add(CourseAsset(course_id=course.id, path=path, file_id=stored.id))
    return as_user(alice)


def sized(answer):
    with Image.open(io.BytesIO(answer.data)) as image:
        return image.format, image.width


@pytest.mark.parametrize("width", [480, 960, 1600])
def test_a_wide_picture_is_also_there_smaller(app, browser, width):
    whole = browser.get("/courses/tea/assets/assets/wide.jpg")
    small = browser.get(f"/courses/tea/assets/assets/wide.jpg?w={width}")
    assert sized(small) == ("WEBP", width)
    assert small.mimetype == "image/webp"
    assert len(small.data) < len(whole.data)
    again = browser.get(f"/courses/tea/assets/assets/wide.jpg?w={width}")
    assert again.data == small.data
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(FileVariant)) == 1


@pytest.mark.parametrize("wanted", ["481", "0", "-480", "x", "", "480000", "²"])
def test_widths_that_are_not_made_give_the_picture_itself(app, browser, wanted):
    assert sized(browser.get(f"/courses/tea/assets/assets/wide.jpg?w={wanted}")) == ("JPEG", 2000)
    with app.app_context():
        assert not db.session.scalar(select(func.count()).select_from(FileVariant))


def test_a_picture_is_never_made_wider_or_heavier(browser):
    assert sized(browser.get("/courses/tea/assets/assets/plain.png?w=960")) == ("PNG", 700)
    whole = browser.get("/courses/tea/assets/assets/plain.png")
    assert len(browser.get("/courses/tea/assets/assets/plain.png?w=480").data) <= len(whole.data)


def test_what_can_not_be_drawn_smaller_comes_as_it_is(browser):
    assert browser.get("/courses/tea/assets/assets/broken.png?w=480").data == b"\x89PNG nothing"


def shown(target, width=None):
    return render(
        f"![A leaf]({target})", link=lambda _: Link(f"/courses/tea/assets/{target}", width, 10)
    ).html


def test_a_lesson_offers_the_smaller_widths():
    html = shown("leaf.png", 1200)
    assert (
        'srcset="/courses/tea/assets/leaf.png?w=480 480w, /courses/tea/assets/leaf.png?w=960 960w, '
        '/courses/tea/assets/leaf.png 1200w"' in html
    )
    assert 'sizes="min(100vw, 720px)"' in html


@pytest.mark.parametrize(("target", "width"), [("leaf.png", 300), ("leaf.gif", 1200), ("leaf.svg", 1200)])
def test_small_moving_and_drawn_pictures_have_one_width(target, width):
    assert "srcset" not in shown(target, width)


@given(st.integers(1, 5000))
def test_rendering_twice_gives_the_same(width):
    assert shown("leaf.png", width) == shown("leaf.png", width)


def test_authors_can_not_smuggle_addresses_in():
    source = '<img src="leaf.png" srcset="https://elsewhere.example/x.png 1w" sizes="1px" alt="A leaf">'
    html = render(source, link=lambda _: Link("/courses/tea/assets/leaf.png", 300, 10)).html
    assert "elsewhere" not in html
