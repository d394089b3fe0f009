"""How single answers are graded, by example."""

from decimal import Decimal
from typing import Any

import pytest

from lms.quizzes.content import TRUE_FALSE_OPTIONS, ChoiceContent, OpenContent, Text, numbered
from lms.quizzes.grading import grade
from lms.quizzes.keys import (
    AcceptedNumber,
    AcceptedText,
    ChoiceKey,
    NumericKey,
    OpenKey,
    OptionMark,
    ShortAnswerKey,
    match_up,
)

PLANETS = ChoiceContent(
    "multiple", "Which are planets?", numbered(map(Text, ["Mars", "Venus", "Moon", "Earth"]))
)


def planets_key(*weights: str, partial_credit: bool = True) -> ChoiceKey:
    marks = tuple(OptionMark(str(n), Decimal(weight)) for n, weight in enumerate(weights, 1))
    return ChoiceKey("multiple", marks, partial_credit=partial_credit)


@pytest.mark.parametrize(
    ("chosen", "fraction", "state"),
    [
        (["1", "2", "4"], "1", "correct"),
        (["1", "2"], "0.666667", "partial"),
        (["1", "2", "3", "4"], "0.499995", "partial"),
        (["3"], "0", "incorrect"),
        (["1", "no such option"], "0.333333", "partial"),
    ],
)
def test_partial_credit_adds_up_what_was_chosen(chosen: list[str], fraction: str, state: str) -> None:
    grade_ = grade(PLANETS, planets_key("33.333", "33.333", "-50", "33.333"), {"options": chosen})
    assert (grade_.fraction, grade_.state) == (Decimal(fraction), state)


@pytest.mark.parametrize(
    ("chosen", "fraction"),
    [(["1", "2", "4"], 1), (["1", "2"], 0), (["1", "2", "3", "4"], 0), (["1", "2", "4", "9"], 0)],
)
def test_without_partial_credit_only_exactly_the_right_set_counts(chosen: list[str], fraction: int) -> None:
    key = planets_key("34", "33", "0", "33", partial_credit=False)
    assert grade(PLANETS, key, {"options": chosen}).fraction == fraction


def test_a_chosen_option_brings_its_own_feedback_and_only_its_own() -> None:
    marks = (
        OptionMark("true", Decimal(0), Text("Look again.")),
        OptionMark("false", Decimal(100), Text("Yes.")),
    )
    content = ChoiceContent("true_false", "The sun is cold.", TRUE_FALSE_OPTIONS)
    found = grade(content, ChoiceKey("true_false", marks, Text("It burns.")), {"option": "true"})
    assert (found.state, found.option_feedback, found.marks) == (
        "incorrect",
        {"true": Text("Look again.")},
        {"true": False},
    )
    assert found.feedback == (Text("It burns."),)


@pytest.mark.parametrize(
    ("accepted", "typed", "right"),
    [
        ("no one", "  No   ONE ", True),
        ("no one", "noone", False),
        ("stra\u00dfe", "STRASSE", True),
        ("\u00e9t\u00e9", "e\u0301te\u0301", True),
        ("don't", "don\u2019t", True),
        ("*sun*", "The bright Sun.", True),
        ("the * is *.", "the sun is hot.", True),
        ("the * is *.", "the moon was hot.", False),
        ("a*a", "a", False),
        ("2 \\* 3", "2 * 3", True),
        ("2 \\* 3", "2 x 3", False),
        ("a.c", "abc", False),
    ],
)
def test_short_answers_forgive_the_keyboard_but_not_the_answer(
    accepted: str, typed: str, right: bool
) -> None:
    content = OpenContent("short_answer", "?")
    found = grade(content, ShortAnswerKey((AcceptedText(accepted),)), {"text": typed})
    assert found.state == ("correct" if right else "incorrect")


def test_capitals_matter_when_the_author_says_so() -> None:
    key = ShortAnswerKey((AcceptedText("NaCl"),), case_sensitive=True)
    content = OpenContent("short_answer", "Salt?")
    assert grade(content, key, {"text": " NaCl "}).fraction == 1
    assert grade(content, key, {"text": "nacl"}).fraction == 0


def test_the_first_accepted_answer_that_matches_decides() -> None:
    key = ShortAnswerKey(
        (
            AcceptedText("Frog"),
            AcceptedText("Cat", Decimal(50), Text("Nearly.")),
            AcceptedText("*", Decimal(0), Text("Not at all.")),
        ),
        Text("The frog is."),
    )
    content = OpenContent("short_answer", "Best animal?")
    found = grade(content, key, {"text": "cat"})
    assert (found.fraction, found.state) == (Decimal("0.5"), "partial")
    assert [text.text for text in found.feedback] == ["Nearly.", "The frog is."]
    assert [text.text for text in grade(content, key, {"text": "dog"}).feedback] == [
        "Not at all.",
        "The frog is.",
    ]


@pytest.mark.parametrize(
    ("typed", "fraction"),
    [("3.14", 1), ("3,14", 1), ("3.2", "0.5"), ("3.0", "0.5"), ("4", 0), ("pi", 0), ("nan", 0)],
)
def test_numbers_are_right_within_the_tolerance(typed: str, fraction: object) -> None:
    accepted = (
        AcceptedNumber(Decimal("3.14"), Decimal("0.005")),
        AcceptedNumber(low=Decimal(3), high=Decimal("3.2"), weight=Decimal(50)),
        AcceptedNumber(weight=Decimal(0), feedback=Text("Measure a circle.")),
    )
    found = grade(OpenContent("numeric", "Pi?"), NumericKey(accepted), {"text": typed})
    assert found.fraction == Decimal(str(fraction))
    assert bool(found.feedback) == (fraction == 0)


def test_every_pair_of_a_matching_question_counts_the_same() -> None:
    pairs = [(Text("France"), "Paris"), (Text("Italy"), "Rome"), (Text("Japan"), "Tokyo")]
    content, key = match_up(Text("Capitals"), pairs, ["Oslo"])
    ids = {choice.text: choice.id for choice in content.choices}
    found = grade(content, key, {"pairs": {"1": ids["Paris"], "2": ids["Oslo"]}})
    assert (found.fraction, found.state) == (Decimal("0.333333"), "partial")
    assert found.marks == {"1": True, "2": False}


def test_an_essay_waits_for_a_person_unless_it_is_empty() -> None:
    content, key = OpenContent("essay", "Why?"), OpenKey("essay")
    assert grade(content, key, {"text": "Because."}).state == "needs_grading"
    assert grade(content, key, None).state == "unanswered"


@pytest.mark.parametrize(
    "odd", [{}, {"options": "1"}, {"option": ["1"]}, {"pairs": []}, {"text": None}, {"x": 1}]
)
def test_an_odd_response_earns_nothing_and_breaks_nothing(odd: dict[str, Any]) -> None:
    matching = match_up(Text("M"), [(Text("a"), "b")], ["c"])
    for content, key in [
        (PLANETS, planets_key("100", "0", "0", "0")),
        matching,
        (OpenContent("numeric", "?"), NumericKey((AcceptedNumber(Decimal(1)),))),
    ]:
        assert grade(content, key, odd).fraction == 0


def test_the_key_of_another_type_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be graded"):
        grade(PLANETS, OpenKey("essay"), {"options": ["1"]})
