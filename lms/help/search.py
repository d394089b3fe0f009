"""Finding words in the documentation. Typing errors are forgiven."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from lms.courses.excerpts import Marked
from lms.courses.spelling import corrected, likest
from lms.help.book import ENGLISH, Page, Passage, passages
from lms.help.letters import bare, folded, forms, places

MOST_WORDS = 8
SHORTEST_MARKED = 3
"""Letters: shorter words stand inside of too many others."""
_WORD = re.compile(r"[\w\u064b-\u065f\u0670]+")
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


def search(typed: str, sections: frozenset[str], language: str) -> Found:
    """The passages of these sections that hold every one of the words: first those that say it in their heading, then in
    their page's title. Words that the help in `language` does not have are looked for in the English."""
    asked = [word for each in typed.split() if (word := bare(folded(each.strip(_AROUND))))][:MOST_WORDS]
    tongues = tuple(dict.fromkeys((language, ENGLISH)))
    for tongue in tongues:
        if results := _ask(asked, sections, tongue):
            return Found(results)
    for tongue in tongues:
        known = _vocabulary(sections, tongue)
        meant = corrected(asked, ((word, other) for word in asked for other in likest(word, known)))
        if meant and (results := _ask(meant, sections, tongue)):
            return Found(results, " ".join(known.get(word, word) for word in meant))
    return Found()


def _ask(asked: Sequence[str], sections: frozenset[str], language: str) -> tuple[Result, ...]:
    hits = [one for one in passages(sections, language) if asked and _has(_whole(one), asked)]
    marked = [word for word in asked if len(word) >= SHORTEST_MARKED]
    return tuple(_result(one, marked) for one in sorted(hits, key=lambda one: _distance(one, asked)))


def _result(passage: Passage, words: Sequence[str]) -> Result:
    heading, title, text = (
        Marked.of(text, spans=[span for word in words for span in places(word, text)])
        for text in (passage.heading, passage.page.title, passage.words)
    )
    return Result(passage.page, passage.place, heading.html, title.html, text.excerpt())


@lru_cache(maxsize=16)
def _vocabulary(sections: frozenset[str], language: str) -> dict[str, str]:
    """All words as they are compared, with the shortest way in which each is written."""
    written: dict[str, str] = {}
    for word in sorted(_words(sections, language), key=lambda word: (-len(word), word)):
        written[bare(folded(word))] = word
    return written


def _words(sections: frozenset[str], language: str) -> set[str]:
    texts = (f"{one.page.title} {one.heading} {one.words}" for one in passages(sections, language))
    return {word for text in texts for word in _WORD.findall(text.lower()) if not word.isdigit()}


@lru_cache(maxsize=2048)
def _whole(passage: Passage) -> str:
    return folded(f"{passage.page.title} {passage.heading} {passage.words}")


def _distance(passage: Passage, asked: Sequence[str]) -> int:
    """How far the words are from being the subject of the passage."""
    names = passage.heading, f"{passage.page.title} {passage.heading}"
    return next((far for far, name in enumerate(names) if _has(folded(name), asked)), len(names))


def _has(text: str, asked: Sequence[str]) -> bool:
    return all(any(form in text for form in forms(word)) for word in asked)
