"""The files of a course, and where each is used."""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from sqlalchemy import Text, bindparam, cast, func, literal, select, true, union_all

from lms.assignments.models import Assignment
from lms.core.access import Viewer
from lms.core.db import AnyRow, db
from lms.core.paging import Page
from lms.courses.models import Course, CourseAsset, Lesson, LessonPage, Module
from lms.courses.queries import teaches
from lms.files.models import StoredFile
from lms.quizzes.models import Question, QuestionVersion, Quiz

PER_PAGE = 50


def course(slug: str, viewer: Viewer) -> AnyRow | None:
    """The course of an address, for who may change it; how many files it has and how many bytes they take."""
    mine = true() if viewer.is_admin else teaches(viewer.id)
    theirs = select(CourseAsset.file_id).where(CourseAsset.course_id == Course.id).correlate(Course)
    return db.session.execute(
        select(
            Course.id,
            Course.slug,
            Course.title,
            Course.owner_id,
            Course.cover_path,
            theirs.with_only_columns(func.count()).scalar_subquery().label("files"),
            select(func.coalesce(func.sum(StoredFile.size), 0))
            .where(StoredFile.id.in_(theirs))
            .scalar_subquery()
            .label("used"),
        ).where(Course.slug == slug, Course.removed_at.is_(None), mine)
    ).one_or_none()


_FILES = select(
    CourseAsset.id,
    CourseAsset.path,
    StoredFile.size,
    StoredFile.media_type,
    StoredFile.width,
    StoredFile.height,
    StoredFile.created_at,
).join(StoredFile, StoredFile.id == CourseAsset.file_id)


def files(course: AnyRow, number: int) -> Page[AnyRow]:
    """Its files by name, PER_PAGE a page."""
    rows = db.session.execute(
        _FILES.where(CourseAsset.course_id == course.id)
        .order_by(CourseAsset.path)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    ).all()
    return Page(rows, number, course.files, PER_PAGE)


def file(course_id: int, asset_id: int) -> AnyRow | None:
    """One file of the course."""
    return db.session.execute(
        _FILES.where(CourseAsset.course_id == course_id, CourseAsset.id == asset_id)
    ).one_or_none()


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """A place that shows or links a file: `kind` is course, cover, module, lesson, page, assignment, quiz or bank;
    `lesson` is the slug to open, "" for the course itself."""

    kind: str
    title: str
    lesson: str = ""


def uses(course: AnyRow, paths: Collection[str]) -> dict[str, list[Use]]:
    """Where files of the course are used, by path. Whatever is removed does not count."""
    found: dict[str, set[Use]] = defaultdict(set)
    if course.cover_path:
        found[course.cover_path].add(Use("cover", course.title))
    pattern = re.escape(f"/courses/{course.slug}/assets/") + r'([^"?#\s,]+)'
    for row in db.session.execute(_texts(course.id, pattern)):
        for target in row.targets:
            found[unquote(target)].add(Use(row.kind, row.title, row.lesson))
    for row in db.session.execute(_QUESTIONS, {"course_id": course.id}):
        for path in paths:
            if path in row.said or path.removeprefix("assets/") in row.said:
                found[path].add(Use(row.kind, row.title, row.lesson))
    return {path: sorted(places) for path, places in found.items()}


def _texts(course_id: int, pattern: str) -> Any:
    """Every text with the files it names: one statement, each text read once and only its matches sent."""
    live, none = Lesson.removed_at.is_(None), literal("")
    texts = union_all(
        select(
            literal("course").label("kind"),
            Course.title,
            none.label("lesson"),
            Course.description_html.label("html"),
        ).where(Course.id == course_id),
        select(literal("module"), Module.title, none, Module.body_html).where(
            Module.course_id == course_id, Module.removed_at.is_(None)
        ),
        select(literal("lesson"), Lesson.title, Lesson.slug, Lesson.body_html).where(
            Lesson.course_id == course_id, live
        ),
        select(literal("page"), LessonPage.title, Lesson.slug, LessonPage.body_html)
        .join(Lesson, Lesson.id == LessonPage.lesson_id)
        .where(Lesson.course_id == course_id, live, LessonPage.removed_at.is_(None)),
        select(literal("assignment"), Assignment.title, Lesson.slug, Assignment.body_html)
        .join(Lesson, Lesson.id == Assignment.lesson_id)
        .where(Assignment.course_id == course_id, Assignment.removed_at.is_(None), live),
    ).subquery("texts")
    matches = (
        select(func.regexp_matches(texts.c.html, pattern, "g").label("match"))
        .correlate(texts)
        .lateral("matches")
    )
    targets = func.array_agg(func.array_to_string(matches.c.match, "")).label("targets")
    return (
        select(texts.c.kind, texts.c.title, texts.c.lesson, targets)
        .select_from(texts.join(matches, true()))
        .group_by(texts.c.kind, texts.c.title, texts.c.lesson)
    )


_SAID = func.string_agg(cast(QuestionVersion.content, Text) + cast(QuestionVersion.key, Text), " ").label(
    "said"
)
_NAMES_A_FILE = cast(QuestionVersion.content, Text).regexp_match(r"\.[a-zA-Z0-9]{2,5}")
_QUESTIONS = union_all(
    select(literal("quiz").label("kind"), Quiz.title, Lesson.slug.label("lesson"), _SAID)
    .join(Lesson, Lesson.id == Quiz.lesson_id)
    .join(Question, Question.quiz_id == Quiz.id)
    .join(QuestionVersion, QuestionVersion.id == Question.version_id)
    .where(
        Quiz.course_id == bindparam("course_id"),
        Quiz.removed_at.is_(None),
        Question.removed_at.is_(None),
        Lesson.removed_at.is_(None),
        _NAMES_A_FILE,
    )
    .group_by(Quiz.id, Lesson.slug),
    select(literal("bank"), Course.title, literal(""), _SAID)
    .join(Question, Question.course_id == Course.id)
    .join(QuestionVersion, QuestionVersion.id == Question.version_id)
    .where(Course.id == bindparam("course_id"), Question.removed_at.is_(None), _NAMES_A_FILE)
    .group_by(Course.id),
)


def used_by(course: AnyRow, path: str) -> list[Use]:
    """Where one file is used."""
    return uses(course, [path]).get(path, [])
