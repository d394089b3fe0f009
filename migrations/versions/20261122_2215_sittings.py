"""sittings: windows, accommodations, marks to look again, regrades"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a9876bfa2574"
down_revision = "ef4d661c5cb1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("quizzes", sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("quizzes", sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "quizzes", sa.Column("reveal_score", sa.Text(), server_default="submission", nullable=False)
    )
    op.create_check_constraint(op.f("ck_quizzes_window"), "quizzes", "opens_at < closes_at")
    op.create_check_constraint(
        op.f("ck_quizzes_reveal_score"), "quizzes", "reveal_score in ('submission', 'close')"
    )
    op.drop_constraint(op.f("ck_quizzes_reveal"), "quizzes", type_="check")
    op.create_check_constraint(
        op.f("ck_quizzes_reveal"), "quizzes", "reveal in ('submission', 'close', 'never')"
    )
    op.add_column("attempts", sa.Column("flags", postgresql.JSONB(), server_default="[]", nullable=False))
    op.add_column("answers", sa.Column("feedback", sa.Text(), nullable=True))
    op.add_column("answers", sa.Column("marked_by_id", sa.BigInteger(), nullable=True))
    op.add_column("answers", sa.Column("marked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(
        op.f("fk_answers_marked_by_id"), "answers", "users", ["marked_by_id"], ["id"], ondelete="SET NULL"
    )
    op.create_index(
        "ix_answers_marked_by_id",
        "answers",
        ["marked_by_id"],
        postgresql_where=sa.text("marked_by_id is not null"),
    )
    op.create_index(
        "ix_attempts_to_mark",
        "attempts",
        ["quiz_id", "submitted_at"],
        postgresql_where=sa.text("state = 'needs_grading'"),
    )
    op.create_table(
        "accommodations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("quiz_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("extra_percent", sa.SmallInteger(), nullable=False),
        sa.Column("extra_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("extra_attempts", sa.SmallInteger(), nullable=False),
        sa.Column("untimed", sa.Boolean(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("extra_percent between 0 and 900", name=op.f("ck_accommodations_extra_percent")),
        sa.CheckConstraint("extra_minutes between 0 and 10080", name=op.f("ck_accommodations_extra_minutes")),
        sa.CheckConstraint("extra_attempts between 0 and 100", name=op.f("ck_accommodations_extra_attempts")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_accommodations_window")),
        sa.ForeignKeyConstraint(
            ["quiz_id"], ["quizzes.id"], name=op.f("fk_accommodations_quiz_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_accommodations_user_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["users.id"], name=op.f("fk_accommodations_given_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accommodations")),
        sa.UniqueConstraint("quiz_id", "user_id", name=op.f("uq_accommodations_quiz_id_user_id")),
    )
    op.create_index(op.f("ix_accommodations_user_id"), "accommodations", ["user_id"])
    op.create_table(
        "regrades",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("quiz_id", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_by_id", sa.BigInteger(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("rule in ('all', 'raise')", name=op.f("ck_regrades_rule")),
        sa.ForeignKeyConstraint(
            ["quiz_id"], ["quizzes.id"], name=op.f("fk_regrades_quiz_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["applied_by_id"], ["users.id"], name=op.f("fk_regrades_applied_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["users.id"], name=op.f("fk_regrades_undone_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrades")),
    )
    op.create_index(op.f("ix_regrades_quiz_id"), "regrades", ["quiz_id"])
    op.create_table(
        "regrade_changes",
        sa.Column("regrade_id", sa.BigInteger(), nullable=False),
        sa.Column("attempt_id", sa.BigInteger(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["regrade_id"], ["regrades.id"], name=op.f("fk_regrade_changes_regrade_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name=op.f("fk_regrade_changes_attempt_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("regrade_id", "attempt_id", name=op.f("pk_regrade_changes")),
    )
    op.create_index(op.f("ix_regrade_changes_attempt_id"), "regrade_changes", ["attempt_id"])


def downgrade() -> None:
    op.drop_table("regrade_changes")
    op.drop_table("regrades")
    op.drop_table("accommodations")
    op.drop_index("ix_attempts_to_mark", table_name="attempts")
    op.drop_column("answers", "marked_at")
    op.drop_column("answers", "marked_by_id")
    op.drop_column("answers", "feedback")
    op.drop_column("attempts", "flags")
    op.execute("update quizzes set reveal = 'never' where reveal = 'close'")
    op.drop_constraint(op.f("ck_quizzes_reveal"), "quizzes", type_="check")
    op.create_check_constraint(op.f("ck_quizzes_reveal"), "quizzes", "reveal in ('submission', 'never')")
    op.drop_constraint(op.f("ck_quizzes_reveal_score"), "quizzes", type_="check")
    op.drop_constraint(op.f("ck_quizzes_window"), "quizzes", type_="check")
    op.drop_column("quizzes", "reveal_score")
    op.drop_column("quizzes", "closes_at")
    op.drop_column("quizzes", "opens_at")
