"""Decisions about courses."""

from typing import Protocol


class Person(Protocol):
    """Whoever asks: the viewer of a request or an account."""

    @property
    def role(self) -> str: ...

    @property
    def is_verified_instructor(self) -> bool: ...


NO_LESSON = "lesson"
UNFIT_QUIZ = "quiz"
CIRCLE = "circle"
"""What may be missing for publication; pages say it in words."""


def may_publish(person: Person) -> bool:
    """Only a verified instructor or an admin publishes; that the course is theirs, the scope has said."""
    return person.role == "admin" or (person.role == "instructor" and person.is_verified_instructor)


def missing_for_publication(published_lessons: int, unfit_quizzes: int, circles: int = 0) -> tuple[str, ...]:
    """What a course still needs before it may be published; empty when nothing."""
    missing = {NO_LESSON: not published_lessons, UNFIT_QUIZ: bool(unfit_quizzes), CIRCLE: bool(circles)}
    return tuple(name for name, is_missing in missing.items() if is_missing)
