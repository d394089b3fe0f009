"""The rubric as a field of the brief's form, with what is wrong in it said at its place."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from wtforms import Field

from lms.assignments import rubrics
from lms.core.numbers import read_number
from lms.core.plain import decimal_text
from lms.studio.typed_rubrics import (
    LONGEST_CELL,
    LONGEST_NAME,
    LONGEST_TITLE,
    MOST_CRITERIA,
    MOST_LEVELS,
    Grid,
)


class RubricField(Field):
    """`data` is a Grid. `mark` names the rubric that the form began from, so that its places mean something."""

    most_levels, most_rows = MOST_LEVELS, MOST_CRITERIA

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.wrong: dict[str, str] = {}
        self.focus: str | None = None
        self.mark = ""
        self.data: Grid

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        self.data = Grid.of(data if isinstance(data, Mapping) else None)
        self.mark = self.data.mark()
        if formdata is not None and "rubric-mark" in formdata:
            self.data, self.mark = Grid.sent(formdata), formdata["rubric-mark"]

    def resume(self, fields: Mapping[str, str]) -> str:
        """Show the fields of a draft. Returns the mark of the rubric that it began from."""
        self.data, self.mark = Grid.sent(fields), fields["rubric-mark"]
        return self.mark

    def begin_from(self, rubric: Mapping[str, Any] | None) -> None:
        """Make `rubric` the one that the form begins from, if it is not yet."""
        mark = Grid.of(rubric).mark()
        if self.mark != mark:
            self.data.find_origins(rubric)
            self.mark = mark

    def _value(self) -> str:
        return self.data.mark()

    def worth(self, place: int) -> str:
        """What a level is worth when nobody says it, in percent."""
        grid = self.data
        if any(level.percent.strip() for level in grid.levels):
            return ""
        percents = rubrics.percents({"levels": [level.name for level in grid.levels]})
        return decimal_text(round(percents[place], 2))

    def in_words(self) -> str:
        """What the rubric looks at: its criteria, then its levels."""
        grid = self.data.filled()
        if not grid.rows:
            return str(_("no rubric"))
        levels = (f"{one.name} {one.percent}%" if one.percent else one.name for one in grid.levels)
        return "; ".join((", ".join(row.title for row in grid.rows), ", ".join(levels)))

    def in_full(self) -> str:
        """Every word of it: a line for each level of each criterion."""
        grid = self.data.filled()
        levels = [f"{one.name} ({one.percent}%)" if one.percent else one.name for one in grid.levels]
        lines: list[str] = []
        for row in grid.rows:
            lines += [row.title, *map("  {}: {}".format, levels, row.cells)]
        return "\n".join(lines)

    def control_of(self, message: str) -> str:
        """The id of the first control that this message is about."""
        name = next((name for name, text in self.wrong.items() if text == message), "rubric")
        return "rubric" if name == "rubric" else f"rubric-{name}"

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """Every text has its name and fits, and levels are worth something, or none says it."""
        self.wrong = {}
        self._check_size()
        self._check_levels()
        self._check_rows()
        self.errors = list(dict.fromkeys(self.wrong.values()))
        return not self.errors

    def _check_size(self) -> None:
        grid = self.data.filled()
        if grid.rows and not grid.levels:
            self.wrong["rubric"] = _("Name at least one level, such as “Good”.")
        elif grid.levels and not grid.rows:
            self.wrong["rubric"] = _("Name at least one criterion: what you look at.")
        if len(grid.levels) > MOST_LEVELS or len(grid.rows) > MOST_CRITERIA:
            self.wrong["rubric"] = _(
                "A rubric has at most %(rows)s criteria and %(levels)s levels.",
                rows=MOST_CRITERIA,
                levels=MOST_LEVELS,
            )

    def _check_levels(self) -> None:
        used = [n for n, level in enumerate(self.data.levels) if not self._is_blank_level(n)]
        says = any(level.percent.strip() for level in self.data.levels)
        for place in used:
            level = self.data.levels[place]
            if not level.name.strip():
                self.wrong[f"level-{place}"] = _("Give each level a name.")
            self._fits(f"level-{place}", level.name, LONGEST_NAME)
            if says and not level.percent.strip():
                self.wrong[f"percent-{place}"] = _(
                    "Say what each level is worth, or leave all of them empty."
                )
            elif says and not _is_percent(level.percent):
                self.wrong[f"percent-{place}"] = _(
                    "A level is worth 0 to 100 percent, with two places at most."
                )

    def _check_rows(self) -> None:
        for place, row in enumerate(self.data.rows):
            if not row.title.strip() and any(cell.strip() for cell in row.cells):
                self.wrong[f"row-{place}"] = _("Give each criterion a name.")
            self._fits(f"row-{place}", row.title, LONGEST_TITLE)
            for level, cell in enumerate(row.cells):
                self._fits(f"cell-{place}-{level}", cell, LONGEST_CELL)

    def _is_blank_level(self, place: int) -> bool:
        level, rows = self.data.levels[place], self.data.rows
        cells = (row.cells[place] for row in rows if place < len(row.cells))
        return not any(text.strip() for text in (level.name, level.percent, *cells))

    def _fits(self, name: str, text: str, most: int) -> None:
        if len(text) > most:
            self.wrong[name] = _("At most %(count)s characters.", count=most)
        if any(ord(sign) < 32 or ord(sign) == 127 for sign in " ".join(text.split())):
            self.wrong[name] = _("Please use ordinary characters only.")


def _is_percent(text: str) -> bool:
    number = read_number(text.strip().removesuffix("%").strip())
    return number is not None and 0 <= number <= 100 and number == round(number, 2)
