"""Questions written as Moodle XML are read back as the same questions."""

import re
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from lms.interop.moodle_xml.export import export
from lms.interop.moodle_xml.parser import parse
from lms.interop.moodle_xml.report import MoodleQuestion
from lms.quizzes.content import ChoiceContent, ClozeContent, Gap, OpenContent, Text, numbered
from lms.quizzes.keys import (
    AcceptedText,
    ChoiceKey,
    ClozeKey,
    GapKey,
    OpenKey,
    OptionMark,
    ShortAnswerKey,
    put_in_order,
)
from tests.quizzes.question_strategies import every_question, lines

# U+FFFE and U+FFFF are the two characters that XML has no way to write.
written = lines.map(lambda text: re.sub("[\ufffe\uffff]", "", text).strip(" \t")).filter(bool)
maybe = st.just("") | written
moodle_questions = st.builds(
    lambda question, **around: MoodleQuestion(*question, **around),
    every_question,
    title=maybe,
    id=maybe,
    tags=st.lists(written, max_size=3, unique=True).map(tuple),
    category=maybe,
    points=st.decimals(0, 100, places=2),
)


@given(st.lists(moodle_questions, max_size=3))
@settings(max_examples=150, deadline=None)
def test_exported_questions_are_read_back_the_same(exported: list[MoodleQuestion]) -> None:
    result = parse(export(exported))
    assert [p for p in result.problems if p.severity == "error"] == []
    assert list(result.questions) == exported


@given(st.lists(moodle_questions, max_size=2))
@settings(max_examples=30, deadline=None)
def test_exporting_what_was_read_gives_the_same_bytes(exported: list[MoodleQuestion]) -> None:
    once = export(exported)
    assert export(parse(once).questions) == once


def element(question: MoodleQuestion) -> etree._Element:
    (found,) = etree.fromstring(export([question])).findall("question")
    return found


def test_a_question_reads_as_moodle_writes_it() -> None:
    options = numbered([Text("<b>Paris</b>", "html"), Text("Rome", "html")])
    marks = (OptionMark("1", Decimal(100), Text("Yes!", "html")), OptionMark("2", Decimal(0)))
    found = element(
        MoodleQuestion(
            ChoiceContent("single", "<p>Capital of France?</p>", options, "html"),
            ChoiceKey("single", marks),
            "Capitals",
            id="q-1",
            tags=("geography",),
        )
    )
    assert found.get("type") == "multichoice"
    assert found.findtext("name/text") == "Capitals"
    assert found.findtext("questiontext/text") == "<p>Capital of France?</p>"
    assert found.findtext("single") == "true"
    assert [
        (a.get("fraction"), a.findtext("text"), a.findtext("feedback/text")) for a in found.iter("answer")
    ] == [
        ("100", "<b>Paris</b>", "Yes!"),
        ("0", "Rome", ""),
    ]
    assert found.findtext("tags/tag/text") == "geography"
    assert found.find("lectern") is None


def cloze() -> MoodleQuestion:
    options = numbered([Text("cold", "html"), Text("hot", "html")])
    marks = (OptionMark("1", Decimal(0)), OptionMark("2", Decimal(100), Text("Indeed", "html")))
    content = ClozeContent(
        "<p>Tea is [[1]] and from [[2]].</p>",
        (Gap("1", "single", options), Gap("2", "short_answer")),
        "html",
    )
    keys = (
        GapKey("1", ChoiceKey("single", marks)),
        GapKey("2", ShortAnswerKey((AcceptedText("China"),)), Decimal(2)),
    )
    return MoodleQuestion(content, ClozeKey(keys))


def test_gaps_are_written_in_the_text() -> None:
    assert element(cloze()).findtext("questiontext/text") == (
        "<p>Tea is {1:MULTICHOICE:%0%cold~=hot#Indeed} and from {2:SHORTANSWER:=China}.</p>"
    )


def test_names_of_gaps_that_moodle_does_not_know_come_back() -> None:
    question = cloze()
    assert isinstance(question.content, ClozeContent)
    assert isinstance(question.key, ClozeKey)
    named = replace(
        question,
        content=replace(
            question.content,
            text="<p>Tea is [[heat]] and from [[2]].</p>",
            gaps=(replace(question.content.gaps[0], id="heat"), question.content.gaps[1]),
        ),
        key=replace(question.key, gaps=(replace(question.key.gaps[0], id="heat"), question.key.gaps[1])),
    )
    assert parse(export([named])).questions == (named,)


def test_what_was_edited_in_the_file_counts() -> None:
    content, key = put_in_order(Text("Brew"), [Text("Boil"), Text("Pour"), Text("Wait")])
    key = replace(key, feedback=(("1", Text("First of all")),))
    whole = export([MoodleQuestion(content, key)])
    assert b"<lectern" in whole
    assert parse(whole).questions[0].key == key
    (edited,) = parse(whole.replace(b"<text>Wait</text>", b"<text>Be patient</text>")).questions
    assert "Be patient" in str(edited.content.to_json())
    assert "Wait" not in str(edited.content.to_json())


def test_a_category_ends_where_questions_without_one_follow() -> None:
    first = MoodleQuestion(OpenContent("essay", "One?"), OpenKey("essay"), category="A/B")
    assert [q.category for q in parse(export([first, replace(first, category="")])).questions] == ["A/B", ""]
