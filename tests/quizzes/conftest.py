"""Bob learns in Alice's course, and there is a quiz."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from lms.accounts.models import User
from lms.courses.models import Course
from lms.quizzes.models import Quiz
from tests import factories
from tests.support import quizzes


@pytest.fixture
def tea(app: Flask, alice: User, bob: User) -> Course:
    """Alice's course, in which Bob is enrolled."""
    course = factories.course(app, alice)
    quizzes.enrolled(app, bob, course)
    return course


@pytest.fixture
def make_quiz(app: Flask, tea: Course) -> Callable[..., Quiz]:
    """A quiz of the first lesson: make_quiz(pairs, time_limit=60, ...)."""

    def make(pairs: list[quizzes.Pair] | None = None, **settings: Any) -> Quiz:
        return quizzes.quiz(app, tea, pairs, **settings)

    return make
