"""From form fields to the stored response and to words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.quizzes.content import ChoiceContent, OpenContent, Option, Text, numbered
from lms.quizzes.keys import match_up
from lms.quizzes.plain_words import plain_words, question_words
from lms.quizzes.responses import clean_response, display_response
from tests.quizzes.question_strategies import Question, questions

OPTIONS = (
    Option("1", "<p>Mars &amp; <b>Venus</b></p>", "html"),
    Option("2", '<img src="m.png" alt="the Moon">', "html"),
)
SINGLE = ChoiceContent("single", "?", OPTIONS)
MULTIPLE = ChoiceContent("multiple", "?", numbered([Text(str(n)) for n in range(12)]))
MATCHING, _ = match_up(Text("?"), [(Text("France"), "Paris"), (Text("Italy"), "Rome")])
SHORT, ESSAY = OpenContent("short_answer", "?"), OpenContent("essay", "?")


@pytest.mark.parametrize(
    ("content", "fields", "stored"),
    [
        (SINGLE, {"option": ["2"], "csrf_token": ["x"]}, {"option": "2"}),
        (MULTIPLE, {"options": ["10", "2", "10"]}, {"options": ["2", "10"]}),
        (MATCHING, {"pair-2": ["1"], "pair-1": ["1"]}, {"pairs": {"1": "1", "2": "1"}}),
        (MATCHING, {"pair-2": ["1"], "pair-1": [""]}, {"pairs": {"2": "1"}}),
        (SHORT, {"text": [" Paris "]}, {"text": " Paris "}),
        (ESSAY, {"text": ["a\r\nb"]}, {"text": "a\nb"}),
        (OpenContent("numeric", "?"), {"text": ["3,14"]}, {"text": "3,14"}),
    ],
)
def test_fields_become_the_stored_response(
    content: object, fields: dict[str, list[str]], stored: object
) -> None:
    assert clean_response(content, fields) == stored


@pytest.mark.parametrize(
    "content", [SINGLE, MULTIPLE, MATCHING, SHORT, ESSAY, OpenContent("description", "?")]
)
def test_nothing_chosen_or_typed_is_unanswered(content: object) -> None:
    fields = {"option": [""], "options": [], "text": [" \n"], "pair-1": [""], "pair-2": []}
    assert clean_response(content, {}) is clean_response(content, fields) is None
    assert display_response(content, None) == ""


@pytest.mark.parametrize(
    ("content", "fields", "message"),
    [
        (SINGLE, {"option": ["3"]}, "not one of those offered"),
        (SINGLE, {"option": ["1", "2"]}, "Only one"),
        (MULTIPLE, {"options": ["1", "99"]}, "not one of those offered"),
        (MATCHING, {"pair-9": ["1"]}, "not one of those offered"),
        (MATCHING, {"pair-1": ["9"]}, "not one of those offered"),
        (SHORT, {"text": ["x" * 1001]}, "1001 characters, at most 1000"),
        (ESSAY, {"text": ["x" * 50_001]}, "at most 50000"),
        (SHORT, {"text": ["a\x00b"]}, "cannot be stored"),
        (SHORT, {"text": ["a\ud800b"]}, "cannot be stored"),
    ],
)
def test_what_a_question_cannot_take_is_refused_in_words(
    content: object, fields: dict[str, list[str]], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        clean_response(content, fields)


@pytest.mark.parametrize(
    ("content", "stored", "words"),
    [
        (SINGLE, {"option": "1"}, "Mars & Venus"),
        (SINGLE, {"option": "2"}, "the Moon"),
        (SINGLE, {"option": "gone"}, "?"),
        (MULTIPLE, {"options": ["2", "10"]}, "1; 9"),
        (MATCHING, {"pairs": {"1": "1", "2": "2"}}, "France \u2192 Paris; Italy \u2192 Rome"),
        (SHORT, {"text": "Paris"}, "Paris"),
    ],
)
def test_a_receipt_says_the_response_in_words(content: object, stored: dict[str, object], words: str) -> None:
    assert display_response(content, stored) == words


fields = st.dictionaries(
    st.sampled_from(["option", "options", "text", "pair-1", "pair-2", "pair-"]),
    st.lists(st.sampled_from(["", "1", "2", "true", "\x00"]) | st.text(max_size=5), max_size=3),
)


@given(questions, fields)
@settings(max_examples=100)
def test_any_fields_are_cleaned_or_refused_and_a_clean_one_can_be_read(
    question: Question, values: dict[str, list[str]]
) -> None:
    content, _ = question
    try:
        response = clean_response(content, values)
    except ValueError as refused:
        assert str(refused).endswith((".", "again."))
    else:
        assert isinstance(display_response(content, response), str)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('A ![leaf](assets/leaf.png) and a [link](https://example.org "Title")', "A leaf and a link"),
        ("See:\n\n```python\nx = y[1]\n```", "See: x = y[1]"),
        ("**Boil** the `water` at 2 * 3 * 4", "Boil the water at 2 * 3 * 4"),
        ("snake_case and __init__", "snake_case and __init__"),
    ],
)
def test_markdown_on_a_receipt_reads_as_words(source: str, words: str) -> None:
    assert plain_words(source, "markdown") == words


def test_the_gaps_of_a_text_read_as_lines_to_fill_in() -> None:
    asked = {"type": "cloze", "text": "<p>Tea is a [[1]] of [[two]].</p>", "format": "html"}
    assert question_words(asked) == "Tea is a _____ of _____."
    assert question_words(asked | {"type": "single"}) == "Tea is a [[1]] of [[two]]."
