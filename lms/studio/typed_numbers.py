"""Numbers that are accepted, as their author types them: `3.5`, a range `1..5`, or `*` for any other."""

from decimal import Decimal

from flask_babel import gettext as _

from lms.core.numbers import read_number
from lms.core.plain import decimal_text
from lms.quizzes.content import Text
from lms.quizzes.keys import FULL, NONE, AcceptedNumber
from lms.studio.typed_rows import Row, Wrong

ANY, RANGE = "*", ".."


def row(number: AcceptedNumber) -> Row:
    """The accepted number as a row."""
    said = number.feedback
    return Row(
        shown(number),
        tolerance=decimal_text(number.tolerance) if number.value is not None and number.tolerance else "",
        weight="" if number.weight == FULL else decimal_text(number.weight),
        feedback=said.text if said else "",
        format=said.format if said else "",
    )


def shown(number: AcceptedNumber) -> str:
    """The number, range or `*`, without its tolerance."""
    if number.value is not None:
        return decimal_text(number.value)
    if number.low is not None and number.high is not None:
        return f"{decimal_text(number.low)}{RANGE}{decimal_text(number.high)}"
    return ANY


def accepted(row: Row, weight: Decimal, said: Text | None, wrong: list[Wrong]) -> AcceptedNumber | None:
    """The typed number; None after saying in `wrong` why it can't be read."""
    number = read(row.text, row.tolerance, weight, said)
    if number is None:
        told = _("Write a number such as 3.5, a range such as 1..5, or * for every other answer.")
        wrong.append(Wrong(f"rows-{row.place}-text", told))
    return number


def read(text: str, tolerance: str, weight: Decimal, said: Text | None) -> AcceptedNumber | None:
    """The number meant; None when it is none."""
    text = text.strip()
    if text == ANY:
        return AcceptedNumber(weight=weight, feedback=said)
    if RANGE in text:
        low, high = (read_number(part) for part in text.split(RANGE, 1))
        fits = low is not None and high is not None
        return AcceptedNumber(low=low, high=high, weight=weight, feedback=said) if fits else None
    value = read_number(text)
    leeway = read_number(tolerance) if tolerance.strip() else NONE
    if value is None or leeway is None:
        return None
    return AcceptedNumber(value, leeway, weight=weight, feedback=said)
