"""Finding what an author names: quizzes, questions and draws that are there, within one course."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, or_, select

from lms.core.db import AnyRow, db
from lms.courses.models import Course, Lesson
from lms.quizzes.models import Question, QuestionVersion, Quiz, QuizDraw


def quiz_of(course: Course, quiz_id: int) -> Quiz | None:
    """A quiz of the course whose lesson is there too."""
    statement = (
        select(Quiz)
        .join(Lesson, Lesson.id == Quiz.lesson_id)
        .where(
            Quiz.id == quiz_id,
            Quiz.course_id == course.id,
            Quiz.removed_at.is_(None),
            Lesson.removed_at.is_(None),
        )
    )
    return db.session.scalars(statement).one_or_none()


def removed_quiz(course: Course, quiz_id: int) -> Quiz | None:
    """A quiz of the course that can be brought back, or was already."""
    statement = select(Quiz).where(Quiz.id == quiz_id, Quiz.course_id == course.id)
    return db.session.scalars(statement).one_or_none()


def question_of(course: Course, question_id: int, *, removed: bool = False) -> Question | None:
    """A question of a quiz of the course or of its bank; with `removed` also one that was taken out."""
    statement = (
        select(Question)
        .outerjoin(Quiz, Quiz.id == Question.quiz_id)
        .where(
            Question.id == question_id,
            or_(
                Question.course_id == course.id,
                (Quiz.course_id == course.id) & Quiz.removed_at.is_(None),
            ),
        )
    )
    if not removed:
        statement = statement.where(Question.removed_at.is_(None))
    return db.session.scalars(statement).one_or_none()


def home_of(course: Course, question: Question) -> Quiz | Course:
    """The quiz that the question stands in, or the course whose bank it is in."""
    return course if question.quiz_id is None else db.session.get_one(Quiz, question.quiz_id)


def questions_of(home: Quiz | Course) -> list[Question]:
    """The questions that are there, in order."""
    statement = select(Question).where(_in(home), Question.removed_at.is_(None))
    return list(db.session.scalars(statement.order_by(Question.position, Question.id)))


def source_ids(home: Quiz | Course) -> set[str]:
    """Names that are in use, also by what was removed: it may come back."""
    return set(db.session.scalars(select(Question.source_id).where(_in(home))))


def bank_questions(course: Course, ids: Iterable[int]) -> Sequence[Question]:
    """Those of `ids` that are in the bank of the course, in the bank's order."""
    statement = select(Question).where(
        Question.course_id == course.id, Question.id.in_(list(ids)), Question.removed_at.is_(None)
    )
    return db.session.scalars(statement.order_by(Question.position, Question.id)).all()


def version_of(question: Question) -> QuestionVersion | None:
    """What the question asks now."""
    return db.session.get_one(QuestionVersion, question.version_id) if question.version_id else None


def asked_in(home: Quiz | Course) -> Sequence[AnyRow]:
    """id, source_id, points, position, title, category, tags, kind, content, key of each question, in order."""
    return db.session.execute(_asked().where(_in(home))).all()


def draws_of(quiz: Quiz) -> list[QuizDraw]:
    """The draws of a quiz, in order."""
    statement = select(QuizDraw).where(QuizDraw.quiz_id == quiz.id)
    return list(db.session.scalars(statement.order_by(QuizDraw.position, QuizDraw.id)))


def asks(quiz: Quiz) -> bool:
    """Whether the quiz asks anything, as `queries.asks_sql` says it of many."""
    return bool(draws_of(quiz)) or any(row.kind != "description" for row in asked_in(quiz))


def _asked() -> Select[Any]:
    return (
        select(
            Question.id,
            Question.source_id,
            Question.points,
            Question.position,
            Question.title,
            Question.category,
            Question.tags,
            QuestionVersion.id.label("version_id"),
            QuestionVersion.kind,
            QuestionVersion.content,
            QuestionVersion.key,
        )
        .join(QuestionVersion, QuestionVersion.id == Question.version_id)
        .where(Question.removed_at.is_(None))
        .order_by(Question.position, Question.id)
    )


def _in(home: Quiz | Course) -> Any:
    return Question.quiz_id == home.id if isinstance(home, Quiz) else Question.course_id == home.id
