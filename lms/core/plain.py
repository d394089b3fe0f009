"""Numbers and texts as they are stored and sent: exact, and nothing that the database refuses."""

from decimal import Decimal


def decimal_text(number: Decimal) -> str:
    """The shortest exact spelling: 50, 33.33333, 1E+30."""
    number = number.normalize() + 0
    exponent = number.as_tuple().exponent
    plain = isinstance(exponent, int) and -40 < exponent < 20
    return format(number, "f") if plain else str(number)


def is_storable(text: str) -> bool:
    """PostgreSQL keeps neither NUL nor half of a surrogate pair in jsonb."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
