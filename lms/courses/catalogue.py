"""The catalogue's search: words with prefixes first; where they find nothing, titles that look alike."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, exists, func, literal, select, true

from lms.core.db import db
from lms.core.paging import PER_PAGE, Page
from lms.courses.models import Course

SORTS = ("newest", "learners", "title")
LONGEST_QUERY = 200
ALIKE = 0.3
"""Least `word_similarity` (0 to 1) of a title that is offered for a misspelt search."""

_OPERATORS = re.compile(r'"|(?:^|\s)-\S|\sor\s', re.IGNORECASE)
_SIGNS = re.compile(r"[&|!():*<>'\\\"\s]+")

CARD = (
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

Ordering = tuple[Any, ...]
Facts = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for. Empty text means: any."""

    q: str = ""
    category: str = ""
    level: str = ""
    language: str = ""
    sort: str = ""

    @property
    def order(self) -> str:
        """The order that applies: the one asked for, else the best match or the newest."""
        return self.sort or ("relevance" if self.q else "newest")

    @property
    def narrows(self) -> bool:
        return bool(self.q or self.category or self.level or self.language)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of cards; `only_alike` when no course has the words and these merely look similar."""

    page: Page[Facts]
    only_alike: bool


def look_up(wish: Wish, number: int) -> Found:
    """Published courses that fit, 20 a page, in one statement."""
    rows = db.session.execute(_statement(wish), {"skipped": (number - 1) * PER_PAGE}).all()
    return Found(Page(rows, number, rows[0].total if rows else 0), bool(rows and rows[0].alike))


@lru_cache(maxsize=100)
def _statement(wish: Wish) -> Select[*tuple[Any, ...]]:
    """Building it takes longer than asking; most visitors wish for the same."""
    matched, alike = _matched(wish)
    total = select(func.count()).select_from(matched).scalar_subquery()
    return (
        select(*CARD, total.label("total"), alike.label("alike"))
        .join(matched, matched.c.id == Course.id)
        .order_by(*_ordered(wish.order, matched.c.rank))
        .limit(PER_PAGE)
        .offset(bindparam("skipped"))
    )


def _matched(wish: Wish) -> tuple[Any, ColumnElement[bool]]:
    """(the ids that fit with their rank, whether they only look alike)."""
    if not wish.q:
        every = _narrowed(select(Course.id, literal(0.0).label("rank")), wish)
        return every.cte("matched"), literal(False)
    words = _words(wish.q)
    exact = _narrowed(
        select(Course.id, func.ts_rank(Course.search, words).label("rank")).where(
            Course.search.op("@@")(words)
        ),
        wish,
    ).cte("exact")
    likeness = func.word_similarity(wish.q.lower(), func.lower(Course.title))
    none = ~exists(select(exact.c.id))
    alike = _narrowed(select(Course.id, likeness.label("rank")).where(none, likeness >= ALIKE), wish)
    return select(exact.c.id, exact.c.rank).union_all(alike).cte("matched"), none


def _narrowed(statement: Select[*tuple[Any, ...]], wish: Wish) -> Select[*tuple[Any, ...]]:
    return statement.where(
        Course.state == "published",
        Course.category == wish.category if wish.category else true(),
        Course.level == wish.level if wish.level else true(),
        Course.language == wish.language if wish.language else true(),
    )


def _words(q: str) -> ColumnElement[Any]:
    """Every word as the beginning of one; with quotes, minus or `or`, exactly what was asked."""
    words = [word for word in _SIGNS.split(q) if word]
    if not words or _OPERATORS.search(q):
        return func.websearch_to_tsquery("simple", q)
    return func.to_tsquery("simple", " & ".join(f"'{word}':*" for word in words))


def _ordered(order: str, rank: ColumnElement[float]) -> Ordering:
    newest: Ordering = (Course.published_at.desc(), Course.id.desc())
    return {
        "relevance": (rank.desc(), *newest),
        "newest": newest,
        "learners": (Course.enrollment_count.desc(), *newest),
        "title": (func.lower(Course.title), Course.id),
    }[order]


_CHOICES = (
    select(Course.category, Course.language, func.count().label("courses"))
    .where(Course.state == "published")
    .group_by(Course.category, Course.language)
)


def choices() -> tuple[list[str], list[str]]:
    """(categories, languages) of published courses, those with most courses first."""
    categories: dict[str, int] = {}
    languages: dict[str, int] = {}
    for row in db.session.execute(_CHOICES):
        if row.category:
            categories[row.category] = categories.get(row.category, 0) + row.courses
        languages[row.language] = languages.get(row.language, 0) + row.courses
    return tuple(sorted(c, key=lambda name: (-c[name], name)) for c in (categories, languages))  # type: ignore[return-value]


_NEWEST = (
    select(*CARD).where(Course.state == "published").order_by(Course.published_at.desc(), Course.id.desc())
)


def newest(most: int) -> Sequence[Facts]:
    """The latest published courses."""
    return db.session.execute(_NEWEST.limit(most)).all()
