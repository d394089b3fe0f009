"""The catalogue's one statement, put together from fixed parts; everything that was typed is a parameter.

It answers one row: `cube` (courses by category, level and language, whatever the filters; of the tag alone, if there is
one), `guesses` (words that look like those typed, only where hardly anything matched) and `cards`. Words are matched
through the GIN index alone: the query is kept in a CTE, because a planner that knows how common a word is would rather
read every course.
"""

# ruff: noqa: S608 - the parts that statements are put together from are all in this file

from functools import lru_cache

from sqlalchemy import ARRAY, Text, bindparam, text

from lms.core.paging import PER_PAGE
from lms.core.prepared import Prepared

RANKED = 500
"""Of more matches than these only the likeliest (by words in the title, then learners) are ranked by all their words."""
FEW = 3
"""With fewer matches, what else could have been meant is looked up."""
STEMMED = ("en", "ar", "de", "es", "fr", "it", "nl", "pt", "ru")
"""Languages whose grammar is applied to what is typed, besides the reader's and the chosen one."""
MARK, END = "\ue000", "\ue001"
"""Stand for the tags around words that were found, until the text is escaped."""

EACH_WORD = """
select place, word, part from (
    select place, word, part, is_empty, bool_and(is_empty) over () as all_empty from (
        select place, word, concat_ws(' | ', nullif(to_tsquery('simple', quoted)::text, '') || ':*', (
                   select string_agg(distinct to_tsquery(course_config(tongue), quoted)::text, ' | ')
                     from unnest(:tongues) tongue
                    where to_tsvector(course_config(tongue), word) <> ''::tsvector)) as part,
               to_tsvector(course_config(:reader), word) = ''::tsvector as is_empty
          from unnest(:words) with ordinality typed(word, place), lateral (select '''' || word || '''' as quoted) w
    ) each_word where part <> ''
) all_words where all_empty or not is_empty
"""
"""Every word as the beginning of one or in any of its forms; words that say nothing ("the") only where all do."""
_WORDS = f"""
q as materialized (select string_agg('(' || part || ')', ' & ')::tsquery as words from ({EACH_WORD}) parts)
"""
# Quotes, minus and `or` say exactly what is wanted.
_EXACTLY = """
q as materialized (
    select websearch_to_tsquery('simple', :typed) || websearch_to_tsquery(course_config(:reader), :typed) as words)
"""
_HEADLINE = "ts_headline(course_config(c.language), {0}, q.words, :{1})"
_TITLE, _SUMMARY = _HEADLINE.format("c.title", "whole"), _HEADLINE.format("c.summary", "whole")
_ELSEWHERE = _HEADLINE.format(
    "concat_ws(' · ', nullif(c.category, ''), nullif(array_to_string(c.tags, ', '), ''), c.instructors, "
    "left(c.description, 3000))",
    "part",
)
_FACTS = (
    "c.id, c.slug, c.title, c.summary, c.category, c.level, c.language, c.cover_path, c.lesson_count, c.minutes, "
    "c.enrollment_count, c.rating_count, c.rating_average"
)
_FILTERS = {
    "category": "m.category = :category",
    "level": "m.level = :level",
    "language": "m.language = :language",
}
_PLAIN = ("''", "''", "''")
_PUBLISHED = "courses where state = 'published'"
_TAGGED = "tags @> array[:tag]::text[]"
_NEWEST = "m.published_at desc, m.id desc"
_ORDERS = {
    "relevance": f"m.in_title desc, m.enrollment_count desc, {_NEWEST}",
    "newest": _NEWEST,
    "learners": f"m.enrollment_count desc, {_NEWEST}",
    "rating": f"m.rating_score desc, {_NEWEST}",
    "title": "lower(m.title), m.id",
}
_SORTED_BY = {
    "relevance": "c.enrollment_count, c.published_at",
    "newest": "c.published_at",
    "learners": "c.enrollment_count, c.published_at",
    "rating": "c.rating_score, c.published_at",
    "title": "c.title",
}


@lru_cache(maxsize=200)
def listing(filters: frozenset[str], order: str, *, is_tagged: bool = False) -> Prepared:
    """All published courses by `order`, narrowed by those `filters` that have a value."""
    tagged = [_TAGGED] if is_tagged else []
    where = " and ".join(["m.state = 'published'", *tagged, *(_FILTERS[name] for name in sorted(filters))])
    every = " and ".join([_PUBLISHED, *tagged])
    return Prepared(
        text(
            f"with page as ({_page('courses m', where, _ORDERS[order])}) "
            f"select {_cube(every)} as cube, null as guesses, {_cards('page', *_PLAIN)} as cards"
        )
    )


@lru_cache(maxsize=200)
def search(
    filters: frozenset[str], order: str, words: int, *, exactly: bool, is_deep: bool, is_tagged: bool = False
) -> Prepared:
    """Published courses that have the words. `exactly`: they are a query with operators; `is_deep`: the page lies
    behind the RANKED ones. The first of the `words` in a title count for the best match."""
    where = " and ".join(["true", *(_FILTERS[name] for name in sorted(filters))])
    if order == "relevance" and not is_deep:
        # Sorted before it is numbered: numbering all of them would sort all of them.
        best = f"select m.id from matched m where {where} order by {_ORDERS[order]} limit {RANKED}"
        page = (
            f"likely as (select id, row_number() over () as place from ({best}) b), page as ("
            "select id, row_number() over () as place from ("
            "select likely.id from likely join courses c on c.id = likely.id, q "
            f"order by ts_rank(c.search, q.words) desc, likely.place limit {PER_PAGE} offset :skipped) p)"
        )
    else:
        page = f"page as ({_page('matched m', where, _ORDERS[order])})"
    guesses = (
        f"case when (select count(*) from (select from matched limit {FEW}) few) < {FEW} then "
        "(select json_agg(json_build_array(meant_for, word)) from course_words_like(:words)) end"
    )
    elsewhere = f"case when strpos({_TITLE} || {_SUMMARY}, '{MARK}') = 0 then {_ELSEWHERE} else '' end"
    arrays = ["words", *([] if exactly else ["tongues"])]
    asked = text(
        f"with {_EXACTLY if exactly else _WORDS}, {_matched(order, words, is_tagged=is_tagged)}, {page} "
        f"select {_cube('matched')} as cube, {guesses} as guesses, "
        f"{_cards('page cross join q', _TITLE, _SUMMARY, elsewhere)} as cards"
    )
    return Prepared(asked.bindparams(*(bindparam(name, type_=ARRAY(Text)) for name in arrays)))


def _matched(order: str, words: int, *, is_tagged: bool) -> str:
    """Every match, as narrow as can be: of a common word there are many, and they are held in memory."""
    hits = " + ".join(f"(c.title ilike :word_{number})::int" for number in range(words)) or "0"
    in_title = f", {hits} as in_title" if order == "relevance" else ""
    return (
        f"matched as materialized (select c.id, c.category, c.level, c.language, {_SORTED_BY[order]}{in_title} "
        "from courses c, q where c.search @@ q.words and c.state = 'published'"
        f"{' and c.' + _TAGGED if is_tagged else ''})"
    )


def _page(source: str, where: str, order: str) -> str:
    """The ids first: they come from an index alone, so that a page far behind costs little more than the first."""
    return (
        "select id, row_number() over () as place from "
        f"(select m.id from {source} where {where} order by {order} limit {PER_PAGE} offset :skipped) p"
    )


def _cube(source: str) -> str:
    return f"""(select json_agg(json_build_array(category, level, language, courses)) from (
        select category, level, language, count(*) as courses from {source} group by 1, 2, 3) cells)"""


def _cards(source: str, title: str, summary: str, elsewhere: str) -> str:
    return f"""(select json_agg(json_build_array({_FACTS}, {title}, {summary}, {elsewhere}) order by place)
        from {source} join courses c on c.id = page.id)"""


HEADLINES = {
    "whole": f'StartSel="{MARK}", StopSel="{END}", HighlightAll=true',
    "part": f'StartSel="{MARK}", StopSel="{END}", MaxFragments=1, MinWords=6, MaxWords=18',
}
