"""A rubric as its author types it: levels across, criteria down. Rows that nobody filled in are none.

Each row remembers its place in the stored rubric, so that grades which chose it can follow when it moves.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from lms.core.numbers import read_number
from lms.core.plain import decimal_text
from lms.studio.typed_rows import onward

MOST_CRITERIA, MOST_LEVELS = 20, 8
LONGEST_NAME, LONGEST_TITLE, LONGEST_CELL = 100, 255, 1000
_READ = 200
"""Rows that are read at all: a course folder may hold more than can be typed, and its author should see them."""
_LONGEST_DRAFT = 500_000
"""Characters of a draft: more than any rubric that could be saved."""
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass
class Level:
    """`percent` as typed; `origin` is its place in the stored rubric, None for a new one."""

    name: str = ""
    percent: str = ""
    origin: int | None = None


@dataclass
class Row:
    """A criterion with a cell for each level."""

    title: str = ""
    cells: list[str] = field(default_factory=list)
    origin: int | None = None


@dataclass
class Grid:
    """All that is typed. `as_rubric` is what is stored of it."""

    levels: list[Level] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    @classmethod
    def of(cls, rubric: Mapping[str, Any] | None) -> "Grid":
        """The grid of a stored rubric."""
        if not rubric:
            return cls()
        said = rubric.get("percents") or []
        percents = [_number(str(one)) for one in said] if len(said) == len(rubric["levels"]) else []
        levels = [
            Level(name, percents[place] if percents else "", place)
            for place, name in enumerate(rubric["levels"])
        ]
        rows = [Row(one["title"], list(one["cells"]), place) for place, one in enumerate(rubric["criteria"])]
        return cls(levels, rows)

    @classmethod
    def sent(cls, values: Mapping[str, str]) -> "Grid":
        """The grid of a form."""
        across = _count(values.get("rubric-levels", ""))
        down = _count(values.get("rubric-rows", ""))

        def typed(name: str) -> str:
            return _UNSTORABLE.sub("", values.get(f"rubric-{name}", ""))

        levels = [
            Level(typed(f"level-{n}"), typed(f"percent-{n}"), _place(typed(f"level-{n}-from")))
            for n in range(across)
        ]
        rows = [
            Row(
                typed(f"row-{n}"),
                [typed(f"cell-{n}-{m}") for m in range(across)],
                _place(typed(f"row-{n}-from")),
            )
            for n in range(down)
        ]
        return cls(levels, rows)

    def filled(self) -> "Grid":
        """Without the levels and criteria in which nothing is typed, and each text in one line."""
        kept = [
            place
            for place, level in enumerate(self.levels)
            if any(map(_line, (level.name, level.percent, *(_cell(row, place) for row in self.rows))))
        ]
        rows = [
            Row(_line(row.title), [_line(_cell(row, place)) for place in kept], row.origin)
            for row in self.rows
            if any(map(_line, (row.title, *row.cells)))
        ]
        levels = [self.levels[place] for place in kept]
        return Grid([Level(_line(one.name), _number(one.percent), one.origin) for one in levels], rows)

    def as_rubric(self) -> dict[str, Any] | None:
        """What is stored, of a grid in which nothing is wrong; None without any words."""
        grid = self.filled()
        if not grid.rows or not grid.levels:
            return None
        percents = [read_number(level.percent) for level in grid.levels]
        said = {"percents": [float(one) for one in percents if one is not None]}
        return {
            "levels": [level.name for level in grid.levels],
            "criteria": [{"title": row.title, "cells": row.cells} for row in grid.rows],
            **({} if None in percents else said),
        }

    def mark(self) -> str:
        """The same for the same words and numbers at the same places."""
        grid = self.filled()
        words = [[(one.name, one.percent) for one in grid.levels], [(r.title, r.cells) for r in grid.rows]]
        return sha256(json.dumps(words).encode()).hexdigest()[:24]

    def change(self, wish: str) -> str | None:
        """Add, move or remove a level or a criterion: `add-level`, `row-up-2`, ... Returns the name of the field to
        go on in, or of the button that moves the same line on; None for a wish that there is nothing to do for."""
        if wish in ("begin", "none"):
            self.levels = [Level() for _ in range(3)] if wish == "begin" else []
            self.rows = [Row(cells=[""] * 3) for _ in range(2)] if wish == "begin" else []
            return "level-0" if self.levels else "begin"
        if wish == "add-level" and len(self.levels) < MOST_LEVELS:
            self.levels.append(Level())
            for row in self.rows:
                row.cells.append("")
            return f"level-{len(self.levels) - 1}"
        if wish == "add-row" and len(self.rows) < MOST_CRITERIA:
            self.rows.append(Row(cells=[""] * len(self.levels)))
            return f"row-{len(self.rows) - 1}"
        parts = re.fullmatch(r"(level|row)-(up|down|remove)-(\d{1,3})", wish)
        return self._move(parts[1], parts[2], int(parts[3])) if parts else None

    def _move(self, what: str, how: str, place: int) -> str | None:
        lists: list[list[Any]] = (
            [self.rows] if what == "row" else [self.levels, *(row.cells for row in self.rows)]
        )
        goal = {"up": place - 1, "down": place + 1, "remove": place}[how]
        count = len(lists[0])
        if place >= count or not 0 <= goal < count:
            return None
        for one in lists:
            taken = one.pop(place)
            if how != "remove":
                one.insert(goal, taken)
        left = len(lists[0])
        if how != "remove":
            return f"{what}-{onward(how, goal, left)}-{goal}"
        return f"{what}-{min(goal, left - 1)}" if left else f"add-{what}"

    def find_origins(self, rubric: Mapping[str, Any] | None) -> None:
        """Say anew which rows are those of `rubric`, by their words: it is not the one that the form began from."""
        names = list(rubric["levels"]) if rubric else []
        titles = [one["title"] for one in rubric["criteria"]] if rubric else []
        for level in self.levels:
            level.origin = names.index(_line(level.name)) if _line(level.name) in names else None
        for row in self.rows:
            row.origin = titles.index(_line(row.title)) if _line(row.title) in titles else None

    def origins(self) -> tuple[dict[int, int], dict[int, int]]:
        """Where the criteria and the levels of the stored rubric stand now: {old place: new place}."""
        grid = self.filled()
        return _moved([row.origin for row in grid.rows]), _moved([level.origin for level in grid.levels])


def unsaved(values: Mapping[str, str], rubric: Mapping[str, Any] | None) -> dict[str, str] | None:
    """The fields of a rubric in a form, where they say something else than what is stored; `resume` reads them."""
    fields = {
        name: text for name, text in values.items() if name.startswith("rubric-") and name != "rubric-do"
    }
    if "rubric-mark" not in fields or sum(map(len, fields.values())) > _LONGEST_DRAFT:
        return None
    if Grid.sent(fields).mark() == Grid.of(rubric).mark():
        return None
    return {_UNSTORABLE.sub("", name): _UNSTORABLE.sub("", text) for name, text in fields.items()}


def _moved(origins: list[int | None]) -> dict[int, int]:
    found: dict[int, int] = {}
    for place, origin in enumerate(origins):
        if origin is not None:
            found.setdefault(origin, place)
    return found


def _cell(row: Row, place: int) -> str:
    return row.cells[place] if place < len(row.cells) else ""


def _line(text: str) -> str:
    return " ".join(text.split())


def _number(text: str) -> str:
    """A percent in its shortest spelling; what is no number stays as it was typed."""
    typed = _line(text).removesuffix("%").strip()
    number = read_number(typed)
    return _line(text) if number is None else decimal_text(number)


def _count(text: str) -> int:
    return min(int(text), _READ) if re.fullmatch("[0-9]{1,4}", text) else 0


def _place(text: str) -> int | None:
    return int(text) if re.fullmatch("[0-9]{1,4}", text) else None
