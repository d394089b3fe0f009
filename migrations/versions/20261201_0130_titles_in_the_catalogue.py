"""titles of modules and lessons in the catalogue, and words that are found as they are written"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "f2c86a0d47b9"
down_revision = "e81b4d6c2f90"
branch_labels = None
depends_on = None

SEARCH = "course_document(language, title, summary, category, tags, instructors, contents, description)"
SEARCH_BEFORE = "course_document(language, title, summary, category, tags, instructors, description)"

# Weights A, B and C hold the words as they stand, D as the language bends them: so a phrase is found as it was typed. Each
# string of `contents` stands for itself, and no phrase goes from one title to the next. What a course may hold has no
# limit, what a tsvector may has one.
DOCUMENT = r"""
create function folded_words(words text) returns text language sql immutable parallel safe
return case when octet_length(words) = char_length(words) then words
    else normalize(regexp_replace(plain_words(normalize(words, NFD)), E'[\u0300-\u036f]', '', 'g'), NFC) end;

create function title_document(language text, title text) returns tsvector language sql immutable parallel safe
return setweight(to_tsvector('simple'::regconfig, folded_words(title)), 'A')
    || setweight(to_tsvector(course_config(language), title), 'D');

create function course_document(
    language text, title text, summary text, category text, tags text[], instructors text, contents jsonb, description text
) returns tsvector
language sql immutable parallel safe
return setweight(to_tsvector('simple'::regconfig, folded_words(title)), 'A')
    || setweight(to_tsvector('simple'::regconfig, folded_words(
        concat_ws(E'\n', array_to_string(tags, E'\n'), category, summary))), 'B')
    || setweight(to_tsvector('simple'::regconfig, folded_words(instructors)), 'C')
    || setweight(to_tsvector('simple'::regconfig, folded_words(contents::text)::jsonb), 'C')
    || setweight(to_tsvector('simple'::regconfig, folded_words(left(description, 20000))), 'C')
    || setweight(to_tsvector(course_config(language), concat_ws(
        E'\n', title, array_to_string(tags, E'\n'), summary)), 'D')
    || setweight(to_tsvector(course_config(language), contents), 'D')
    || setweight(to_tsvector(course_config(language), left(description, 20000)), 'D');
"""

DOCUMENT_BEFORE = """
create function course_document(
    language text, title text, summary text, category text, tags text[], instructors text, description text
) returns tsvector
language sql immutable parallel safe
return setweight(to_tsvector('simple'::regconfig, title), 'A')
    || setweight(to_tsvector(course_config(language), title), 'A')
    || setweight(to_tsvector('simple'::regconfig, concat_ws(' ', array_to_string(tags, ' '), category, summary)), 'B')
    || setweight(to_tsvector(course_config(language), concat_ws(' ', array_to_string(tags, ' '), summary)), 'B')
    || setweight(to_tsvector('simple'::regconfig, instructors), 'C')
    || setweight(to_tsvector('simple'::regconfig, left(description, 20000)), 'D')
    || setweight(to_tsvector(course_config(language), left(description, 20000)), 'D');
"""

# What learners see of the outline: `{"lessons": [title, ...], "modules": [title, ...]}`, in the order of the course.
CONTENTS = r"""
create function contents_of_course(the_course bigint) returns jsonb language sql stable
return (
    with seen as (
        select l.module_id, translate(left(l.title, 255), E'\n', ' ') as title, row_number() over () as place
          from (select module_id, title from lessons
                 where course_id = the_course and removed_at is null and is_published
                 order by position, id limit 1000) l),
    chapters as (
        select translate(left(m.title, 255), E'\n', ' ') as title, min(seen.place) as place
          from modules m join seen on seen.module_id = m.id group by m.id)
    select jsonb_build_object(
        'lessons', (select coalesce(jsonb_agg(title order by place), '[]') from seen),
        'modules', (select coalesce(jsonb_agg(title order by place), '[]') from chapters)));

create function begins_to_change(the_course bigint) returns boolean language plpgsql as $$
declare
    changing text := coalesce(current_setting('lectern.contents', true), '');
begin
    if strpos(changing, format('<%s>', the_course)) > 0 then
        return false;
    end if;
    perform set_config('lectern.contents', format('<%s>', the_course) || left(changing, 10000), true);
    return true;
end $$;

create function keep_contents() returns trigger language plpgsql as $$
declare
    the_course bigint := case when tg_op = 'DELETE' then old.course_id else new.course_id end;
begin
    perform set_config(
        'lectern.contents', replace(current_setting('lectern.contents', true), format('<%s>', the_course), ''), true);
    -- Who holds the course may have changed other titles of it; they are read when it is free.
    perform from courses c where c.id = the_course for no key update;
    update courses c set contents = said.contents from contents_of_course(the_course) said(contents)
     where c.id = the_course and c.contents is distinct from said.contents;
    return null;
end $$;
"""

# Once for a course and transaction, at its end: an import that changes a hundred lessons writes the course's words once.
TRIGGERS = """
create constraint trigger contents_of_new after insert on lessons deferrable initially deferred
    for each row when (new.removed_at is null and new.is_published and begins_to_change(new.course_id))
    execute function keep_contents();
create constraint trigger contents_of_changed after update of title, module_id, position, is_published, removed_at on lessons
    deferrable initially deferred
    for each row when ((old.title, old.module_id, old.position, old.is_published, old.removed_at)
        is distinct from (new.title, new.module_id, new.position, new.is_published, new.removed_at)
        and begins_to_change(new.course_id))
    execute function keep_contents();
create constraint trigger contents_of_gone after delete on lessons deferrable initially deferred
    for each row when (old.removed_at is null and old.is_published and begins_to_change(old.course_id))
    execute function keep_contents();
create constraint trigger contents_of_modules after update of title on modules deferrable initially deferred
    for each row when (old.title is distinct from new.title and begins_to_change(new.course_id))
    execute function keep_contents();
"""

FILL = """
update courses c set contents = contents_of_course(c.id) where exists (select from lessons l where l.course_id = c.id)
"""

# A word of a lesson that nobody sees is in none of these.
KNOWN = """
create or replace function keep_course_words() returns trigger language plpgsql as $$
begin
    insert into course_words (word)
    select word from unnest(tsvector_to_array({words})) word
     where char_length(word) between 3 and 40 and word !~ '[0-9]'
     order by word
    on conflict do nothing;
    return null;
end $$;

drop trigger words_of_course on courses;
create trigger words_of_course after insert or update of state, title, summary, category, tags{more} on courses
    for each row when (new.state = 'published') execute function keep_course_words();
"""
OWN = "to_tsvector('simple', concat_ws(' ', new.title, new.summary, new.category, array_to_string(new.tags, ' ')))"
ALL = f"{OWN} || to_tsvector('simple', new.contents)"
FILL_KNOWN = """
insert into course_words (word)
select distinct word from courses c, unnest(tsvector_to_array(to_tsvector('simple', c.contents))) word
 where c.state = 'published' and char_length(word) between 3 and 40 and word !~ '[0-9]'
on conflict do nothing;
"""


def upgrade() -> None:
    _drop_search("course_document(text, text, text, text, text[], text, text)")
    op.add_column("courses", sa.Column("contents", postgresql.JSONB(), server_default="{}", nullable=False))
    op.execute(DOCUMENT + CONTENTS + FILL)
    _add_search(SEARCH)
    op.execute(TRIGGERS + KNOWN.format(words=ALL, more=", contents") + FILL_KNOWN)


def downgrade() -> None:
    for name in ("new", "changed", "gone"):
        op.execute(f"drop trigger contents_of_{name} on lessons")
    op.execute("drop trigger contents_of_modules on modules")
    op.execute(KNOWN.format(words=OWN, more=""))
    _drop_search("course_document(text, text, text, text, text[], text, jsonb, text)")
    op.drop_column("courses", "contents")
    op.execute(
        "drop function keep_contents, begins_to_change, contents_of_course, title_document, folded_words"
    )
    op.execute(DOCUMENT_BEFORE)
    _add_search(SEARCH_BEFORE)


def _drop_search(function: str) -> None:
    op.drop_index("ix_courses_search", table_name="courses")
    op.drop_column("courses", "search")
    op.execute(f"drop function {function}")


def _add_search(document: str) -> None:
    op.add_column(
        "courses",
        sa.Column("search", postgresql.TSVECTOR(), sa.Computed(document, persisted=True), nullable=False),
    )
    op.create_index("ix_courses_search", "courses", ["search"], postgresql_using="gin")
