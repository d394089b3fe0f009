"""What an import did or would do, in numbers and names."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lms.core.phrases import kept
from lms.interop.course_folder.model import Problem

KINDS = ("course", "module", "lesson", "page", "quiz", "question", "assignment", "category", "file")
_MANY = {"quiz": "quizzes", "category": "categories"}

MOST_TEXTS = 200
MOST_LINES = 400


@dataclass(frozen=True, slots=True)
class TextChange:
    """What one text said and will say."""

    kind: str
    name: str
    before: str
    after: str

    def lines(self) -> list[str]:
        """A unified diff of at most MOST_LINES lines, without its head."""
        found = difflib.unified_diff(self.before.splitlines(), self.after.splitlines(), lineterm="", n=2)
        return list(found)[2 : MOST_LINES + 2]


def lines_told(unified: Sequence[str]) -> list[dict[str, str]]:
    """The lines of a unified diff by `kind` (same, added, removed, gap) and `text`; no gap before the first line."""
    kinds = {"+": "added", "-": "removed", "@": "gap"}
    told = [{"kind": kinds.get(line[:1], "same"), "text": line[1:]} for line in unified]
    begins = bool(unified) and unified[0].startswith(("@@ -0,", "@@ -1,", "@@ -1 "))
    return [line if line["kind"] != "gap" else {"kind": "gap", "text": ""} for line in told[begins:]]


@dataclass(slots=True)
class Changes:
    """Names of what was added, changed and removed, by kind; how many stayed as they were."""

    added: dict[str, list[str]] = field(default_factory=dict)
    changed: dict[str, list[str]] = field(default_factory=dict)
    removed: dict[str, list[str]] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    texts: list[TextChange] = field(default_factory=list)

    def note(self, what: str, kind: str, name: str) -> None:
        """`what` is added, changed, removed or kept."""
        if what == "kept":
            self.kept[kind] = self.kept.get(kind, 0) + 1
        else:
            getattr(self, what).setdefault(kind, []).append(name)

    @property
    def is_empty(self) -> bool:
        """Whether the course already was exactly so."""
        return not (self.added or self.changed or self.removed)

    def lines(self) -> list[str]:
        """One line a kind and change, for the terminal."""
        return [
            f"{what}: {len(names)} {kind if len(names) == 1 else _MANY.get(kind, f'{kind}s')}"
            for what in ("added", "changed", "removed")
            for kind in KINDS
            if (names := getattr(self, what).get(kind))
        ]

    def to_json(self) -> dict[str, Any]:
        return {"added": self.added, "changed": self.changed, "removed": self.removed, "kept": self.kept}

    def texts_to_json(self) -> list[dict[str, Any]]:
        """How the first MOST_TEXTS texts differ, line by line."""
        return [{"kind": t.kind, "name": t.name, "lines": t.lines()} for t in self.texts[:MOST_TEXTS]]


def problems_to_json(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """Problems as plain values, in the order of `rank`."""
    ordered = sorted(problems, key=lambda problem: problem.rank)
    return [
        {"path": p.path, "line": p.line, "severity": p.severity, **kept(p.message)} for p in ordered[:1000]
    ]
