"""Bringing stored rows to what a course folder says, by stable ids, touching only what differs."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import select

from lms.assignments.models import Assignment
from lms.core.db import db
from lms.courses.models import Course, Lesson, LessonPage, Module
from lms.interop import leaving, regrading
from lms.interop.course_folder.model import (
    AssignmentSource,
    BankSource,
    DrawSource,
    LessonSource,
    ModuleSource,
    PageSource,
    Problem,
    QuizSource,
)
from lms.interop.course_folder.rendering import RenderedCourse
from lms.interop.gift.export import export as as_gift
from lms.interop.gift.report import GiftQuestion
from lms.interop.report import Changes, TextChange
from lms.quizzes.content import content_from_json
from lms.quizzes.keys import key_from_json
from lms.quizzes.models import Question, QuestionVersion, Quiz, QuizDraw

WORDS_A_MINUTE = 180
WARM_UP = "pre-"
"""A quiz file whose name begins so is a warm-up: practice, not required, unless the lesson says otherwise."""

Row = TypeVar("Row")


def apply(row: Any, values: Mapping[str, Any]) -> bool:
    """Set what differs; whether anything did."""
    differing = {
        name: value for name, value in values.items() if not _is_same(name, getattr(row, name), value)
    }
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)


def _is_same(name: str, old: Any, new: Any) -> bool:
    """Line ends and empty lines around a text are the editor's business, not the author's."""
    if old != new and name in ("body", "description") and isinstance(old, str):
        return _bare(old) == _bare(new)
    return bool(old == new)


def _bare(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def _minutes(source: LessonSource, words: int) -> int:
    said = source.duration_minutes
    return said if said is not None else max(1, round(words / WORDS_A_MINUTE))


class Sync:
    """One import into one course. Rows that left the folder are marked removed: learners' work hangs on them."""

    def __init__(self, course: Course, rendered: RenderedCourse, at: datetime) -> None:
        self.course = course
        self.rendered = rendered
        self.at = at
        self.changes = Changes()
        self.warnings: list[Problem] = []

    def html(self, path: str) -> str:
        return self.rendered.texts[path].html

    def modules(self, sources: Iterable[ModuleSource]) -> None:
        """Modules, and everything in them."""
        rows = self._rows(Module)
        lessons: list[tuple[Module, LessonSource]] = []
        for position, source in enumerate(sources, 1):
            values = {
                "slug": source.slug,
                "title": source.title,
                "body": source.body,
                "body_html": self.html(source.path) if source.path in self.rendered.texts else "",
                "position": position,
                "removed_at": None,
            }
            row = self._put(
                rows,
                "module",
                source.id,
                source.title,
                values,
                lambda **v: Module(course_id=self.course.id, **v),
            )
            lessons += [(row, lesson) for lesson in source.lessons]
        self._remove(rows, "module")
        self._lessons(lessons)

    def _lessons(self, sources: list[tuple[Module, LessonSource]]) -> None:
        rows = self._rows(Lesson)
        wanted = {source.id: source.slug for _, source in sources}
        # What leaves goes first: a lesson that only got another id takes its address.
        self._remove({key: row for key, row in rows.items() if key not in wanted}, "lesson")
        self._free_slugs(rows, wanted)
        kept = []
        for position, (module, source) in enumerate(sources, 1):
            text = self.rendered.texts[source.path]
            values = {
                "module_id": module.id,
                "slug": source.slug,
                "title": source.title,
                "body": source.body,
                "body_html": text.html,
                "minutes": _minutes(source, text.words),
                "is_preview": source.preview,
                "is_required": source.required is not False,
                "release": dict(source.release) if source.release else None,
                "position": position,
                "removed_at": None,
            }
            if source.published is not None:
                values["is_published"] = source.published
            row = self._put(
                rows,
                "lesson",
                source.id,
                source.title,
                values,
                lambda **v: Lesson(course_id=self.course.id, **v),
            )
            kept.append((row, source))
        db.session.flush()
        quizzes, assignments = self._rows(Quiz), self._rows(Assignment)
        for row, source in kept:
            self._pages(row, source.pages)
            self._quizzes(row, source.quizzes, quizzes)
            self._assignments(row, source.assignments, assignments)
        self._remove(quizzes, "quiz")
        self.warnings += leaving.warnings(assignments.values())
        self._remove(assignments, "assignment")
        self.course.lesson_count = len(kept)
        self.course.minutes = sum(row.minutes for row, _ in kept)

    def _free_slugs(self, rows: Mapping[str, Lesson], wanted: Mapping[str, str]) -> None:
        """Lessons that swap addresses would collide half-way: those that change theirs let go of it first."""
        moving = [row for key, row in rows.items() if row.slug != wanted.get(key, row.slug)]
        for row in moving:
            row.slug = f"~{row.id}"
        if moving:
            db.session.flush()

    def _pages(self, lesson: Lesson, sources: Iterable[PageSource]) -> None:
        found = db.session.scalars(select(LessonPage).where(LessonPage.lesson_id == lesson.id))
        rows = {row.slug: row for row in found}
        for position, source in enumerate(sources, 1):
            values = {
                "title": source.title,
                "body": source.body,
                "body_html": self.html(source.path),
                "position": position,
                "removed_at": None,
            }
            self._put(
                rows,
                "page",
                source.slug,
                source.title,
                values,
                lambda **v: LessonPage(lesson_id=lesson.id, **v),
                key="slug",
            )
        self._remove(rows, "page")

    def _quizzes(self, lesson: Lesson, sources: Iterable[QuizSource], rows: dict[str, Quiz]) -> None:
        for position, source in enumerate(sources, 1):
            warm_up = source.slug.startswith(WARM_UP)
            mode = source.mode or ("practice" if warm_up else "graded")
            values = {
                "lesson_id": lesson.id,
                "slug": source.slug,
                "title": source.title,
                "mode": mode,
                "is_required": source.required if source.required is not None else not warm_up,
                "passing_percent": source.passing_score if source.passing_score is not None else 70,
                "time_limit": source.time_limit_seconds,
                "max_attempts": source.max_attempts,
                "shuffle_questions": bool(source.shuffle_questions),
                "shuffle_options": source.shuffle_options is not False,
                "counts": source.counts or "best",
                "one_per_page": bool(source.one_per_page),
                "reveal": source.reveal or "submission",
                "position": position,
                "removed_at": None,
            }
            # What an installation sets for its own term stays unless the folder says otherwise.
            if source.published is not None:
                values["is_published"] = source.published
            if source.reveal_score is not None:
                values["reveal_score"] = source.reveal_score
            if source.opens_at or source.closes_at:
                values |= {"opens_at": source.opens_at, "closes_at": source.closes_at}
            row = self._put(
                rows, "quiz", source.id, source.title, values, lambda **v: Quiz(course_id=self.course.id, **v)
            )
            kept = self._questions(
                Question.quiz_id == row.id, {"quiz_id": row.id}, source.path, source.points
            )
            self._from_bank(kept, source.from_bank)
            self._draws(row, source.draws)

    def bank(self, source: BankSource | None) -> None:
        """The question bank; a folder without one leaves it as it is. Before the modules, whose quizzes name it."""
        if source is not None:
            mine = {"course_id": self.course.id}
            self._questions(Question.course_id == self.course.id, mine, source.path, source.points)

    def _from_bank(self, kept: Mapping[str, Question], origins: Mapping[str, str]) -> None:
        if not origins and not any(row.origin_id for row in kept.values()):
            return
        bank = select(Question.source_id, Question.id).where(Question.course_id == self.course.id)
        ids = {row.source_id: row.id for row in db.session.execute(bank)}
        for key, row in kept.items():
            row.origin_id = ids.get(origins.get(key, ""))

    def _draws(self, quiz: Quiz, sources: Sequence[DrawSource]) -> None:
        rows = db.session.scalars(
            select(QuizDraw).where(QuizDraw.quiz_id == quiz.id).order_by(QuizDraw.position, QuizDraw.id)
        ).all()
        if [(r.count, tuple(r.tags), r.points) for r in rows] == [
            (s.count, s.tags, s.points) for s in sources
        ]:
            return
        for row in rows:
            db.session.delete(row)
        for position, source in enumerate(sources, 1):
            points = Decimal(source.points)
            db.session.add(
                QuizDraw(
                    quiz_id=quiz.id,
                    position=position,
                    count=source.count,
                    tags=list(source.tags),
                    points=points,
                )
            )
        self.changes.note("changed", "quiz", quiz.title)

    def _questions(
        self, are_there: Any, home: Mapping[str, int], path: str, worth: Mapping[str, int | Decimal]
    ) -> dict[str, Question]:
        """The questions of a quiz or of the bank, by their names."""
        rows = {row.source_id: row for row in db.session.scalars(select(Question).where(are_there))}
        kept: dict[str, Question] = {}
        versions = self._versions([row.version_id for row in rows.values()])
        for position, (key, source) in enumerate(named_questions(self.rendered.questions[path]), 1):
            content, secret = source.content.to_json(), source.key.to_json()
            name = source.title or source.content.text[:80]
            points = Decimal(worth.get(key, 1))
            filed = {"title": source.title, "category": source.category, "tags": list(source.tags)}
            row = rows.pop(key, None)
            fresh = row is None
            if row is None:
                row = Question(**home, source_id=key, position=position, points=points)
                db.session.add(row)
                db.session.flush()
            moved = apply(row, {"position": position, "points": points, "removed_at": None, **filed})
            current = versions.get(row.version_id or 0)
            if current is None or not _asks_the_same(current, source):
                version = QuestionVersion(
                    question_id=row.id,
                    number=current.number + 1 if current else 1,
                    kind=source.type,
                    content=content,
                    key=secret,
                )
                db.session.add(version)
                db.session.flush()
                row.version_id = version.id
                moved = True
            self.changes.note("added" if fresh else "changed" if moved else "kept", "question", name)
            kept[key] = row
        self._remove(rows, "question")
        return kept

    def _versions(self, ids: Iterable[int | None]) -> dict[int, QuestionVersion]:
        found = db.session.scalars(
            select(QuestionVersion).where(QuestionVersion.id.in_([i for i in ids if i]))
        )
        return {row.id: row for row in found}

    def _assignments(
        self, lesson: Lesson, sources: Iterable[AssignmentSource], rows: dict[str, Assignment]
    ) -> None:
        for position, source in enumerate(sources, 1):
            known = rows.get(source.id)
            rubric = _rubric(source, known)
            values = {
                **source.rules,
                "lesson_id": lesson.id,
                "slug": source.slug,
                "title": source.title,
                "body": source.body,
                "body_html": self.html(source.path),
                "rubric": rubric,
                "position": position,
                "removed_at": None,
            }
            # What is set on the page stays, where the folder does not say it.
            said = {"max_points": source.max_points, "is_required": source.required}
            values |= {name: value for name, value in said.items() if value is not None}
            if known is not None:
                self.warnings += regrading.follow(known, source.path, rubric)
                self.warnings += regrading.keep_points(known, source.points_at, values)
            self._put(
                rows,
                "assignment",
                source.id,
                source.title,
                values,
                lambda **v: Assignment(course_id=self.course.id, **v),
            )

    def _rows(self, table: type[Row]) -> dict[str, Row]:
        found = db.session.scalars(select(table).where(table.course_id == self.course.id))  # type: ignore[attr-defined]
        return {row.source_id: row for row in found}  # type: ignore[attr-defined]

    def _put(
        self,
        rows: dict[str, Row],
        kind: str,
        identity: str,
        name: str,
        values: dict[str, Any],
        make: Callable[..., Row],
        key: str = "source_id",
    ) -> Row:
        """The row of `identity`, taken out of `rows`, made or brought to `values`."""
        row = rows.pop(identity, None)
        if row is None:
            row = make(**{key: identity}, **values)
            db.session.add(row)
            db.session.flush()
            self.changes.note("added", kind, name)
            return row
        before = getattr(row, "body", None)
        if apply(row, values):
            self.changes.note("changed", kind, name)
            if before is not None and before != getattr(row, "body", None):
                self.changes.texts.append(TextChange(kind, name, before, values["body"]))
            if hasattr(row, "updated_at"):
                row.updated_at = self.at
        else:
            self.changes.note("kept", kind, name)
        return row

    def _remove(self, rows: Mapping[str, Any], kind: str) -> None:
        for row in rows.values():
            if row.removed_at is None:
                row.removed_at = self.at
                self.changes.note("removed", kind, getattr(row, "title", row.source_id))


def _asks_the_same(version: QuestionVersion, source: GiftQuestion) -> bool:
    """Options that are only numbered in another way are the same options: GIFT has no numbers."""
    if (version.content, version.key) == (source.content.to_json(), source.key.to_json()):
        return True
    try:
        stored = GiftQuestion(content_from_json(version.content), key_from_json(version.key))
        return as_gift([stored]) == as_gift([GiftQuestion(source.content, source.key)])
    except ValueError:
        return False


def named_questions(sources: Iterable[GiftQuestion]) -> list[tuple[str, GiftQuestion]]:
    """Each question with a stable name: its id, else its title, else a hash of what it asks; doubles are numbered."""
    seen: dict[str, int] = {}
    named = []
    for source in sources:
        asked = json.dumps(source.content.to_json(), sort_keys=True)
        name = source.id or source.title or f"q-{hashlib.sha256(asked.encode()).hexdigest()[:16]}"
        seen[name] = seen.get(name, 0) + 1
        named.append((name if seen[name] == 1 else f"{name}~{seen[name]}", source))
    return named


def _rubric(source: AssignmentSource, known: Assignment | None) -> dict[str, Any] | None:
    """The rubric as it is stored. What its levels are worth stays as it was set, where the folder does not say it."""
    rubric = source.rubric
    if rubric is None:
        return None
    criteria = [{"title": c.title, "cells": list(c.descriptions)} for c in rubric.criteria]
    percents = source.level_percents or ((known and known.rubric) or {}).get("percents")
    fits = percents and len(percents) == len(rubric.levels)
    return {"levels": list(rubric.levels), "criteria": criteria, **({"percents": percents} if fits else {})}
