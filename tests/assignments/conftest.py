"""Bob and charlie have learnt in alice's course `tea` for a week; its first lesson asks for a pot of tea."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from werkzeug.test import TestResponse

from lms.assignments.models import Assignment
from lms.core import clock, work
from lms.core.db import db
from lms.courses.models import Lesson
from lms.learning import actions
from tests import factories
from tests.support import forms

LESSON = "/courses/tea/lessons/lesson-1"
BRIEF = f"{LESSON}/assignment"
WORK = f"{LESSON}/assignments/assignment"
TEACHING = "/teaching/tea"


@dataclass
class Desk:
    """The assignment and what people do with it, by their browsers without scripts."""

    app: Flask
    assignment: int

    def set(self, **rules: Any) -> None:
        """Change the rules of the assignment."""
        with self.app.app_context(), work.unit():
            row = db.session.get_one(Assignment, self.assignment)
            for name, value in rules.items():
                setattr(row, name, value)

    def look(self, statement: str, **values: Any) -> Any:
        with self.app.app_context():
            return db.session.execute(text(statement), values).all()

    def write(self, browser: FlaskClient, words: str, *, to: str = "submission", **more: str) -> TestResponse:
        """Type into the form as it stands on the page now, and send it."""
        fields = forms.filled(browser.get(BRIEF).text, "work-form") | {"text": words} | more
        return browser.post(f"{WORK}/{to}", data=fields)

    def hand_in(self, browser: FlaskClient, words: str, at: datetime = factories.NOW) -> TestResponse:
        with clock.stopped_at(at):
            return self.write(browser, words)

    def work_of(self, user: Any) -> int:
        return int(self.look("select id from submissions where user_id = :id", id=user.id)[0][0])

    def grade(
        self, browser: FlaskClient, user: Any, points: str, feedback: str = "", **more: str
    ) -> TestResponse:
        """Open the work at the desk, type, and save."""
        path = f"{TEACHING}/submissions/{self.work_of(user)}"
        fields = forms.filled(browser.get(path).text, "grade-form") | {"points": points, "feedback": feedback}
        return browser.post(f"{path}/grade", data=fields | more)


@pytest.fixture
def desk(app, alice, bob, charlie) -> Desk:
    course = factories.course(app, alice)
    with app.app_context(), work.unit():
        brief = Assignment(
            course_id=course.id,
            lesson_id=db.session.scalar(select(func.min(Lesson.id))),
            source_id="pot",
            slug="assignment",
            title="A pot of tea",
            body_html="<p>Make one.</p>",
            max_points=20,
            is_required=True,
            position=1,
        )
        db.session.add(brief)
        for person in (bob, charlie):
            actions.enroll(course.id, person.id, factories.NOW - timedelta(days=7))
        db.session.flush()
        return Desk(app, brief.id)
