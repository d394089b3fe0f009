"""The bank of a course: questions that quizzes take copies of, or draw from by chance."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, Text, cast, func, select

from lms.core.db import AnyRow, db
from lms.core.paging import PER_PAGE, Page
from lms.courses.models import Course
from lms.quizzes.authoring import places
from lms.quizzes.authoring.questions import copied
from lms.quizzes.models import Question, QuestionVersion, Quiz


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the bank is wanted; empty parts want everything."""

    tag: str = ""
    kind: str = ""
    words: str = ""

    @property
    def is_on(self) -> bool:
        return bool(self.tag or self.kind or self.words)


def page(course: Course, wanted: Filter, number: int) -> Page[AnyRow]:
    """Questions of the bank as rows of id, title, category, tags, points, kind, content, key; newest first."""
    found = (
        select(
            Question.id,
            Question.title,
            Question.category,
            Question.tags,
            Question.points,
            QuestionVersion.kind,
            QuestionVersion.content,
            QuestionVersion.key,
            func.count().over().label("total"),
        )
        .join(QuestionVersion, QuestionVersion.id == Question.version_id)
        .where(*_conditions(course, wanted))
        .order_by(Question.position.desc(), Question.id.desc())
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    rows = db.session.execute(found).all()
    return Page(rows, number, rows[0].total if rows else 0)


def _conditions(course: Course, wanted: Filter) -> list[Any]:
    conditions: list[Any] = [Question.course_id == course.id, Question.removed_at.is_(None)]
    if wanted.tag:
        conditions.append(Question.tags.bool_op("@>")(cast([wanted.tag], ARRAY(Text))))
    if wanted.kind:
        conditions.append(QuestionVersion.kind == wanted.kind)
    if wanted.words:
        asked = func.concat_ws(" ", Question.title, Question.category, QuestionVersion.content["text"].astext)
        conditions.append(asked.icontains(wanted.words, autoescape=True))
    return conditions


def tags(course: Course) -> list[tuple[str, int]]:
    """(tag, how many questions of the bank carry it), by name."""
    tag = func.unnest(Question.tags).label("tag")
    each = select(tag).where(Question.course_id == course.id, Question.removed_at.is_(None)).subquery()
    counted = select(each.c.tag, func.count()).group_by(each.c.tag).order_by(each.c.tag)
    return [(name, number) for name, number in db.session.execute(counted)]


def use(course: Course, quiz: Quiz, ids: Iterable[int], at: datetime) -> list[Question]:
    """Copies of questions of the bank at the end of a quiz; each remembers where it came from."""
    made = []
    for question in places.bank_questions(course, ids):
        copy = copied(question, quiz, at)
        copy.origin_id = question.id
        made.append(copy)
    course.updated_at = at
    return made


def keep(course: Course, question: Question, at: datetime) -> Question:
    """A copy of a quiz's question in the bank, which the quiz's own draws leave out from now on."""
    made = copied(question, course, at)
    question.origin_id = made.id
    course.updated_at = at
    return made
