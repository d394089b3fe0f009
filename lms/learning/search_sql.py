"""The one statement that finds words in a course; everything that was typed is a parameter.

It answers one row: `found`, the texts that have what is wanted, each by the section that has most of it, and `guesses`,
words of the course that look like those typed, only where nothing was found. A text is a lesson, an extra page or a
brief: all that is wanted stands somewhere in it, and nothing that is left out stands anywhere in it.
Only sections of the lessons `:open` are read. A course is small: its sections are found by an index and looked through.
"""

# ruff: noqa: S608 - the parts that statements are put together from are all in this file

from sqlalchemy import ARRAY, BigInteger, Boolean, Text, bindparam, text

from lms.courses.catalogue_sql import MARKS

MOST = 20
"""So many texts are shown."""

# A word is the beginning of one or stands in any of its forms; one that says nothing ("the") counts only where all do.
# A phrase stands as it was typed, but for accents; what is left out, in any form but not as a beginning. `shown` is what is
# marked here: phrases are marked as they stand, by `excerpts.pattern_of`.
_PARTS = r"""
forms as (
    select typed.*, w.*, (
               select string_agg(distinct to_tsquery(course_config(tongue), quote_literal(bare))::text, ' | ')
                 from unnest(tongues_of(:reader, words)) tongue
                where not is_phrase and to_tsvector(course_config(tongue), bare) <> ''::tsvector) as bent,
           not is_phrase and to_tsvector(course_config(:reader), plain) = ''::tsvector as is_empty
      from unnest(:choices, :words, :phrases, :left_out, :unspaced)
           with ordinality typed(choice, words, is_phrase, is_left_out, is_unspaced, place),
           lateral (select plain_words(words) as plain, regexp_replace(bare_words(words), '^. ', '') as bare) w),
each_part as (
    select *, bool_and(is_empty or is_left_out) over (partition by choice) as all_empty,
           case when is_phrase then to_tsquery('simple', quote_literal(plain) || '\:AC')::text
                else concat_ws(' | ', nullif(to_tsquery('simple', quote_literal(plain))::text, '')
                    || case when is_left_out then '' else ':*' end, bent) end as part
      from forms),
parts as materialized (
    select choice, place, words, is_phrase, is_left_out, is_unspaced, part::tsquery as query,
           case when not (is_left_out or is_phrase) then concat_ws(' | ', part, bent) end as shown,
           '\m' || replace(trim(regexp_replace(folded_words(plain), '[\W_]+', ' ', 'g')), ' ', '[\W_]+') || '\M' as pattern
      from each_part where part <> '' and (all_empty or not is_empty))
"""
_HERE = "p.course_id = :course_id and p.lesson_id = any(:open) and p.kind = any(:kinds)"
# Scripts without spaces are looked for letter by letter: what the parser takes for a word there is a sentence. So are
# phrases where accents stand, which the words of a section keep.
_TEXT = "lower(concat_ws(E'\\n', p.title, p.heading, p.words, p.pictures))"
_HITS = f"""
hits as materialized (
    select p.id, p.kind, p.text_id, p.number, parts.choice, parts.place, parts.is_left_out, ts_rank(p.search, query) as rank
      from course_passages p
      join parts on p.search @@ parts.query
        or (parts.is_unspaced and strpos({_TEXT}, parts.words) > 0)
        or (parts.is_phrase and octet_length({_TEXT} || parts.words) > char_length({_TEXT} || parts.words)
            and folded_words({_TEXT}) ~ parts.pattern)
     where {_HERE}),
texts as (
    select distinct kind, text_id from hits group by kind, text_id, choice
    having not bool_or(is_left_out) and count(distinct place) = (
        select count(*) from parts where parts.choice = hits.choice and not parts.is_left_out)),
sections as (
    select hits.id, hits.kind, hits.text_id, hits.number, count(distinct place) as has, sum(hits.rank) as rank
      from hits join texts using (kind, text_id) where not hits.is_left_out group by 1, 2, 3, 4),
best as (
    select distinct on (kind, text_id) id, has, rank, sum(rank) over (partition by kind, text_id) as whole
      from sections order by kind, text_id, has desc, rank desc, number),
page as (select id, row_number() over (order by has desc, whole desc, id) as place, count(*) over () as total from best)
"""
_MARKED = f"""json_build_array({{0}}, case when q.shown is null then bare_words({{0}})
    else marked_words(tongues_of(p.language, {{0}}), {{0}}, q.shown, '{MARKS}') end)"""
_FOUND = f"""
select json_agg(json_build_array(
           p.kind, p.lesson_id, p.slug, {_MARKED.format("t.title")}, p.anchor, {_MARKED.format("p.heading")},
           {_MARKED.format("p.words")}, {_MARKED.format("p.pictures")}, p.files, page.total) order by page.place)
  from page
  join course_passages p on p.id = page.id
  join course_passages t on t.kind = p.kind and t.text_id = p.text_id and t.number = 0,
       (select string_agg(shown, ' | ')::tsquery as shown from parts) q
 where page.place <= {MOST}
"""
# Gathered once for all words that were typed, and only where nothing was found. `ts_stat` takes its query as a text, and
# counts words several times faster than a row for each word of each section would be sorted.
_KNOWN = """
known as materialized (
    select word from ts_stat(format(
        'select search from course_passages where course_id = %L and lesson_id = any(%L) and kind = any(%L)',
        :course_id, cast(:open as text), cast(:kinds as text)), 'ac')
     where char_length(word) between 3 and 40 and word !~ '[0-9]')
"""
_GUESSES = """
case when not exists (select from texts) then (
    select json_agg(json_build_array(near.typed, near.word)) from (
        select typed.word as typed, v.word from unnest(:plain) typed(word), lateral (
            select known.word from known
             where abs(char_length(known.word) - char_length(typed.word)) <= 2 or starts_with(known.word, typed.word)
             order by similarity(known.word, typed.word) desc, known.word limit 40) v) near) end
"""
_ARRAYS = {
    "open": BigInteger,
    "kinds": Text,
    "choices": BigInteger,
    "words": Text,
    "phrases": Boolean,
    "left_out": Boolean,
    "unspaced": Boolean,
    "plain": Text,
}
SEARCH = text(
    f"with {_PARTS}, {_HITS}, {_KNOWN} select ({_FOUND}) as found, {_GUESSES} as guesses"
).bindparams(*(bindparam(name, type_=ARRAY(kind)) for name, kind in _ARRAYS.items()))
