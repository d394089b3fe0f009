"""The rubric as a field of the brief's form, with what is wrong in it said at its place."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from wtforms import Field

from lms.assignments import rubrics
from lms.core.field_words import changed_meanwhile
from lms.core.merging import Clash
from lms.core.numbers import read_number
from lms.core.plain import decimal_text
from lms.studio import rubric_merging
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
        self.sent = Grid()

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        self.data = Grid.of(data if isinstance(data, Mapping) else None)
        self.mark = self.data.mark()
        if formdata is not None and "rubric-mark" in formdata:
            self.data, self.mark = Grid.sent(formdata), formdata["rubric-mark"]
            self.sent = Grid.sent(formdata)

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

    def unlike(self, other: "RubricField") -> str:
        """What stands here and not there: each text with its criterion and level."""
        mine, theirs = _described(self.data.filled()), _described(other.data.filled())
        lines = [line for line in mine if line not in theirs]
        if lines or not mine:
            return str(_("; ")).join(lines) or str(_("no rubric"))
        return self.in_words()

    def parts(self) -> dict[str, str]:
        """Its texts, to be compared each by itself."""
        return rubric_merging.texts(self.data.filled())

    def take(self, stored: "RubricField", names: Iterable[str]) -> None:
        """Put texts of the stored rubric, by their names in it, in the place of what was typed."""
        for name in names:
            kind, *places = name.split("-")
            _copy(stored.data.filled(), self.data, kind, [int(at) for at in places if at.isdecimal()])

    def join(self, shown: Mapping[str, str], stored: "RubricField", form: Any) -> list[Clash] | None:
        """Become the rubric of both authors. What is to decide, text by text; None when only the whole can be."""
        sent, now = self.sent.filled(), stored.data.filled()
        rows, levels = [row.origin for row in sent.rows], [level.origin for level in sent.levels]
        found = rubric_merging.join(shown, sent, rows, levels, now)
        if found is None:
            return None
        self.data = found.grid
        self.validate(form)
        theirs, mine = rubric_merging.texts(now), self.data
        clashes = []
        for name, here in found.clashes.items():
            label, typed = _read(mine, here)
            clashes.append(
                Clash(
                    f"rubric:{name}", label, f"rubric-{here}", typed or "–", theirs[name] or "–", is_text=True
                )
            )
            self.wrong[here] = changed_meanwhile(theirs[name] or "–")
        self.errors = list(dict.fromkeys(self.wrong.values()))
        return clashes

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


def _described(grid: Grid) -> list[str]:
    levels = [f"{one.name} ({one.percent}%)" if one.percent else one.name for one in grid.levels]
    cells = [
        _("%(label)s: %(value)s", label=_(", ").join((row.title, level)), value=cell or "–")
        for row in grid.rows
        for level, cell in zip(levels, row.cells, strict=True)
    ]
    return [str(one) for one in cells]


def _read(grid: Grid, name: str) -> tuple[str, str]:
    """What a text of a rubric is called for people, and the text."""
    kind, *places = name.split("-")
    at, level = int(places[0]), int(places[-1])
    if kind == "cell":
        title = grid.rows[at].title or _("Criterion %(n)s", n=at + 1)
        named = grid.levels[level].name or _("Level %(n)s", n=level + 1)
        return str(_(", ")).join((title, named)), grid.rows[at].cells[level]
    if kind == "row":
        return str(_("Criterion %(n)s", n=at + 1)), grid.rows[at].title
    if kind == "level":
        return str(_("Level %(n)s", n=at + 1)), grid.levels[at].name
    return str(_("Percent of level %(n)s", n=at + 1)), grid.levels[at].percent


def _copy(source: Grid, target: Grid, kind: str, places: list[int]) -> None:
    """Copy one text to the row and level that come from its place; nothing where there is none."""
    rows = {row.origin: row for row in target.rows}
    levels = {level.origin: at for at, level in enumerate(target.levels)}
    if kind == "cell" and len(places) == 2 and places[0] in rows and places[1] in levels:
        rows[places[0]].cells[levels[places[1]]] = source.rows[places[0]].cells[places[1]]
    elif kind == "row" and len(places) == 1 and places[0] in rows:
        rows[places[0]].title = source.rows[places[0]].title
    elif kind in ("level", "percent") and len(places) == 1 and places[0] in levels:
        level, theirs = target.levels[levels[places[0]]], source.levels[places[0]]
        level.name, level.percent = (
            (theirs.name, level.percent) if kind == "level" else (level.name, theirs.percent)
        )


def _is_percent(text: str) -> bool:
    number = read_number(text.strip().removesuffix("%").strip())
    return number is not None and 0 <= number <= 100 and number == round(number, 2)
