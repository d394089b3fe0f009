"""what each person has seen of discussions and announcements"""

import sqlalchemy as sa
from alembic import op

revision = "c85f3e19d7a2"
down_revision = "b7e05c3a94d1"
branch_labels = None
depends_on = None

BIG, AT = sa.BigInteger(), sa.DateTime(timezone=True)


def upgrade() -> None:
    # What was said until today counts as seen; of courses made from now on everything is new to who has not looked.
    op.add_column("courses", sa.Column("news_from", AT, server_default=sa.func.now()))
    op.alter_column("courses", "news_from", server_default=None)
    for table, subject, column in (
        ("discussion_seen", "discussion_posts", "question_id"),
        ("announcements_seen", "courses", "course_id"),
    ):
        op.create_table(
            table,
            sa.Column(column, BIG, nullable=False),
            sa.Column("user_id", BIG, nullable=False),
            sa.Column("seen_at", AT, nullable=False),
            sa.ForeignKeyConstraint(
                [column], [f"{subject}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(
                ["user_id"], ["users.id"], name=op.f(f"fk_{table}_user_id"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint(column, "user_id", name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_user_id"), table, ["user_id"])


def downgrade() -> None:
    op.drop_table("announcements_seen")
    op.drop_table("discussion_seen")
    op.drop_column("courses", "news_from")
