"""Many learners who take a quiz at once, without their browsers."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Flask

from lms.accounts.models import User
from lms.core import work
from lms.courses.models import Course
from lms.quizzes import actions, queries
from lms.quizzes.models import Quiz
from tests import factories
from tests.support import quizzes

GRACE = timedelta(seconds=30)


def class_of(app: Flask, course: Course, count: int) -> list[User]:
    """So many learners of the course."""
    people = [factories.person(app, f"Learner {n}", f"learner{n}@example.com") for n in range(1, count + 1)]
    for person in people:
        quizzes.enrolled(app, person, course)
    return people


def sit(
    app: Flask,
    course: Course,
    quiz: Quiz,
    person: User,
    answers: Sequence[Mapping[str, Any] | None],
    at: datetime = factories.NOW,
) -> int:
    """Take the quiz: stored responses by slot (None: skipped), one each half minute; then hand in."""
    with app.app_context(), work.unit():
        row = queries.quiz_for(course.slug, "lesson-1", quiz.slug, user_id=person.id, is_admin=False)
        assert row is not None
        attempt = actions.start(row, person.id, at, GRACE).attempt_id
        assert attempt is not None
        for slot, response in enumerate(answers):
            if response is not None:
                moment = at + timedelta(seconds=30 * (slot + 1))
                actions.save(attempt, slot, person.id, dict(response), 1, moment, GRACE)
        actions.close(attempt, at + timedelta(hours=1), "learner")
    return attempt
