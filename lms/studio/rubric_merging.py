"""Two authors change one rubric: what only one of them changed is kept from both, cell by cell.

A text of a rubric has a name by its place in the rubric that a page showed: `row-0`, `level-1`, `percent-1`,
`cell-0-1`. Of what was shown only digests are known, see `lms.core.merging`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from lms.core.merging import compare, digest
from lms.studio.typed_rubrics import Grid, Level, Row

Places = list[int | None]


@dataclass(frozen=True, slots=True)
class Joined:
    """The rubric of both. `clashes` are the texts that both changed to different things, by their names in the
    rubric that is stored, with their names in the form: they stand there as they were typed."""

    grid: Grid
    clashes: dict[str, str]


def texts(grid: Grid) -> dict[str, str]:
    """Every text of a rubric by its name."""
    return _texts(grid, list(range(len(grid.rows))), list(range(len(grid.levels))))


def join(shown: Mapping[str, str], mine: Grid, rows: Places, levels: Places, stored: Grid) -> Joined | None:
    """`rows` and `levels` say where those of `mine` stood in what was `shown`. None when the other author moved, added
    or removed a criterion or a level, or changed one that is removed here: then only a person can tell."""
    theirs, typed = texts(stored), _texts(mine, rows, levels)
    if set(shown) != set(theirs) or _has_moved(shown, theirs):
        return None
    if any(shown[name] != digest(theirs[name]) for name in theirs.keys() - typed.keys()):
        return None
    found = compare(shown, typed, theirs)
    kept = found.mine | found.clashes
    said = {name: typed[name] if name in kept else theirs[name] for name in typed}

    def text(own: str, *places: int | None, kind: str) -> str:
        return own if None in places else said["-".join((kind, *map(str, places)))]

    grid = Grid(
        [
            Level(text(one.name, at, kind="level"), text(one.percent, at, kind="percent"), at)
            for one, at in zip(mine.levels, levels, strict=True)
        ],
        [
            Row(
                text(row.title, at, kind="row"),
                [text(cell, at, level, kind="cell") for cell, level in zip(row.cells, levels, strict=True)],
                at,
            )
            for row, at in zip(mine.rows, rows, strict=True)
        ],
    )
    return Joined(grid, {name: _here(name, rows, levels) for name in theirs if name in found.clashes})


def _texts(grid: Grid, rows: Places, levels: Places) -> dict[str, str]:
    found: dict[str, str] = {}
    for one, level in zip(grid.levels, levels, strict=True):
        if level is not None:
            found |= {f"level-{level}": one.name, f"percent-{level}": one.percent}
    for each, row in zip(grid.rows, rows, strict=True):
        if row is not None:
            found[f"row-{row}"] = each.title
            pairs = zip(each.cells, levels, strict=True)
            found |= {f"cell-{row}-{level}": cell for cell, level in pairs if level is not None}
    return found


def _has_moved(shown: Mapping[str, str], theirs: Mapping[str, str]) -> bool:
    """Whether a criterion or a level stands where another one stood."""
    for kind in ("row-", "level-"):
        before = {name: value for name, value in shown.items() if name.startswith(kind)}
        for name, value in before.items():
            now = digest(theirs[name])
            if now != value and now in before.values():
                return True
    return False


def _here(name: str, rows: Places, levels: Places) -> str:
    """The name in the form of a text that is called `name` in what was shown."""
    kind, *places = name.split("-")
    orders = {"cell": (rows, levels), "row": (rows,)}.get(kind, (levels,))
    return "-".join((kind, *(str(order.index(int(at))) for order, at in zip(orders, places, strict=True))))
