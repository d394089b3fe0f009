"""The catalogue: full-text search that forgives typos, filters with counts, highlights, order, pages."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NamedTuple

from markupsafe import Markup, escape
from sqlalchemy import select

from lms.core import i18n
from lms.core.db import db
from lms.core.paging import MOST_PAGES, PER_PAGE, Page
from lms.courses import catalogue_sql as sql
from lms.courses.models import Course
from lms.courses.spelling import corrected

SORTS = ("newest", "learners", "rating", "title")
FILTERS = ("category", "level", "language")
LONGEST_QUERY = 200
MOST_WORDS = 12
MOST_IN_TITLE = 4

OPERATORS = re.compile(r'"|(?:^|\s)-\S|\sor\s', re.IGNORECASE)
"""Signs that say exactly what is wanted."""
_SIGNS = re.compile(r"[&|!():*<>'\\\"\s]+")
_MARKED = re.compile(f"{sql.MARK}(.*?){sql.END}", re.DOTALL)
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
    """A course of the catalogue. `title` and `summary` are markup with what was found in `<mark>`; `elsewhere`
    shows the words where neither has them."""

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
    words = words_of(wish.q)
    if not wish.q:
        statement, values = sql.listing(frozenset(filters), wish.order, is_tagged=bool(wish.tag)), {}
    else:
        exactly = not words or bool(OPERATORS.search(wish.q))
        is_deep = skipped >= sql.RANKED
        statement = sql.search(
            frozenset(filters),
            wish.order,
            len(words[:MOST_IN_TITLE]),
            exactly=exactly,
            is_deep=is_deep,
            is_tagged=bool(wish.tag),
        )
        values = _values(wish, words, exactly)
    tag = {"tag": wish.tag} if wish.tag else {}
    row = statement.one(skipped=skipped, **tag, **filters, **values)
    cube = row.cube or []
    facets, total = _facets(cube, filters)
    cards = [_card(facts) for facts in row.cards or []]
    meant = corrected(words, row.guesses or ())
    # Pages beyond the last that can be asked for are not offered.
    page = Page(cards, number, min(total, MOST_PAGES * PER_PAGE))
    return Found(page, total, sum(cell[-1] for cell in cube), facets, " ".join(meant) if meant else "")


def _values(wish: Wish, words: list[str], exactly: bool) -> dict[str, Any]:
    reader = wish.language or i18n.language()
    values: dict[str, Any] = {"reader": reader, "words": words, **sql.HEADLINES}
    if exactly:
        values["typed"] = wish.q
    else:
        values["tongues"] = sorted({*sql.STEMMED, reader})
    if wish.order == "relevance":
        values |= {f"word_{n}": f"%{_PATTERN.sub('', word)}%" for n, word in enumerate(words[:MOST_IN_TITLE])}
    return values


def words_of(q: str) -> list[str]:
    """The words of a search in lower case, without the signs that operators are made of."""
    return list(dict.fromkeys(word for word in _SIGNS.split(q.lower()) if word.strip("-")))[:MOST_WORDS]


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


def _card(facts: Sequence[Any]) -> Card:
    *plain, title, summary, elsewhere = facts
    shown = (
        _marked(title) if title else plain[2],
        _marked(summary) if summary else plain[3],
        _marked(_MARKDOWN.sub(" ", elsewhere)) if sql.MARK in elsewhere else "",
    )
    return Card._make([*plain, *shown])


def _marked(text: str) -> Markup:
    """Escaped first, so that nothing of an author's is a tag."""
    safe = _MARKED.sub(r"<mark>\1</mark>", str(escape(text)))
    return Markup(safe.replace(sql.MARK, "").replace(sql.END, ""))  # noqa: S704


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
    return [Card._make([*row, row.title, row.summary, ""]) for row in db.session.execute(_NEWEST.limit(most))]
