"""`grade_categories` of course.md: how the grades of a course are counted together."""

from collections.abc import Iterable
from decimal import Decimal

from lms.interop.course_folder.fields import Fields
from lms.interop.course_folder.model import CategorySource, ModuleSource

NAME = "grade_categories"
FIELDS = frozenset({"name", "weight", "drop", "quizzes", "assignments"})
MOST = 12
LONGEST_NAME = 80


def read_categories(said: Fields, modules: Iterable[ModuleSource]) -> tuple[CategorySource, ...] | None:
    """The categories in their order; None where the folder does not say them. What is named in none counts in none."""
    if said.line(NAME) is None:
        return None
    entries = said.items(NAME)
    if len(entries) > MOST:
        said.wrong(NAME, f"may have at most {MOST} categories")
    lessons = [lesson for module in modules for lesson in module.lessons]
    free = {
        "quizzes": {quiz.id for lesson in lessons for quiz in lesson.quizzes},
        "assignments": {brief.id for lesson in lessons for brief in lesson.assignments},
    }
    known = {kind: frozenset(ids) for kind, ids in free.items()}
    found = tuple(one for entry in entries[:MOST] if (one := _category(entry, free, known)))
    if found and not any(one.weight for one in found):
        said.wrong(NAME, "needs a category with a weight above 0")
    return found


def _category(
    entry: Fields, free: dict[str, set[str]], known: dict[str, frozenset[str]]
) -> CategorySource | None:
    entry.unknown(FIELDS)
    name = entry.text("name", LONGEST_NAME)
    if not name or not name.isprintable():
        entry.wrong("name", "must say what the category is called")
        return None
    weight, drop = entry.amount("weight", 0, 1000), entry.number("drop", 0, 100)
    if weight is None:
        entry.wrong("weight", "must be a number from 0 to 1,000, such as 40")
    return CategorySource(
        name,
        Decimal(weight or 0),
        drop or 0,
        _members(entry, "quizzes", free, known),
        _members(entry, "assignments", free, known),
    )


def _members(
    entry: Fields, kind: str, free: dict[str, set[str]], known: dict[str, frozenset[str]]
) -> tuple[str, ...]:
    """The ids that are there and stand in no category before this one; others are named and left out."""
    found = []
    for identity in entry.texts(kind):
        if identity in free[kind]:
            free[kind].discard(identity)
            found.append(identity)
        elif identity in known[kind]:
            entry.doubt(kind, f"names {identity} a second time; it counts where it is named first")
        else:
            entry.doubt(kind, f"names {identity}, which is none of this course; it is left out")
    return tuple(found)
