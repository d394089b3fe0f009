"""What is typed about grades."""

import hashlib
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from lms.core.forms import Form, no_control_characters
from lms.core.numbers import read_number
from lms.core.plain import decimal_text
from lms.gradebook.actions import Decision, Wanted
from lms.gradebook.queries import Book, Cell

MOST_CATEGORIES = 12
LONGEST_NAME = 80


def _fingerprint(*facts: object) -> str:
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def seen_decision(cell: Cell) -> str:
    """What a page showed of a decision, so that a second window is noticed; "" for none."""
    return _fingerprint(cell.found.decided, cell.reason, cell.decided_at) if cell.decided_at else ""


def seen_book(book: Book) -> str:
    """The same of the categories and what belongs to them."""
    places = sorted((item.key, item.category_id) for item in book.items if item.category_id)
    return _fingerprint(book.categories, places) if book.categories else ""


class DecisionForm(Form):
    """Another percent for one grade, or that it does not count; always with a reason."""

    seen = HiddenField()

    what = RadioField(
        _l("What counts"),
        choices=[
            SelectChoice("work", _l("What the work itself was given")),
            SelectChoice("percent", _l("Another percent")),
            SelectChoice("excused", _l("Nothing: the learner is excused")),
        ],
    )
    percent = StringField(_l("Percent"))
    reason = TextAreaField(
        _l("Reason"), [Length(max=500, message=_l("At most 500 characters.")), no_control_characters]
    )

    def validate_percent(self, field: StringField) -> None:
        if self.what.data != "percent":
            return
        number = read_number(field.data or "")
        if number is None or not 0 <= number <= 100 or round(number, 2) != number:
            raise ValidationError(_("Give a number from 0 to 100, with at most two decimals."))

    def validate_reason(self, field: TextAreaField) -> None:
        if self.what.data != "work" and not (field.data or "").strip():
            raise ValidationError(_("Say why: the learner reads it."))

    def decision(self) -> Decision | None:
        """What was decided; after validation."""
        if self.what.data == "work":
            return None
        number = read_number(self.percent.data or "") if self.what.data == "percent" else None
        return Decision(number, self.reason.data or "")


class CategoriesForm:
    """The categories as rows of fields: `id-0`, `name-0`, `weight-0`, `drop-0`, ...; `in-<key of an item>` is the row
    that it belongs to. A row without a name is none. `errors` are by row, `rows` as they were typed."""

    def __init__(self, book: Book, typed: MultiDict[str, str] | None = None) -> None:
        self.book = book
        self.errors: dict[int, str] = {}
        self.seen = seen_book(book) if typed is None else typed.get("seen", "")
        if typed is None:
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
            self.places = {
                item.key: order[item.category_id] for item in book.items if item.category_id in order
            }
        else:
            count = sum(1 for name in typed if name.startswith("name-"))
            self.rows = [
                {name: typed.get(f"{name}-{place}", "").strip() for name in ("id", "name", "weight", "drop")}
                for place in range(min(count, MOST_CATEGORIES))
            ]
            self.places = {
                item.key: int(found)
                for item in book.items
                if (found := typed.get(f"in-{item.key}", "")).isdecimal() and len(found) < 4
            }

    def is_overtaken(self) -> bool:
        """Whether somebody else saved something since the page was opened; sending it once more decides on purpose."""
        was, self.seen = self.seen, seen_book(self.book)
        return was != self.seen

    def wanted(self) -> tuple[list[Wanted], dict[str, int]] | None:
        """The categories and the places of the items in them; None when something is wrong."""
        found: list[Wanted] = []
        moved: dict[int, int] = {}
        known = {str(one.id) for one in self.book.categories}
        for place, row in enumerate(self.rows):
            if not row["name"]:
                continue
            weight, drop = read_number(row["weight"] or "0"), row["drop"] or "0"
            if len(row["name"]) > LONGEST_NAME or not row["name"].isprintable():
                self.errors[place] = _("Choose a name of at most 80 characters.")
            elif weight is None or not 0 <= weight <= 1000 or round(weight, 2) != weight:
                self.errors[place] = _("The weight is a number from 0 to 1,000, with at most two decimals.")
            elif not (drop.isascii() and drop.isdecimal() and int(drop[:4]) <= 100):
                self.errors[place] = _("How many are dropped is a whole number from 0 to 100.")
            else:
                moved[place] = len(found)
                number = int(row["id"]) if row["id"] in known else None
                found.append(Wanted(number, row["name"], Decimal(weight), int(drop)))
        if not self.errors and found and not any(one.weight for one in found):
            self.errors[0] = _("At least one category needs a weight above 0.")
        if self.errors:
            return None
        return found, {key: moved[place] for key, place in self.places.items() if place in moved}
