"""The catalogue's one statement, put together from fixed parts; everything that was typed is a parameter.

It answers one row: `cube` (courses by category, level and language, whatever the filters; of the tag alone, if there is
one), `guesses` (words that look like those typed, only where hardly anything matched) and `cards`. Words are matched
through the GIN index alone: the query is kept in a CTE, because a planner that knows how common a word is would rather
read every course.
"""

# ruff: noqa: S608 - the parts that statements are put together from are all in this file

from functools import lru_cache

from sqlalchemy import ARRAY, BigInteger, Boolean, Text, bindparam, text

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

# A word is the beginning of one or stands in any of its forms; one that says nothing ("the") counts only where all do.
# A phrase stands as it was typed, but for accents; what is left out, in any form but not as a beginning. `words` is what a
# course must have, `wanted` its parts; `shown` is what is marked here: phrases are marked as they stand, by
# `excerpts.pattern_of`. `near` also has their other forms, by which a text is looked through first.
_WORDS = """
each_part as (
    select choice, is_phrase, is_left_out, is_empty, part, bent,
           bool_and(is_empty or is_left_out) over (partition by choice) as all_empty
      from unnest(:choices, :words, :phrases, :left_out) typed(choice, words, is_phrase, is_left_out),
           lateral (select quote_literal(folded_words(words)) as folded,
                           not is_phrase and to_tsvector(course_config(:reader), words) = ''::tsvector as is_empty) w,
           lateral (
               select string_agg(distinct phraseto_tsquery(course_config(tongue), words)::text, ' | ') as bent
                 from unnest(:tongues) tongue where to_tsvector(course_config(tongue), words) <> ''::tsvector) b,
           lateral (
               select case when is_phrase then to_tsquery('simple', folded || '\\:ABC')::text
                           else concat_ws(' | ', nullif(to_tsquery('simple', folded)::text, '')
                                || case when is_left_out then '' else ':*' end, bent) end as part) p
     where part <> ''),
parts as (
    select choice, is_phrase, is_left_out, '(' || part || ')' as part, bent from each_part where all_empty or not is_empty),
q as materialized (
    select (select string_agg(whole, ' | ')::tsquery from (
               select string_agg(case when is_left_out then '!' else '' end || part, ' & ') as whole
                 from parts group by choice) choices) as words,
           (select array_agg(part::tsquery) from parts where not is_left_out) as wanted,
           (select string_agg(part, ' | ')::tsquery from parts where not (is_phrase or is_left_out)) as shown,
           (select string_agg(concat_ws(' | ', part, bent), ' | ')::tsquery from parts where not is_left_out) as near)
"""
_HEADLINE = "coalesce(ts_headline(course_config(c.language), {0}, q.shown, :marks), {0})"
_TITLE, _SUMMARY = _HEADLINE.format("c.title"), _HEADLINE.format("c.summary")
_ELSEWHERE = _HEADLINE.format(
    "concat_ws(' · ', nullif(c.category, ''), nullif(array_to_string(c.tags, ', '), ''), c.instructors, "
    "left(c.description, 3000))"
)
# Of the lessons that have most of what title and summary don't have, or of the modules, the first. The words of all are
# marked at once, and only the titles with a mark are looked at one by one; and those with accents, which may stand otherwise
# than they were typed.
_INSIDE = f"""
case when not shown.words @@ q.words then (
    select json_build_array(kind, marked, others) from (
        select kind, place, marked, has, count(*) over (partition by has) - 1 as others
          from (values ('lesson', 'lessons'), ('module', 'modules')) kinds(kind, name),
               lateral (select string_agg(title, E'\\n' order by place) as titles
                          from jsonb_array_elements_text(c.contents -> name) with ordinality t(title, place)) t,
               string_to_table(ts_headline(course_config(c.language), titles, q.near, :marks), E'\\n')
                   with ordinality m(marked, place),
               lateral (select title_document(c.language, translate(marked, '{MARK}{END}', '')) as words offset 0) l,
               lateral (select count(*) as has, count(*) filter (where not shown.words @@ part) as missing
                          from unnest(q.wanted) part where l.words @@ part) h
         where marked ~ '[{MARK}\u00c0-\u024f\u0300-\u036f]' and missing > 0) hits
     order by has desc, kind, place limit 1) end"""
_SHOWN = "title_document(c.language, concat_ws(E'\\n', c.title, c.summary))"
_FACTS = (
    "c.id, c.slug, c.title, c.summary, c.category, c.level, c.language, c.cover_path, c.lesson_count, c.minutes, "
    "c.enrollment_count, c.rating_count, c.rating_average"
)
_FILTERS = {
    "category": "m.category = :category",
    "level": "m.level = :level",
    "language": "m.language = :language",
}
_PLAIN = ("''", "''", "''", "null")
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
            f"select {_cube(every)} as cube, null as guesses, {_cards('page join courses c using (id)', *_PLAIN)} as cards"
        )
    )


@lru_cache(maxsize=200)
def search(
    filters: frozenset[str], order: str, words: int, *, is_deep: bool, is_tagged: bool = False
) -> Prepared:
    """Published courses that have what is wanted. `is_deep`: the page lies behind the RANKED ones. The first of the
    `words` in a title count for the best match."""
    where = " and ".join(["true", *(_FILTERS[name] for name in sorted(filters))])
    if order == "relevance" and not is_deep:
        # Sorted before it is numbered: numbering all of them would sort all of them.
        best = f"select m.id from matched m where {where} order by {_ORDERS[order]} limit {RANKED}"
        page = (
            f"likely as (select id, row_number() over () as place from ({best}) b), page as ("
            "select id, row_number() over () as place from ("
            "select likely.id from likely join courses c on c.id = likely.id, q "
            "order by title_document(c.language, c.title) @@ q.words desc, ts_rank(c.search, q.words) desc, likely.place "
            f"limit {PER_PAGE} offset :skipped) p)"
        )
    else:
        page = f"page as ({_page('matched m', where, _ORDERS[order])})"
    guesses = (
        f"case when (select count(*) from (select from matched limit {FEW}) few) < {FEW} then "
        "(select json_agg(json_build_array(meant_for, word)) from course_words_like(:plain)) end"
    )
    is_unseen = (
        f"inside.line is null and strpos({_TITLE} || {_SUMMARY}, '{MARK}') = 0 and not shown.words @@ q.words"
    )
    elsewhere = f"case when {is_unseen} then {_ELSEWHERE} else '' end"
    found = (
        f"page join courses c using (id) cross join q, lateral (select {_SHOWN} as words offset 0) shown, "
        f"lateral (select {_INSIDE} as line offset 0) inside"
    )
    asked = text(
        f"with {_WORDS}, {_matched(order, words, is_tagged=is_tagged)}, {page} "
        f"select {_cube('matched')} as cube, {guesses} as guesses, "
        f"{_cards(found, _TITLE, _SUMMARY, elsewhere, 'inside.line')} as cards"
    )
    return Prepared(asked.bindparams(*(bindparam(name, type_=ARRAY(kind)) for name, kind in _ARRAYS.items())))


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


def _cards(source: str, *shown: str) -> str:
    """`source` joins the page to its courses; `shown` is what was found in them."""
    return f"(select json_agg(json_build_array({_FACTS}, {', '.join(shown)}) order by place) from {source})"


_ARRAYS = {
    "tongues": Text,
    "choices": BigInteger,
    "words": Text,
    "phrases": Boolean,
    "left_out": Boolean,
    "plain": Text,
}
MARKS = f'StartSel="{MARK}", StopSel="{END}", HighlightAll=true'
