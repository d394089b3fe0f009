"""studio: drafts, revisions, removal with undo, enrollment codes"""

import sqlalchemy as sa
from alembic import op

revision = "4b7c1d9e2f30"
down_revision = "8ef9d363cc62"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("courses", sa.Column("access_code", sa.Text(), nullable=True))
    op.add_column("courses", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("modules", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "text_revisions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_text_revisions_course_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_text_revisions_author_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_revisions")),
        sa.UniqueConstraint("kind", "text_id", "number", name=op.f("uq_text_revisions_kind_text_id_number")),
    )
    op.create_index(op.f("ix_text_revisions_author_id"), "text_revisions", ["author_id"])
    op.create_index(op.f("ix_text_revisions_course_id"), "text_revisions", ["course_id"])
    op.create_table(
        "text_drafts",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_text_drafts_course_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_text_drafts_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("kind", "text_id", "user_id", name=op.f("pk_text_drafts")),
    )
    op.create_index(op.f("ix_text_drafts_course_id"), "text_drafts", ["course_id"])
    op.create_index(op.f("ix_text_drafts_user_id"), "text_drafts", ["user_id"])


def downgrade() -> None:
    op.drop_table("text_drafts")
    op.drop_table("text_revisions")
    # What was removed would be there again: it goes for good.
    op.execute("delete from modules where removed_at is not null")
    op.drop_column("modules", "removed_at")
    op.drop_column("courses", "removed_at")
    op.drop_column("courses", "access_code")
