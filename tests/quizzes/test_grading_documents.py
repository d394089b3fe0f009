"""Stored documents that are wrong are refused by name, and questions unfit to be asked are told in words."""

from decimal import Decimal
from typing import Any

import pytest

from lms.quizzes.content import ChoiceContent, OpenContent, Option, Text, content_from_json, numbered
from lms.quizzes.keys import (
    AcceptedNumber,
    AcceptedText,
    ChoiceKey,
    Key,
    MatchingKey,
    NumericKey,
    OpenKey,
    OptionMark,
    ShortAnswerKey,
    key_from_json,
    match_up,
)
from lms.quizzes.validation import validate


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "must be an object"),
        ({"type": "riddle", "text": "?"}, "unknown question type 'riddle'"),
        ({"type": "essay"}, "'text' must be text"),
        ({"type": "essay", "text": "a\x00"}, "cannot be stored"),
        ({"type": "essay", "text": "?", "format": "rtf"}, "unknown text format 'rtf'"),
        ({"type": "single", "text": "?", "options": {}}, "'options' must be a list"),
        ({"type": "single", "text": "?", "options": ["a"]}, "each of 'options'"),
        ({"type": "single", "text": "?", "options": [{"id": "1", "text": "a"}] * 2}, "differ"),
        ({"type": "matching", "text": "?", "prompts": []}, "'choices' must be a list"),
    ],
)
def test_a_wrong_content_document_is_refused(document: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        content_from_json(document)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (None, "must be an object"),
        ({"type": "riddle"}, "unknown question type"),
        ({"type": "single", "options": [{"id": "1", "weight": "NaN"}]}, "'weight' must be a number"),
        ({"type": "single", "options": [{"id": "1", "weight": True}]}, "'weight' must be a number"),
        (
            {"type": "multiple", "options": [], "partial_credit": "yes"},
            "'partial_credit' must be true or false",
        ),
        ({"type": "numeric", "accepted": [{"weight": 100, "min": 1}]}, "'max' must be a number"),
        ({"type": "numeric", "accepted": [{"weight": 100, "value": "1e9999"}]}, "'value' must be a number"),
        ({"type": "matching", "pairs": []}, "'pairs' must be an object"),
        ({"type": "essay", "general": "well"}, "a text must be an object"),
    ],
)
def test_a_wrong_key_document_is_refused(document: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        key_from_json(document)


def test_options_take_the_format_of_the_question_when_they_name_none() -> None:
    document = {"type": "single", "text": "?", "format": "html", "options": [{"id": "1", "text": "<b>a</b>"}]}
    assert content_from_json(document).options == (Option("1", "<b>a</b>", "html"),)


def choice(type: Any, *weights: str, partial_credit: bool = True) -> tuple[ChoiceContent, ChoiceKey]:
    options = numbered(Text(f"answer {n}") for n in range(len(weights)))
    marks = tuple(OptionMark(o.id, Decimal(w)) for o, w in zip(options, weights, strict=True))
    return ChoiceContent(type, "?", options), ChoiceKey(type, marks, partial_credit=partial_credit)


NUMERIC, SHORT = OpenContent("numeric", "?"), OpenContent("short_answer", "?")
MATCHING, MATCHED = match_up(Text("?"), [(Text("a"), "x"), (Text("b"), "y")])


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        ((OpenContent("essay", " "), OpenKey("essay")), "the question has no text"),
        (
            (OpenContent("essay", "?"), OpenKey("description")),
            "of type essay but its key of type description",
        ),
        (choice("single", "0", "0"), "no answer is marked as right"),
        (choice("single", "50", "0"), "no answer earns 100 %"),
        (choice("single", "100", "100"), "every answer is marked as right"),
        (choice("single", "100", "-101"), "not between -100 and 100 %"),
        (choice("multiple", "40", "40", "0"), "earns only 80 %"),
        (choice("true_false", "100", "0"), "exactly the answers true and false"),
        ((choice("single", "100", "0")[0], choice("single", "100")[1]), "do not name the same options"),
        ((SHORT, ShortAnswerKey(())), "no answer is marked as right"),
        ((SHORT, ShortAnswerKey((AcceptedText(" "),))), "an accepted answer has no text"),
        ((NUMERIC, NumericKey((AcceptedNumber(),))), "cannot earn points"),
        ((NUMERIC, NumericKey((AcceptedNumber(Decimal(1), Decimal(-1)),))), "a tolerance is below zero"),
        ((NUMERIC, NumericKey((AcceptedNumber(low=Decimal(2), high=Decimal(1)),))), "begins above its end"),
        ((MATCHING, MatchingKey((("1", "1"),))), "every prompt needs exactly one right choice"),
        ((MATCHING, MatchingKey((("1", "1"), ("2", "9")))), "a choice that is not there"),
        (match_up(Text("?"), [(Text("a"), "x"), (Text("b"), "x")]), "nothing to decide"),
        (match_up(Text("?"), []), "nothing to match"),
        (match_up(Text("?"), [(Text(""), "x")], ["y"]), "prompt 1 has no text"),
    ],
)
def test_a_question_unfit_to_be_asked_is_told_in_words(question: tuple[Any, Key], problem: str) -> None:
    assert any(problem in told for told in validate(*question))


def test_all_or_nothing_needs_no_adding_up() -> None:
    assert validate(*choice("multiple", "10", "10", "0", partial_credit=False)) == []
    assert validate(MATCHING, MATCHED) == []
