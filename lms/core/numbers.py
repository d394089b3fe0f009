"""Reading the number a learner typed, the way people of many countries write numbers.

The rule for `.` and `,` and why: taken alone, "1,000" may be one or a thousand, and grading must not guess.
- One mark that occurs once is the decimal mark: "3,14", "3.14", and also "1,000" (= 1).
- Both marks: the later one is the decimal mark and occurs once; the other groups thousands: "1.234,5",
  "1,234.5".
- One mark that occurs more than once groups thousands: "1,000,000".
- Spaces (also no-break and thin ones) and apostrophes can only group thousands: "1 000 000", "1'000".
Groups must be whole: three digits each (or, as in India, two and a final three: "12,34,567").
Read as well: digits of any script, the Arabic decimal and thousands marks, the typographic minus, "1e3".
"""

import re
import unicodedata
from decimal import Decimal

_MINUS = dict.fromkeys(map(ord, "\u2212\u2010\u2011\u2012\u2013\ufe63\uff0d"), "-")
_INVISIBLE = dict.fromkeys(map(ord, "\u200e\u200f\u061c\u2066\u2067\u2068\u2069\ufeff"))
_MARKS = str.maketrans({"\u066b": ".", "\u066c": "'", "\u2019": "'", "\u02bc": "'"})
_SHAPE = re.compile(r"([+-]?) ?([0-9., ']{1,100})(?:[eE]([+-]?[0-9]{1,3}))?")


def read_number(text: str) -> Decimal | None:
    """The number meant by `text`, exactly, or None when it is not one number of at most 100 characters."""
    if len(text) > 1000:
        return None
    text = text.translate(_INVISIBLE).translate(_MINUS).translate(_MARKS).strip()
    found = _SHAPE.fullmatch("".join(map(_ascii, text)))
    if found is None:
        return None
    sign, body, exponent = found.groups()
    digits = _without_groups(body)
    return None if digits is None else Decimal(f"{sign}{digits}e{exponent or 0}")


def _ascii(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    return " " if char.isspace() else char


def _without_groups(body: str) -> str | None:
    dots, commas = body.count("."), body.count(",")
    if dots and commas:
        decimal = "." if body.rindex(".") > body.rindex(",") else ","
    elif dots + commas == 1:
        decimal = "." if dots else ","
    else:
        decimal = ""
    whole, _, part = body.partition(decimal) if decimal else (body, "", "")
    if part and not part.isdigit():
        return None
    marks = set(whole) - set("0123456789")
    if marks:
        mark = re.escape(marks.pop())
        thousands = rf"[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+|[0-9]{{1,2}}(?:{mark}[0-9]{{2}})+{mark}[0-9]{{3}}"
        if marks or not re.fullmatch(thousands, whole):
            return None
        whole = re.sub(r"[^0-9]", "", whole)
    return f"{whole or 0}.{part or 0}" if whole or part else None
