"""question bank"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "ef4d661c5cb1"
down_revision = "6d2f0a7c51b8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("questions", "quiz_id", existing_type=sa.BigInteger(), nullable=True)
    op.add_column("questions", sa.Column("course_id", sa.BigInteger(), nullable=True))
    op.add_column("questions", sa.Column("origin_id", sa.BigInteger(), nullable=True))
    op.add_column("questions", sa.Column("title", sa.Text(), server_default="", nullable=False))
    op.add_column("questions", sa.Column("category", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "questions", sa.Column("tags", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False)
    )
    op.create_foreign_key(
        op.f("fk_questions_course_id"), "questions", "courses", ["course_id"], ["id"], ondelete="CASCADE"
    )
    op.create_foreign_key(
        op.f("fk_questions_origin_id"), "questions", "questions", ["origin_id"], ["id"], ondelete="SET NULL"
    )
    op.create_check_constraint(op.f("ck_questions_home"), "questions", "num_nonnulls(quiz_id, course_id) = 1")
    op.create_index(
        "uq_questions_course_id_source_id",
        "questions",
        ["course_id", "source_id"],
        unique=True,
        postgresql_where=sa.text("course_id is not null"),
    )
    op.create_index(
        "ix_questions_origin_id",
        "questions",
        ["origin_id"],
        postgresql_where=sa.text("origin_id is not null"),
    )
    op.add_column("question_versions", sa.Column("author_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_question_versions_author_id"),
        "question_versions",
        "users",
        ["author_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index(op.f("ix_question_versions_author_id"), "question_versions", ["author_id"])
    op.create_table(
        "quiz_draws",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("quiz_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("count", sa.SmallInteger(), nullable=False),
        sa.Column("points", sa.Numeric(8, 2), server_default="1", nullable=False),
        sa.CheckConstraint("count between 1 and 500", name=op.f("ck_quiz_draws_count")),
        sa.CheckConstraint("points >= 0", name=op.f("ck_quiz_draws_points")),
        sa.ForeignKeyConstraint(
            ["quiz_id"], ["quizzes.id"], name=op.f("fk_quiz_draws_quiz_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_draws")),
    )
    op.create_index(op.f("ix_quiz_draws_quiz_id"), "quiz_draws", ["quiz_id"])


def downgrade() -> None:
    op.drop_table("quiz_draws")
    op.drop_index(op.f("ix_question_versions_author_id"), table_name="question_versions")
    op.drop_constraint(op.f("fk_question_versions_author_id"), "question_versions", type_="foreignkey")
    op.drop_column("question_versions", "author_id")
    # Without a bank there is no place for its questions.
    op.execute("delete from questions where quiz_id is null")
    op.drop_index("ix_questions_origin_id", table_name="questions")
    op.drop_index("uq_questions_course_id_source_id", table_name="questions")
    op.drop_constraint(op.f("ck_questions_home"), "questions", type_="check")
    op.drop_constraint(op.f("fk_questions_origin_id"), "questions", type_="foreignkey")
    op.drop_constraint(op.f("fk_questions_course_id"), "questions", type_="foreignkey")
    for column in ("tags", "category", "title", "origin_id", "course_id"):
        op.drop_column("questions", column)
    op.alter_column("questions", "quiz_id", existing_type=sa.BigInteger(), nullable=False)
