"""The categories of a gradebook as they are typed, when several people keep them."""

import json
from decimal import Decimal

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from lms.core.merging import Clash, merge, note
from lms.core.numbers import read_number
from lms.core.plain import decimal_text
from lms.gradebook.actions import Wanted
from lms.gradebook.queries import Book

MOST_CATEGORIES = 12
LONGEST_NAME = 80
_COLUMNS = ("id", "name", "weight", "drop")


class CategoriesForm:
    """The categories as rows of fields: `id-0`, `name-0`, `weight-0`, `drop-0`, ...; `in-<key of an item>` is the row
    that X

    Of the settings that two people may change, the categories with their weights are one, because a weight means
    something only beside the others; the place of each item is one of its own."""

    def __init__(self, book: Book, typed: MultiDict[str, str] | None = None) -> None:
        self.book = book
        self.errors: dict[str, str] = {}
        self.clashes: list[Clash] = []
        self.theirs = set(typed.getlist("theirs")) if typed is not None else set()
        if typed is None:
            self._show(book)
        else:
            self._read(typed)
            self._look_for_rows(typed)

    def _show(self, book: Book) -> None:
        self.rows = [
            {
                "id": str(one.id),
                "name": one.name,
                "weight": decimal_text(one.weight),
                "drop": str(one.drop),
            }
            for one in book.categories
        ]
        order = {one.id: place for place, one in enumerate(book.categories)}
        self.places = {item.key: order[item.category_id] for item in book.items if item.category_id in order}
        self.shown = note(self._said())

    def _read(self, typed: MultiDict[str, str]) -> None:
        count = sum(1 for name in typed if name.startswith("name-"))
        self.rows = [
            {name: typed.get(f"{name}-{place}", "").strip() for name in _COLUMNS}
            for place in range(min(count, MOST_CATEGORIES))
        ]
        self.places = {
            item.key: int(found)
            for item in self.book.items
            if (found := typed.get(f"in-{item.key}", "")).isdecimal() and len(found) < 4
        }
        self.shown = typed.get("shown", "")

    def _look_for_rows(self, typed: MultiDict[str, str]) -> None:
        """An item belongs to a row that has a name, or had one when the page was shown: then it goes with it."""
        for item in self.book.items:
            name = f"in-{item.key}"
            place = self.places.get(item.key, len(self.rows))
            row = self.rows[place] if place < len(self.rows) else None
            if typed.get(name) and (row is None or not (row["name"] or row["id"])):
                self.errors[name] = _("Choose a category that has a name.")

    def settles(self) -> bool:
        """Whether what was typed can be stored: what was not touched is brought to what is stored. False when two
        people changed the same; `clashes` say so, and sending the form again decides on purpose."""
        stored = CategoriesForm(self.book)
        mine, theirs = self._said(), stored._said()
        merged = merge(self.shown, mine, theirs)
        self.shown = stored.shown
        touched, clashes = merged.mine | merged.clashes, set(merged.clashes)
        wished = {
            item.key: (mine if f"in-{item.key}" in touched - self.theirs else theirs)[f"in-{item.key}"]
            for item in self.book.items
        }
        if "categories" in self.theirs or "categories" not in touched:
            self.rows = stored.rows
            clashes.discard("categories")
        self.places, lost = self._placed(wished)
        if "categories" in self.theirs:
            # Among their categories, what has no place of mine stands where they put it.
            self.places = stored.places | self.places
        elif "categories" not in clashes:
            clashes |= {f"in-{key}" for key in lost}
        names = {"categories": _("Categories"), **{f"in-{item.key}": item.title for item in self.book.items}}
        self.clashes = [
            Clash(
                name,
                label,
                "name-0" if name == "categories" else name,
                self._words(name),
                stored._words(name),
                is_text=name != "categories",
            )
            for name, label in names.items()
            if name in clashes - self.theirs
        ]
        return not self.clashes

    def _placed(self, wished: dict[str, str]) -> tuple[dict[str, int], list[str]]:
        """The places of items by the categories they are to be in, and the items whose category is gone."""
        order = {_reference(row): place for place, row in enumerate(self.rows) if row["name"]}
        found = {key: order[one] for key, one in wished.items() if one in order}
        return found, [key for key, one in wished.items() if one and one not in order]

    def _said(self) -> dict[str, str]:
        rows = [
            (row["id"], row["name"], _number(row["weight"]), _number(row["drop"] or "0"))
            for row in self.rows
            if row["name"]
        ]
        return {
            "categories": json.dumps(rows),
            **{f"in-{item.key}": self._belongs(item.key) for item in self.book.items},
        }

    def _row(self, key: str) -> dict[str, str] | None:
        place = self.places.get(key, len(self.rows))
        return self.rows[place] if place < len(self.rows) and self.rows[place]["name"] else None

    def _belongs(self, key: str) -> str:
        row = self._row(key)
        return _reference(row) if row else ""

    def _words(self, name: str) -> str:
        if name != "categories":
            row = self._row(name.removeprefix("in-"))
            return row["name"] if row else _("Does not count") if self.rows else _("No category")
        said = [
            _(
                "%(name)s (weight %(weight)s, lowest dropped: %(drop)s)",
                name=row["name"],
                weight=row["weight"] or "–",
                drop=row["drop"] or "0",
            )
            for row in self.rows
            if row["name"]
        ]
        return str(_("; ")).join(said) or _("no categories")

    def wanted(self) -> tuple[list[Wanted], dict[str, int]] | None:
        """The categories and the places of the items in them; None when something is wrong."""
        found: list[Wanted] = []
        moved: dict[int, int] = {}
        known = {str(one.id) for one in self.book.categories}
        for place, row in enumerate(self.rows):
            if row["name"] and not self._is_wrong(place, row):
                moved[place] = len(found)
                number = int(row["id"]) if row["id"] in known else None
                weight = read_number(row["weight"]) or Decimal(0)
                found.append(Wanted(number, row["name"], weight, int(row["drop"] or "0")))
        if not self.errors and found and not any(one.weight for one in found):
            self.errors[f"weight-{min(moved)}"] = _("At least one category needs a weight above 0.")
        if self.errors:
            return None
        return found, {key: moved[place] for key, place in self.places.items() if place in moved}

    def _is_wrong(self, place: int, row: dict[str, str]) -> bool:
        """Whether something in the row is; `errors` say what."""
        weight, drop = read_number(row["weight"]), row["drop"] or "0"
        wrong = {"name": self._wrong_name(place, row["name"])}
        if weight is None or not 0 <= weight <= 1000 or round(weight, 2) != weight:
            wrong["weight"] = _("The weight is a number from 0 to 1,000, with at most two decimals.")
        if not (drop.isascii() and drop.isdecimal() and int(drop[:4]) <= 100):
            wrong["drop"] = _("How many are dropped is a whole number from 0 to 100.")
        self.errors |= {f"{column}-{place}": words for column, words in wrong.items() if words}
        return any(wrong.values())

    def _wrong_name(self, place: int, name: str) -> str:
        if len(name) > LONGEST_NAME or not name.isprintable():
            return str(_("Choose a name of at most 80 characters."))
        if name.casefold() in {row["name"].casefold() for row in self.rows[:place]}:
            return str(_("Another category has this name already."))
        return ""


def _reference(row: dict[str, str]) -> str:
    """A category by its id, or a new one by its name."""
    return f"#{row['id']}" if row["id"] else row["name"]


def _number(text: str) -> str:
    number = read_number(text)
    return text if number is None else decimal_text(number)
