"""What somebody meant who wrote a word that no course has."""

import heapq
from collections.abc import Iterable, Sequence
from functools import lru_cache

SHORTEST = 4
"""Letters: shorter words are too near to too many."""
NEAREST = 40
"""Known words that one typed word is compared with letter by letter."""


def corrected(words: Sequence[str], guesses: Iterable[tuple[str, str]]) -> list[str] | None:
    """`words` with the unknown ones replaced by the nearest guess, each once; None when nothing is nearer than what
    stands.

    `guesses` are pairs (word as typed, word that courses have), the likeliest first. A word that begins a known
    one is known.
    """
    known: dict[str, list[str]] = {}
    for typed, word in guesses:
        known.setdefault(typed, []).append(word)
    meant = [_meant(word, known.get(word, [])) for word in words]
    return list(dict.fromkeys(meant)) if meant != list(words) else None


def _meant(word: str, candidates: Sequence[str]) -> str:
    if len(word) < SHORTEST or any(candidate.startswith(word) for candidate in candidates):
        return word
    near = [(distance(word, candidate), place) for place, candidate in enumerate(candidates)]
    steps, place = min(near, default=(len(word), 0))
    return candidates[place] if steps <= max(1, len(word) // 4) else word


def likest(word: str, known: Iterable[str]) -> list[str]:
    """The NEAREST known words by the parts of three letters that they share, as `similarity` of the database counts
    them, the likest first; those that are more than two letters longer or shorter are left out unless it begins them."""
    mine = _trigrams(word)
    near = [other for other in known if abs(len(other) - len(word)) <= 2 or other.startswith(word)]

    def unlike(other: str) -> tuple[float, str]:
        theirs = _trigrams(other)
        return -len(mine & theirs) / len(mine | theirs), other

    return heapq.nsmallest(NEAREST, near, key=unlike)


@lru_cache(maxsize=10_000)
def _trigrams(word: str) -> frozenset[str]:
    around = f"  {word} "
    return frozenset(around[place : place + 3] for place in range(len(around) - 2))


def distance(one: str, other: str) -> int:
    """Letters to add, drop, change, or swap with their neighbour, to make one word the other (Damerau, Levenshtein)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, its in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                least = min(least, older[j - 2] + 1)
            row.append(least)
    return row[-1]
