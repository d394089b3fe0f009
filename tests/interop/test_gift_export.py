"""What is exported is read back as the same questions."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.interop.gift.export import export
from lms.interop.gift.parser import parse
from lms.interop.gift.report import GiftQuestion
from lms.quizzes.content import ChoiceContent, OpenContent, Text, numbered
from lms.quizzes.keys import AcceptedText, ChoiceKey, OpenKey, OptionMark, ShortAnswerKey, match_up
from lms.quizzes.validation import validate
from tests.quizzes.question_strategies import Question, lines, questions

maybe = st.just("") | lines
gift_questions = st.builds(
    lambda question, **around: GiftQuestion(*question, **around),
    questions,
    title=maybe,
    id=maybe,
    tags=st.lists(lines, max_size=3, unique=True).map(tuple),
    category=maybe,
)


@given(questions)
@settings(max_examples=100)
def test_the_questions_these_tests_use_are_fit_to_be_asked(question: Question) -> None:
    assert validate(*question) == []


@given(st.lists(gift_questions, max_size=3))
@settings(max_examples=150, deadline=None)
def test_exported_questions_are_read_back_the_same(exported: list[GiftQuestion]) -> None:
    result = parse(export(exported))
    assert result.problems == ()
    assert list(result.questions) == exported


@given(st.lists(gift_questions, max_size=2))
@settings(max_examples=30, deadline=None)
def test_a_file_that_passed_through_windows_is_the_same(exported: list[GiftQuestion]) -> None:
    text = export(exported)
    assert parse(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()).questions == parse(text).questions


def test_an_export_reads_as_an_author_would_write_it() -> None:
    options = numbered([Text("Paris", "moodle"), Text("Rome = Roma", "moodle")])
    marks = (OptionMark("1", Decimal(100), Text("Yes!", "moodle")), OptionMark("2", Decimal(0)))
    question = GiftQuestion(
        ChoiceContent("single", "Capital of France?", options, "moodle"),
        ChoiceKey("single", marks, Text("See **lesson 3**", "markdown")),
        "Capitals",
        id="q-1",
        tags=("geography",),
        category="Europe",
    )
    assert export([question]) == (
        "$CATEGORY: Europe\n\n"
        "// [id:q-1] [tag:geography]\n"
        "::Capitals::[moodle]Capital of France?{\n"
        "\t=Paris#Yes!\n"
        "\t~Rome \\= Roma\n"
        "\t####[markdown]See **lesson 3**\n"
        "}\n"
    )


def test_a_category_ends_where_questions_without_one_follow() -> None:
    first = GiftQuestion(OpenContent("essay", "One?"), OpenKey("essay"), category="A")
    assert [q.category for q in parse(export([first, replace(first, category="")])).questions] == ["A", ""]


def test_an_answer_with_an_arrow_is_still_a_short_answer() -> None:
    key = ShortAnswerKey((AcceptedText("A -> B"),))
    question = GiftQuestion(OpenContent("short_answer", "Which way?"), key)
    assert parse(export([question])).questions == (question,)


def test_an_arrow_in_a_prompt_becomes_an_arrow_character() -> None:
    content, key = match_up(Text("Match"), [(Text("a -> b"), "implies"), (Text("not a"), "negates")])
    (question,) = parse(export([GiftQuestion(content, key)])).questions
    assert [prompt.text for prompt in question.content.prompts] == ["a \u2192 b", "not a"]
