"""Questions from and to files of other systems, for a quiz or the bank of a course."""

import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from lms.core.db import AnyRow
from lms.core.phrases import Phrase
from lms.courses import library
from lms.courses.models import Course
from lms.files import storage
from lms.files.intake import Refused
from lms.interop import export_rows
from lms.interop.course_folder.question_links import as_shown, rewritten
from lms.interop.gift import export as gift_export
from lms.interop.gift import parser as gift
from lms.interop.gift.decoding import lines_of
from lms.interop.gift.report import GiftQuestion, Problem, excerpt
from lms.interop.moodle_xml import export as xml_export
from lms.interop.moodle_xml import parser as moodle_xml
from lms.interop.moodle_xml.reading import decoded
from lms.interop.moodle_xml.report import File, MoodleQuestion
from lms.interop.moodle_xml.texts import Shelf
from lms.quizzes.authoring import places
from lms.quizzes.authoring.questions import Home, add_questions
from lms.quizzes.content import content_from_json
from lms.quizzes.keys import key_from_json
from lms.quizzes.models import Question
from lms.quizzes.plain_words import question_words
from lms.quizzes.rendering import PLUGIN_FILE

LARGEST = 20 * 1024 * 1024
"""Bytes of a file of questions, with its pictures."""
MOST = 2_000
"""Questions that are taken at once."""
LONGEST_ID = 200
LARGEST_TEXT = 1024 * 1024
"""Characters of a file that a form shows again."""

Imported = GiftQuestion | MoodleQuestion
_LOOKS_LIKE_XML = re.compile(r"\s*(?:<\?xml\b|<!--|<!DOCTYPE\b|<quiz\b|<question\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds: its text as people read it ("" when it is too long to show), the questions to take, their
    files, and every item that is not taken."""

    text: str
    questions: Sequence[Imported]
    problems: Sequence[Problem]
    files: Sequence[File] = ()

    @property
    def refused(self) -> int:
        return sum(problem.severity == "error" for problem in self.problems)


def read(data: bytes | str) -> Found:
    """Read GIFT or Moodle XML, whatever wrote it: its beginning tells which. Never raises."""
    lines, _notes = lines_of(data)
    text = "\n".join(lines)
    shown = text if len(text) <= LARGEST_TEXT else ""
    if _LOOKS_LIKE_XML.match(text):
        # What is shown may be sent again as text, whatever encoding its first line names.
        source = data if isinstance(data, str) else decoded(data)[0]
        shown = source.removeprefix("\ufeff") if len(source) <= LARGEST_TEXT else ""
        taken = moodle_xml.parse(data)
        return _bounded(Found(shown, taken.questions, taken.problems, taken.files))
    found = gift.parse(data)
    return _bounded(Found(shown, found.questions, found.problems))


def _bounded(found: Found) -> Found:
    """No more than MOST questions, none with an id that is too long to be a name."""
    kept = [q if len(q.id) <= LONGEST_ID else replace(q, id="") for q in found.questions[:MOST]]
    if len(found.questions) <= MOST:
        return replace(found, questions=kept)
    reason = Phrase(
        "this question and all after it: no more than %(most)s are taken at once; split the file",
        most=f"{MOST:,}",
    )
    first = found.questions[MOST]
    left = Problem(first.line, excerpt(first.title or first.content.text), reason)
    return replace(found, questions=kept, problems=[*found.problems, left])


def take(home: Home, questions: Iterable[Imported], by: int, at: datetime) -> list[Question]:
    """The questions at the end of a quiz or of a bank; names that are taken there give way to new ones."""
    return add_questions(home, questions, by, at)


def keep_files(
    course: Course, found: Found, limits: library.Limits, at: datetime
) -> tuple[Sequence[Imported], list[str]]:
    """Keep the files of the questions among those of the course: the questions as they name them then, and the
    names of files that a course can't carry."""
    renamed, refused = {}, []
    for file in found.files:
        try:
            path = library.add(course, file.path, io.BytesIO(file.data), limits, at).path
        except Refused:
            refused.append(file.path)
        else:
            name = path.removeprefix(f"{library.FOLDER}/")
            if name != file.path:
                renamed[PLUGIN_FILE + file.path] = PLUGIN_FILE + name
    if not renamed:
        return found.questions, refused
    return [_renamed(question, renamed) for question in found.questions], refused


def _renamed(question: Imported, names: Mapping[str, str]) -> Imported:
    content, key = (_rewritten(part.to_json(), names) for part in (question.content, question.key))
    return replace(question, content=content_from_json(content), key=key_from_json(key))


def _rewritten(document: Any, names: Mapping[str, str]) -> Any:
    if isinstance(document, list):
        return [_rewritten(item, names) for item in document]
    if isinstance(document, dict):
        return {name: _rewritten(value, names) for name, value in document.items()}
    if isinstance(document, str) and PLUGIN_FILE in document:
        for old, new in names.items():
            document = document.replace(old, new)
    return document


def as_gift(home: Home) -> str:
    """The questions of a quiz or a bank as GIFT; comments at the top name those that GIFT can't hold."""
    written, left_out = [], []
    for row in places.asked_in(home):
        question = _question(row)
        if question and _fits_gift(question):
            written.append(question)
        else:
            left_out.append(_left_out(row))
    return "".join(f"// {line}\n" for line in left_out) + "\n" * bool(left_out) + gift_export.export(written)


def _left_out(row: AnyRow) -> str:
    words = row.title or (question_words(row.content) if "text" in row.content else row.source_id)
    # A comment with [id:...] would speak for the question below it.
    named = " ".join(words.split())[:120].replace("[", "(").replace("]", ")")
    return str(_("Left out, because GIFT can\u2019t hold it: %(question)s", question=named))


def as_xml(home: Home) -> bytes:
    """The questions of a quiz or a bank as Moodle XML, which holds every kind, with the pictures that they show.

    Pictures that would make the file larger than can be imported again are only named."""
    found = [question for row in places.asked_in(home) if (question := _question(row))]
    shelf = Shelf()
    known = _keys_of_assets(home.id if isinstance(home, Course) else home.course_id)

    def packed(target: str) -> str:
        key = known.get(as_shown(target))
        if key is None:
            return target
        data = storage.read(key)
        if sum(map(len, shelf.files.values())) + len(data) > LARGEST // 2:
            return target
        return PLUGIN_FILE + shelf.keep(target, data)

    return xml_export.export([_rewritten_by(question, packed) for question in found], shelf.files)


def _keys_of_assets(course_id: int) -> dict[str, str]:
    """Where the storage keeps the pictures of a course, by their paths in it."""
    return {asset.path: asset.key for asset in export_rows.assets(course_id)}


def _rewritten_by(question: MoodleQuestion, rewrite: Callable[[str], str]) -> MoodleQuestion:
    content, key = (rewritten(part.to_json(), rewrite) for part in (question.content, question.key))
    return replace(question, content=content_from_json(content), key=key_from_json(key))


def _question(row: AnyRow) -> MoodleQuestion | None:
    """None for documents that this version can't read."""
    try:
        return MoodleQuestion(
            content_from_json(row.content),
            key_from_json(row.key),
            title=row.title,
            id=row.source_id,
            tags=tuple(row.tags),
            category=row.category,
            points=row.points,
        )
    except ValueError:
        return None


def _fits_gift(question: MoodleQuestion) -> bool:
    try:
        gift_export.export([question])
    except ValueError:
        return False
    return True


def home_of(course: Course, quiz_id: int | None) -> Home | None:
    """The quiz of that number, or without one the bank; None when the course has no such quiz."""
    return course if quiz_id is None else places.quiz_of(course, quiz_id)
