"""The parser against 51 files with what another parser made of each, and the quizzes of a real course."""

import json
import os
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lms.interop.gift.export import export
from lms.interop.gift.parser import BLANK, parse
from lms.interop.gift.report import GiftQuestion
from lms.quizzes.content import ChoiceContent, MatchingContent, Text
from lms.quizzes.keys import AcceptedNumber, ChoiceKey, MatchingKey, NumericKey, ShortAnswerKey

DATA = Path(os.environ.get("LECTERN_SHARED", Path(__file__).parents[3] / "shared")) / "data"
PAIRS = DATA / "gift" / "grammar-pairs"
COURSE = DATA / "courses" / "iot-for-beginners"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared sample data is not on this machine")

Facts = dict[str, Any]

# Where the other parser is odd: by Moodle's documentation the first feedback of a true/false question is for
# those who answer wrongly, the second for those who are right. The other gives the first to "true" always.
FEEDBACK_SWAPPED = {("TFTwoFeedback", 1), ("TFTwoFeedback", 2)}


def test_all_pairs_are_here() -> None:
    assert len(list(PAIRS.glob("*.gift"))) == len(list(PAIRS.glob("*.json"))) == 51


@pytest.mark.parametrize("path", sorted(PAIRS.glob("*.gift")), ids=lambda path: path.stem)
def test_a_file_means_what_another_parser_reads_in_it(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text())
    categories = [item["title"] for item in expected if item["type"] == "Category"]
    questions = [_theirs(item) for item in expected if item["type"] != "Category"]
    for stem, index in FEEDBACK_SWAPPED:
        if stem == path.stem:
            _swap_feedback(questions[index])

    # A category shows only in the questions below it; these files have none, so one is added.
    result = parse(path.read_text() + "\n\nProbe{T}\n")

    assert result.problems == ()
    assert [_ours(question) for question in result.questions[:-1]] == questions
    assert result.questions[-1].category == (categories[-1] if categories else "")


@pytest.mark.parametrize("path", sorted(PAIRS.glob("*.gift")), ids=lambda path: path.stem)
def test_a_file_read_and_written_again_is_the_same(path: Path) -> None:
    questions = parse(path.read_bytes()).questions
    assert parse(export(questions)).questions == questions


def test_moodles_own_export_is_read_whole() -> None:
    result = parse((DATA / "gift" / "questions_in_category.gift.txt").read_bytes())
    assert result.problems == ()
    assert [question.type for question in result.questions] == [
        "matching",
        "single",
        "short_answer",
        "true_false",
    ]
    assert {question.category for question in result.questions} == {"$course$/Default for New Features"}


def test_every_quiz_of_a_real_course_is_read_without_a_problem() -> None:
    results = [parse(path.read_bytes()) for path in sorted(COURSE.rglob("*.gift"))]
    assert len(results) == 48
    assert [result.problems for result in results] == [()] * 48
    assert sum(len(result.questions) for result in results) == 144


def _theirs(item: Facts) -> Facts:
    facts: Facts = {
        "type": item["type"],
        "title": item.get("title") or "",
        "id": item.get("id") or "",
        "tags": tuple(item.get("tags") or ()),
        "stem": _their_text(item["stem"]),
        "general": _their_text(item.get("globalFeedback")),
    }
    choices = item.get("choices")
    match item["type"]:
        case "MC":
            facts["choices"] = [_their_text(c["text"]) + _their_mark(c) for c in choices]
        case "Short":
            facts["choices"] = [(c["text"]["text"], *_their_mark(c)) for c in choices]
        case "Numerical":
            given = choices if isinstance(choices, list) else [{"isCorrect": True, "text": choices}]
            facts["choices"] = [(_their_range(c["text"]), *_their_mark(c)) for c in given]
        case "TF":
            facts["right"] = item["isTrue"]
            facts["said"] = (_their_text(item["trueFeedback"]), _their_text(item["falseFeedback"]))
        case "Matching":
            facts["pairs"] = [(*_their_text(p["subquestion"]), p["subanswer"]) for p in item["matchPairs"]]
    return facts


def _their_text(text: Facts | None) -> tuple[str, str]:
    return (text["format"], _spaced(text["text"])) if text and text["text"] else ("", "")


def _their_mark(choice: Facts) -> tuple[Decimal, tuple[str, str]]:
    weight = choice.get("weight")
    weight = (100 if choice["isCorrect"] else 0) if weight is None else weight
    return Decimal(str(weight)), _their_text(choice.get("feedback"))


def _their_range(range: Facts) -> tuple[str, ...]:
    if range.get("text") == "*":
        return ("any",)
    if range["type"] == "high-low":
        return ("between", str(range["numberLow"]), str(range["numberHigh"]))
    return ("near", str(range["number"]), str(range.get("range") or 0))


def _swap_feedback(facts: Facts) -> None:
    facts["said"] = facts["said"][::-1]


def _ours(question: GiftQuestion) -> Facts:
    content, key = question.content, question.key
    facts: Facts = {
        "type": {
            "single": "MC",
            "multiple": "MC",
            "true_false": "TF",
            "short_answer": "Short",
            "numeric": "Numerical",
            "matching": "Matching",
        }.get(question.type, question.type.title()),
        "title": question.title,
        "id": question.id,
        "tags": question.tags,
        "stem": (content.format, _spaced(content.text)),
        "general": _our_text(key.general),
    }
    match key:
        case ChoiceKey(type="true_false"):
            facts["right"] = key.options[0].weight == 100
            facts["said"] = tuple(_our_text(mark.feedback) for mark in key.options)
        case ChoiceKey():
            assert isinstance(content, ChoiceContent)
            facts["choices"] = [
                (option.format, option.text, mark.weight, _our_text(mark.feedback))
                for option, mark in zip(content.options, key.options, strict=True)
            ]
        case ShortAnswerKey():
            facts["choices"] = [(a.text, a.weight, _our_text(a.feedback)) for a in key.accepted]
        case NumericKey():
            facts["choices"] = [(_our_range(a), a.weight, _our_text(a.feedback)) for a in key.accepted]
        case MatchingKey():
            assert isinstance(content, MatchingContent)
            facts["pairs"] = _our_pairs(content, key)
    return facts


def _our_text(text: Text | None) -> tuple[str, str]:
    return (text.format, text.text) if text else ("", "")


def _our_range(number: AcceptedNumber) -> tuple[str, ...]:
    if number.is_any:
        return ("any",)
    if number.value is None:
        return ("between", str(number.low), str(number.high))
    return ("near", str(number.value), str(number.tolerance))


def _our_pairs(content: MatchingContent, key: MatchingKey) -> list[tuple[str, str, str]]:
    """A choice without a prompt is what the other parser calls a pair with an empty one."""
    choices, pairs = {choice.id: choice.text for choice in content.choices}, dict(key.pairs)
    unused = [text for id, text in choices.items() if id not in pairs.values()]
    return [(p.format, p.text, choices[pairs[p.id]]) for p in content.prompts] + [
        ("", "", text) for text in unused
    ]


def _spaced(text: str) -> str:
    """The other parser puts spaces around the blank; we keep those of the source, as Moodle does."""
    return re.sub(rf"\s*{BLANK}\s*", f" {BLANK} ", text).strip()
