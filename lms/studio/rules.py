"""Decisions about the studio."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the publication checklist. `name` says which; `blocks` whether it keeps the course back."""

    name: str
    is_met: bool
    blocks: bool = False
    about: Sequence[Any] = ()


def may_keep_staff(person: Any, owner_id: int) -> bool:
    """Co-instructors are named, and a course is deleted, by its owner or an admin."""
    return bool(person.is_admin or person.id == owner_id)


def checklist(
    course: Any, shelves: Sequence[Any], unfit_quizzes: Sequence[Any], circles: Sequence[Any] = ()
) -> list[Check]:
    """What a course should have before learners come, what it must have first. `circles` are the lessons that wait for
    each other."""
    lessons = [lesson for shelf in shelves for lesson in shelf.lessons if lesson.is_published]
    empty = [lesson for lesson in lessons if lesson.is_empty]
    return [
        Check("lesson", bool(lessons), blocks=True),
        Check("quizzes", not unfit_quizzes, blocks=True, about=unfit_quizzes),
        *([Check("circles", False, blocks=True, about=circles)] if circles else []),
        *([Check("texts", not empty, about=empty)] if lessons else []),
        Check("summary", bool(course.summary)),
        Check("description", bool(course.description)),
        Check("cover", bool(course.cover_path)),
    ]


def may_be_published(checks: Sequence[Check]) -> bool:
    """Whether nothing that blocks is missing."""
    return all(check.is_met for check in checks if check.blocks)
