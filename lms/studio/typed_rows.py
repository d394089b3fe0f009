"""One row of a question's form: an option, an accepted answer, a pair, an item or a gap."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal

from flask_babel import gettext as _

from lms.core.numbers import read_number
from lms.quizzes.content import FORMATS


@dataclass
class Row:
    """What is typed in a row; a kind of question uses some of it. `format` is "" when it is the question's own.

    `id` is that of the stored option. Of a gap `gap` is its id, `kind` how it is answered and `text` its answers,
    one a line.
    """

    text: str = ""
    right: bool = False
    weight: str = ""
    feedback: str = ""
    tolerance: str = ""
    choice: str = ""
    gap: str = ""
    kind: str = ""
    format: str = ""
    id: str = ""
    place: int = 0
    """Where it stands in the form, from 0."""

    @property
    def is_blank(self) -> bool:
        """Whether nothing is typed in it; which gap it is and how that is answered does not count."""
        typed = (self.text, self.weight, self.feedback, self.tolerance, self.choice)
        return not self.right and not any(part.strip() for part in typed)


def onward(how: str, place: int, count: int) -> str:
    """Which button moves a line on that went `how` to `place` of `count`: at an end only the one that leads back."""
    end = 0 if how == "up" else count - 1
    return how if place != end else "down" if how == "up" else "up"


MOST_ROWS = 100
LONGEST = 20_000
_NAME = re.compile(r"rows-(\d{1,4})-([a-z]+)")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_TYPED = {each.name for each in fields(Row)} - {"right", "place"}


def read_rows(sent: Mapping[str, str]) -> list[Row]:
    """The rows of a form, in the order of their numbers: `rows-0-text`, `rows-0-right`, ..."""
    found: dict[int, Row] = {}
    for name, value in sent.items():
        if not (parts := _NAME.fullmatch(name)):
            continue
        row = found.setdefault(int(parts[1]), Row())
        if parts[2] == "right":
            row.right = True
        elif parts[2] in _TYPED:
            setattr(row, parts[2], _UNSTORABLE.sub("", value)[:LONGEST])
    rows = [found[number] for number in sorted(found)][:MOST_ROWS]
    for place, row in enumerate(rows):
        row.place = place
        row.format = row.format if row.format in FORMATS else ""
    return rows


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that can't be read, in the author's language; `field` names the input, as the form does."""

    field: str
    words: str


def weight_of(row: Row, usual: Decimal, wrong: list[Wrong]) -> Decimal:
    """The typed percent, or `usual`."""
    typed = row.weight.strip().removesuffix("%").strip()
    if not typed:
        return usual
    number = read_number(typed)
    if number is None:
        wrong.append(
            Wrong(f"rows-{row.place}-weight", _("“%(text)s” is not a number.", text=row.weight[:40]))
        )
        return usual
    return number
