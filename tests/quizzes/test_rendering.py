"""Question texts as HTML: every notation, safely, with pictures that are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.quizzes.content import FORMATS
from lms.quizzes.rendering import html_of, inline, split


@pytest.mark.parametrize("format", FORMATS)
def test_scripts_and_handlers_never_reach_the_page(format) -> None:
    html = html_of("<p onclick='x()'>Hi<script>x()</script><img src=x onerror=x()></p>", format, "tea")
    assert "<script" not in html
    assert "<p onclick" not in html and '<img src="x" onerror' not in html


@given(st.text(), st.sampled_from(FORMATS))
def test_anything_that_can_be_typed_is_rendered(text: str, format) -> None:
    html = html_of(text, format, "tea")
    assert "<script" not in html.lower()
    assert "".join(split(html)).count("<p>") <= html.count("<p>")


def test_words_in_angle_brackets_are_read_and_not_lost() -> None:
    assert html_of("Call <your name> or List<String>", "moodle", "tea") == (
        "Call &lt;your name&gt; or List&lt;String&gt;"
    )


def test_plain_text_keeps_its_lines() -> None:
    assert html_of("1 < 2\nand & so", "plain", "tea") == "1 &lt; 2<br>\nand &amp; so"


@pytest.mark.parametrize("source", ["assets/cup.png", "../../assets/cup.png", "@@PLUGINFILE@@/cup.png"])
def test_a_picture_is_a_file_of_the_course(source) -> None:
    html = html_of(f"<img src='{source}' alt='A cup'>", "html", "tea")
    assert 'src="/courses/tea/assets/assets/cup.png"' in html and 'alt="A cup"' in html


def test_a_picture_that_the_import_has_found_keeps_its_address() -> None:
    address = "/courses/tea/assets/01-leaf/cup.png"
    assert f'src="{address}"' in html_of(f"![A cup]({address})", "markdown", "tea")


def test_the_question_is_its_first_paragraph_and_the_rest_stands_below() -> None:
    title, rest = split(html_of("What is **this**?\n\n```\ncode\n```", "markdown", "tea"))
    assert title == "What is <strong>this</strong>?"
    assert rest.startswith("<pre") and "code" in rest


def test_an_option_of_one_paragraph_stands_in_its_line() -> None:
    assert inline(html_of("`x`", "markdown", "tea")) == "<code>x</code>"
