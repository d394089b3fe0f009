"""Which letters count as the same where words are looked for: Arabic is typed with and without its signs."""

import re
from collections.abc import Sequence

_UNREAD = "\u064b-\u065f\u0670\u0640\u00ad\u200e\u200f\u2066-\u2069"
"""Vowel signs, long strokes, soft hyphens, marks of direction."""
_ALIKE = (
    "اأإآٱ",
    "هة",
    "يىئی",
    "وؤ",
    "كک",
    "'’ʼ",
    *(f"{n}{chr(0x660 + n)}{chr(0x6F0 + n)}" for n in range(10)),
)
_FOLDED = str.maketrans({other: each[0] for each in _ALIKE for other in each[1:]})
_VARIANTS = {each[0]: f"[{each}]" for each in _ALIKE}
_SKIPPED = re.compile(f"[{_UNREAD}]+")
_ARABIC = "\u0621-\u065f\u0670"
_ARTICLE = re.compile(r"(?:[وفبك]?ال|[وف]?لل)(?=\w{3})")
"""With what is written together with it: and, so, with, as, for."""


def folded(text: str) -> str:
    """`text` in small letters without signs, each letter in the plainest way it is written."""
    return _SKIPPED.sub("", text).lower().translate(_FOLDED)


def bare(word: str) -> str:
    """A folded word without the Arabic article."""
    return word[found.end() :] if (found := _ARTICLE.match(word)) else word


def forms(word: str) -> Sequence[str]:
    """How a folded word is written inside of others: an Arabic feminine ends otherwise before a suffix and in the plural."""
    if len(word) > 3 and word.endswith("ه"):
        return word, f"{word[:-1]}ت", f"{word[:-1]}ات"
    return (word,)


def places(word: str, text: str) -> list[tuple[int, int]]:
    """From and to of each place in `text`, as it is written, that has the folded word; of Arabic the whole words."""
    each = "|".join(f"[{_UNREAD}]*".join(map(_any_way, form)) for form in forms(word))
    around = f"[{_ARABIC}]*" if "\u0621" <= word[:1] <= "\u064a" else ""
    return [found.span() for found in re.finditer(f"{around}(?:{each}){around}", text, re.IGNORECASE)]


def _any_way(letter: str) -> str:
    return _VARIANTS.get(letter) or re.escape(letter)
