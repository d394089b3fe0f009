"""Alice's workshop: a course that she makes."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.accounts.models import User
from lms.core import work
from lms.core.db import db
from lms.courses.models import Course, Lesson, Module
from lms.learning import actions as learning
from tests import factories
from tests.support.forms import token


class Workshop:
    """A browser without scripts at the course `tea`: one module `Basics` with three lessons."""

    def __init__(self, app: Flask, owner: User, browser: FlaskClient) -> None:
        self.app, self.browser = app, browser
        self.course = factories.course(app, owner, lessons=3, published=False)
        self.home = "/teaching/tea"
        self.token = token(browser, self.home)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form of the course's pages."""
        return self.browser.post(
            f"{self.home}{path}", data={"csrf_token": self.token, **(data or {})}, **more
        )

    def page(self, path: str = "") -> str:
        answer = self.browser.get(f"{self.home}{path}")
        assert answer.status_code == 200, answer.status
        return answer.text

    def outline(self) -> list[tuple[str, list[str]]]:
        """Titles, as the course has them."""
        with self.app.app_context():
            modules = db.session.execute(
                select(Module.id, Module.title)
                .where(Module.course_id == self.course.id, Module.removed_at.is_(None))
                .order_by(Module.position)
            ).all()
            return [
                (
                    title,
                    list(
                        db.session.scalars(
                            select(Lesson.title)
                            .where(Lesson.module_id == number, Lesson.removed_at.is_(None))
                            .order_by(Lesson.position)
                        )
                    ),
                )
                for number, title in modules
            ]

    def row(self, model: Any, **facts: Any) -> Any:
        with self.app.app_context():
            return db.session.scalars(select(model).filter_by(**facts)).one_or_none()

    def module(self, title: str = "Basics") -> int:
        return self.row(Module, title=title, removed_at=None).id

    def change(self, *statements: Any) -> None:
        with self.app.app_context(), work.unit():
            for statement in statements:
                db.session.execute(statement)

    def fields(self, title: str = "Lesson 1", **more: Any) -> dict[str, Any]:
        """What the editor's form of lesson 1 sends when little is changed."""
        return {
            "title": title,
            "body": "",
            "minutes": "10",
            "is_published": "y",
            "is_required": "y",
            "release": "",
            **more,
        }


@pytest.fixture
def tea(app: Flask, alice: User, as_user: Any) -> Workshop:
    return Workshop(app, alice, as_user(alice))


@pytest.fixture
def course(tea: Workshop) -> Course:
    return tea.course


@pytest.fixture
def live_tea(app: Flask, tea: Workshop, bob: User) -> Workshop:
    """The course is published, and bob has completed one of its three lessons."""
    tea.post("/publication")
    with app.app_context(), work.unit():
        number = learning.enroll(tea.course.id, bob.id, factories.NOW).enrollment_id
        first = db.session.scalar(select(Lesson.id).where(Lesson.slug == "lesson-1"))
        learning.complete_lesson(number, first, [], factories.NOW)
    return tea
