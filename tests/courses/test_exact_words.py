"""Words in quotes are found as they are written, whatever case and accents they have; no other ending of them is."""

import re
from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from lms.core import work
from lms.core.db import db
from lms.courses.excerpts import Marked, pattern_of
from lms.courses.models import Course, Lesson
from tests import factories

CASES = [
    ("Soft waters run deep", "en", '"soft waters"', True),
    ("Soft waters run deep", "en", '"soft water"', False),
    ("Soft water runs deep", "en", '"soft waters"', False),
    ("Soft waters run deep", "en", "soft water", True),
    ("Soft waters run deep", "en", '"SOFT Waters"', True),
    ("Soft waters run deep", "en", "“soft waters”", True),
    ("Soft waters run deep", "en", '"soft deep"', False),
    ("Soft waters run deep", "en", '"soft wat"', False),
    ("Kneading by hand", "en", '"kneading"', True),
    ("Kneading by hand", "en", '"knead"', False),
    ("Kneading by hand", "en", '"hand" knead', True),
    ("Kneading by hand", "en", '"knead" or "by hand"', True),
    ("Kneading by hand", "en", 'hand -"knead"', True),
    ("Kneading by hand", "en", 'hand -"kneading"', False),
    ("The art of the loaf", "en", '"the art of the loaf"', True),
    ("The art of the loaf", "en", '"the art of a loaf"', False),
    ("Crème brûlée at home", "en", '"creme brulee"', True),
    ("Creme brulee at home", "fr", '"crème brûlée"', True),
    (normalize("NFD", "Crème brûlée at home"), "fr", '"crème brûlée"', True),
    ("Grüne Häuser bauen", "de", '"grune hauser"', True),
    ("Grüne Häuser bauen", "de", '"grünes haus"', False),
    ("Ёлки и палки", "ru", '"елки и палки"', True),
    ("Ёлки и палки", "ru", '"ёлка и палка"', False),
    ("قراءة الكتب القديمة", "ar", '"قراءة الكتب"', True),
    ("قراءةُ الكُتُبِ القديمة", "ar", '"قراءة الكتب"', True),
    ("قراءة الكتب القديمة", "ar", '"قراءة الكتاب"', False),
    ("O’Neill’s e-mail", "en", "\"O'Neill's e-mail\"", True),
    (r"Back\slash & more", "en", r'"back\slash & more"', True),
]


def change(app, *changes):
    with app.app_context(), work.unit():
        for each in changes:
            db.session.execute(each)


@pytest.mark.parametrize("place", ["title", "summary", "description", "lesson"])
@pytest.mark.parametrize(("words", "language", "q", "is_found"), CASES)
def test_the_catalogue_finds_words_in_quotes_as_written(
    app, client, alice, words, language, q, is_found, place
):
    factories.course(app, alice, lessons=1)
    change(app, update(Course).values(language=language))
    change(
        app,
        update(Lesson).values(title=words) if place == "lesson" else update(Course).values({place: words}),
    )
    page = client.get("/courses", query_string={"q": q}).text
    assert ("/courses/tea" in page) is is_found
    if is_found:
        assert "<mark>" in page


@pytest.mark.parametrize(("words", "language", "q", "is_found"), CASES)
def test_the_search_in_a_course_finds_words_in_quotes_as_written(
    app, as_user, alice, words, language, q, is_found
):
    factories.course(app, alice, lessons=1)
    change(app, update(Course).values(language=language))
    change(app, update(Lesson).values(body_html=f"<p>{words.replace('&', '&amp;')}</p>"))
    page = as_user(alice).get("/courses/tea/search", query_string={"q": q}).text
    assert ("/courses/tea/lessons/lesson-1#" in page) is is_found
    if is_found:
        assert "<mark>" in page


def test_only_the_words_as_written_are_marked_and_shown(app, as_user, alice):
    factories.course(app, alice, lessons=1)
    body = f"<p>Soft waters first. {'So it goes. ' * 40}Then soft water, and softly.</p>"
    change(
        app,
        update(Lesson).values(body_html=body),
        update(Course).values(summary="Waters, soft water, softer."),
    )
    page = as_user(alice).get("/courses/tea/search", query_string={"q": '"soft water"'}).text
    assert re.findall("<mark>(.*?)</mark>", page) == ["soft water"]
    page = as_user(alice).get("/courses", query_string={"q": '"soft water"'}).text
    assert "Waters, <mark>soft water</mark>, softer." in page
    assert page.count("<mark>") == 1


WORDS = st.lists(
    st.sampled_from(["soil", "soils", "soiling", "Sóil", "é", "e-x", "كتب", "كُتُب", "ё"]),
    min_size=1,
    max_size=5,
)


@given(WORDS, WORDS, st.sampled_from([" ", ", ", "\n", " – "]))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_marked_is_the_phrase_and_only_between_words(text, phrase, between):
    marked = Marked.read(between.join(text), pattern_of((" ".join(phrase),)))

    def plain(words):
        kept = (sign for sign in normalize("NFD", words.lower()) if sign.isalnum() or sign in " –,\n-")
        return re.findall(r"\w+", normalize("NFC", "".join(kept)))

    wanted, there = plain(" ".join(phrase)), plain(marked.text)
    has = any(there[n : n + len(wanted)] == wanted for n in range(len(there)))
    assert bool(marked.spans) is has
    for start, end in marked.spans:
        assert plain(marked.text[start:end])[: len(wanted)] == wanted
