"""Texts with gaps: written, answered, graded."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from lms.quizzes.content import ClozeContent, Gap, Text, content_from_json, numbered
from lms.quizzes.gaps import pieces
from lms.quizzes.grading import grade
from lms.quizzes.keys import (
    AcceptedNumber,
    AcceptedText,
    ChoiceKey,
    ClozeKey,
    GapKey,
    NumericKey,
    OpenKey,
    OptionMark,
    ShortAnswerKey,
    key_from_json,
)
from lms.quizzes.problems import problems
from lms.quizzes.responses import Unfit, clean_response, display_response
from lms.quizzes.rules import Asked, lay_out
from lms.quizzes.validation import validate
from tests.quizzes import taking
from tests.quizzes.question_strategies import Question, clozes

OPTIONS = numbered([Text("China"), Text("Japan"), Text("Kenya")])
CLOZE = ClozeContent(
    "Longjing comes from [[land]], steeps at [[degrees]] degrees and is a [[kind]] tea.",
    (Gap("land", "single", OPTIONS), Gap("degrees", "numeric"), Gap("kind", "short_answer")),
)
LAND = ChoiceKey(
    "single",
    (OptionMark("1", Decimal(100)), OptionMark("2", Decimal(50)), OptionMark("3", Decimal(-100))),
)
KEY = ClozeKey(
    (
        GapKey("land", LAND),
        GapKey("degrees", NumericKey((AcceptedNumber(Decimal(80), Decimal(5)),)), Decimal(2)),
        GapKey("kind", ShortAnswerKey((AcceptedText("green"),))),
    )
)
RIGHT = {"land": "1", "degrees": "80", "kind": "Green"}


@pytest.mark.parametrize(
    ("said", "fraction", "state"),
    [
        (RIGHT, "1", "correct"),
        ({"land": "1"}, "0.25", "partial"),
        ({"land": "2"}, "0.125", "partial"),
        ({"degrees": "84,5"}, "0.5", "partial"),
        ({"land": "3", "kind": "green"}, "0.25", "partial"),
        ({"land": "3", "degrees": "hot", "kind": "black"}, "0", "incorrect"),
        ({"land": "gone", "nowhere": "1"}, "0", "incorrect"),
    ],
)
def test_gaps_earn_by_their_weights(said: dict[str, str], fraction: str, state: str) -> None:
    found = grade(CLOZE, KEY, {"gaps": said})
    assert (found.fraction, found.state) == (Decimal(fraction), state)


def test_without_partial_credit_every_gap_must_be_right() -> None:
    key = replace(KEY, partial_credit=False)
    assert grade(CLOZE, key, {"gaps": RIGHT | {"kind": "black"}}).fraction == 0
    assert grade(CLOZE, key, {"gaps": RIGHT}).fraction == 1


def test_what_was_typed_is_kept_as_it_was_and_read_out_in_the_order_of_the_text() -> None:
    given = clean_response(CLOZE, {"gap-kind": [" Green "], "gap-land": ["2"], "gap-degrees": ["  "]})
    assert given == {"gaps": {"land": "2", "kind": " Green "}}
    assert display_response(CLOZE, given) == "(1) Japan; (3)  Green "
    assert clean_response(CLOZE, {"gap-kind": [" "], "gap-land": [""]}) is None


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"gap-land": ["9"]}, "not one of those offered"),
        ({"gap-kind": ["a" * 1001]}, "too long: 1001 characters"),
        ({"gap-kind": ["a\x00"]}, "cannot be stored"),
        ({"gap-kind": ["a", "b"]}, "Only one answer"),
    ],
)
def test_what_a_gap_cannot_take_is_refused_in_words(fields: dict[str, list[str]], message: str) -> None:
    with pytest.raises(Unfit, match=message):
        clean_response(CLOZE, fields)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[land]] [[degrees]]", "the gap kind is not marked in the text"),
        ("[[land]] [[degrees]] [[kind]] [[kind]]", "the gap kind stands more than once in the text"),
        (CLOZE.text + "[[more]]", "the text marks a gap more that is not described"),
    ],
)
def test_text_and_gaps_that_do_not_fit_are_told(text: str, problem: str) -> None:
    assert validate(replace(CLOZE, text=text), KEY) == [problem]


def test_what_is_wrong_in_a_gap_names_the_gap() -> None:
    wrong = GapKey("land", replace(LAND, options=tuple(replace(o, weight=Decimal(0)) for o in LAND.options)))
    key = ClozeKey((wrong, KEY.gaps[1], replace(KEY.gaps[2], weight=Decimal(0))))
    assert validate(CLOZE, key) == [
        "gap land: no answer is marked as right",
        "the weight of the gap kind is not above zero",
    ]
    assert validate(CLOZE, ClozeKey(KEY.gaps[:2])) == ["the text and the key do not name the same gaps"]
    assert "the text has no gap" in validate(replace(CLOZE, gaps=(), text="Tea."), ClozeKey(()))


def test_a_gap_of_an_unknown_type_is_refused() -> None:
    document = CLOZE.to_json()
    document["gaps"][0]["type"] = "essay"
    with pytest.raises(ValueError, match="unknown type of gap 'essay'"):
        content_from_json(document)
    key = KEY.to_json()
    key["gaps"][0]["key"] = OpenKey("essay").to_json()
    with pytest.raises(ValueError, match="a gap cannot have the key of a essay question"):
        key_from_json(key)


@given(st.text(max_size=8))
def test_the_options_of_a_gap_are_shuffled_among_themselves(seed: str) -> None:
    slot = lay_out([Asked(1, 1, Decimal(1), CLOZE)], seed, shuffle_questions=False, shuffle_options=True)[0]
    assert sorted(slot["options"]) == ["land/1", "land/2", "land/3"]


@given(clozes(), st.data())
@settings(max_examples=60)
def test_a_gap_more_never_lowers_what_is_earned(question: Question, data: st.DataObject) -> None:
    content, key = question
    answers = {gap.id: data.draw(st.sampled_from(["", "1", "2", "true", "*"])) for gap in content.gaps}
    fewer = dict(list(answers.items())[:-1])
    assert grade(content, key, {"gaps": fewer}).fraction <= grade(content, key, {"gaps": answers}).fraction
    assert validate(content, key) == []


def test_the_gaps_stand_in_the_text_and_are_kept_without_scripts(make_quiz, as_user, bob) -> None:
    make_quiz([(CLOZE, KEY)])
    browser = as_user(bob)
    attempt = taking.start(browser)
    page = browser.get(f"/attempts/{attempt}").text
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "|", page))
    assert re.search(r"Longjing comes from \|.*China.*\|, steeps at \| degrees and is a \| tea\.", text)
    assert 'aria-label="Gap 3"' in page and "green" not in page
    said = {"q0-gap-land": "2", "q0-gap-degrees": "80", "q0-gap-kind": " Black "}
    taking.submit(browser, attempt, {"q0-seq": "0", **said, "then": "save"})
    page = browser.get(f"/attempts/{attempt}").text
    assert 'value="2" selected' in page and 'value="80"' in page and 'value=" Black "' in page
    taking.submit(browser, attempt)
    result = browser.get(f"/attempts/{attempt}/result").text
    assert "0.63 / 1" in result or "0.62 / 1" in result
    for words in (
        "filled-partial",
        "filled-correct",
        "filled-wrong",
        "green",
        "(1) Japan; (2) 80; (3)  Black",
    ):
        assert words in result, words


def test_what_cannot_be_kept_is_said_in_place_and_every_gap_keeps_what_was_typed(
    make_quiz, as_user, bob
) -> None:
    make_quiz([(CLOZE, KEY)])
    browser = as_user(bob)
    attempt = taking.start(browser)
    long = "a" * 1001
    said = {"q0-gap-land": "2", "q0-gap-degrees": "80", "q0-gap-kind": long}
    answer = taking.submit(browser, attempt, {"q0-seq": "0", **said, "then": "save"})
    assert answer.status_code == 422
    assert "too long: 1001 characters" in answer.text
    assert long in answer.text and 'value="80"' in answer.text and 'value="2" selected' in answer.text


@pytest.mark.parametrize(
    ("text", "format", "expected"),
    [
        ("First this.\n\nThen [[a]] and `x = [[b]]`.", "markdown", ["First this.", "a", "b"]),
        ("```python\nprint([[a]])\n```\n[[b]]", "markdown", ["", "a", "b"]),
        ('<p><img src="m.png" alt="see [[a]]"> [[a]]</p><p>[[b]]</p>', "html", ["", "a", "b"]),
        ("[[b]] before [[a]]", "moodle", ["", "b", "a"]),
        ("[[a]] & <b>bold</b>", "plain", ["", "a", "b"]),
    ],
)
def test_gaps_are_found_in_any_notation_also_in_code(text: str, format: str, expected: list[str]) -> None:
    content = ClozeContent(text, (Gap("a", "short_answer"), Gap("b", "numeric")), format)  # type: ignore[arg-type]
    found = pieces(content, "tea")
    assert [found.title, *(part for part in found.parts if not isinstance(part, Markup))] == expected
    html = "".join(part for part in found.parts if isinstance(part, Markup))
    assert "zqgap" not in html and "<b>bold</b>" not in html


def test_problems_are_told_in_the_language_of_whoever_looks(app) -> None:
    wrong = replace(KEY, gaps=(GapKey("land", ChoiceKey("single", ())), *KEY.gaps[1:]))
    with app.test_request_context():
        assert problems(CLOZE, wrong) == ["gap land: the answers and the key do not name the same options"]
        assert problems(CLOZE, KEY) == []
