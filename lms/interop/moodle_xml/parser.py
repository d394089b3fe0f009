"""Reading Moodle XML, the exchange format of its question bank (docs.moodle.org, "Moodle XML format").

As with GIFT nothing is dropped in silence: each item not taken is a problem with its line and the reason, and never
costs the items around it.
"""

import re
from dataclasses import replace
from decimal import Decimal

from lxml.etree import _Element as Element

from lms.core.phrases import Phrase, joined
from lms.interop.gift.report import Problem, Refused, excerpt
from lms.interop.moodle_xml import extras
from lms.interop.moodle_xml.kinds import READERS
from lms.interop.moodle_xml.reading import Found, Unreadable, read
from lms.interop.moodle_xml.report import File, MoodleQuestion, MoodleResult
from lms.interop.moodle_xml.texts import Shelf, decoded, number, plain, said, text_of, value
from lms.quizzes.content import Content, Text
from lms.quizzes.keys import Key
from lms.quizzes.plain_words import plain_words
from lms.quizzes.rendering import PLUGIN_FILE
from lms.quizzes.validation import validate

MISSING: dict[str, Phrase] = {
    "calculated": Phrase("calculated questions"),
    "calculatedmulti": Phrase("calculated multiple-choice questions"),
    "calculatedsimple": Phrase("calculated questions"),
    "coderunner": Phrase("programs that are run"),
    "ddimageortext": Phrase("texts or pictures to drag onto a picture"),
    "ddmarker": Phrase("markers to drag onto a picture"),
    "ddmatch": Phrase("matching by dragging"),
    "ddwtos": Phrase("words to drag into a text"),
    "formulas": Phrase("formulas"),
    "gapselect": Phrase("words to select in a text"),
    "missingtype": Phrase("a type that was already unknown where it was exported"),
    "random": Phrase("a question drawn at random; draw from the bank in the quiz instead"),
    "randomsamatch": Phrase("matching made at random from short answers"),
    "recordrtc": Phrase("recordings"),
    "stack": Phrase("mathematics graded by a computer algebra system"),
}
"""Types of Moodle and of its best-known plugins that do not exist here, in words."""

MOST_POINTS = 100_000

_CONTEXT = re.compile(r"^\$[a-z]+\$(?:/top)?(?:/|$)|^top(?:/|$)")
_USUAL_NOTES = re.compile(r"your answer is (?:correct|partially correct|incorrect)\.?", re.IGNORECASE)


def parse(data: bytes | str) -> MoodleResult:
    """The questions in `data`, their files, and every problem by line. Never raises, whatever the bytes."""
    try:
        items, problems = read(data)
    except Unreadable as error:
        return MoodleResult((), (Problem(1, "", error.phrase),))
    questions: list[MoodleQuestion] = []
    shelf, category = Shelf(), ""
    for item in items:
        if item.element is None:
            problems.append(Problem(item.line, item.text, item.reason))
        elif (item.element.get("type") or "").strip() == "category":
            category = _category(item.element)
        else:
            _take(item, category, shelf, questions, problems)
    problems.sort(key=lambda problem: problem.line)
    return MoodleResult(tuple(questions), tuple(problems), _used(questions, shelf))


def _take(
    item: Found, category: str, shelf: Shelf, questions: list[MoodleQuestion], problems: list[Problem]
) -> None:
    element = item.element
    assert element is not None
    own = Shelf(files=shelf.files)
    try:
        found = _question(element, own)
        if wrong := validate(found.content, found.key):
            raise Refused(joined(wrong))
    except Refused as error:
        problems.append(Problem(item.line, _heading(element), error.phrase))
        return
    except (ValueError, RecursionError):
        problems.append(Problem(item.line, _heading(element), Phrase("it is damaged, or nested too deeply")))
        return
    questions.append(replace(found, category=category, line=item.line))
    problems += [Problem(item.line, _heading(element), note, "note") for note in dict.fromkeys(own.notes)]


def _question(element: Element, shelf: Shelf) -> MoodleQuestion:
    kind = (element.get("type") or "").strip().lower()
    if kind not in READERS:
        raise Refused(_missing(kind))
    content, key = _exact(element, kind, shelf)
    _note_what_is_left(element, shelf)
    return MoodleQuestion(
        content,
        key,
        _name(element),
        plain(element, "idnumber"),
        tuple(dict.fromkeys(tag for t in element.iterfind("tags/tag") if (tag := plain(t, "text")))),
        points=_points(element),
    )


def _missing(kind: str) -> Phrase:
    if what := MISSING.get(kind):
        return Phrase("questions of the type “%(kind)s” (%(what)s) do not exist here", kind=kind, what=what)
    return Phrase("the type “%(kind)s” is not known", kind=kind[:40])


def _points(element: Element) -> Decimal:
    points = number(element.findtext("defaultgrade"), Phrase("its points"), Decimal(1))
    if not 0 <= points <= MOST_POINTS:
        raise Refused(Phrase("its points are not between 0 and %(most)s", most=MOST_POINTS))
    return points.quantize(Decimal("0.01"))


def _exact(element: Element, kind: str, shelf: Shelf) -> tuple[Content, Key]:
    try:
        read = _read(element, kind, shelf)
    except Refused:
        found = extras.exact(element, None)
        if found is None:
            raise
        return found
    return extras.exact(element, read) or read


def _read(element: Element, kind: str, shelf: Shelf) -> tuple[Content, Key]:
    stem, general = _stem(element, shelf), said(element.find("generalfeedback"), shelf)
    return READERS[kind](element, stem, general, shelf)


def as_written(element: Element) -> tuple[Content, Key] | None:
    """What the element says in Moodle's own notation; None when that can't be read."""
    try:
        return _read(element, element.get("type") or "", Shelf())
    except Refused:
        return None


def _stem(element: Element, shelf: Shelf) -> Text:
    stem = text_of(element.find("questiontext"), shelf)
    picture = value(element, "image")
    if not picture:
        return stem
    data = decoded(element.findtext("image_base64"))
    if data is None:
        shelf.notes.append(Phrase("its picture “%(name)s” is not in the file", name=picture[:80]))
        return stem
    path = PLUGIN_FILE + shelf.keep(picture, data)
    shown = f"![]({path})" if stem.format in ("markdown", "plain") else f'<p><img src="{path}" alt=""></p>'
    return Text(f"{stem.text}\n\n{shown}", "markdown" if stem.format == "plain" else stem.format)


def _note_what_is_left(element: Element, shelf: Shelf) -> None:
    for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        found = said(element.find(name), shelf)
        if found and not _USUAL_NOTES.fullmatch(plain_words(found.text, found.format)):
            shelf.notes.append(
                Phrase("what it says to right, partly right and wrong answers as a whole was left out")
            )
    if any(plain(hint, "text") for hint in element.iterfind("hint")):
        shelf.notes.append(Phrase("its hints for further tries were left out"))
    if value(element, "hidden") == "1":
        shelf.notes.append(Phrase("it is an old version that Moodle kept hidden; it was taken all the same"))


def _name(element: Element) -> str:
    name = element.find("name")
    return "" if name is None else plain(name, "text")


def _heading(element: Element) -> str:
    """Words to recognise the item by."""
    stem = element.find("questiontext")
    words = _name(element) or ("" if stem is None else plain_words(plain(stem, "text"), "html"))
    return excerpt(words)


def _category(element: Element) -> str:
    """`$course$/top/Sigma/Tau` is Sigma/Tau: whose bank it was does not matter here."""
    found = element.find("category")
    path = "" if found is None else plain(found, "text")
    return _CONTEXT.sub("", path, count=1)


def _used(questions: list[MoodleQuestion], shelf: Shelf) -> tuple[File, ...]:
    """The files that a question taken shows."""
    everything = " ".join(str((q.content.to_json(), q.key.to_json())) for q in questions)
    return tuple(file for file in shelf.all() if file.path in everything)
