"""Writing Moodle XML that Moodle reads, and that `parse` reads back as the same questions, whatever their kind."""

import base64
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType

from lxml import etree
from lxml.etree import _Element as Element

from lms.core.plain import decimal_text
from lms.interop.moodle_xml import extras
from lms.interop.moodle_xml.cloze_export import moodle_text
from lms.interop.moodle_xml.parser import as_written
from lms.interop.moodle_xml.texts import FORMATS
from lms.quizzes.authoring.questions import Item
from lms.quizzes.content import ChoiceContent, Content, MatchingContent, OrderingContent, Text
from lms.quizzes.keys import (
    AcceptedNumber,
    ChoiceKey,
    Key,
    MatchingKey,
    NumericKey,
    OrderingKey,
    ShortAnswerKey,
)
from lms.quizzes.rendering import PLUGIN_FILE

TYPES = {
    "single": "multichoice",
    "multiple": "multichoice",
    "true_false": "truefalse",
    "short_answer": "shortanswer",
    "numeric": "numerical",
    "matching": "matching",
    "ordering": "ordering",
    "cloze": "cloze",
    "essay": "essay",
    "description": "description",
}
_NAMES = {ours: theirs for theirs, ours in FORMATS.items() if not theirs.isdigit()}
_ILLEGAL = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAMED_FILE = re.compile(rf"{PLUGIN_FILE}([A-Za-z0-9_.-]+)")
_MARKUP = re.compile(r"[<>&]")


def export(questions: Iterable[Item], files: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
    """The questions as one file, in their order, each with those of `files` that its texts name after PLUGIN_FILE.

    Raises ValueError for a question whose key is of another type."""
    quiz, category = etree.Element("quiz"), ""
    for question in questions:
        if question.category != category:
            category = question.category
            _category(quiz, category)
        element = _exactly(question)
        _attach(element, files)
        quiz.append(element)
    etree.indent(quiz)
    return bytes(etree.tostring(quiz, encoding="UTF-8", xml_declaration=True)) + b"\n"


def _exactly(question: Item) -> Element:
    """The element; when reading it gives something else than the question, with the question's documents."""
    element = _element(question)
    alone = etree.Element("quiz")
    alone.append(element)
    etree.indent(alone)
    # From text, as the file will be read: line ends and white space are not what they were in memory.
    (again,) = etree.fromstring(etree.tostring(alone, encoding="UTF-8"))
    read = as_written(again)
    if read == (question.content, question.key):
        return element
    reading = extras.fingerprint(*read) if read else extras.UNREADABLE
    exact = _child(element, extras.NAME, extras.documents(question.content, question.key))
    exact.set("reading", reading)
    return element


def _attach(element: Element, files: Mapping[str, bytes]) -> None:
    """Beside each text the files that it names."""
    for text in element.findall(".//text"):
        parent = text.getparent()
        for name in dict.fromkeys(_NAMED_FILE.findall(text.text or "")):
            if parent is not None and name in files:
                file = etree.SubElement(parent, "file", name=name, path="/", encoding="base64")
                file.text = base64.b64encode(files[name]).decode()


def _category(quiz: Element, path: str) -> None:
    found = etree.SubElement(quiz, "question", type="category")
    _child(etree.SubElement(found, "category"), "text", f"$course$/top/{path}" if path else "$course$/top")


def _element(question: Item) -> Element:
    content, key = question.content, question.key
    if content.type != key.type:
        raise ValueError(f"a {content.type} question with the key of a {key.type} question")
    element = etree.Element("question", type=TYPES[content.type])
    _child(etree.SubElement(element, "name"), "text", question.title)
    _text(element, "questiontext", Text(moodle_text(content, key), content.format))
    _text(element, "generalfeedback", key.general or Text("", "html"))
    points: Decimal = getattr(question, "points", Decimal(1))
    _child(element, "defaultgrade", decimal_text(points))
    _child(element, "idnumber", question.id)
    _answers(element, content, key)
    if question.tags:
        tags = etree.SubElement(element, "tags")
        for tag in question.tags:
            _child(etree.SubElement(tags, "tag"), "text", tag)
    return element


def _answers(element: Element, content: Content, key: Key) -> None:
    match content, key:
        case ChoiceContent(), ChoiceKey():
            _choice(element, content, key)
        case MatchingContent(), MatchingKey():
            _matching(element, content, key)
        case OrderingContent(), OrderingKey():
            _ordering(element, content, key)
        case _, ShortAnswerKey():
            _child(element, "usecase", "1" if key.case_sensitive else "0")
            for accepted in key.accepted:
                _answer(element, accepted.weight, Text(accepted.text, "plain"), accepted.feedback)
        case _, NumericKey():
            for number in key.accepted:
                _number(element, number)


def _choice(element: Element, content: ChoiceContent, key: ChoiceKey) -> None:
    marks = {mark.id: mark for mark in key.options}
    if content.type != "true_false":
        _child(element, "single", "true" if content.type == "single" else "false")
        _child(element, "shuffleanswers", "true")
    for option in content.options:
        text = option.id if content.type == "true_false" else option.text
        _answer(element, marks[option.id].weight, Text(text, option.format), marks[option.id].feedback)


def _matching(element: Element, content: MatchingContent, key: MatchingKey) -> None:
    _child(element, "shuffleanswers", "true")
    pairs, choices = dict(key.pairs), {choice.id: choice.text for choice in content.choices}
    for prompt in content.prompts:
        _pair(element, Text(prompt.text, prompt.format), choices[pairs[prompt.id]])
    for unused in choices.keys() - set(pairs.values()):
        _pair(element, Text("", "html"), choices[unused])


def _pair(element: Element, prompt: Text, choice: str) -> None:
    found = _text(element, "subquestion", prompt)
    _child(etree.SubElement(found, "answer"), "text", choice)


def _ordering(element: Element, content: OrderingContent, key: OrderingKey) -> None:
    _child(element, "selecttype", "ALL")
    _child(element, "gradingtype", "ABSOLUTE_POSITION" if key.partial_credit else "ALL_OR_NOTHING")
    items, notes = {item.id: item for item in content.items}, dict(key.feedback)
    for place, id in enumerate(key.order, 1):
        _answer(element, Decimal(place), Text(items[id].text, items[id].format), notes.get(id))


def _number(element: Element, accepted: AcceptedNumber) -> None:
    """A range is written as its middle with half of its width, which Moodle knows."""
    value, tolerance = accepted.value, accepted.tolerance
    if accepted.low is not None and accepted.high is not None:
        value, tolerance = (accepted.low + accepted.high) / 2, (accepted.high - accepted.low) / 2
    text = "*" if value is None else decimal_text(value)
    found = _answer(element, accepted.weight, Text(text, "plain"), accepted.feedback)
    _child(found, "tolerance", decimal_text(tolerance))


def _answer(element: Element, weight: Decimal, text: Text, feedback: Text | None) -> Element:
    found = _text(element, "answer", text)
    found.set("fraction", decimal_text(weight))
    _text(found, "feedback", feedback or Text("", "html"))
    return found


def _text(element: Element, name: str, text: Text) -> Element:
    found = etree.SubElement(element, name, format=_NAMES[text.format])
    _child(found, "text", text.text)
    return found


def _child(element: Element, name: str, text: str) -> Element:
    found = etree.SubElement(element, name)
    clean = _ILLEGAL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    is_markup = _MARKUP.search(clean) and "]]>" not in clean
    found.text = etree.CDATA(clean) if is_markup else clean
    return found
