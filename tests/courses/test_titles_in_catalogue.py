"""Courses are found by the titles of their lessons and modules, and cards say so; of nothing that learners don't see."""

import html
import re
from threading import Thread

import pytest
from sqlalchemy import delete, text, update

from lms.core import work
from lms.core.db import db
from lms.courses import editing
from lms.courses.models import Course, CourseWord, Lesson, Module
from tests import factories
from tests.support import sql


@pytest.fixture
def garden(app, alice):
    """A course whose lessons say what it does not."""
    course = factories.course(app, alice, slug="garden", lessons=4)
    names = ("Measure soil moisture", "Moisture in the air", "Soil after rain", "Feed worms")
    change(
        app,
        update(Course).where(Course.id == course.id).values(title="A year outside", summary="Four seasons."),
        *(
            update(Lesson)
            .where(Lesson.course_id == course.id, Lesson.slug == f"lesson-{n}")
            .values(title=name)
            for n, name in enumerate(names, 1)
        ),
    )
    return course


def change(app, *changes):
    with app.app_context(), work.unit():
        for each in changes:
            db.session.execute(each)


def does(app, course, deed, *given):
    """One thing that an author does to the outline."""
    with app.app_context(), work.unit():
        made = deed(db.session.get_one(Course, course.id), *given, factories.NOW)
        db.session.flush()
        return made.id


def cards(client, q, **more):
    """The line under each course that is found, by its slug, in their order."""
    page = client.get("/courses", query_string={"q": q, **more}).text
    found = {}
    for card in re.findall(r'<article class="card">.*?</article>', page, re.DOTALL):
        line = re.search(r'<p class="small muted"[^>]*>(.*?)</p>', card, re.DOTALL)
        shown = html.unescape(re.sub("<(?!/?mark)[^>]+>", "", line[1])).strip() if line else ""
        found[re.search(r'href="/courses/([^"]+)"', card)[1]] = shown
    return found


@pytest.mark.parametrize(
    ("q", "line"),
    [
        ("soil moisture", "Lesson: Measure <mark>soil moisture</mark>"),
        ("moisture", "Lesson: Measure soil <mark>moisture</mark>, and 1 more"),
        ("worm", "Lesson: Feed <mark>worms</mark>"),
        ("feeding", "Lesson: <mark>Feed</mark> worms"),
        ("measu", "Lesson: <mark>Measure</mark> soil moisture"),
        ("year worms", "Lesson: Feed <mark>worms</mark>"),
        ("basics", "Module: <mark>Basics</mark>"),
        ("worms basics", "Lesson: Feed <mark>worms</mark>, and 1 more"),
        ('"soil after rain"', "Lesson: <mark>Soil after rain</mark>"),
        ("worms or zebras", "Lesson: Feed <mark>worms</mark>"),
        ("moistrue", "Lesson: Measure soil <mark>moisture</mark>, and 1 more"),
        ("year", ""),
        ("outside seasons", ""),
    ],
)
def test_a_course_is_found_by_its_lessons_and_says_which(client, garden, q, line):
    assert cards(client, q) == {"garden": line}


def test_what_many_lessons_have_is_counted_in_the_readers_words(app, client, garden):
    change(app, update(Lesson).values(title="Compost"))
    assert cards(client, "compost") == {"garden": "Lesson: <mark>Compost</mark>, and 3 more"}


def test_no_phrase_goes_from_one_title_to_the_next(client, garden):
    assert cards(client, '"moisture moisture"') == cards(client, '"rain feed"') == {}


def test_a_course_that_has_it_in_its_title_stands_above_one_with_many_such_lessons(
    app, client, garden, alice
):
    titled = factories.course(app, alice, slug="titled", lessons=1)
    change(
        app,
        update(Lesson).where(Lesson.course_id == garden.id).values(title="Soil moisture and soil moisture"),
        update(Course).where(Course.id == garden.id).values(enrollment_count=900),
        update(Course).where(Course.id == titled.id).values(title="Moisture and what it does in any soil"),
    )
    assert list(cards(client, "soil moisture")) == ["titled", "garden"]


@pytest.mark.parametrize("seen", [{"is_published": False}, {"removed_at": factories.NOW}])
def test_nothing_of_a_lesson_that_is_hidden_or_removed_is_found_or_named(app, client, garden, seen):
    hidden = update(Lesson).where(Lesson.course_id == garden.id, Lesson.slug == "lesson-1").values(**seen)
    change(app, hidden)
    assert cards(client, "measure") == {}
    assert cards(client, "moisture") == {"garden": "Lesson: <mark>Moisture</mark> in the air"}
    change(app, update(Lesson).where(Lesson.course_id == garden.id).values(**seen))
    assert cards(client, "worms") == cards(client, "basics") == {}
    assert "basics" not in client.get("/courses?q=basisc").text


def test_a_word_that_only_hidden_lessons_have_is_no_guess(app, client, alice):
    course = factories.course(app, alice, lessons=2)
    with app.app_context(), work.unit():
        lesson = editing.lesson_of(db.session.get_one(Course, course.id), "lesson-1")
        lesson.is_published, lesson.title = False, "The embargo"
    assert "embargo" not in client.get("/courses?q=embrago").text.replace("embrago", "")
    with app.app_context():
        assert db.session.get(CourseWord, "embargo") is None


def test_a_draft_is_not_found_by_its_lessons(app, client, garden):
    change(app, update(Course).values(state="draft"))
    assert cards(client, "worms") == {}
    change(app, update(Course).values(state="published"))
    assert cards(client, "worms") != {}


def test_words_follow_what_authors_do_to_the_outline(app, client, garden):
    does(app, garden, editing.rename_lesson, "lesson-4", "Feed hedgehogs")
    assert cards(client, "worms") == {}
    assert cards(client, "hedgehogs") == {"garden": "Lesson: Feed <mark>hedgehogs</mark>"}
    removed = does(app, garden, editing.remove_lesson, "lesson-4")
    assert cards(client, "hedgehogs") == {}
    does(app, garden, editing.restore_lesson, removed)
    assert cards(client, "hedgehogs") != {}
    does(app, garden, editing.show_lesson, "lesson-4", False)
    assert cards(client, "hedgehogs") == {}
    does(app, garden, editing.show_lesson, "lesson-4", True)
    does(app, garden, editing.copy_lesson, "lesson-4", "Hedgehogs again")
    assert cards(client, "hedgehogs") == {
        "garden": "Lesson: Feed <mark>hedgehogs</mark>"
    }  # the copy is hidden
    module = does(app, garden, editing.add_module, "Winter guests")
    assert cards(client, "winter guests") == {}  # nobody sees an empty module
    does(app, garden, editing.add_lesson, module, "Owls")
    does(app, garden, editing.show_module, module)
    assert cards(client, "winter guests") == {"garden": "Module: <mark>Winter guests</mark>"}
    does(app, garden, editing.rename_module, module, "Summer guests")
    assert cards(client, "winter guests") == {} != cards(client, "summer guests")
    does(app, garden, editing.remove_module, module)
    assert cards(client, "summer guests") == cards(client, "owls") == {}
    does(app, garden, editing.restore_module, module)
    assert cards(client, "owls") == {"garden": "Lesson: <mark>Owls</mark>"}
    change(app, delete(Lesson).where(Lesson.module_id == module), delete(Module).where(Module.id == module))
    assert cards(client, "owls") == {}


def test_the_first_in_the_order_of_the_course_is_named(app, client, garden):
    does(app, garden, editing.move_lesson, "lesson-1", editing.DOWN)
    assert cards(client, "moisture") == {"garden": "Lesson: <mark>Moisture</mark> in the air, and 1 more"}


def waiting():
    """Whether somebody waits for a row."""
    with db.engine.connect() as connection:
        return connection.scalar(text("select count(*) from pg_locks where not granted"))


def test_two_authors_who_save_at_the_same_moment_lose_no_title(app, client, garden):
    def rename(slug, title):
        with app.app_context(), work.unit():
            db.session.execute(update(Lesson).where(Lesson.slug == slug).values(title=title))

    other = Thread(target=rename, args=("lesson-4", "Feed toads"))
    with app.app_context(), work.unit():
        db.session.execute(update(Lesson).where(Lesson.slug == "lesson-3").values(title="Mud after rain"))
        db.session.execute(text("set constraints all immediate"))
        other.start()
        while other.is_alive() and not waiting():
            other.join(0.02)
    other.join()
    assert cards(client, "mud") and cards(client, "toads")


def test_what_a_transaction_takes_back_changes_nothing_and_hides_nothing(app, client, garden):
    def rename(slug, title):
        db.session.execute(update(Lesson).where(Lesson.slug == slug).values(title=title))

    with app.app_context(), work.unit():
        nested = db.session.begin_nested()
        rename("lesson-4", "Feed toads")
        nested.rollback()
        rename("lesson-3", "Mud after rain")
        db.session.execute(text("set constraints all immediate"))
        rename("lesson-2", "Frost in the air")
    assert cards(client, "toads") == {}
    assert cards(client, "worms") and cards(client, "mud") and cards(client, "frost")


def test_nothing_of_an_authors_title_becomes_a_tag(app, client, garden):
    change(app, update(Lesson).where(Lesson.slug == "lesson-4").values(title="<b>Worms</b>\nand \ue000 more"))
    page = client.get("/courses?q=worms").text
    assert "&lt;b&gt;<mark>Worms</mark>&lt;/b&gt; and  more" in page


def test_it_costs_no_statement_more(app, client, garden):
    with sql.count(app) as statements:
        client.get("/courses?q=moisture")
    assert len(statements) == 1


MANY = """
    insert into lessons (course_id, module_id, source_id, slug, title, body, body_html, minutes, is_preview, is_required,
                         is_published, position)
    select l.course_id, l.module_id, 'bulk-' || n, 'bulk-' || n, repeat(md5(n::text) || ' ', 9), '', '', 1, false, true,
           true, n
      from lessons l, generate_series(100, 1500) n where l.slug = 'lesson-1'
"""


def test_a_course_may_have_more_titles_than_a_search_can_hold(app, client, garden):
    change(app, text(MANY))
    assert cards(client, "measure") == {"garden": "Lesson: <mark>Measure</mark> soil moisture"}
