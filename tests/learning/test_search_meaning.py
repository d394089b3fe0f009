"""What is asked of a course: phrases, what is left out, other scripts, and what a result shows."""

import html
import re

import pytest
from sqlalchemy import update

from lms.assignments.models import Assignment
from lms.courses.markdown import render
from lms.courses.models import Course

SEARCH = "/courses/tea/search"


@pytest.fixture
def ask(tea, as_user, bob):
    """The page of results, without its marks."""
    browser = as_user(bob)

    def page(q):
        return browser.get(SEARCH, query_string={"q": q}).text

    return page


@pytest.fixture
def write(tea):
    """Set the text of a lesson, in Markdown."""

    def written(slug, source):
        tea.write(slug, render(source, link=lambda _target: None).html)

    return written


def found(page):
    return set(re.findall(r'<a href="/courses/tea/lessons/([^"#]+)#[^"]*" dir="auto">', page))


def excerpts(page):
    shown = re.findall(r'<p class="[^"]*found-text"[^>]*>(.*?)</p>', page, re.DOTALL)
    return [html.unescape(re.sub("<(?!/?mark)[^>]+>", "", one)).strip() for one in shown]


@pytest.mark.parametrize(
    ("q", "lessons"),
    [
        ('"wombats dig" "soft soil"', {"lesson-1"}),
        ('"wombats dig" hills', {"lesson-1"}),
        ("“wombats dig” hills", {"lesson-1"}),
        ('"dig wombats"', set()),
        ("wombat digging", {"lesson-1"}),
        ("contour -lines", {"lesson-3"}),
        ("contour -line", {"lesson-3"}),
        ('contour -"other lines"', {"lesson-1", "lesson-3"}),
        ("contour -soil", {"lesson-2", "lesson-3"}),
        ("wombats or compass", {"lesson-1", "lesson-2"}),
        ("wombats compass or place", {"lesson-2"}),
        ("wombats or compass -place", {"lesson-1"}),
    ],
)
def test_all_that_is_wanted_stands_in_one_text_and_nothing_that_is_left_out(write, ask, q, lessons):
    write(
        "lesson-1",
        "Wombats dig at night.\n\n## Ground\n\nOnly in soft soil.\n\n## Hills\n\nContour lines there.",
    )
    write("lesson-2", "A contour and a compass.\n\n## Place\n\nTwo other lines make a place.")
    write("lesson-3", "A contour alone.")
    assert found(ask(q)) == lessons


@pytest.mark.parametrize("q", ["-contour", '-"contour lines"', "-a -b"])
def test_who_only_leaves_out_is_asked_for_a_word(write, ask, q):
    write("lesson-1", "Contour lines.")
    page = ask(q)
    assert found(page) == set() and "Write a word to look for, too" in page


@pytest.mark.parametrize(
    ("language", "text", "q", "mark"),
    [
        ("en", "A book is الكتاب there.", "كتاب", "الكتاب"),
        ("ar", "جاء والمُعلِّمون جميعا.", "المعلمون", "والمُعلِّمون"),
        ("ar", "جاء المعلمون جميعا.", "والمُعلِّمون", "المعلمون"),
        ("en", "They said والمُعلِّمون so.", "معلم", "والمُعلِّمون"),
        ("ar", "اقرأ two books اليوم.", "book", "books"),
        ("ja", "茶 two bodies 茶", "body", "bodies"),
        ("en", "Read книги today.", "книга", "книги"),
        ("en", "Ask O’Neill of Cork.", "o'neill", "O’Neill"),
        ("en", "Ask O'Neill of Cork.", "O’Neill", "O'Neill"),
        ("de", "Ein Wör\u00adter\u00adbuch hier.", "Wörterbuch", "Wör\u00adter\u00adbuch"),
    ],
)
def test_words_are_found_by_the_grammar_of_their_own_script(tea, write, ask, language, text, q, mark):
    tea.change(update(Course).values(language=language))
    write("lesson-1", text)
    page = ask(q)
    assert found(page) == {"lesson-1"}
    assert f"<mark>{mark}</mark>" in excerpts(page)[0]


def test_a_formula_is_shown_once(write, ask):
    write("lesson-1", "The sum $x^2 + y_1$ counts lemons.")
    (shown,) = excerpts(ask("lemons"))
    assert shown == "The sum x2+y1 counts <mark>lemons</mark>."


def test_what_describes_a_picture_is_no_part_of_the_text(tea, ask):
    body = (
        '<p>A leaf.</p><p><img src="/courses/tea/assets/a.png" alt="A withered &amp; brown leaf"> Dried.</p>'
    )
    tea.write("lesson-1", body)
    page = ask("withered")
    assert found(page) == {"lesson-1"}
    text, picture = excerpts(page)
    assert text == "A leaf.\nDried."
    assert picture == "A <mark>withered</mark> & brown leaf"
    assert len(excerpts(ask("dried"))) == 1


def test_a_name_of_code_marks_no_longer_word(write, ask):
    write("lesson-1", "The codeblockword is long. Set `code_word` here.")
    (shown,) = excerpts(ask("code_word"))
    assert "<mark>codeblockword" not in shown
    assert "<mark>code_word</mark>" in shown


def test_a_brief_is_found_by_its_rubric_and_follows_it(tea, ask):
    def rubric(words):
        return {
            "levels": ["Splendid", "Poor"],
            "criteria": [{"title": "Aroma", "cells": [words, "None at all"]}],
        }

    tea.add_brief("Write about a bowl", "<p>Two pages.</p>", rubric=rubric("Smells of bergamot"))
    for q in ("bergamot", "aroma", "splendid", "bowl bergamot"):
        assert found(ask(q)) == {"lesson-2/assignments/essay"}, q
    assert "assignments/essay#rubric:~:text=of-,bergamot" in ask("bergamot")
    tea.change(update(Assignment).values(rubric=rubric("Smells of jasmine")))
    assert not found(ask("bergamot")) and found(ask("jasmine"))
    tea.change(update(Assignment).values(rubric=None))
    assert not found(ask("jasmine"))


def test_two_words_that_mean_one_are_said_once(write, ask):
    write("lesson-1", "A scale.")
    page = ask("scale scael")
    assert "1 result with “scale”" in page
