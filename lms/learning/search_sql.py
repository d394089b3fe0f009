"""The one statement that finds words in a course; everything that was typed is a parameter.

It answers one row: `found`, the texts that have all the words, each by the section that has most of them, and `guesses`,
words of the course that look like those typed, only where nothing was found. A word may stand in any section of a text.
Only sections of the lessons `:open` are read. A course is small: its sections are found by an index and looked through.
"""

# ruff: noqa: S608 - the parts that statements are put together from are all in this file

from functools import lru_cache

from sqlalchemy import ARRAY, BigInteger, Text, TextClause, bindparam, text

from lms.courses.catalogue_sql import EACH_WORD, END, MARK

MOST = 20
"""So many texts are shown."""

_TYPED = f"""
parts as materialized (
    select place, word, part::tsquery as words, word = any(:unspaced) as is_unspaced from ({EACH_WORD}) each_part)
"""
# Quotes, minus and `or` say exactly what is wanted.
_EXACTLY = """
parts as materialized (
    select 1 as place, '' as word, false as is_unspaced,
           websearch_to_tsquery('simple', :typed) || websearch_to_tsquery(course_config(:reader), :typed) as words)
"""
_HERE = "p.course_id = :course_id and p.lesson_id = any(:open) and p.kind = any(:kinds)"
# Scripts without spaces are looked for letter by letter: what the parser takes for a word there is a sentence.
_HITS = f"""
hits as materialized (
    select p.id, p.kind, p.text_id, p.number, parts.place, ts_rank(p.search, parts.words) as rank
      from course_passages p
      join parts on p.search @@ parts.words
        or (parts.is_unspaced and strpos(lower(concat_ws(E'\\n', p.title, p.heading, p.words)), parts.word) > 0)
     where {_HERE}),
texts as (
    select kind, text_id from hits group by kind, text_id
    having count(distinct place) = (select count(*) from parts)),
sections as (
    select hits.id, hits.kind, hits.text_id, hits.number, count(*) as has, sum(hits.rank) as rank
      from hits join texts using (kind, text_id) group by 1, 2, 3, 4),
best as (
    select distinct on (kind, text_id) id, has, rank, sum(rank) over (partition by kind, text_id) as whole
      from sections order by kind, text_id, has desc, rank desc, number),
page as (select id, row_number() over (order by has desc, whole desc, id) as place, count(*) over () as total from best)
"""
_OPTIONS = f'StartSel="{MARK}", StopSel="{END}", HighlightAll=true'
_MARKED = f"ts_headline(course_config(p.language), {{0}}, q.words, '{_OPTIONS}')"
_FOUND = f"""
select json_agg(json_build_array(
           p.kind, p.lesson_id, p.slug, {_MARKED.format("t.title")}, p.anchor, {_MARKED.format("p.heading")},
           {_MARKED.format("p.words")}, p.files, page.total) order by page.place)
  from page
  join course_passages p on p.id = page.id
  join course_passages t on t.kind = p.kind and t.text_id = p.text_id and t.number = 0,
       (select string_agg('(' || words::text || ')', ' | ')::tsquery as words from parts where words::text <> '') q
 where page.place <= {MOST}
"""
# Gathered once for all words that were typed, and only where nothing was found.
_KNOWN = f"""
known as materialized (
    select distinct word from course_passages p, unnest(tsvector_to_array(ts_filter(p.search, '{{a,c}}'))) word
     where {_HERE} and char_length(word) between 3 and 40 and word !~ '[0-9]')
"""
_GUESSES = """
case when not exists (select from texts) then (
    select json_agg(json_build_array(near.typed, near.word)) from (
        select typed.word as typed, v.word from unnest(:words) typed(word), lateral (
            select known.word from known
             where abs(char_length(known.word) - char_length(typed.word)) <= 2 or starts_with(known.word, typed.word)
             order by similarity(known.word, typed.word) desc, known.word limit 40) v) near) end
"""


@lru_cache(maxsize=2)
def search(*, exactly: bool) -> TextClause:
    """The statement; `exactly`: what was typed is a query with operators."""
    arrays = ["words", "kinds", *([] if exactly else ["tongues", "unspaced"])]
    return text(
        f"with {_EXACTLY if exactly else _TYPED}, {_HITS}, {_KNOWN} select ({_FOUND}) as found, {_GUESSES} as guesses"
    ).bindparams(
        bindparam("open", type_=ARRAY(BigInteger)), *(bindparam(name, type_=ARRAY(Text)) for name in arrays)
    )
