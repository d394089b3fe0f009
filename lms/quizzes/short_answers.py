"""Comparing a typed answer with an accepted one.

Outer spaces and the kind and number of inner ones do not matter, nor how an accented letter is encoded, nor
whether a keyboard curled the quotation marks. Capitals matter only when asked. `*` in the accepted answer
stands for any run of characters, `\\*` for an asterisk (the notation of Moodle).
"""

import re
import unicodedata

_CURLED = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})
_WILDCARD = re.compile(r"(?<!\\)\*")


def normalised(text: str, case_sensitive: bool) -> str:
    text = unicodedata.normalize("NFC", " ".join(text.split())).translate(_CURLED)
    return text if case_sensitive else unicodedata.normalize("NFC", text.casefold())


def matches(pattern: str, answer: str, case_sensitive: bool = False) -> bool:
    """Takes time in proportion to the lengths, which a regular expression of many `.*` would not."""
    answer = normalised(answer, case_sensitive)
    first, *rest = [part.replace("\\*", "*") for part in _WILDCARD.split(normalised(pattern, case_sensitive))]
    if not rest:
        return answer == first
    *middle, last = rest
    if not (answer.startswith(first) and answer.endswith(last) and len(answer) >= len(first) + len(last)):
        return False
    position, end = len(first), len(answer) - len(last)
    for part in middle:
        found = answer.find(part, position, end)
        if found < 0:
            return False
        position = found + len(part)
    return True
