"""What an export reads of a course: everything that is not removed, in the course's order."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from lms.assignments.models import Assignment
from lms.core.db import AnyRow, db
from lms.courses.models import CourseAsset, Lesson, LessonPage, Module
from lms.files.models import StoredFile
from lms.quizzes.models import Question, QuestionVersion, Quiz, QuizDraw


def modules(course_id: int) -> Sequence[Module]:
    return db.session.scalars(
        select(Module)
        .where(Module.course_id == course_id, Module.removed_at.is_(None))
        .order_by(Module.position, Module.id)
    ).all()


def lessons(course_id: int) -> Sequence[Lesson]:
    return db.session.scalars(
        select(Lesson)
        .where(Lesson.course_id == course_id, Lesson.removed_at.is_(None))
        .order_by(Lesson.position, Lesson.id)
    ).all()


def assets(course_id: int) -> Sequence[AnyRow]:
    """Path in the folder, key in the storage, size in bytes."""
    return db.session.execute(
        select(CourseAsset.path, StoredFile.key, StoredFile.size)
        .join(StoredFile, StoredFile.id == CourseAsset.file_id)
        .where(CourseAsset.course_id == course_id)
    ).all()


@dataclass(frozen=True, slots=True)
class Parts:
    """What hangs on lessons and quizzes, by their ids; questions as rows with their current version."""

    pages: dict[int, list[LessonPage]] = field(default_factory=lambda: defaultdict(list))
    quizzes: dict[int, list[Quiz]] = field(default_factory=lambda: defaultdict(list))
    assignments: dict[int, list[Assignment]] = field(default_factory=lambda: defaultdict(list))
    questions: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))
    draws: dict[int, list[QuizDraw]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, course_id: int) -> Self:
        """Everything of one course, in five statements."""
        parts, origin = cls(), aliased(Question)
        live = select(Lesson.id).where(Lesson.course_id == course_id, Lesson.removed_at.is_(None))
        for page in db.session.scalars(
            select(LessonPage)
            .where(LessonPage.lesson_id.in_(live), LessonPage.removed_at.is_(None))
            .order_by(LessonPage.position, LessonPage.id)
        ):
            parts.pages[page.lesson_id].append(page)
        for quiz in db.session.scalars(
            select(Quiz)
            .where(Quiz.lesson_id.in_(live), Quiz.removed_at.is_(None))
            .order_by(Quiz.position, Quiz.id)
        ):
            parts.quizzes[quiz.lesson_id].append(quiz)
        for brief in db.session.scalars(
            select(Assignment)
            .where(Assignment.lesson_id.in_(live), Assignment.removed_at.is_(None))
            .order_by(Assignment.position, Assignment.id)
        ):
            parts.assignments[brief.lesson_id].append(brief)
        for row in db.session.execute(
            select(
                Question.quiz_id,
                Question.source_id,
                Question.points,
                Question.title,
                Question.category,
                Question.tags,
                origin.source_id.label("origin"),
                QuestionVersion.content,
                QuestionVersion.key,
            )
            .join(QuestionVersion, QuestionVersion.id == Question.version_id)
            .join(Quiz, Quiz.id == Question.quiz_id)
            .outerjoin(origin, and_(origin.id == Question.origin_id, origin.removed_at.is_(None)))
            .where(Quiz.course_id == course_id, Question.removed_at.is_(None))
            .order_by(Question.position, Question.id)
        ):
            parts.questions[row.quiz_id].append(row)
        for draw in db.session.scalars(
            select(QuizDraw)
            .join(Quiz, Quiz.id == QuizDraw.quiz_id)
            .where(Quiz.course_id == course_id)
            .order_by(QuizDraw.position, QuizDraw.id)
        ):
            parts.draws[draw.quiz_id].append(draw)
        return parts
