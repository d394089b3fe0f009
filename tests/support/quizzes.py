"""Quizzes to take: one question of each type, written as an author would, and the people enrolled."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import Flask
from sqlalchemy import select

from lms.accounts.models import User
from lms.core import work
from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.learning.models import Enrollment
from lms.quizzes.content import TRUE_FALSE_OPTIONS, ChoiceContent, Content, OpenContent, Text, numbered
from lms.quizzes.keys import (
    AcceptedNumber,
    AcceptedText,
    ChoiceKey,
    Key,
    NumericKey,
    OpenKey,
    OptionMark,
    ShortAnswerKey,
    match_up,
)
from lms.quizzes.models import Question, QuestionVersion, Quiz
from tests.factories import NOW

Pair = tuple[Content, Key]

SECRET = "because-of-the-boiling-point"
"""Stands in every feedback, so that a page that gives feedback away is found out."""


def single(text: str = "Which water is best for green tea?") -> Pair:
    """Right is option 2, "80 degrees"."""
    options = numbered([Text("60 degrees"), Text("80 degrees"), Text("100 degrees")])
    marks = tuple(
        OptionMark(option.id, Decimal(100 if option.id == "2" else 0), Text(f"{SECRET} {option.id}"))
        for option in options
    )
    return ChoiceContent("single", text, options), ChoiceKey("single", marks, Text(f"{SECRET} in general"))


def multiple() -> Pair:
    """Right are options 1 and 2."""
    options = numbered([Text("Assam"), Text("Darjeeling"), Text("Arabica")])
    weights = {"1": Decimal(50), "2": Decimal(50), "3": Decimal(-100)}
    marks = tuple(OptionMark(option.id, weights[option.id]) for option in options)
    return ChoiceContent("multiple", "Which are teas?", options), ChoiceKey("multiple", marks)


def true_false() -> Pair:
    """Right is "true"."""
    marks = (OptionMark("true", Decimal(100)), OptionMark("false", Decimal(0), Text(SECRET)))
    return ChoiceContent("true_false", "Tea is a leaf.", TRUE_FALSE_OPTIONS), ChoiceKey("true_false", marks)


def short_answer() -> Pair:
    """Right is "oolongleaf"."""
    key = ShortAnswerKey((AcceptedText("oolongleaf", feedback=Text(SECRET)),))
    return OpenContent("short_answer", "What is half-fermented tea called?"), key


def numeric() -> Pair:
    """Right is 3.5 minutes, a half more or less."""
    return OpenContent("numeric", "How many minutes?"), NumericKey(
        (AcceptedNumber(Decimal("3.5"), Decimal("0.5")),)
    )


def matching() -> Pair:
    """Green from China, black from India; Kenya fits nothing. Ids: 1 China, 2 India, 3 Kenya."""
    return match_up(Text("Where from?"), [(Text("Longjing"), "China"), (Text("Nilgiri"), "India")], ["Kenya"])


def essay() -> Pair:
    return OpenContent("essay", "Why do you drink tea?"), OpenKey("essay")


def one_of_each() -> list[Pair]:
    return [single(), multiple(), true_false(), short_answer(), numeric(), matching()]


RIGHT: dict[str, dict[str, Any]] = {
    "single": {"option": "2"},
    "multiple": {"options": ["1", "2"]},
    "true_false": {"option": "true"},
    "short_answer": {"text": "Oolongleaf"},
    "numeric": {"text": "3,5"},
    "matching": {"pair-1": "1", "pair-2": "2"},
}
"""What to enter for full points, by type of question."""


def enrolled(app: Flask, user: User, course: Course, at: datetime = NOW) -> Enrollment:
    """The user learns in the course."""
    with app.app_context(), work.unit():
        made = Enrollment(user_id=user.id, course_id=course.id, enrolled_at=at, last_active_at=at)
        db.session.add(made)
        db.session.flush()
        db.session.expunge(made)
    return made


def quiz(app: Flask, course: Course, pairs: list[Pair] | None = None, **settings: Any) -> Quiz:
    """A quiz `steeping` in the first lesson of the course; nothing is shuffled unless asked for."""
    with app.app_context(), work.unit():
        lesson_id = db.session.scalar(
            select(Lesson.id).where(Lesson.course_id == course.id).order_by(Lesson.position).limit(1)
        )
        facts = {"slug": "steeping", "title": "Steeping", "position": 1, "shuffle_options": False} | settings
        made = Quiz(course_id=course.id, lesson_id=lesson_id, source_id=facts["slug"], **facts)
        db.session.add(made)
        db.session.flush()
        for number, (content, key) in enumerate(one_of_each() if pairs is None else pairs, 1):
            ask(made, content, key, number)
        db.session.flush()
        db.session.expunge(made)
    return made


def ask(quiz: Quiz, content: Content, key: Key, position: int, points: Decimal = Decimal(1)) -> Question:
    """One more question of the quiz, within the caller's unit of work."""
    question = Question(quiz_id=quiz.id, source_id=str(position), position=position, points=points)
    db.session.add(question)
    db.session.flush()
    version = QuestionVersion(
        question_id=question.id, kind=content.type, content=content.to_json(), key=key.to_json()
    )
    db.session.add(version)
    db.session.flush()
    question.version_id = version.id
    return question
