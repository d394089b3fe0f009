"""Names in addresses."""

import re
import unicodedata
from collections.abc import Collection

LONGEST = 80
_FOLDED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"}
)
_NUMBER = re.compile(r"^\d{1,4}(?:[-_. ]+|$)")


def slug(text: str, otherwise: str = "") -> str:
    """ASCII lower case with hyphens; `otherwise` when too little of `text` is Latin to recognise it."""
    folded = unicodedata.normalize("NFKD", text.lower().translate(_FOLDED))
    result = re.sub(r"[^a-z0-9]+", "-", folded.encode("ascii", "ignore").decode())
    letters, kept = (sum(sign.isalpha() for sign in part) for part in (text, result))
    return result[:LONGEST].strip("-") or otherwise if kept * 2 >= letters else otherwise


def unused(candidate: str, taken: Collection[str]) -> str:
    """`candidate`, with a number behind it when it is taken."""
    result, number = candidate, 1
    while result in taken:
        number += 1
        result = f"{candidate}-{number}"
    return result


def without_numbers(path: str) -> str:
    """A path of the course folder as links compare it: the numbers that order files say nothing."""
    parts = unicodedata.normalize("NFC", path).lower().split("/")
    return "/".join(_NUMBER.sub("", part) or part for part in parts)
