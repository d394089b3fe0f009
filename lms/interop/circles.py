"""Lessons of a course folder that wait for each other."""

from lms.core.db import db
from lms.core.phrases import Phrase
from lms.courses.models import Lesson
from lms.interop.course_folder.model import Problem
from lms.learning import queries


def opened(course_id: int) -> list[Problem]:
    """Nobody could ever open them: the last lesson of each circle opens at once instead, and that is told."""
    problems = []
    for circle in queries.circles(course_id):
        last = max((db.session.get_one(Lesson, line.id) for line in circle), key=lambda row: row.position)
        last.release = None
        message = Phrase(
            "these lessons wait for each other: %(names)s; “%(last)s” opens at once instead",
            names=[line.title for line in circle],
            last=last.title,
        )
        problems.append(Problem("course.md", None, "warning", message))
    db.session.flush()
    return problems
