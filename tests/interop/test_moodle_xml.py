"""Reading Moodle XML: what is taken, and how what is not taken is told."""

import base64
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.interop.gift.report import Problem
from lms.interop.moodle_xml.parser import MISSING, parse
from lms.interop.moodle_xml.report import MoodleQuestion
from lms.quizzes.grading import grade

TRUE_FALSE = """<question type="truefalse"><name><text>{title}</text></name>
<questiontext format="html"><text>Tea is a leaf.</text></questiontext>
<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question>"""


def question(kind: str, inside: str, text: str = "Q?", format: str = "html") -> str:
    return (
        f'<question type="{kind}"><name><text>T</text></name>\n'
        f'<questiontext format="{format}"><text><![CDATA[{text}]]></text></questiontext>{inside}</question>'
    )


def answer(fraction: object, text: str, more: str = "") -> str:
    return f'<answer fraction="{fraction}"><text>{text}</text>{more}</answer>'


def quiz(*items: str) -> bytes:
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n' + "\n".join(items) + "\n</quiz>").encode()


def only(*items: str) -> MoodleQuestion:
    result = parse(quiz(*items))
    assert [problem for problem in result.problems if problem.severity == "error"] == []
    (found,) = result.questions
    return found


def earned(found: MoodleQuestion, response: dict[str, Any]) -> Decimal:
    return grade(found.content, found.key, response).fraction


def errors(data: bytes) -> list[Problem]:
    return [problem for problem in parse(data).problems if problem.severity == "error"]


def test_a_single_choice() -> None:
    found = only(question("multichoice", "<single>true</single>" + answer(0, "Rome") + answer(100, "Paris")))
    assert found.type == "single"
    assert earned(found, {"option": "2"}) == 1


def test_a_multiple_choice_earns_by_fractions() -> None:
    weights = answer(50, "a") + answer("50.00000", "b") + answer(-100, "c")
    found = only(question("multichoice", "<single>false</single>" + weights))
    assert found.type == "multiple"
    assert earned(found, {"options": ["1"]}) == Decimal("0.5")
    assert earned(found, {"options": ["1", "2", "3"]}) == 0


def test_a_short_answer_that_heeds_capitals() -> None:
    found = only(question("shortanswer", "<usecase>1</usecase>" + answer(100, "Tea") + answer(50, "tea")))
    assert [earned(found, {"text": text}) for text in ("Tea", "tea", "TEA")] == [1, Decimal("0.5"), 0]


def test_a_number_with_its_tolerance_and_another_answer_for_all_else() -> None:
    said = "<tolerance>0.5</tolerance><feedback><text>Right</text></feedback>"
    found = only(question("numerical", answer(100, "3.5", said) + answer(0, "*")))
    assert [earned(found, {"text": text}) for text in ("4", "4.1")] == [1, 0]


def test_pairs_with_a_choice_that_fits_nothing() -> None:
    pair = '<subquestion format="html"><text>{}</text><answer><text>{}</text></answer></subquestion>'
    pairs = [pair.format(*names) for names in (("Longjing", "China"), ("Nilgiri", "India"), ("", "Kenya"))]
    found = only(question("matching", "".join(pairs)))
    assert found.type == "matching"
    assert earned(found, {"pairs": {"1": "1", "2": "2"}}) == 1


@pytest.mark.parametrize(("grading", "half"), [("ABSOLUTE_POSITION", "0.333333"), ("ALL_OR_NOTHING", "0")])
def test_items_in_order(grading: str, half: str) -> None:
    items = answer("1.0000", "Boil") + answer("2.0000", "Pour") + answer("3.0000", "Wait")
    found = only(question("ordering", f"<gradingtype>{grading}</gradingtype>{items}"))
    assert earned(found, {"places": {"1": 1, "2": 2, "3": 3}}) == 1
    assert earned(found, {"places": {"1": 1, "2": 3, "3": 2}}) == Decimal(half)


def test_gaps_of_every_kind() -> None:
    text = (
        r"<p>{1:MULTICHOICE_V:Rome~=Paris#Yes} is {2:SHORTANSWER_C:=big~%50%Big} with {1:NUMERICAL:=2.1:0.2}"
        r" m of {:MW:=pe\}ople~=crowds}. A {brace} stays.</p>"
    )
    found = only(question("cloze", "", text))
    assert found.content.text == "<p>[[1]] is [[2]] with [[3]] m of [[4]]. A {brace} stays.</p>"
    right = {"1": "2", "2": "big", "3": "2.3", "4": "pe}ople"}
    assert earned(found, {"gaps": right}) == 1
    assert earned(found, {"gaps": right | {"2": "Big"}}) == Decimal("0.8")


@pytest.mark.parametrize("kind", ["essay", "description"])
def test_what_has_no_key(kind: str) -> None:
    assert only(question(kind, "")).type == kind


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("html", "html"), ("markdown", "markdown"), ("plain_text", "plain"), ("moodle_auto_format", "moodle")],
)
def test_texts_keep_their_format(theirs: str, ours: str) -> None:
    assert only(question("essay", "", "**Why** tea?", theirs)).content.format == ours


def test_everything_around_a_question_is_kept() -> None:
    found = only(
        '<question type="category"><category><text>$course$/top/Drinks/Tea</text></category></question>',
        question(
            "essay",
            "<defaultgrade>2.5000000</defaultgrade><idnumber>T &amp; F</idnumber>"
            "<generalfeedback><text>Thanks</text></generalfeedback>"
            "<tags><tag><text>green</text></tag><tag><text>hot</text></tag></tags>",
        ),
    )
    assert (found.title, found.id, found.category) == ("T", "T & F", "Drinks/Tea")
    assert (found.tags, found.points, found.line) == (("green", "hot"), Decimal("2.5"), 4)
    assert found.key.general is not None
    assert found.key.general.text == "Thanks"


def picture(name: str, data: bytes) -> str:
    return f'<file name="{name}" path="/" encoding="base64">{base64.b64encode(data).decode()}</file>'


def with_picture(data: bytes) -> str:
    return (
        '<question type="essay"><questiontext format="html"><text>'
        '<![CDATA[<img src="@@PLUGINFILE@@/my%20flag.png" alt="A flag">]]></text>'
        f"{picture('my flag.png', data)}</questiontext></question>"
    )


def test_pictures_of_the_same_name_are_kept_apart() -> None:
    result = parse(quiz(with_picture(b"one"), with_picture(b"two"), with_picture(b"one")))
    paths = [file.path for file in result.files]
    assert [file.data for file in result.files] == [b"one", b"two"]
    assert [path in q.content.text for path, q in zip(paths, result.questions, strict=False)] == [True, True]
    assert result.questions[0].content.text == result.questions[2].content.text
    assert all(path.startswith("my-flag-") for path in paths)


def test_a_picture_that_is_damaged_is_named_and_the_question_taken() -> None:
    broken = with_picture(b"x").replace(base64.b64encode(b"x").decode(), "???")
    result = parse(quiz(broken))
    assert len(result.questions) == 1
    assert ["my flag.png" in problem.reason for problem in result.problems] == [True]


@pytest.mark.parametrize("kind", [*MISSING, "quantum"])
def test_a_type_that_does_not_exist_here_is_named(kind: str) -> None:
    result = parse(quiz(TRUE_FALSE, question(kind, ""), TRUE_FALSE))
    assert len(result.questions) == 2
    (problem,) = result.problems
    assert (problem.severity, problem.line, problem.text) == ("error", 6, "T")
    assert kind in problem.reason


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (question("multichoice", ""), "no answer is marked as right"),
        (question("multichoice", answer("much", "a")), "not a number"),
        (question("numerical", answer(100, "three")), "not a number"),
        (question("truefalse", answer(100, "yes")), "needs the answers"),
        (question("cloze", "", "No gap"), "no gap"),
        (question("cloze", "", "{1:SHORTANSWER:=open"), "not closed"),
        (question("cloze", "", "{1:MULTIRESPONSE:=a~=b}"), "several answers"),
        (question("essay", "", ""), "no text"),
        (question("essay", "<defaultgrade>1e99</defaultgrade>"), "its points are not between"),
        ('<question type="essay"><questiontext><text>Open', "not well-formed"),
        ("<question><questiontext><text>Q</text></questiontext></question>", "not known"),
    ],
)
def test_a_broken_item_is_named_with_its_line_and_costs_no_other(broken: str, reason: str) -> None:
    data = quiz(TRUE_FALSE, broken, TRUE_FALSE)
    assert [found.line for found in parse(data).questions][:1] == [3]
    assert len(parse(data).questions) == 2
    (problem,) = errors(data)
    assert problem.line == 6
    assert reason in problem.reason


def test_ampersands_and_entities_of_careless_authors_are_mended() -> None:
    result = parse(
        quiz(TRUE_FALSE.format(title="Tea &amp; cake"), TRUE_FALSE.format(title="R&D &eacute;t&eacute;"))
    )
    assert [found.title for found in result.questions] == ["Tea & cake", "R&D été"]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_every_editor_are_understood(codec: str) -> None:
    result = parse(quiz(TRUE_FALSE.format(title="Café")).decode().encode(codec))
    assert [found.title for found in result.questions] == ["Café"]
    assert [p.severity for p in result.problems] == (["note"] if codec == "cp1252" else [])


def test_the_encoding_that_a_file_names_is_used() -> None:
    text = quiz(TRUE_FALSE.format(title="Čaj")).decode().replace("UTF-8", "ISO-8859-2")
    assert parse(text.encode("iso-8859-2")).questions[0].title == "Čaj"


@pytest.mark.parametrize(
    "hostile",
    [
        b'<!DOCTYPE q [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><quiz><question>&b;</question></quiz>',
        b'<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz><question type="essay">&x;</question></quiz>',
        b"<html><body>Not a quiz</body></html>",
        b"",
        b"\x00\xff\xfe",
    ],
)
def test_what_is_no_question_file_is_refused_as_a_whole(hostile: bytes) -> None:
    result = parse(hostile)
    assert result.questions == ()
    assert [problem.severity for problem in result.problems] == ["error"]


def test_a_doctype_further_down_reaches_no_file_either() -> None:
    inside = '<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><question type="essay">'
    late = " " * 3000 + inside + "<questiontext><text>&x;</text></questiontext></question>"
    assert "root:" not in str(parse(late.encode()))


XML = [
    "<quiz>",
    "</quiz>",
    "<question",
    ' type="cloze">',
    "</question>",
    "<text>",
    "</text>",
    "<![CDATA[",
    "]]>",
]
XML += ["<questiontext>", "</questiontext>", "{1:SA:=", "}", "&amp;", "&", "<file", "x", " ", "\n", "é"]


@given(st.lists(st.sampled_from(XML), max_size=40).map("".join))
@settings(max_examples=200, deadline=None)
def test_no_text_whatever_raises(text: str) -> None:
    for problem in parse(text.encode()).problems:
        assert problem.reason


@pytest.mark.parametrize(
    "hostile",
    [
        "<question ",
        "<question>",
        "&x;",
        "<![CDATA[",
        "<!--",
        "{1:SA:=a",
        "{ ",
        "{1:",
        "<question type='cloze'><b>",
    ],
)
def test_a_hostile_file_takes_no_longer_than_a_long_one(hostile: str) -> None:
    began = time.process_time()
    parse(b"<quiz>" + hostile.encode() * (400_000 // len(hostile)))
    parse(quiz(question("cloze", "", hostile.replace("]]>", "") * (400_000 // len(hostile)))))
    assert time.process_time() - began < 5


FIXTURES: dict[str, list[tuple[str, str]]] = {
    "broken_cloze_questions": [],
    "categories_reverse_order": [("essay", "Sigma/Tau"), ("short_answer", "Sigma")],
    "category_with_description": [("true_false", "Alpha")],
    "error_invalid_grades": [("multiple", "")],
    "export_category": [("true_false", "Alpha")],
    "html_chars_in_idnumbers": [("true_false", "Alpha")],
    "multianswer": [("cloze", "Default for Test images in backup")],
    "multichoice": [("single", "Default for testhead/Multichoice")],
    "nested_categories": [("true_false", "Delta/Epsilon/Zeta")],
    "nested_categories_with_questions": [
        ("true_false", "Iota"),
        ("essay", "Iota/Kappa"),
        ("true_false", "Iota/Kappa"),
        ("true_false", "Iota/Kappa/Lambda"),
        ("true_false", "Iota/Mu"),
    ],
    "old_format_file": [("true_false", "Pi"), ("true_false", "Pi/Rho")],
    "sample_questions_with_old_image_tag": [("cloze", "Default for Test images in backup")] * 1
    + [("single", "Default for Test images in backup")],
    "truefalse": [("true_false", "Default for testhead/TrueFalse")] * 2,
}


@pytest.mark.parametrize("name", FIXTURES)
def test_moodles_own_files_come_in(shared: Path, name: str) -> None:
    result = parse((shared / "moodle-xml" / f"{name}.xml").read_bytes())
    assert [(found.type, found.category) for found in result.questions] == FIXTURES[name]
    assert all(file.data for file in result.files)
    shown = " ".join(str((found.content.to_json(), found.key.to_json())) for found in result.questions)
    assert all(f"@@PLUGINFILE@@/{file.path}" in shown for file in result.files)
    assert shown.count("@@PLUGINFILE@@/") == sum(shown.count(file.path) for file in result.files)


def test_every_fixture_of_moodle_is_held_to(shared: Path) -> None:
    assert {path.stem for path in (shared / "moodle-xml").glob("*.xml")} == set(FIXTURES)


def test_moodles_broken_gaps_are_each_named(shared: Path) -> None:
    data = (shared / "moodle-xml" / "broken_cloze_questions.xml").read_bytes()
    assert [(problem.line, problem.reason) for problem in errors(data)] == [
        (4, "it has no gap, such as {1:SHORTANSWER:=Paris}"),
        (20, "gap 1 (MULTICHOICE) has no answers"),
        (36, "gap 1: every answer is marked as right"),
        (52, "gap 1: no answer earns 100 %"),
        (68, "gap 1 (NUMERICAL) accepts “zero”, which is not a number"),
    ]
