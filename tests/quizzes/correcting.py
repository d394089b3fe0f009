"""An author corrects a question: a new version beside the old one."""

from dataclasses import replace
from decimal import Decimal

from flask import Flask
from sqlalchemy import func, select

from lms.core import work
from lms.core.db import db
from lms.quizzes.keys import ChoiceKey, OptionMark
from lms.quizzes.models import Question, QuestionVersion, Quiz
from tests.support import quizzes


def correct(app: Flask, quiz: Quiz, position: int, pair: quizzes.Pair) -> None:
    """The question at this position is now this one."""
    content, key = pair
    with app.app_context(), work.unit():
        question = db.session.scalars(
            select(Question).where(Question.quiz_id == quiz.id, Question.position == position)
        ).one()
        latest = db.session.scalar(
            select(func.max(QuestionVersion.number)).where(QuestionVersion.question_id == question.id)
        )
        version = QuestionVersion(
            question_id=question.id,
            number=(latest or 0) + 1,
            kind=content.type,
            content=content.to_json(),
            key=key.to_json(),
        )
        db.session.add(version)
        db.session.flush()
        question.version_id = version.id


def single_with(right: str) -> quizzes.Pair:
    """The question of `quizzes.single()` with another right option."""
    content, key = quizzes.single()
    assert isinstance(key, ChoiceKey)
    marks = tuple(
        OptionMark(mark.id, Decimal(100 if mark.id == right else 0), mark.feedback) for mark in key.options
    )
    return content, replace(key, options=marks)
