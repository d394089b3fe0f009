"""Each type of question that Moodle has and we have too: from its element to content and key."""

from collections.abc import Callable
from decimal import Decimal

from lxml.etree import _Element as Element

from lms.core.phrases import Phrase
from lms.interop.gift.report import Refused
from lms.interop.moodle_xml.cloze import read_cloze
from lms.interop.moodle_xml.texts import Shelf, is_true, number, plain, said, text_of, value
from lms.quizzes.content import TRUE_FALSE_OPTIONS, ChoiceContent, Content, OpenContent, Text, numbered
from lms.quizzes.keys import (
    NONE,
    AcceptedNumber,
    AcceptedText,
    ChoiceKey,
    Key,
    NumericKey,
    OpenKey,
    OptionMark,
    ShortAnswerKey,
    match_up,
    put_in_order,
)

Reader = Callable[[Element, Text, Text | None, Shelf], tuple[Content, Key]]


def _multichoice(q: Element, stem: Text, general: Text | None, shelf: Shelf) -> tuple[Content, Key]:
    answers = [(text_of(a, shelf), _weight(a), _feedback(a, shelf)) for a in _answers(q)]
    options = numbered(text for text, _, _ in answers)
    marks = tuple(
        OptionMark(o.id, weight, note) for o, (_, weight, note) in zip(options, answers, strict=True)
    )
    if is_true(q, "single", usual=True):
        return ChoiceContent("single", stem.text, options, stem.format), ChoiceKey("single", marks, general)
    content = ChoiceContent("multiple", stem.text, options, stem.format)
    return content, ChoiceKey("multiple", marks, general)


def _all_or_nothing(q: Element, stem: Text, general: Text | None, shelf: Shelf) -> tuple[Content, Key]:
    """Of the plugin "multichoiceset": every option with a positive fraction is right."""
    answers = [(text_of(a, shelf), _weight(a), _feedback(a, shelf)) for a in _answers(q)]
    options = numbered(text for text, _, _ in answers)
    marks = tuple(
        OptionMark(o.id, weight, note) for o, (_, weight, note) in zip(options, answers, strict=True)
    )
    content = ChoiceContent("multiple", stem.text, options, stem.format)
    return content, ChoiceKey("multiple", marks, general, partial_credit=False)


def _truefalse(q: Element, stem: Text, general: Text | None, shelf: Shelf) -> tuple[Content, Key]:
    found = {}
    for answer in _answers(q):
        name = plain(answer, "text").strip().lower()
        if name in ("true", "false"):
            found[name] = (_weight(answer), _feedback(answer, shelf))
    if set(found) != {"true", "false"}:
        raise Refused(Phrase("a true/false question needs the answers “true” and “false”"))
    marks = tuple(OptionMark(option.id, *found[option.id]) for option in TRUE_FALSE_OPTIONS)
    content = ChoiceContent("true_false", stem.text, TRUE_FALSE_OPTIONS, stem.format)
    return content, ChoiceKey("true_false", marks, general)


def _shortanswer(q: Element, stem: Text, general: Text | None, shelf: Shelf) -> tuple[Content, Key]:
    accepted = tuple(AcceptedText(plain(a, "text"), _weight(a), _feedback(a, shelf)) for a in _answers(q))
    key = ShortAnswerKey(accepted, general, is_true(q, "usecase", usual=False))
    return OpenContent("short_answer", stem.text, stem.format), key


def _numerical(q: Element, stem: Text, general: Text | None, shelf: Shelf) -> tuple[Content, Key]:
    if len(q.findall("units/unit")) > 1 or value(q, "showunits") in ("0", "1", "2"):
        shelf.notes.append(Phrase("units are not graded here: learners type the number alone"))
    accepted = tuple(_accepted_number(answer, shelf) for answer in _answers(q))
    return OpenContent("numeric", stem.text, stem.format), NumericKey(accepted, general)


def _accepted_number(answer: Element, shelf: Shelf) -> AcceptedNumber:
    text, weight, feedback = plain(answer, "text").strip(), _weight(answer), _feedback(answer, shelf)
    if text == "*":
        return AcceptedNumber(weight=weight, feedback=feedback)
    tolerance = number(answer.findtext("tolerance"), Phrase("the tolerance"), NONE)
    return AcceptedNumber(number(text, Phrase("the answer")), tolerance, weight=weight, feedback=feedback)


def _matching(q: Element, stem: Text, general: Text | None, shelf: Shelf) -> tuple[Content, Key]:
    pairs, distractors = [], []
    for part in q.findall("subquestion"):
        prompt, answer = text_of(part, shelf), part.find("answer")
        choice = "" if answer is None else plain(answer, "text")
        if prompt.text.strip():
            pairs.append((prompt, choice))
        elif choice:
            distractors.append(choice)
    return match_up(stem, pairs, distractors, general)


def _ordering(q: Element, stem: Text, general: Text | None, shelf: Shelf) -> tuple[Content, Key]:
    rows = sorted(_answers(q), key=lambda answer: number(answer.get("fraction"), Phrase("a place"), NONE))
    items = [text_of(answer, shelf) for answer in rows]
    if len({(item.text, item.format) for item in items}) < len(items):
        raise Refused(Phrase("two items have the same text"))
    grading = value(q, "gradingtype")
    if grading not in ("", "absolute_position", "all_or_nothing", "0", "-1"):
        shelf.notes.append(
            Phrase("its way of grading is not known here: each item at its right place earns its share")
        )
    if value(q, "selecttype") not in ("", "all", "0"):
        shelf.notes.append(Phrase("all items are asked here, not a choice of them"))
    return put_in_order(stem, items, general, partial_credit=grading not in ("all_or_nothing", "-1"))


def _cloze(q: Element, stem: Text, general: Text | None, shelf: Shelf) -> tuple[Content, Key]:
    return read_cloze(stem, general)


def _essay(q: Element, stem: Text, general: Text | None, shelf: Shelf) -> tuple[Content, Key]:
    for name, words in (
        ("graderinfo", Phrase("the notes for graders were left out")),
        ("responsetemplate", Phrase("the template for the answer was left out")),
    ):
        if said(q.find(name), shelf):
            shelf.notes.append(words)
    return OpenContent("essay", stem.text, stem.format), OpenKey("essay", general)


def _description(q: Element, stem: Text, general: Text | None, shelf: Shelf) -> tuple[Content, Key]:
    return OpenContent("description", stem.text, stem.format), OpenKey("description", general)


READERS: dict[str, Reader] = {
    "multichoice": _multichoice,
    "multichoiceset": _all_or_nothing,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "matching": _matching,
    "match": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
    "multianswer": _cloze,
    "essay": _essay,
    "description": _description,
}


def _answers(q: Element) -> list[Element]:
    return list(q.findall("answer"))


def _weight(answer: Element) -> Decimal:
    return number(answer.get("fraction"), Phrase("the fraction of an answer"), NONE)


def _feedback(answer: Element, shelf: Shelf) -> Text | None:
    return said(answer.find("feedback"), shelf)
