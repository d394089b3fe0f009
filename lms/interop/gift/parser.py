"""Reading GIFT, the plain-text question format of Moodle (docs.moodle.org, "GIFT format").

It differs from Moodle's importer only in what more is taken (see `lexer`) and in that nothing is dropped in
silence: each item not taken is a problem with its line and the reason, and never costs the items around it.
"""

import re

from lms.core.phrases import Phrase, joined
from lms.interop.gift.answers import formatted, read_answers
from lms.interop.gift.decoding import lines_of
from lms.interop.gift.lexer import SPACE, TITLE, Item, find_all, items
from lms.interop.gift.report import GiftQuestion, GiftResult, Problem, Refused, excerpt
from lms.quizzes.content import Content, OpenContent
from lms.quizzes.keys import Key, OpenKey
from lms.quizzes.validation import validate

BLANK = "_____"
"""Stands in the text where the answer was, in a missing-word question."""

_AIKEN = re.compile(r"^[ \t]*ANSWER[ \t]*:[ \t]*[A-Z][ \t]*$", re.MULTILINE)
_CLOZE = re.compile(
    r"(?<!\\)\{[0-9]*:(?:MULTICHOICE|MULTIRESPONSE|SHORTANSWER|NUMERICAL|MC|MR|SA|MW|NM)[A-Z_]*:"
)
_NAMED = re.compile(r"\[(id|tag|grading):((?:\\.|[^\\\]])*)\]")


def parse(data: bytes | str) -> GiftResult:
    """The questions in `data` and every problem, by line. Never raises, whatever the bytes."""
    lines, problems = lines_of(data)
    questions = []
    for item in items(lines):
        if not item.lines:
            problems += _stray_comments(item)
            continue
        try:
            question = _question(item)
            questions.append(question)
            problems += _stray_text(item, question)
        except _Located as problem:
            problems.append(Problem(problem.line, excerpt(item.text), problem.phrase))
        except Refused as problem:
            problems.append(Problem(item.line, excerpt(item.text), problem.phrase))
    return GiftResult(tuple(questions), tuple(sorted(problems, key=lambda problem: problem.line)))


class _Located(Refused):
    def __init__(self, line: int, reason: Phrase) -> None:
        super().__init__(reason)
        self.line = line


def _question(item: Item) -> GiftQuestion:
    named = [found for _, comment in item.comments for found in _named(comment)]
    grading = frozenset(value for name, value in named if name == "grading")
    title, start = _title(item)
    content, key = _content(item, start, grading)
    if problems := validate(content, key):
        raise Refused(joined(problems))
    return GiftQuestion(
        content,
        key,
        title,
        id=next((value for name, value in named if name == "id"), ""),
        tags=tuple(dict.fromkeys(value for name, value in named if name == "tag" and value)),
        category=item.category,
        line=item.line,
    )


def _named(comment: str) -> list[tuple[str, str]]:
    found = _NAMED.findall(comment)
    return [(name, re.sub(r"\\(.)", r"\1", value).strip(SPACE)) for name, value in found]


def _title(item: Item) -> tuple[str, int]:
    """The title, and where the text begins after it."""
    if found := TITLE.match(item.text):
        return formatted(found[1], "moodle").text, found.end()
    if item.text.lstrip(SPACE).startswith("::"):
        raise Refused(Phrase("the title opened with :: is not closed with :: on the same line"))
    return "", 0


def _content(item: Item, start: int, grading: frozenset[str]) -> tuple[Content, Key]:
    text = item.text
    braces = [(start + position, brace) for position, brace in find_all("[{}]", text[start:])]
    if not braces:
        if _AIKEN.search(text):
            raise Refused(
                Phrase("this is written in the Aiken format; GIFT has the answers in braces: {=right ~wrong}")
            )
        stem = formatted(text[start:], "moodle")
        return OpenContent("description", stem.text, stem.format), OpenKey("description")
    if gap := _CLOZE.search(text[start:]):
        raise _Located(
            item.line_at(start + gap.start()),
            Phrase("gaps of Moodle are no GIFT; export the question as Moodle XML instead"),
        )
    (opened, first), *others = braces
    if first == "}":
        raise _Located(item.line_at(opened), Phrase("a } closes what no { has opened; in a text write \\}"))
    if not others:
        raise _Located(item.line_at(opened), Phrase("the { is never closed with a }"))
    (closed, second), *more = others
    if second == "{":
        raise _Located(
            item.line_at(closed), Phrase("a second { before the first is closed; in an answer write \\{")
        )
    if more:
        raise _Located(
            item.line_at(more[0][0]),
            Phrase(
                "more braces after the answers: put an empty line between questions; in a text write \\{ and \\}"
            ),
        )
    before, after = text[start:opened], text[closed + 1 :]
    stem = formatted(before + BLANK + after if after.strip(SPACE) else before, "moodle")
    return read_answers(stem, text[opened + 1 : closed], grading)


def _stray_text(item: Item, question: GiftQuestion) -> list[Problem]:
    """A heading between questions is, by the rules, a description: perhaps nobody meant that."""
    if question.type != "description" or question.title or item.text.lstrip(SPACE).startswith("["):
        return []
    reason = Phrase("it has no answers in { }, and was taken as a text that is only read")
    return [Problem(item.line, excerpt(item.text), reason, "note")]


def _stray_comments(item: Item) -> list[Problem]:
    reason = Phrase("this id or tag belongs to no question; it must stand directly above one")
    return [
        Problem(line, excerpt(comment), reason, "note") for line, comment in item.comments if _named(comment)
    ]
