"""Quizzes: made, set, shown to learners, moved, copied, taken out and brought back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, func, select, text, update

from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.courses.naming import slug, unused
from lms.quizzes import deadlines, queries
from lms.quizzes.authoring import places
from lms.quizzes.authoring.questions import copied
from lms.quizzes.models import Attempt, Quiz, QuizDraw


def add_quiz(course: Course, lesson: Lesson, title: str, at: datetime) -> Quiz:
    """A new quiz without questions at the end of a lesson. Where learners see the lesson it begins hidden."""
    place = _place_in(course, lesson, slug(title, "quiz"))
    quiz = Quiz(course_id=course.id, title=title, is_published=not _is_seen(course, lesson), **place)
    db.session.add(quiz)
    db.session.flush()
    course.updated_at = at
    return quiz


def change_quiz(course: Course, quiz: Quiz, values: Mapping[str, Any], at: datetime) -> None:
    """Set fields of the quiz. Attempts under way keep their order and points; more time and another closing date
    reach them."""
    for name, value in values.items():
        setattr(quiz, name, value)
    course.updated_at = at
    db.session.flush()
    deadlines.follow_quiz(quiz.id, at)


def show_quiz(course: Course, quiz: Quiz, shown: bool, at: datetime) -> bool:
    """Let learners see the quiz, or hide it from them; attempts and grades stay. False when it can't be shown, as it
    asks nothing."""
    if shown and not places.asks(quiz):
        return False
    if quiz.is_published != shown:
        quiz.is_published = shown
        course.updated_at = at
    return True


def hide_silent(course: Course, lessons: Iterable[Lesson], at: datetime) -> list[str]:
    """Hide what asks nothing in `lessons` that learners see from now on, so that no quiz comes before them with its first
    question. The titles of what was hidden; a quiz that somebody has taken stays as it is."""
    seen = [lesson.id for lesson in lessons if _is_seen(course, lesson)]
    taken = exists().where(Attempt.quiz_id == Quiz.id)
    titles = db.session.scalars(
        update(Quiz)
        .where(Quiz.lesson_id.in_(seen), Quiz.removed_at.is_(None), Quiz.is_published, ~taken)
        .where(text(f"not {queries.asks_sql('quizzes')}"))
        .values(is_published=False)
        .returning(Quiz.title)
        .execution_options(synchronize_session="fetch")
    ).all()
    if titles:
        course.updated_at = at
    return list(titles)


def _is_seen(course: Course, lesson: Lesson) -> bool:
    return course.state != "draft" and lesson.is_published


def move_quiz(course: Course, quiz: Quiz, lesson: Lesson, at: datetime) -> None:
    """To the end of another lesson; its attempts come along, its name in course folders stays. Where it would come
    before learners by that it is hidden."""
    if quiz.lesson_id == lesson.id:
        return
    if _is_seen(course, lesson) and not _is_seen(course, db.session.get_one(Lesson, quiz.lesson_id)):
        quiz.is_published = False
    quiz.slug, quiz.position = _free_slug(lesson, quiz.slug), _last(lesson) + 1
    quiz.lesson_id = lesson.id
    course.updated_at = at


def remove_quiz(course: Course, quiz: Quiz, at: datetime) -> None:
    """Take the quiz out. Its questions and learners' attempts stay for `restore_quiz`."""
    quiz.removed_at = at
    course.updated_at = at


def restore_quiz(course: Course, quiz_id: int, at: datetime) -> Quiz | None:
    """Undo a removal; when its address was given away meanwhile it gets another."""
    quiz = places.removed_quiz(course, quiz_id)
    if quiz is not None and quiz.removed_at is not None:
        quiz.slug = _free_slug(db.session.get_one(Lesson, quiz.lesson_id), quiz.slug)
        quiz.removed_at = None
        course.updated_at = at
    return quiz


def copy_quizzes(course: Course, source: Lesson, target: Lesson, at: datetime) -> int:
    """The quizzes of a lesson with their settings, questions and draws once more, in another; hidden where learners see
    that lesson. How many."""
    found = db.session.scalars(
        select(Quiz)
        .where(Quiz.lesson_id == source.id, Quiz.removed_at.is_(None))
        .order_by(Quiz.position, Quiz.id)
    ).all()
    for quiz in found:
        _copy(course, quiz, target, at)
    return len(found)


def _copy(course: Course, quiz: Quiz, lesson: Lesson, at: datetime) -> Quiz:
    own = {"id", "lesson_id", "source_id", "slug", "position", "removed_at"}
    facts = {c.key: getattr(quiz, c.key) for c in Quiz.__table__.columns if c.key not in own}
    facts["is_published"] = quiz.is_published and not _is_seen(course, lesson)
    made = Quiz(**facts | _place_in(course, lesson, quiz.slug))
    db.session.add(made)
    db.session.flush()
    for question in places.questions_of(quiz):
        copied(question, made, at).origin_id = question.origin_id
    for draw in places.draws_of(quiz):
        facts = {name: getattr(draw, name) for name in ("position", "tags", "count", "points")}
        db.session.add(QuizDraw(quiz_id=made.id, **facts))
    return made


def _place_in(course: Course, lesson: Lesson, wanted: str) -> dict[str, Any]:
    name = _free_slug(lesson, wanted)
    taken = set(db.session.scalars(select(Quiz.source_id).where(Quiz.course_id == course.id)))
    source = unused(f"{lesson.source_id}/{name}", taken)
    return {"lesson_id": lesson.id, "slug": name, "source_id": source, "position": _last(lesson) + 1}


def _free_slug(lesson: Lesson, wanted: str) -> str:
    there = select(Quiz.slug).where(Quiz.lesson_id == lesson.id, Quiz.removed_at.is_(None))
    return unused(wanted, set(db.session.scalars(there)))


def _last(lesson: Lesson) -> int:
    statement = select(func.coalesce(func.max(Quiz.position), 0)).where(
        Quiz.lesson_id == lesson.id, Quiz.removed_at.is_(None)
    )
    return int(db.session.scalar(statement) or 0)


def add_draw(quiz: Quiz, count: int, tags: Sequence[str], points: Decimal) -> QuizDraw:
    """Let each new attempt draw `count` questions with all of `tags` from the bank of the course."""
    last = max((draw.position for draw in places.draws_of(quiz)), default=0)
    draw = QuizDraw(quiz_id=quiz.id, position=last + 1, count=count, tags=list(tags), points=points)
    db.session.add(draw)
    db.session.flush()
    return draw


def remove_draw(quiz: Quiz, draw_id: int) -> bool:
    """Draw no more of these. False when the quiz has no such draw."""
    draw = next((draw for draw in places.draws_of(quiz) if draw.id == draw_id), None)
    if draw is None:
        return False
    db.session.delete(draw)
    db.session.flush()
    return True
