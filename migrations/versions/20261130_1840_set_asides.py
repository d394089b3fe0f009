"""questions that are set aside after they were asked"""

import sqlalchemy as sa
from alembic import op

revision = "a4c7e90d152b"
down_revision = "c85f3e19d7a2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "set_asides",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("quiz_id", sa.BigInteger(), nullable=False),
        sa.Column("question_id", sa.BigInteger(), nullable=False),
        sa.Column("version_id", sa.BigInteger()),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.BigInteger()),
        sa.Column("taken_back_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("how in ('full', 'out')", name=op.f("ck_set_asides_how")),
        sa.ForeignKeyConstraint(
            ["quiz_id"], ["quizzes.id"], name=op.f("fk_set_asides_quiz_id_quizzes"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_set_asides_question_id_questions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["question_versions.id"],
            name=op.f("fk_set_asides_version_id_question_versions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["users.id"], name=op.f("fk_set_asides_set_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_asides")),
    )
    op.create_index("ix_set_asides_quiz_id_question_id", "set_asides", ["quiz_id", "question_id"])
    op.create_index("ix_set_asides_question_id", "set_asides", ["question_id"])
    op.create_index(
        "uq_set_asides_standing",
        "set_asides",
        ["quiz_id", "question_id", "version_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("taken_back_at is null"),
    )


def downgrade() -> None:
    op.drop_table("set_asides")
