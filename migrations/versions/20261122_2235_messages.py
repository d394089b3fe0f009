"""messages"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "527792c5d767"
down_revision = "734f41caefe6"
branch_labels = None
depends_on = None

SEARCH = (
    "to_tsvector('simple'::regconfig, title || ' ' || body)"
    " || to_tsvector(course_config(language), title || ' ' || body)"
)


def upgrade() -> None:
    op.add_column(
        "courses",
        sa.Column("announcements", _json(), server_default="[]", nullable=False),
    )
    op.add_column("lessons", sa.Column("question_count", sa.BigInteger(), server_default="0", nullable=False))
    _notices()
    _posts()
    _announcements()


def _json() -> postgresql.JSONB:
    return postgresql.JSONB(none_as_null=True)


def _at(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number() -> sa.Column[object]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _to(table: str, column: str, target: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )


def _notices() -> None:
    op.create_table(
        "notices",
        _number(),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("facts", _json(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("in_inbox", sa.Boolean(), nullable=False),
        sa.Column("mail", sa.Text(), nullable=False),
        sa.Column("digest_id", sa.BigInteger(), nullable=True),
        _at("created_at"),
        _at("read_at", nullable=True),
        sa.CheckConstraint("mail in ('none', 'waiting', 'done')", name=op.f("ck_notices_mail")),
        _to("notices", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_notices_dedupe_key")),
    )
    op.create_index("ix_notices_user_id_id", "notices", ["user_id", "id"])
    op.create_index(
        "ix_notices_unread",
        "notices",
        ["user_id"],
        postgresql_where=sa.text("read_at is null and in_inbox"),
    )
    op.create_index(
        "ix_notices_waiting",
        "notices",
        ["user_id", "created_at"],
        postgresql_where=sa.text("mail = 'waiting'"),
    )
    op.create_index(
        "ix_notices_digest_id",
        "notices",
        ["digest_id"],
        postgresql_where=sa.text("digest_id is not null"),
    )
    op.create_table(
        "message_preferences",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("inbox", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "email in ('at_once', 'digest', 'never')", name=op.f("ck_message_preferences_email")
        ),
        _to("message_preferences", "user_id", "users"),
        sa.PrimaryKeyConstraint("user_id", "kind", name=op.f("pk_message_preferences")),
    )
    op.create_table(
        "email_bounces",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _at("at"),
        _to("email_bounces", "user_id", "users"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_email_bounces")),
    )


def _posts() -> None:
    table = "discussion_posts"
    op.create_table(
        table,
        _number(),
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column("lesson_id", sa.BigInteger(), nullable=False),
        sa.Column("question_id", sa.BigInteger(), nullable=True),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("by_staff", sa.Boolean(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        _at("created_at"),
        _at("edited_at", nullable=True),
        _at("hidden_at", nullable=True),
        sa.Column("hidden_by_id", sa.BigInteger(), nullable=True),
        sa.Column("hidden_reason", sa.Text(), nullable=True),
        sa.Column("reply_count", sa.BigInteger(), nullable=False),
        _at("last_at"),
        sa.Column("has_staff_reply", sa.Boolean(), nullable=False),
        sa.Column("accepted_id", sa.BigInteger(), nullable=True),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        _at("locked_at", nullable=True),
        sa.Column("search", postgresql.TSVECTOR(), sa.Computed(SEARCH, persisted=True), nullable=True),
        sa.CheckConstraint("(question_id is null) = (title <> '')", name=op.f(f"ck_{table}_title")),
        sa.CheckConstraint("char_length(body) between 1 and 10000", name=op.f(f"ck_{table}_body_length")),
        _to(table, "course_id", "courses"),
        _to(table, "lesson_id", "lessons"),
        _to(table, "question_id", table),
        _to(table, "author_id", "users", "SET NULL"),
        _to(table, "hidden_by_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_lesson_id_last_at", table, ["lesson_id", "last_at", "id"])
    op.create_index(f"ix_{table}_course_id_last_at", table, ["course_id", "last_at", "id"])
    op.create_index(f"ix_{table}_question_id_id", table, ["question_id", "id"])
    op.create_index(f"ix_{table}_search", table, ["search"], postgresql_using="gin")
    op.create_index(op.f(f"ix_{table}_author_id"), table, ["author_id"])
    op.create_index(op.f(f"ix_{table}_hidden_by_id"), table, ["hidden_by_id"])
    op.create_table(
        "discussion_follows",
        sa.Column("question_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        _to("discussion_follows", "question_id", table),
        _to("discussion_follows", "user_id", "users"),
        sa.PrimaryKeyConstraint("question_id", "user_id", name=op.f("pk_discussion_follows")),
    )
    op.create_index(op.f("ix_discussion_follows_user_id"), "discussion_follows", ["user_id"])
    reports = "discussion_reports"
    op.create_table(
        reports,
        _number(),
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("reporter_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _at("created_at"),
        _at("settled_at", nullable=True),
        _to(reports, "course_id", "courses"),
        _to(reports, "post_id", table),
        _to(reports, "reporter_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{reports}")),
        sa.UniqueConstraint("post_id", "reporter_id", name=op.f(f"uq_{reports}_post_id_reporter_id")),
    )
    op.create_index(
        "ix_discussion_reports_open",
        reports,
        ["course_id", "id"],
        postgresql_where=sa.text("settled_at is null"),
    )
    op.create_index(op.f(f"ix_{reports}_reporter_id"), reports, ["reporter_id"])


def _announcements() -> None:
    table = "announcements"
    op.create_table(
        table,
        _number(),
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        _at("created_at"),
        _at("publish_at"),
        _at("published_at", nullable=True),
        _at("edited_at", nullable=True),
        sa.CheckConstraint("char_length(title) between 3 and 200", name=op.f(f"ck_{table}_title_length")),
        sa.CheckConstraint("char_length(body) between 1 and 20000", name=op.f(f"ck_{table}_body_length")),
        _to(table, "course_id", "courses"),
        _to(table, "author_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_course_id_publish_at", table, ["course_id", "publish_at", "id"])
    op.create_index(
        f"ix_{table}_due", table, ["publish_at"], postgresql_where=sa.text("published_at is null")
    )
    op.create_index(op.f(f"ix_{table}_author_id"), table, ["author_id"])


def downgrade() -> None:
    for table in (
        "announcements",
        "discussion_reports",
        "discussion_follows",
        "discussion_posts",
        "email_bounces",
        "message_preferences",
        "notices",
    ):
        op.drop_table(table)
    op.drop_column("lessons", "question_count")
    op.drop_column("courses", "announcements")
