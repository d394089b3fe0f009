"""Modules and lessons as files, with the settings of their quizzes and assignments in the lesson's front matter."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from lms.assignments.models import Assignment
from lms.core.phrases import Phrase
from lms.courses.models import Lesson, Module
from lms.interop.course_folder.model import Problem
from lms.interop.export_documents import (
    assignment_text,
    document,
    folder_name,
    named,
    page_files,
    said_moment,
    said_slug,
    said_title,
    whole,
)
from lms.interop.export_rows import Parts
from lms.interop.gift.export import export as as_gift
from lms.interop.gift.report import GiftQuestion
from lms.interop.moodle_xml.export import export as as_xml
from lms.quizzes.content import content_from_json
from lms.quizzes.keys import key_from_json
from lms.quizzes.models import Quiz, QuizDraw


class Named(NamedTuple):
    """A folder: its numbered path, and its name without the number."""

    path: str
    name: str


def module_file(folder: Named, module: Module) -> bytes:
    """The module's `module.md`."""
    values = {
        "id": module.source_id,
        "slug": said_slug("module", folder.name, module.slug, module.title, module.source_id),
        "title": said_title(module.title, module.body),
    }
    return document(values, module.body)


def lesson_files(
    module: Named, position: int, lesson: Lesson, parts: Parts, notes: list[Problem]
) -> dict[str, bytes]:
    """All files of a lesson by path. What can't be written goes to `notes`."""
    name = folder_name("lesson", lesson.slug, lesson.source_id, lesson.title)
    folder = f"{module.path}/{named(position, name)}"
    files: dict[str, bytes] = {}
    quizzes = []
    for quiz in parts.quizzes[lesson.id]:
        path, draws = f"{folder}/{quiz.slug}", parts.draws[quiz.id]
        file, text = quiz_file(path, parts.questions[quiz.id], notes, only_draws=ONLY_DRAWS if draws else b"")
        if text:
            files[f"{folder}/{file}"] = text
            quizzes.append(_quiz_settings(file, quiz, parts.questions[quiz.id], draws))
    briefs = []
    for number, brief in enumerate(parts.assignments[lesson.id]):
        file = f"{brief.slug}.md" if number else "assignment.md"
        files[f"{folder}/{file}"] = assignment_text(brief.body, brief.rubric)
        briefs.append(_assignment_settings(file, brief))
    files |= {f"{folder}/{page.name}": page.bytes() for page in page_files(parts.pages[lesson.id])}
    values = {
        "id": lesson.source_id,
        "slug": said_slug("lesson", name, lesson.slug, lesson.title, lesson.source_id),
        "title": said_title(lesson.title, lesson.body),
        "duration": lesson.minutes,
        "preview": lesson.is_preview or None,
        "required": None if lesson.is_required else False,
        "published": None if lesson.is_published else False,
        "release": lesson.release,
        "quizzes": quizzes,
        "assignments": briefs,
    }
    return {f"{folder}/lesson.md": document(values, lesson.body), **files}


ONLY_DRAWS = b"// Every question of this quiz is drawn from the bank.\n"
"""The file of a quiz that asks nothing of its own."""


def quiz_file(
    path: str, rows: Sequence[Any], notes: list[Problem], *, only_draws: bytes = b""
) -> tuple[str, bytes]:
    """The name of the quiz's file and its content: GIFT, or Moodle XML when GIFT cannot hold a question; b"" when no
    question is left to write. `path` has no ending."""
    written = []
    for row in rows:
        try:
            question = GiftQuestion(
                content_from_json(row.content),
                key_from_json(row.key),
                id=row.source_id,
                title=row.title,
                tags=tuple(row.tags),
                category=row.category,
            )
            as_xml([question])
        except ValueError as error:
            message = Phrase(
                "the question %(name)s is not in the export: %(why)s", name=row.source_id, why=str(error)
            )
            notes.append(Problem(f"{path}.gift", None, "warning", message))
        else:
            written.append(question)
    name = path.rsplit("/", 1)[-1]
    if not written and only_draws:
        return f"{name}.gift", only_draws
    if not written:
        message = Phrase("the quiz is not in the export: it asks nothing")
        notes.append(Problem(f"{path}.gift", None, "warning", message))
        return f"{name}.gift", b""
    try:
        return f"{name}.gift", as_gift(written).encode()
    except ValueError:
        return f"{name}.xml", as_xml(written)


def _quiz_settings(
    file: str, quiz: Quiz, questions: Sequence[Any], draws: Sequence[QuizDraw]
) -> dict[str, Any]:
    """Everything that importing would otherwise guess, so that a setting never depends on a file's name."""
    points = {row.source_id: whole(row.points) for row in questions if row.points != 1}
    limit = quiz.time_limit
    said = {
        "file": file,
        "id": quiz.source_id,
        "slug": said_slug("quiz", quiz.slug, quiz.slug, quiz.title, quiz.source_id),
        "title": quiz.title,
        "mode": quiz.mode,
        "required": quiz.is_required,
        "published": None if quiz.is_published else False,
        "passing_score": plain(quiz.passing_percent),
        "max_attempts": quiz.max_attempts,
        "time_limit_minutes": limit // 60 if limit and limit % 60 == 0 else None,
        "time_limit_seconds": limit if limit and limit % 60 else None,
        "counts": quiz.counts if quiz.counts != "best" else None,
        "shuffle_questions": quiz.shuffle_questions or None,
        "shuffle_options": None if quiz.shuffle_options else False,
        "one_per_page": quiz.one_per_page or None,
        "reveal": quiz.reveal if quiz.reveal != "submission" else None,
        "reveal_score": quiz.reveal_score if quiz.reveal_score != "submission" else None,
        "opens": said_moment(quiz.opens_at),
        "closes": said_moment(quiz.closes_at),
        "points": {name: plain(value) for name, value in points.items()},
        "draws": [_draw(draw) for draw in draws],
        "from_bank": {row.source_id: row.origin for row in questions if row.origin},
    }
    return {name: value for name, value in said.items() if value not in (None, {}, [])}


def _draw(draw: QuizDraw) -> dict[str, Any]:
    said = {"count": draw.count, "tags": list(draw.tags), "points": plain(draw.points)}
    return {name: value for name, value in said.items() if value != []}


def _assignment_settings(file: str, brief: Assignment) -> dict[str, Any]:
    said = {
        "file": file,
        "id": brief.source_id,
        "slug": brief.slug if file != "assignment.md" else None,
        "title": said_title(brief.title, brief.body),
        "max_points": plain(brief.max_points),
        "required": brief.is_required,
        **_assignment_rules(brief),
    }
    return {name: value for name, value in said.items() if value is not None}


def _assignment_rules(brief: Assignment) -> dict[str, Any]:
    """When it is due and how it is taken; what is as usual is not said."""
    takes = [name for name, taken in (("text", brief.takes_text), ("files", brief.takes_files)) if taken]
    is_late_said = brief.late_policy == "percent"
    return {
        "due": said_moment(brief.due_at),
        "closes": said_moment(brief.closes_at),
        "time_zone": brief.time_zone if brief.due_at else None,
        "late": brief.late_policy if brief.late_policy != "none" else None,
        "late_percent": plain(brief.late_percent) if is_late_said else None,
        "accepts": takes if len(takes) == 1 else None,
        "attempts": brief.max_attempts,
        "passing": plain(brief.passing_percent) if brief.passing_percent is not None else None,
        "blind": brief.is_blind or None,
        "release": "together" if brief.released_together else None,
        "level_percents": (brief.rubric or {}).get("percents"),
    }


def plain(value: Any) -> int | float | None:
    found = whole(value)
    return found if found is None or isinstance(found, int) else float(found)
