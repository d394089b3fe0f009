"""reviews and search"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "1a6067b1e1e9"
down_revision = "39032f4e5fd3"
branch_labels = None
depends_on = None

OLD_SEARCH = (
    "setweight(to_tsvector('simple'::regconfig, title), 'A') || "
    "setweight(to_tsvector('simple'::regconfig, summary), 'B') || "
    "setweight(to_tsvector('simple'::regconfig, category), 'B')"
)
SEARCH = "course_document(language, title, summary, category, tags, instructors, description)"
SCORE = (
    "case when rating_count = 0 then 0 else (rating_count * rating_average + 17.5) / (rating_count + 5) end"
)

# Bodies after `return` are bound when the function is made: a dump that is restored without a search path works.
FUNCTIONS = """
create function course_config(language text) returns regconfig
language sql immutable parallel safe
return case split_part(lower(language), '-', 1)
    when 'ar' then 'arabic'::regconfig when 'hy' then 'armenian'::regconfig when 'eu' then 'basque'::regconfig
    when 'ca' then 'catalan'::regconfig when 'da' then 'danish'::regconfig when 'nl' then 'dutch'::regconfig
    when 'en' then 'english'::regconfig when 'fi' then 'finnish'::regconfig when 'fr' then 'french'::regconfig
    when 'de' then 'german'::regconfig when 'el' then 'greek'::regconfig when 'hi' then 'hindi'::regconfig
    when 'hu' then 'hungarian'::regconfig when 'id' then 'indonesian'::regconfig when 'ga' then 'irish'::regconfig
    when 'it' then 'italian'::regconfig when 'lt' then 'lithuanian'::regconfig when 'ne' then 'nepali'::regconfig
    when 'nb' then 'norwegian'::regconfig when 'nn' then 'norwegian'::regconfig when 'no' then 'norwegian'::regconfig
    when 'pt' then 'portuguese'::regconfig when 'ro' then 'romanian'::regconfig when 'ru' then 'russian'::regconfig
    when 'sr' then 'serbian'::regconfig when 'es' then 'spanish'::regconfig when 'sv' then 'swedish'::regconfig
    when 'ta' then 'tamil'::regconfig when 'tr' then 'turkish'::regconfig when 'yi' then 'yiddish'::regconfig
    else 'simple'::regconfig end;

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

create function course_taught_by(the_course bigint, the_owner bigint) returns text
language sql stable
return (
    select coalesce(string_agg(u.name, ', ' order by u.id <> the_owner, u.name), '') from users u
     where u.id = the_owner
        or u.id in (select c.user_id from course_instructors c where c.course_id = the_course)
);

create function keep_course_instructors() returns trigger language plpgsql as $$
begin
    if tg_table_name = 'courses' and tg_op = 'INSERT' then
        new.instructors := course_taught_by(new.id, new.owner_id);
        return new;
    elsif tg_table_name = 'courses' then
        update courses c set instructors = course_taught_by(c.id, c.owner_id) where c.id = new.id;
    elsif tg_table_name = 'users' then
        update courses c set instructors = course_taught_by(c.id, c.owner_id)
         where c.owner_id = new.id
            or c.id in (select i.course_id from course_instructors i where i.user_id = new.id);
    else
        update courses c set instructors = course_taught_by(c.id, c.owner_id)
         where c.id = (case when tg_op = 'DELETE' then old.course_id else new.course_id end);
    end if;
    return null;
end $$;

create trigger instructors_of_new before insert on courses
    for each row execute function keep_course_instructors();
create trigger instructors_of_owner after update of owner_id on courses
    for each row when (old.owner_id is distinct from new.owner_id) execute function keep_course_instructors();
create trigger instructors_of_team after insert or delete on course_instructors
    for each row execute function keep_course_instructors();
create trigger instructors_by_name after update of name on users
    for each row when (old.name is distinct from new.name) execute function keep_course_instructors();
"""

WORDS = """
create function keep_course_words() returns trigger language plpgsql as $$
begin
    insert into course_words (word)
    select word from unnest(tsvector_to_array(to_tsvector(
            'simple', concat_ws(' ', new.title, new.summary, new.category, array_to_string(new.tags, ' '))))) word
     where char_length(word) between 3 and 40 and word !~ '[0-9]'
     order by word
    on conflict do nothing;
    return null;
end $$;

create trigger words_of_course after insert or update of state, title, summary, category, tags on courses
    for each row when (new.state = 'published') execute function keep_course_words();

insert into course_words (word)
select distinct word from courses c, unnest(tsvector_to_array(to_tsvector(
        'simple', concat_ws(' ', c.title, c.summary, c.category, array_to_string(c.tags, ' '))))) word
 where c.state = 'published' and char_length(word) between 3 and 40 and word !~ '[0-9]';

create function course_words_like(typed text[]) returns table (meant_for text, word text)
language sql stable set pg_trgm.similarity_threshold = 0.15
begin atomic
    select t.word, near.word
      from unnest(typed) t(word),
           lateral (select w.word from course_words w where w.word % t.word
                     order by similarity(w.word, t.word) desc, w.word limit 40) near;
end;
"""

BIG, AT = sa.BigInteger(), sa.DateTime(timezone=True)


def upgrade() -> None:
    _search()
    _reviews()
    _uploads()


def _search() -> None:
    op.add_column("courses", sa.Column("instructors", sa.Text(), server_default="", nullable=False))
    op.execute(FUNCTIONS)
    op.execute("update courses set instructors = course_taught_by(id, owner_id)")
    op.add_column(
        "courses",
        sa.Column("rating_counts", postgresql.ARRAY(BIG), server_default="{0,0,0,0,0}", nullable=False),
    )
    op.add_column(
        "courses", sa.Column("rating_score", sa.Float(), sa.Computed(SCORE, persisted=True), nullable=False)
    )
    op.drop_column("courses", "search")
    # Long texts leave the row, so that counting the matches of a common word reads a quarter of the pages.
    op.execute("alter table courses set (toast_tuple_target = 512)")
    op.add_column(
        "courses",
        sa.Column("search", postgresql.TSVECTOR(), sa.Computed(SEARCH, persisted=True), nullable=False),
    )
    op.create_index("ix_courses_search", "courses", ["search"], postgresql_using="gin")
    published = sa.text("state = 'published'")
    op.create_index(
        "ix_courses_facets", "courses", ["category", "level", "language"], postgresql_where=published
    )
    op.create_index(
        "ix_courses_learners",
        "courses",
        ["enrollment_count", "published_at", "id"],
        postgresql_where=published,
    )
    op.create_index(
        "ix_courses_rating", "courses", ["rating_score", "published_at", "id"], postgresql_where=published
    )
    op.create_index(
        "ix_courses_by_title", "courses", [sa.text("lower(title)"), "id"], postgresql_where=published
    )
    op.create_table(
        "course_words", sa.Column("word", sa.Text(), nullable=False), sa.PrimaryKeyConstraint("word")
    )
    op.create_index(
        "ix_course_words_word",
        "course_words",
        ["word"],
        postgresql_using="gin",
        postgresql_ops={"word": "gin_trgm_ops"},
    )
    op.execute(WORDS)


def _reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", BIG, sa.Identity(always=False), nullable=False),
        sa.Column("course_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("rating", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("edited_at", AT, nullable=True),
        sa.Column("helpful_count", BIG, server_default="0", nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by_id", BIG, nullable=True),
        sa.Column("answered_at", AT, nullable=True),
        sa.Column("hidden_at", AT, nullable=True),
        sa.Column("hidden_by_id", BIG, nullable=True),
        sa.Column("hidden_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("rating between 1 and 5", name=op.f("ck_reviews_rating")),
        sa.CheckConstraint("char_length(body) between 10 and 2000", name=op.f("ck_reviews_body_length")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_reviews_course_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_reviews_user_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["users.id"], name=op.f("fk_reviews_answered_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["hidden_by_id"], ["users.id"], name=op.f("fk_reviews_hidden_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("course_id", "user_id", name=op.f("uq_reviews_course_id_user_id")),
    )
    op.create_index("ix_reviews_course_id_created_at", "reviews", ["course_id", "created_at", "id"])
    op.create_index("ix_reviews_helpful", "reviews", ["course_id", "helpful_count", "created_at", "id"])
    for column in ("user_id", "answered_by_id", "hidden_by_id"):
        op.create_index(op.f(f"ix_reviews_{column}"), "reviews", [column])
    op.create_table(
        "review_votes",
        sa.Column("review_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_review_votes_review_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_review_votes_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("review_id", "user_id", name=op.f("pk_review_votes")),
    )
    op.create_index(op.f("ix_review_votes_user_id"), "review_votes", ["user_id"])


def _uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("received", BIG, server_default="0", nullable=False),
        sa.Column("path", sa.Text(), nullable=True),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("touched_at", AT, nullable=False),
        sa.CheckConstraint("received between 0 and size", name=op.f("ck_uploads_received")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_uploads_course_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_uploads_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    for column in ("course_id", "user_id", "touched_at"):
        op.create_index(op.f(f"ix_uploads_{column}"), "uploads", [column])
    op.create_table(
        "upload_chunks",
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("start", BIG, nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["uploads.id"], name=op.f("fk_upload_chunks_upload_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upload_id", "start", name=op.f("pk_upload_chunks")),
    )


def downgrade() -> None:
    for table in ("upload_chunks", "uploads", "review_votes", "reviews"):
        op.drop_table(table)
    op.execute("drop trigger words_of_course on courses")
    op.execute("drop function keep_course_words, course_words_like")
    op.drop_table("course_words")
    for name in ("by_title", "rating", "learners", "facets", "search"):
        op.drop_index(f"ix_courses_{name}", table_name="courses")
    for name in ("search", "rating_score", "rating_counts"):
        op.drop_column("courses", name)
    op.add_column(
        "courses",
        sa.Column("search", postgresql.TSVECTOR(), sa.Computed(OLD_SEARCH, persisted=True), nullable=False),
    )
    op.create_index("ix_courses_search", "courses", ["search"], postgresql_using="gin")
    op.execute("alter table courses reset (toast_tuple_target)")
    op.execute("drop trigger instructors_by_name on users")
    op.execute("drop trigger instructors_of_team on course_instructors")
    op.execute("drop trigger instructors_of_owner on courses")
    op.execute("drop trigger instructors_of_new on courses")
    op.execute("drop function keep_course_instructors, course_taught_by, course_document, course_config")
    op.drop_column("courses", "instructors")
