"""Finding words in the documentation. Typing errors are forgiven."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from lms.courses.spelling import corrected, likest
from lms.help.book import Page, Passage, passages
from lms.learning.excerpts import Marked

MOST_WORDS = 8
SHORTEST_MARKED = 3
"""Letters: shorter words stand inside of too many others."""
_WORD = re.compile(r"\w+")
_AROUND = ".,;:!?()[]\"'“”‘’«»؟،؛"
"""Signs at the ends of a word that do not belong to it."""


class Result(NamedTuple):
    """A passage that has the words. `heading`, `title` (of its page) and `excerpt` are markup with the words in `<mark>`."""

    page: Page
    place: str
    heading: Markup
    title: Markup
    excerpt: Markup


@dataclass(frozen=True, slots=True)
class Found:
    """`meant` is the spelling that the results are of, where nothing has the words as typed."""

    results: tuple[Result, ...] = ()
    meant: str = ""


def search(typed: str, sections: frozenset[str]) -> Found:
    """The passages of these sections that hold every one of the words: first those that say it in their heading, then in
    their page's title."""
    asked = [word for each in typed.lower().split() if (word := each.strip(_AROUND))][:MOST_WORDS]
    found = _ask(asked, sections)
    if found.results:
        return found
    guesses = ((word, known) for word in asked for known in likest(word, _vocabulary(sections)))
    meant = corrected(asked, guesses)
    found = _ask(meant or [], sections)
    return replace(found, meant=" ".join(meant)) if meant and found.results else found


def _ask(asked: Sequence[str], sections: frozenset[str]) -> Found:
    hits = [one for one in passages(sections) if asked and all(word in _whole(one) for word in asked)]
    marked = [word for word in asked if len(word) >= SHORTEST_MARKED]
    return Found(tuple(_result(one, marked) for one in sorted(hits, key=lambda one: _distance(one, asked))))


def _result(passage: Passage, words: Sequence[str]) -> Result:
    heading, title, text = (
        Marked.of(text, words) for text in (passage.heading, passage.page.title, passage.words)
    )
    return Result(passage.page, passage.place, heading.html, title.html, text.excerpt())


@lru_cache(maxsize=8)
def _vocabulary(sections: frozenset[str]) -> frozenset[str]:
    return frozenset(word for one in passages(sections) for word in _words(one))


def _words(passage: Passage) -> Iterator[str]:
    return (word for word in _WORD.findall(_whole(passage)) if not word.isdigit())


def _whole(passage: Passage) -> str:
    return f"{passage.page.title} {passage.heading} {passage.words}".lower()


def _distance(passage: Passage, asked: Sequence[str]) -> int:
    """How far the words are from being the subject of the passage."""
    names = passage.heading.lower(), f"{passage.page.title} {passage.heading}".lower()
    return next((far for far, name in enumerate(names) if all(word in name for word in asked)), len(names))
