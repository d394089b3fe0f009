"""The catalogue: full-text search that forgives typos, filters with counts, highlights, order, pages."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NamedTuple

from markupsafe import Markup
from sqlalchemy import select

from lms.core import i18n
from lms.core.db import db
from lms.core.paging import MOST_PAGES, PER_PAGE, Page
from lms.courses import catalogue_sql as sql
from lms.courses.asked import Part, may_be_misspelt, parts_of, phrases_of, plain_words
from lms.courses.excerpts import Marked, pattern_of
from lms.courses.models import Course
from lms.courses.spelling import corrected

SORTS = ("newest", "learners", "rating", "title")
FILTERS = ("category", "level", "language")
LONGEST_QUERY = 200
MOST_IN_TITLE = 4

_PATTERN = re.compile("[%_]")
_MARKDOWN = re.compile(r"!?\[|\]\([^)\s]*\)?|[#*_`>|\[\]]+")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for. Empty text means: any."""

    q: str = ""
    category: str = ""
    level: str = ""
    language: str = ""
    tag: str = ""
    sort: str = ""

    @property
    def order(self) -> str:
        """The order that applies: the one asked for, else the best match or the newest."""
        return self.sort or ("relevance" if self.q else "newest")

    @property
    def narrows(self) -> bool:
        return bool(self.q or self.choices)

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set, by name."""
        return {name: getattr(self, name) for name in FILTERS if getattr(self, name)}

    @property
    def choices(self) -> dict[str, str]:
        """The filters that are set, and the tag, by name."""
        return {**self.filters, "tag": self.tag} if self.tag else self.filters

    @property
    def asked(self) -> dict[str, Any]:
        """What stands in the address."""
        return {name: value for name, value in asdict(self).items() if value}

    def but(self, **changes: str) -> dict[str, Any]:
        """What stands in the address after a change."""
        return replace(self, **changes).asked


class Card(NamedTuple):
    """A course of the catalogue. `title` and `summary` are markup with what was found in `<mark>`. Where they don't have
    it, `inside` is the lesson or module (`kind`) whose title has, as `more` others do; else `elsewhere` shows it."""

    id: int
    slug: str
    name: str
    plain_summary: str
    category: str
    level: str
    language: str
    cover_path: str | None
    lesson_count: int
    minutes: int
    enrollment_count: int
    rating_count: int
    rating_average: float
    title: Markup | str
    summary: Markup | str
    elsewhere: Markup | str
    kind: str
    inside: Markup | str
    more: int


@dataclass(frozen=True, slots=True)
class Found:
    """One page of cards, and what each filter would leave: `facets["level"]["beginner"]` courses.

    `anywhere` counts what has the words and the tag whatever the filters. `meant` is the likelier spelling; `is_corrected`
    whether the cards are already those of it.
    """

    page: Page[Card]
    total: int
    anywhere: int
    facets: Mapping[str, Counter[str]] = field(default_factory=dict)
    meant: str = ""
    is_corrected: bool = False


def look_up(wish: Wish, number: int) -> Found:
    """Published courses that fit, 20 a page, in one statement; a second one when only another spelling has any."""
    found = _ask(wish, number)
    if not found.meant or found.anywhere:
        return found
    second = _ask(replace(wish, q=found.meant), number)
    if not second.anywhere:
        return replace(found, meant="")
    return replace(second, meant=found.meant, is_corrected=True)


def _ask(wish: Wish, number: int) -> Found:
    skipped = (number - 1) * PER_PAGE
    filters = wish.filters
    parts = parts_of(wish.q, may_only_leave_out=True)
    words = plain_words(parts)
    if not wish.q:
        statement, values = sql.listing(frozenset(filters), wish.order, is_tagged=bool(wish.tag)), {}
    else:
        statement = sql.search(
            frozenset(filters),
            wish.order,
            len(words[:MOST_IN_TITLE]),
            is_deep=skipped >= sql.RANKED,
            is_tagged=bool(wish.tag),
        )
        values = _values(wish, parts, words)
    tag = {"tag": wish.tag} if wish.tag else {}
    row = statement.one(skipped=skipped, **tag, **filters, **values)
    cube = row.cube or []
    facets, total = _facets(cube, filters)
    phrases = pattern_of(phrases_of(parts))
    cards = [_card(facts, phrases) for facts in row.cards or []]
    meant = corrected(words, row.guesses or ()) if may_be_misspelt(parts) else None
    # Pages beyond the last that can be asked for are not offered.
    page = Page(cards, number, min(total, MOST_PAGES * PER_PAGE))
    return Found(page, total, sum(cell[-1] for cell in cube), facets, " ".join(meant) if meant else "")


def _values(wish: Wish, parts: list[Part], words: list[str]) -> dict[str, Any]:
    reader = wish.language or i18n.language()
    values: dict[str, Any] = {
        "reader": reader,
        "tongues": sorted({*sql.STEMMED, reader}),
        "choices": [part.choice for part in parts],
        "words": [part.words for part in parts],
        "phrases": [part.is_phrase for part in parts],
        "left_out": [part.is_left_out for part in parts],
        "plain": words,
        "marks": sql.MARKS,
    }
    if wish.order == "relevance":
        values |= {f"word_{n}": f"%{_PATTERN.sub('', word)}%" for n, word in enumerate(words[:MOST_IN_TITLE])}
    return values


def _facets(cube: Sequence[Sequence[Any]], filters: Mapping[str, str]) -> tuple[dict[str, Counter[str]], int]:
    """(courses by filter and value, courses that pass all filters). A value's count says what choosing it leaves:
    the other filters apply to it, its own does not."""
    facets: dict[str, Counter[str]] = {name: Counter() for name in FILTERS}
    total = 0
    for *cell, courses in cube:
        values = dict(zip(FILTERS, cell, strict=True))
        misses = [name for name, wanted in filters.items() if values[name] != wanted]
        if not misses:
            total += courses
        for name in FILTERS:
            if all(miss == name for miss in misses) and values[name]:
                facets[name][values[name]] += courses
    return facets, total


def _card(facts: Sequence[Any], phrases: re.Pattern[str] | None) -> Card:
    *plain, title, summary, elsewhere, inside = facts
    kind, named, more = inside or ("", "", 0)
    shown = (
        Marked.read(title, phrases).html if title else plain[2],
        Marked.read(summary, phrases).html if summary else plain[3],
        _excerpt(Marked.read(_MARKDOWN.sub(" ", elsewhere), phrases)),
        kind,
        Marked.read(named, phrases).html,
        more,
    )
    return Card._make([*plain, *shown])


def _excerpt(text: Marked) -> Markup | str:
    """The part of a text that has what was found, if it has."""
    return text.excerpt() if text.spans else ""


_NEWEST = (
    select(
        Course.id,
        Course.slug,
        Course.title,
        Course.summary,
        Course.category,
        Course.level,
        Course.language,
        Course.cover_path,
        Course.lesson_count,
        Course.minutes,
        Course.enrollment_count,
        Course.rating_count,
        Course.rating_average,
    )
    .where(Course.state == "published")
    .order_by(Course.published_at.desc(), Course.id.desc())
)


def newest(most: int) -> list[Card]:
    """The latest published courses."""
    rows = db.session.execute(_NEWEST.limit(most))
    return [Card._make([*row, row.title, row.summary, "", "", "", 0]) for row in rows]
