"""Reading GIFT: what is taken, and how what is not taken is told."""

import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.interop.gift.parser import parse
from lms.interop.gift.report import GiftQuestion
from lms.quizzes.content import Text
from lms.quizzes.grading import grade


def only(source: str | bytes) -> GiftQuestion:
    result = parse(source)
    assert result.problems == ()
    (question,) = result.questions
    return question


@pytest.mark.parametrize(
    ("source", "type"),
    [
        ("Q?{=right ~wrong}", "single"),
        ("Q?{~%50%a ~%50%b ~%-100%c}", "multiple"),
        ("Q?{T}", "true_false"),
        ("Q?{ false }", "true_false"),
        ("Q?{=a =b}", "short_answer"),
        ("Q?{One}", "short_answer"),
        ("Q?{~a =b -> c}", "single"),
        ("Q?{=a#say b -> c =d}", "short_answer"),
        ("Q?{=a -> b =c -> d}", "matching"),
        ("Q?{#3}", "numeric"),
        ("Q?{#=%100%3:0 =%50%3:1}", "numeric"),
        ("Q?{}", "essay"),
        ("Q?{####Thank you.}", "essay"),
        ("::Note:: Read this.", "description"),
    ],
)
def test_the_type_follows_from_the_answers(source: str, type: str) -> None:
    assert only(source).type == type


def test_everything_around_a_question_is_kept() -> None:
    question = only(
        "$CATEGORY: a/b\n\n// about it [id:7\\]x] [tag:one]\n// [tag:two]\n::The \\: title::[html]<b>Q</b>{}"
    )
    assert (question.category, question.id, question.tags) == ("a/b", "7]x", ("one", "two"))
    assert (question.title, question.content.text, question.content.format) == (
        "The : title",
        "<b>Q</b>",
        "html",
    )
    assert question.line == 5


def test_the_first_true_false_feedback_is_for_those_who_are_wrong() -> None:
    question = only("Water is wet.{TRUE#Touch it.#Quite so.}")
    said = {chosen: _said(question, {"option": chosen}) for chosen in ("true", "false")}
    assert said == {"true": {"true": "Quite so."}, "false": {"false": "Touch it."}}


def test_a_missing_word_leaves_a_blank_where_it_stood() -> None:
    assert only("Two plus two is {=four =4}, is it not?").content.text == "Two plus two is _____, is it not?"


@pytest.mark.parametrize(
    ("source", "answer", "percent"),
    [
        ("{#3:0.5}", "3.5", 100),
        ("{#3:0.5}", "3.51", 0),
        ("{#1..5}", "5", 100),
        ("{#-5..-1}", "-1", 100),
        ("{#1e3}", "1000", 100),
        ("{#=%100%3:0 =%50%3:1}", "2,5", 50),
        ("{#\n=3:2\n~#no}", "9", 0),
        ("{#3\\:1}", "4", 100),
    ],
)
def test_numeric_answers_take_what_they_say(source: str, answer: str, percent: int) -> None:
    question = only(f"Q?{source}")
    assert grade(question.content, question.key, {"text": answer}).fraction == Decimal(percent) / 100


def test_the_numbers_of_matching_choices_do_not_tell_the_pairs() -> None:
    question = only("Q{=1 -> zinc =2 -> iron =3 -> gold = -> lead}")
    assert [choice.text for choice in question.content.choices] == ["gold", "iron", "lead", "zinc"]


@pytest.mark.parametrize(
    ("broken", "line", "reason"),
    [
        ("::Q:: never closed {=a ~b", 3, "never closed"),
        ("Text } here {T}", 3, "closes what no {"),
        ("Q {=a {b} ~c}", 3, "second {"),
        ("Q\nwith {T}\nand {F}", 5, "more braces"),
        ("::No end {T}", 3, "not closed with ::"),
        ("Q{~a ~b}", 3, "no answer is marked as right"),
        ("Q{~%50%a ~%20%b}", 3, "earns only 70 %"),
        ("Q{=%150%a}", 3, "not between 0 and 100"),
        ("Q{=a -> b =c}", 3, "has no ->"),
        ("Q{#about three}", 3, "is not a number"),
        ("Q{#5..1}", 3, "begins above its end"),
        ("Q{#}", 3, "no answer is marked as right"),
        ("Q{=}", 3, "has no text"),
        ("Q{oops =a}", 3, "must begin with"),
        ("{T}", 3, "the question has no text"),
        ("Q{=a ~a}", 3, "is marked as right and as wrong"),
        ("Q{~b =a ~ a}", 3, "is marked as right and as wrong"),
        ("Q{~%100%a ~%-50%a}", 3, "is marked as right and as wrong"),
    ],
)
def test_a_broken_item_is_named_and_costs_no_other(broken: str, line: int, reason: str) -> None:
    result = parse(f"First{{T}}\n\n{broken}\n\nLast{{F}}\n")
    assert [question.content.text for question in result.questions] == ["First", "Last"]
    (problem,) = result.problems
    assert (problem.line, problem.severity) == (line, "error")
    assert reason in problem.reason
    assert problem.text


def test_questions_with_titles_need_no_empty_line_between_them() -> None:
    result = parse("::A:: one {T}\n// [id:b]\n::B:: two {=x\n::C:: three {F}")
    assert [(question.title, question.id) for question in result.questions] == [("A", ""), ("C", "")]
    assert [(problem.line, problem.text) for problem in result.problems] == [(3, "::B:: two {=x")]


def test_an_empty_line_between_answers_does_not_break_a_question() -> None:
    assert only("Q {\n=a\n\n~b\n\n}").type == "single"


def test_an_id_too_far_from_its_question_is_noted() -> None:
    result = parse("// [id:9]\n\nQ{T}")
    assert [(problem.line, problem.severity) for problem in result.problems] == [(1, "note")]
    assert result.questions[0].id == ""


def test_a_windows_file_is_read_and_the_guess_is_noted() -> None:
    result = parse("First{T}\r\n\r\nCaf\u00e9?{=no\u00ebl}\r\n".encode("cp1252"))
    assert result.questions[1].content.text == "Caf\u00e9?"
    (note,) = result.problems
    assert (note.line, note.severity) == (3, "note")
    assert "Windows-1252" in note.reason


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_understood(codec: str) -> None:
    assert only("Na\u00efve?{T}".encode(codec)).content.text == "Na\u00efve?"


def test_a_character_the_database_cannot_keep_is_removed_and_noted() -> None:
    result = parse("Q\x00?{T}")
    assert result.questions[0].content.text == "Q?"
    assert [problem.severity for problem in result.problems] == ["note"]


CONTROLS = [
    "::",
    "{",
    "}",
    "=",
    "~",
    "#",
    "####",
    "->",
    "//",
    "%50%",
    "%-100%",
    "%",
    "TRUE",
    "1..5",
    "3:0.5",
    "\\",
]
CONTROLS += ["[html]", "[id:1]", "$CATEGORY: x", "text", " ", "\n", "\n\n", "{T}", "{#"]

gift_like = st.text(st.one_of(st.sampled_from("~=#{}:\\%*[]\n \t/$->.0159TF"), st.characters()), max_size=200)
pieces = st.lists(st.sampled_from(CONTROLS), max_size=40).map("".join)


@given(gift_like | pieces)
@settings(max_examples=300, deadline=None)
def test_no_text_whatever_raises(text: str) -> None:
    for problem in parse(text).problems:
        assert 1 <= problem.line <= 1 + text.count("\n") + text.count("\r")
        assert problem.reason


@given(st.binary(max_size=100))
@settings(max_examples=100, deadline=None)
def test_no_bytes_whatever_raise(data: bytes) -> None:
    parse(data)


@pytest.mark.parametrize(
    "hostile", ["{\n\n", "::", "\\", "{=a ~b}\n", "%", "{#", "\n\n{", "=a -> ", "####", "//[id:x]\n\n"]
)
def test_a_hostile_file_takes_no_longer_than_a_long_one(hostile: str) -> None:
    began = time.process_time()
    parse(hostile * (200_000 // len(hostile)))
    assert time.process_time() - began < 5


def _said(question: GiftQuestion, response: dict[str, str]) -> dict[str, str]:
    feedback = grade(question.content, question.key, response).option_feedback
    return {id: text.text for id, text in feedback.items() if isinstance(text, Text)}
