"""Reads for the people who make a course."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import JSON, and_, bindparam, func, literal_column, select, text
from sqlalchemy.sql.elements import ColumnElement

from lms.accounts.models import User
from lms.assignments.models import Assignment
from lms.core.db import AnyRow, db
from lms.courses.links import Part
from lms.courses.models import CourseInstructor, Lesson, LessonPage, Module, TextDraft
from lms.learning.models import Enrollment
from lms.learning.rules import READERS
from lms.quizzes.models import Quiz
from lms.quizzes.queries import asks_sql

_QUIZZES: ColumnElement[Any] = literal_column(
    f"""(select json_agg(json_build_object('id', q.id, 'title', q.title, 'is_required', q.is_required,
                                           'is_published', q.is_published, 'asks', {asks_sql("q")})
                         order by q.position, q.id)
           from quizzes q where q.lesson_id = lessons.id and q.removed_at is null)""",  # noqa: S608 - our own words
    JSON,
)
_ASSIGNMENTS = (
    select(func.count())
    .where(Assignment.lesson_id == Lesson.id, Assignment.removed_at.is_(None))
    .correlate(Lesson)
    .scalar_subquery()
)
_OUTLINE = (
    select(
        Module.id.label("module_id"),
        Module.title.label("module_title"),
        Lesson.id,
        Lesson.slug,
        Lesson.title,
        Lesson.minutes,
        Lesson.is_preview,
        Lesson.is_required,
        Lesson.is_published,
        Lesson.release.is_not(None).label("has_release"),
        (Lesson.body == "").label("is_empty"),
        TextDraft.saved_at.label("draft_at"),
        _QUIZZES.label("quizzes"),
        _ASSIGNMENTS.label("assignments"),
    )
    .select_from(Module)
    .outerjoin(Lesson, and_(Lesson.module_id == Module.id, Lesson.removed_at.is_(None)))
    .outerjoin(
        TextDraft,
        and_(
            TextDraft.kind == "lesson",
            TextDraft.text_id == Lesson.id,
            TextDraft.user_id == bindparam("user_id"),
        ),
    )
    .where(Module.course_id == bindparam("course_id"), Module.removed_at.is_(None))
    .order_by(Module.position, Module.id, Lesson.position, Lesson.id)
)


@dataclass
class Shelf:
    """A module with its lessons; `is_first` and `is_last` among the modules."""

    id: int
    title: str
    is_first: bool = False
    is_last: bool = False
    lessons: list[AnyRow] = field(default_factory=list)


def outline(course_id: int, user_id: int) -> list[Shelf]:
    """All modules with all lessons, published or not; `draft_at` is the reader's own unsaved work, `quizzes` are objects
    with the columns of `quizzes_of`, or None."""
    rows = db.session.execute(_OUTLINE, {"course_id": course_id, "user_id": user_id})
    shelves = [
        Shelf(number, title, lessons=[row for row in lines if row.id is not None])
        for (number, title), lines in groupby(rows, key=lambda row: (row.module_id, row.module_title))
    ]
    if shelves:
        shelves[0].is_first = shelves[-1].is_last = True
    return shelves


_PEOPLE = (
    select(User.id, User.name, User.email)
    .join(CourseInstructor, CourseInstructor.user_id == User.id)
    .where(CourseInstructor.course_id == bindparam("course_id"))
    .order_by(User.name)
)


def co_instructors(course_id: int) -> Sequence[AnyRow]:
    """id, name, email of those who teach the course beside its owner."""
    return db.session.execute(_PEOPLE, {"course_id": course_id}).all()


def learning_here(course_id: int, addresses: Iterable[str]) -> set[str]:
    """Which of the addresses, in small letters, learn in the course already."""
    keys = [address.lower() for address in addresses]
    statement = (
        select(func.lower(User.email))
        .join(Enrollment, Enrollment.user_id == User.id)
        .where(
            Enrollment.course_id == course_id, Enrollment.state.in_(READERS), func.lower(User.email).in_(keys)
        )
    )
    return set(db.session.scalars(statement))


def parts(course_id: int) -> Iterator[Part]:
    """Quizzes and assignments as places that texts can link to."""
    quizzes = select(Quiz.lesson_id, Quiz.slug, Quiz.title).where(
        Quiz.course_id == course_id, Quiz.removed_at.is_(None)
    )
    for row in db.session.execute(quizzes):
        yield row.lesson_id, f"{row.slug}.gift", f"quizzes/{row.slug}", row.title
    briefs = select(Assignment.lesson_id, Assignment.slug, Assignment.title).where(
        Assignment.course_id == course_id, Assignment.removed_at.is_(None)
    )
    for row in db.session.execute(briefs):
        yield row.lesson_id, f"{row.slug}.md", row.slug, row.title


def pages_of(lesson_id: int) -> Sequence[AnyRow]:
    """slug and title of a lesson's extra pages."""
    statement = select(LessonPage.slug, LessonPage.title).where(
        LessonPage.lesson_id == lesson_id, LessonPage.removed_at.is_(None)
    )
    return db.session.execute(statement.order_by(LessonPage.position)).all()


def page(lesson_id: int, name: str) -> LessonPage | None:
    """An extra page, to be edited."""
    statement = select(LessonPage).where(
        LessonPage.lesson_id == lesson_id, LessonPage.slug == name, LessonPage.removed_at.is_(None)
    )
    return db.session.scalars(statement).one_or_none()


def brief(lesson_id: int, name: str) -> Assignment | None:
    """An assignment, to be edited."""
    statement = select(Assignment).where(
        Assignment.lesson_id == lesson_id, Assignment.slug == name, Assignment.removed_at.is_(None)
    )
    return db.session.scalars(statement).one_or_none()


def lessons_before(course_id: int, lesson_id: int) -> list[tuple[str, str]]:
    """(source id, title) of every other lesson: what a release rule may wait for."""
    statement = (
        select(Lesson.source_id, Lesson.title)
        .where(Lesson.course_id == course_id, Lesson.id != lesson_id, Lesson.removed_at.is_(None))
        .order_by(Lesson.position)
    )
    return [(row.source_id, row.title) for row in db.session.execute(statement)]


def _quizzes(course_id: int) -> Sequence[AnyRow]:
    statement = (
        select(
            Quiz.source_id, Quiz.title, Quiz.slug, Lesson.id, Lesson.slug.label("lesson_slug"),
            Lesson.title.label("lesson_title"),
        )
        .join(Lesson, Lesson.id == Quiz.lesson_id)
        .where(Quiz.course_id == course_id, Quiz.removed_at.is_(None), Lesson.removed_at.is_(None))
        .order_by(Lesson.position, Quiz.position)
    )  # fmt: skip
    return db.session.execute(statement).all()


def quizzes_elsewhere(course_id: int, lesson_id: int) -> list[tuple[str, str]]:
    """(source id, title with its lesson's) of the quizzes of other lessons: a release rule may wait for their score."""
    rows = (row for row in _quizzes(course_id) if row.id != lesson_id)
    return [(row.source_id, f"{row.title} · {row.lesson_title}") for row in rows]


def quiz_named(course_id: int, name: str) -> str:
    """The source id of the quiz that a rule names, by id or as lesson/quiz; "" when there is none."""
    if not name:
        return ""
    rows = _quizzes(course_id)
    exact = (row.source_id for row in rows if row.source_id == name)
    short = (row.source_id for row in rows if f"{row.lesson_slug}/{row.slug}" == name)
    return next(exact, None) or next(short, "")


def lesson_choices(course_id: int) -> Sequence[AnyRow]:
    """slug and title of every lesson, in order."""
    statement = select(Lesson.slug, Lesson.title).where(
        Lesson.course_id == course_id, Lesson.removed_at.is_(None)
    )
    return db.session.execute(statement.order_by(Lesson.position)).all()


def lessons_by_module(course_id: int) -> list[tuple[str, list[AnyRow]]]:
    """(module title, its lessons as rows of slug and title), in order."""
    rows = db.session.execute(
        select(Module.id, Module.title.label("module"), Lesson.slug, Lesson.title)
        .join(Lesson, Lesson.module_id == Module.id)
        .where(Module.course_id == course_id, Module.removed_at.is_(None), Lesson.removed_at.is_(None))
        .order_by(Module.position, Module.id, Lesson.position, Lesson.id)
    )
    return [(title, list(same)) for (_, title), same in groupby(rows, key=lambda row: (row.id, row.module))]


_QUIZZES_OF = text(f"""
    select q.id, q.title, q.is_required, q.is_published, {asks_sql("q")} as asks from quizzes q
     where q.lesson_id = :lesson_id and q.removed_at is null order by q.position, q.id
""")  # noqa: S608 - our own words


def quizzes_of(lesson_id: int) -> Sequence[AnyRow]:
    """id and title of a lesson's quizzes, whether each is_required, is_published, and `asks` something: learners see
    what is published and asks."""
    return db.session.execute(_QUIZZES_OF, {"lesson_id": lesson_id}).all()


def quizzes_of_course(course_id: int) -> Sequence[AnyRow]:
    """id, title and lesson title of each quiz, in the order of the course."""
    statement = (
        select(Quiz.id, Quiz.title, Lesson.title.label("lesson"))
        .join(Lesson, Lesson.id == Quiz.lesson_id)
        .where(Quiz.course_id == course_id, Quiz.removed_at.is_(None), Lesson.removed_at.is_(None))
    )
    return db.session.execute(statement.order_by(Lesson.position, Quiz.position, Quiz.id)).all()


def briefs_of(lesson_id: int) -> Sequence[AnyRow]:
    """slug and title of a lesson's assignments, and whether each `is_empty`, so that learners don't see it."""
    is_empty = (Assignment.body_html == "").label("is_empty")
    statement = select(Assignment.slug, Assignment.title, is_empty).where(
        Assignment.lesson_id == lesson_id, Assignment.removed_at.is_(None)
    )
    return db.session.execute(statement.order_by(Assignment.position)).all()
