"""the words of a course's lessons, pages and briefs, section by section, to be searched"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a4d90e7b2c61"
down_revision = "a94d17e6c3b0"
branch_labels = None
depends_on = None

# Weights A and C hold the words as they stand, B and D as the language bends them, so that guesses at spelling are words.
DOCUMENT = r"""
create function passage_document(language text, title text, heading text, words text, files text) returns tsvector
language sql immutable parallel safe
return setweight(to_tsvector('simple'::regconfig, concat_ws(' ', title, heading)), 'A')
    || setweight(to_tsvector(course_config(language), concat_ws(' ', title, heading)), 'B')
    || setweight(to_tsvector('simple'::regconfig, left(words, 200000)), 'C')
    || setweight(to_tsvector('simple'::regconfig, concat_ws(
        ' ', files, regexp_replace(files, '[.][^.\n]*(\n|$)', ' ', 'g'), regexp_replace(files, '[^[:alnum:]]+', ' ', 'g')
       )), 'C')
    || setweight(to_tsvector(course_config(language), left(words, 200000)), 'D');
"""
SEARCH = "passage_document(language, title, heading, words, files)"

# The texts are what the sanitiser wrote: attributes stand in double quotes, and nothing is a script.
TEXT = r"""
create function text_of_html(html text) returns text language sql immutable parallel safe
return (
    with spaced as (select translate(html, E'\n\r\t' || chr(57344) || chr(57345), '   ') as html),
    noted as (
        select regexp_replace(html, '<sup[^>]*footnote[^>]*>([^<]|<(?!/sup))*</sup>', '', 'g') as html from spaced),
    pictured as (
        select regexp_replace(
            html, '<img\M("[^"]*"|[^">])*\malt="([^"]*)"("[^"]*"|[^">])*>', E'\n\\2\n', 'g') as html from noted),
    joined as (
        select regexp_replace(
            html,
            '</?(a|abbr|b|bdi|bdo|cite|code|del|dfn|em|i|ins|kbd|q|s|samp|small|span|strong|sub|sup|u|var|wbr|m[a-z]+)\M'
            '("[^"]*"|[^">])*>', '', 'g') as html from pictured),
    bare as (select regexp_replace(html, '<("[^"]*"|[^">])*>', E'\n', 'g') as html from joined),
    meant as (
        select replace(replace(replace(replace(replace(replace(
            html, '&nbsp;', ' '), '&lt;', '<'), '&gt;', '>'), '&quot;', '"'), '&#39;', ''''), '&amp;', '&') as html
          from bare)
    select trim(both E' \n' from regexp_replace(regexp_replace(html, ' *\n[ \n]*', E'\n', 'g'), ' {2,}', ' ', 'g'))
      from meant);

create function name_of_address(address text) returns text language plpgsql immutable parallel safe as $$
begin
    return regexp_replace(convert_from((
        select string_agg(case when part[1] ~ '^%..$' then decode(substr(part[1], 2), 'hex')
                               else convert_to(part[1], 'UTF8') end, ''::bytea order by place)
          from regexp_matches(address, '%[0-9a-fA-F]{2}|[^%]+|%', 'g') with ordinality m(part, place)), 'UTF8'),
        '^.*/', '');
exception when others then
    return '';
end $$;
"""

WRITE = r"""
create function write_passages(
    its_kind text, its_id bigint, its_lesson bigint, its_slug text, its_title text, html text
) returns void language plpgsql as $$
begin
    delete from course_passages p where p.kind = its_kind and p.text_id = its_id;
    insert into course_passages
        (course_id, lesson_id, kind, text_id, number, slug, title, anchor, heading, words, files, language)
    select l.course_id, l.id, its_kind, its_id, place - 1, its_slug, case when place = 1 then its_title else '' end,
           coalesce((regexp_match(section, '^<h[2-6]\M("[^"]*"|[^">])*\mid="([^"]*)"'))[2], ''),
           case when section ~ '^<h[2-6]\M' then text_of_html(split_part(section, '</h', 1)) else '' end,
           case when section ~ '^<h[2-6]\M' then text_of_html(substr(section, strpos(section, '</h') + 5))
                else text_of_html(section) end,
           coalesce((select string_agg(distinct name_of_address(address[2]), E'\n')
                       from regexp_matches(section, '(href|src)="/courses/[^/"]+/assets/([^"?#]+)', 'g') address), ''),
           c.language
      from lessons l
      join courses c on c.id = l.course_id,
           regexp_split_to_table('<p></p>' || html, '(?=<h[2-6][ >])') with ordinality s(section, place)
     where l.id = its_lesson;
end $$;

create function keep_passages() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or new.removed_at is not null then
        delete from course_passages p where p.kind = tg_argv[0] and p.text_id = old.id;
    elsif tg_argv[0] = 'lesson' then
        perform write_passages('lesson', new.id, new.id, new.slug, new.title, new.body_html);
    else
        perform write_passages(tg_argv[0], new.id, new.lesson_id, new.slug, new.title, new.body_html);
    end if;
    return null;
end $$;

create function keep_language_of_passages() returns trigger language plpgsql as $$
begin
    update course_passages p set language = new.language where p.course_id = new.id;
    return null;
end $$;

create trigger language_of_passages after update of language on courses
    for each row when (old.language is distinct from new.language) execute function keep_language_of_passages();
"""
KINDS = {"lesson": "lessons", "page": "lesson_pages", "assignment": "assignments"}
TRIGGERS = """
create trigger passages_of_new after insert on {table}
    for each row when (new.removed_at is null) execute function keep_passages('{kind}');
create trigger passages_of_changed after update of slug, title, body_html, removed_at on {table}
    for each row when ((old.slug, old.title, old.body_html, old.removed_at)
        is distinct from (new.slug, new.title, new.body_html, new.removed_at))
    execute function keep_passages('{kind}');
create trigger passages_of_gone after delete on {table} for each row execute function keep_passages('{kind}');
"""
FILL = """
select write_passages('lesson', id, id, slug, title, body_html) from lessons where removed_at is null;
select write_passages('page', id, lesson_id, slug, title, body_html) from lesson_pages where removed_at is null;
select write_passages('assignment', id, lesson_id, slug, title, body_html) from assignments where removed_at is null;
"""


def upgrade() -> None:
    op.execute(DOCUMENT)
    big, words = sa.BigInteger(), sa.Text()
    texts = ("slug", "title", "anchor", "heading", "words", "files", "language")
    op.create_table(
        "course_passages",
        sa.Column("id", big, sa.Identity(always=False), nullable=False),
        sa.Column("course_id", big, nullable=False),
        sa.Column("lesson_id", big, nullable=False),
        sa.Column("kind", words, nullable=False),
        sa.Column("text_id", big, nullable=False),
        sa.Column("number", big, nullable=False),
        *(sa.Column(name, words, nullable=False) for name in texts),
        sa.Column("search", postgresql.TSVECTOR(), sa.Computed(SEARCH, persisted=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_course_passages_course_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lessons.id"], name=op.f("fk_course_passages_lesson_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_passages")),
        sa.UniqueConstraint("kind", "text_id", "number", name=op.f("uq_course_passages_kind_text_id_number")),
    )
    for column in ("course_id", "lesson_id"):
        op.create_index(op.f(f"ix_course_passages_{column}"), "course_passages", [column])
    op.execute(TEXT + WRITE)
    for kind, table in KINDS.items():
        op.execute(TRIGGERS.format(kind=kind, table=table))
    op.execute(FILL)


def downgrade() -> None:
    for table in KINDS.values():
        for name in ("new", "changed", "gone"):
            op.execute(f"drop trigger passages_of_{name} on {table}")
    op.execute("drop trigger language_of_passages on courses")
    op.execute("drop function keep_passages, keep_language_of_passages, write_passages")
    op.drop_table("course_passages")
    op.execute("drop function text_of_html, name_of_address, passage_document")
