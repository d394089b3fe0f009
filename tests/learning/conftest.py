"""A course that bob learns in."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.core import work
from lms.core.db import db
from lms.core.models import Event
from lms.courses.models import Lesson
from lms.learning import actions
from tests import factories


class Class:
    """The course `tea` of alice, with bob enrolled in it."""

    def __init__(self, app: Flask, owner, learner, lessons: int = 3) -> None:
        self.app, self.learner = app, learner
        self.course = factories.course(app, owner, lessons=lessons)
        self.enrollment = self.enroll(learner)

    def enroll(self, person) -> int:
        with self.app.app_context(), work.unit():
            return actions.enroll(self.course.id, person.id, factories.NOW).enrollment_id

    def complete(self, slug: str, at=factories.NOW, unmet=()) -> actions.Completion:
        with self.app.app_context(), work.unit():
            return actions.complete_lesson(self.enrollment, self.lesson(slug), unmet, at)

    def lesson(self, slug: str) -> int:
        return db.session.scalar(
            select(Lesson.id).where(Lesson.course_id == self.course.id, Lesson.slug == slug)
        )

    def change(self, *changes) -> None:
        with self.app.app_context(), work.unit():
            for change in changes:
                db.session.execute(change)

    def row(self, model, **facts):
        with self.app.app_context():
            return db.session.scalars(select(model).filter_by(**facts)).one_or_none()

    def events(self, name: str) -> int:
        with self.app.app_context():
            return db.session.scalar(select(func.count()).where(Event.name == name))


@pytest.fixture
def tea(app, alice, bob) -> Class:
    return Class(app, alice, bob)
