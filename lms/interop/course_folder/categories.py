"""`grade_categories` of course.md: how the grades of a course are counted together."""

from collections.abc import Iterable
from dataclasses import dataclass, field
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
        said.wrong(NAME, "`%(field)s` may have at most %(most)s categories", most=MOST)
    lessons = [lesson for module in modules for lesson in module.lessons]
    reader = _Reader(
        {
            "quizzes": frozenset(quiz.id for lesson in lessons for quiz in lesson.quizzes),
            "assignments": frozenset(brief.id for lesson in lessons for brief in lesson.assignments),
        }
    )
    found = tuple(one for entry in entries[:MOST] if (one := reader.category(entry)))
    if found and len(found) == len(entries) and not any(one.weight for one in found):
        said.wrong(NAME, "`%(field)s` needs a category with a weight above 0")
    return found


@dataclass(slots=True)
class _Reader:
    """Reads categories one after the other. `known` are the ids of the course's quizzes and of its assignments."""

    known: dict[str, frozenset[str]]
    names: set[str] = field(default_factory=set)
    placed: set[tuple[str, str]] = field(default_factory=set)

    def category(self, entry: Fields) -> CategorySource | None:
        """A category; None without a name and a weight."""
        entry.unknown(FIELDS)
        name = self._name(entry)
        weight, drop = entry.amount("weight", 0, 1000), entry.number("drop", 0, 100)
        if not entry.says("weight"):
            entry.wrong("weight", "`%(field)s` must be a number from 0 to 1,000, such as 40")
        quizzes, assignments = self._members(entry, "quizzes"), self._members(entry, "assignments")
        if not name or weight is None:
            return None
        return CategorySource(name, Decimal(weight), drop or 0, quizzes, assignments)

    def _name(self, entry: Fields) -> str:
        name = entry.text("name", LONGEST_NAME)
        if not entry.says("name") or not name.isprintable():
            entry.wrong("name", "`%(field)s` must say what the category is called")
        elif name and name.casefold() in self.names:
            entry.wrong(
                "name",
                "`%(field)s` is %(name)s, as of a category before it; two categories need two names",
                name=name,
            )
        self.names.add(name.casefold())
        return name

    def _members(self, entry: Fields, kind: str) -> tuple[str, ...]:
        """The ids that are there and stand in no category before this one. One that is not there is an error: grades
        of whoever it was meant for would be counted otherwise than its author thinks."""
        found = []
        for identity in entry.texts(kind):
            if identity not in self.known[kind]:
                self._unknown(entry, kind, identity)
            elif (kind, identity) in self.placed:
                entry.doubt(
                    kind,
                    "`%(field)s` names %(name)s a second time; it counts where it is named first",
                    name=identity,
                )
            else:
                self.placed.add((kind, identity))
                found.append(identity)
        return tuple(found)

    def _unknown(self, entry: Fields, kind: str, identity: str) -> None:
        other = "assignments" if kind == "quizzes" else "quizzes"
        if identity in self.known[other]:
            entry.wrong(
                kind,
                "`%(field)s` names %(name)s, which belongs under `%(other)s`",
                name=identity,
                other=other,
            )
        elif kind == "quizzes":
            entry.wrong(
                kind, "`%(field)s` names %(name)s, which is none of the quizzes of this course", name=identity
            )
        else:
            entry.wrong(
                kind,
                "`%(field)s` names %(name)s, which is none of the assignments of this course",
                name=identity,
            )
