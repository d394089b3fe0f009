"""words that are found: by the grammar of their script, signs folded, pictures apart, rubrics too"""

import sqlalchemy as sa
from alembic import context, op

revision = "b6d1f48c7e25"
down_revision = "e3b7d05c91a6"
branch_labels = None
depends_on = None

BEFORE = "a4d90e7b2c61"
SEARCH = "passage_document(language, title, heading, words, files, pictures)"
SEARCH_BEFORE = "passage_document(language, title, heading, words, files)"

# A phone's apostrophes are a keyboard's; vowel signs of Arabic and soft hyphens are left out. What joins the Arabic
# article ("and", "so") stands apart in `bare_words`, because the stemmer does not know it. `tongues_of` is the one rule by
# which words are bent, in texts as in what is looked for: in the language of the course, and in that of a script it has not.
WORDS = r"""
create function plain_words(words text) returns text language sql immutable parallel safe
return regexp_replace(
    translate(words, E'\u2018\u2019\u02bc\u2032\uff07', repeat(chr(39), 5)), E'[\u064b-\u065f\u0670\u0640\u00ad]', '', 'g');

create function bare_words(words text) returns text language sql immutable parallel safe
return regexp_replace(
    plain_words(words), E'(^|[^\u0621-\u064a])([\u0648\u0641])(?=\u0627\u0644|\u0644\u0644)', E'\\1\\2 ', 'g');

create function tongues_of(language text, words text) returns text[] language sql immutable parallel safe
return (
    with own as (select course_config(language) as config)
    select array_remove(array[
        language,
        case when words ~ E'[\u0621-\u064a]' and config <> 'arabic'::regconfig then 'ar' end,
        case when words ~ E'[\u0410-\u044f]' and config not in ('russian'::regconfig, 'serbian'::regconfig) then 'ru' end,
        case when words ~ E'[\u0391-\u03c9]' and config <> 'greek'::regconfig then 'el' end,
        case when words ~ E'[\u0904-\u0939]' and config not in ('hindi'::regconfig, 'nepali'::regconfig) then 'hi' end,
        case when words ~ '[A-Za-z]' and config in ('simple'::regconfig, 'arabic'::regconfig, 'greek'::regconfig,
            'armenian'::regconfig, 'tamil'::regconfig, 'yiddish'::regconfig) then 'en' end
    ], null) from own);

create function bent_words(tongues text[], words text) returns tsvector language sql immutable parallel safe
return to_tsvector(course_config(tongues[1]), words)
    || case when 'ar' = any(tongues[2:]) then to_tsvector('arabic'::regconfig, words) else ''::tsvector end
    || case when 'ru' = any(tongues[2:]) then to_tsvector('russian'::regconfig, words) else ''::tsvector end
    || case when 'el' = any(tongues[2:]) then to_tsvector('greek'::regconfig, words) else ''::tsvector end
    || case when 'hi' = any(tongues[2:]) then to_tsvector('hindi'::regconfig, words) else ''::tsvector end
    || case when 'en' = any(tongues[2:]) then to_tsvector('english'::regconfig, words) else ''::tsvector end;

create function marked_words(tongues text[], words text, wanted tsquery, options text) returns text
language plpgsql immutable parallel safe as $$
declare
    tongue text;
begin
    words := bare_words(words);
    foreach tongue in array tongues loop
        words := ts_headline(course_config(tongue), words, wanted, options);
    end loop;
    return words;
end $$;
"""

# Weights A and C hold the words as they stand, B and D as their languages bend them, so that guesses at spelling are words.
DOCUMENT = r"""
create function passage_document(language text, title text, heading text, words text, files text, pictures text)
returns tsvector language sql immutable parallel safe
return (
    with texts as (
        select plain_words(concat_ws(' ', title, heading)) as names,
               plain_words(left(concat_ws(E'\n', words, nullif(pictures, '')), 200000)) as texts)
    select setweight(to_tsvector('simple'::regconfig, names), 'A')
        || setweight(bent_words(tongues_of(language, names), bare_words(names)), 'B')
        || setweight(to_tsvector('simple'::regconfig, texts), 'C')
        || setweight(to_tsvector('simple'::regconfig, concat_ws(
            ' ', files, regexp_replace(files, '[.][^.\n]*(\n|$)', ' ', 'g'), regexp_replace(files, '[^[:alnum:]]+', ' ', 'g')
           )), 'C')
        || setweight(bent_words(tongues_of(language, texts), bare_words(texts)), 'D')
      from texts);
"""

# The texts are what the sanitiser wrote: attributes stand in double quotes, and nothing is a script. What a page does not
# show is left out: the marks of footnotes, the source of a formula, and what stands for a picture.
TEXT = r"""
create or replace function text_of_html(html text) returns text language sql immutable parallel safe
return (
    with spaced as (select translate(html, E'\n\r\t' || chr(57344) || chr(57345), '   ') as html),
    noted as (
        select regexp_replace(html, '<sup[^>]*footnote[^>]*>([^<]|<(?!/sup))*</sup>', '', 'g') as html from spaced),
    shown as (select regexp_replace(html, '<annotation\M[^>]*>[^<]*</annotation>', '', 'g') as html from noted),
    joined as (
        select regexp_replace(
            html,
            '</?(a|abbr|b|bdi|bdo|cite|code|del|dfn|em|i|ins|kbd|q|s|samp|semantics|small|span|strong|sub|sup|u|var|wbr|m[a-z]+)\M'
            '("[^"]*"|[^">])*>', '', 'g') as html from shown),
    bare as (select regexp_replace(html, '<("[^"]*"|[^">])*>', E'\n', 'g') as html from joined),
    meant as (
        select replace(replace(replace(replace(replace(replace(
            html, '&nbsp;', ' '), '&lt;', '<'), '&gt;', '>'), '&quot;', '"'), '&#39;', ''''), '&amp;', '&') as html
          from bare)
    select trim(both E' \n' from regexp_replace(regexp_replace(html, ' *\n[ \n]*', E'\n', 'g'), ' {2,}', ' ', 'g'))
      from meant);

create function pictures_of_html(html text) returns text language sql immutable parallel safe
return (
    select coalesce(string_agg(text_of_html(description[2]), E'\n' order by place), '')
      from regexp_matches(html, '<img\M("[^"]*"|[^">])*\malt="([^"]+)"', 'g') with ordinality m(description, place));
"""

WRITE = r"""
drop function write_passages;
create function write_passages(
    its_kind text, its_id bigint, its_lesson bigint, its_slug text, its_title text, html text, rubric jsonb
) returns void language plpgsql as $$
begin
    delete from course_passages p where p.kind = its_kind and p.text_id = its_id;
    insert into course_passages
        (course_id, lesson_id, kind, text_id, number, slug, title, anchor, heading, words, files, pictures, language)
    select l.course_id, l.id, its_kind, its_id, place - 1, its_slug, case when place = 1 then its_title else '' end,
           coalesce((regexp_match(section, '^<h[2-6]\M("[^"]*"|[^">])*\mid="([^"]*)"'))[2], ''),
           case when section ~ '^<h[2-6]\M' then text_of_html(split_part(section, '</h', 1)) else '' end,
           case when section ~ '^<h[2-6]\M' then text_of_html(substr(section, strpos(section, '</h') + 5))
                else text_of_html(section) end,
           coalesce((select string_agg(distinct name_of_address(address[2]), E'\n')
                       from regexp_matches(section, '(href|src)="/courses/[^/"]+/assets/([^"?#]+)', 'g') address), ''),
           pictures_of_html(section),
           c.language
      from lessons l
      join courses c on c.id = l.course_id,
           regexp_split_to_table('<p></p>' || html, '(?=<h[2-6][ >])') with ordinality s(section, place)
     where l.id = its_lesson;
    -- A rubric stands on the page below its brief, at an anchor of its own.
    insert into course_passages
        (course_id, lesson_id, kind, text_id, number, slug, title, anchor, heading, words, files, pictures, language)
    select l.course_id, l.id, its_kind, its_id,
           (select count(*) from course_passages p where p.kind = its_kind and p.text_id = its_id),
           its_slug, '', 'rubric', '', said.words, '', '', c.language
      from lessons l
      join courses c on c.id = l.course_id,
           (select string_agg(part, E'\n' order by place) as words from (
               select level as part, array[0, place] as place
                 from jsonb_array_elements_text(jsonb_path_query_array(rubric, '$.levels[*]'))
                      with ordinality l(level, place)
               union all
               select criterion ->> 'title', array[place, 0]
                 from jsonb_array_elements(jsonb_path_query_array(rubric, '$.criteria[*]'))
                      with ordinality c(criterion, place)
               union all
               select cell, array[c.place, cells.place]
                 from jsonb_array_elements(jsonb_path_query_array(rubric, '$.criteria[*]'))
                      with ordinality c(criterion, place),
                      jsonb_array_elements_text(jsonb_path_query_array(criterion, '$.cells[*]'))
                      with ordinality cells(cell, place)) parts) said
     where l.id = its_lesson and said.words <> '';
end $$;

create or replace function keep_passages() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or new.removed_at is not null then
        delete from course_passages p where p.kind = tg_argv[0] and p.text_id = old.id;
    elsif tg_argv[0] = 'lesson' then
        perform write_passages('lesson', new.id, new.id, new.slug, new.title, new.body_html, null);
    elsif tg_argv[0] = 'page' then
        perform write_passages('page', new.id, new.lesson_id, new.slug, new.title, new.body_html, null);
    else
        perform write_passages('assignment', new.id, new.lesson_id, new.slug, new.title, new.body_html, new.rubric);
    end if;
    return null;
end $$;

create trigger passages_of_rubric after update of rubric on assignments
    for each row when (new.removed_at is null and old.rubric is distinct from new.rubric)
    execute function keep_passages('assignment');
"""
FILL = """
select write_passages('lesson', id, id, slug, title, body_html, null) from lessons where removed_at is null;
select write_passages('page', id, lesson_id, slug, title, body_html, null) from lesson_pages where removed_at is null;
select write_passages('assignment', id, lesson_id, slug, title, body_html, rubric)
  from assignments where removed_at is null;
"""


def upgrade() -> None:
    op.add_column("course_passages", sa.Column("pictures", sa.Text(), server_default="", nullable=False))
    # Filled before its words are: each is indexed once.
    op.execute("alter table course_passages drop column search")
    op.execute("drop function passage_document")
    op.execute(WORDS + DOCUMENT + TEXT + WRITE + FILL)
    _add_search(SEARCH)


def downgrade() -> None:
    before = context.script.get_revision(BEFORE).module
    op.execute("drop trigger passages_of_rubric on assignments")
    for table in before.KINDS.values():
        for name in ("new", "changed", "gone"):
            op.execute(f"drop trigger passages_of_{name} on {table}")
    op.execute("drop trigger language_of_passages on courses")
    op.drop_column("course_passages", "search")
    op.drop_column("course_passages", "pictures")
    op.execute(
        "drop function keep_passages, keep_language_of_passages, write_passages, pictures_of_html, text_of_html, "
        "name_of_address, passage_document, marked_words, bent_words, tongues_of, bare_words, plain_words"
    )
    op.execute(before.DOCUMENT + before.TEXT + before.WRITE)
    for kind, table in before.KINDS.items():
        op.execute(before.TRIGGERS.format(kind=kind, table=table))
    op.execute("delete from course_passages")
    op.execute(before.FILL)
    _add_search(SEARCH_BEFORE)


def _add_search(document: str) -> None:
    op.execute(
        f"alter table course_passages add column search tsvector generated always as ({document}) stored not null"
    )
