"""Collecting what is wrong, so that the author sees all of it at once."""

from dataclasses import dataclass, field

from lms.core.phrases import Phrase
from lms.interop.course_folder.model import Problem


@dataclass(slots=True)
class Problems:
    found: dict[Problem, None] = field(default_factory=dict)

    def error(self, path: str, message: Phrase, line: int | None = None) -> None:
        self.found[Problem(path, line, "error", message)] = None

    def warning(self, path: str, message: Phrase, line: int | None = None) -> None:
        self.found[Problem(path, line, "warning", message)] = None

    @property
    def fatal(self) -> bool:
        return any(problem.severity == "error" for problem in self.found)

    def all(self) -> tuple[Problem, ...]:
        """In the order of `rank`."""
        return tuple(sorted(self.found, key=lambda problem: problem.rank))
