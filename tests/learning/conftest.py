"""A course that bob learns in."""

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, update

from lms.assignments.models import Assignment
from lms.core import work
from lms.core.db import db
from lms.core.models import Event
from lms.courses.models import Lesson, LessonPage
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

    def write(self, slug: str, html: str, **more) -> None:
        """Set the text of a lesson, and what else is said of it."""
        self.change(update(Lesson).where(Lesson.slug == slug).values(body_html=html, **more))

    def add_page(self, slug: str, html: str, title: str = "A page") -> None:
        """A page of the second lesson."""
        place = {"lesson_id": self.row(Lesson, slug="lesson-2").id, "position": 1}
        self.change(insert(LessonPage).values(**place, slug=slug, title=title, body_html=html))

    def add_brief(self, title: str, html: str = "", **more) -> None:
        """The assignment `essay` of the second lesson."""
        lesson = self.row(Lesson, slug="lesson-2")
        place = {"course_id": lesson.course_id, "lesson_id": lesson.id, "position": 1}
        brief = {"source_id": "essay", "slug": "essay", "title": title, "body_html": html}
        self.change(insert(Assignment).values(**place, **brief, **more))

    def row(self, model, **facts):
        with self.app.app_context():
            return db.session.scalars(select(model).filter_by(**facts)).one_or_none()

    def events(self, name: str) -> int:
        with self.app.app_context():
            return db.session.scalar(select(func.count()).where(Event.name == name))


@pytest.fixture
def tea(app, alice, bob) -> Class:
    return Class(app, alice, bob)
