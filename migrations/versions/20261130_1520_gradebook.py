"""the gradebook: categories, what belongs to them, what a person decided"""

import sqlalchemy as sa
from alembic import op

revision = "c7d25f10b86e"
down_revision = "b41e07c95a3d"
branch_labels = None
depends_on = None

_ONE = "num_nonnulls(quiz_id, assignment_id) = 1"


def _key() -> sa.Column:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), primary_key=True)


def _points_to(table: str, one: str, other: str, then: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{one}_{other}")
    return sa.ForeignKeyConstraint([one], [f"{other}.id"], name=name, ondelete=then)


def upgrade() -> None:
    op.create_table(
        "grade_categories",
        _key(),
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("weight", sa.Numeric(6, 2), nullable=False),
        sa.Column("drop_lowest", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("weight between 0 and 1000", name=op.f("ck_grade_categories_weight")),
        sa.CheckConstraint("drop_lowest between 0 and 100", name=op.f("ck_grade_categories_drop_lowest")),
        _points_to("grade_categories", "course_id", "courses"),
    )
    op.create_index(op.f("ix_grade_categories_course_id"), "grade_categories", ["course_id"])
    op.create_table(
        "grade_places",
        _key(),
        sa.Column("category_id", sa.BigInteger(), nullable=False),
        sa.Column("quiz_id", sa.BigInteger()),
        sa.Column("assignment_id", sa.BigInteger()),
        sa.CheckConstraint(_ONE, name=op.f("ck_grade_places_one")),
        _points_to("grade_places", "category_id", "grade_categories"),
        _points_to("grade_places", "quiz_id", "quizzes"),
        _points_to("grade_places", "assignment_id", "assignments"),
        sa.UniqueConstraint("quiz_id", name=op.f("uq_grade_places_quiz_id")),
        sa.UniqueConstraint("assignment_id", name=op.f("uq_grade_places_assignment_id")),
    )
    op.create_index(op.f("ix_grade_places_category_id"), "grade_places", ["category_id"])
    op.create_table(
        "grade_overrides",
        _key(),
        sa.Column("enrollment_id", sa.BigInteger(), nullable=False),
        sa.Column("quiz_id", sa.BigInteger()),
        sa.Column("assignment_id", sa.BigInteger()),
        sa.Column("percent", sa.Numeric(5, 2)),
        sa.Column("is_excused", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(_ONE, name=op.f("ck_grade_overrides_one")),
        sa.CheckConstraint("is_excused = (percent is null)", name=op.f("ck_grade_overrides_percent")),
        sa.CheckConstraint("percent between 0 and 100", name=op.f("ck_grade_overrides_range")),
        _points_to("grade_overrides", "enrollment_id", "enrollments"),
        _points_to("grade_overrides", "quiz_id", "quizzes"),
        _points_to("grade_overrides", "assignment_id", "assignments"),
        _points_to("grade_overrides", "by_id", "users", "SET NULL"),
        sa.UniqueConstraint(
            "enrollment_id", "quiz_id", name=op.f("uq_grade_overrides_enrollment_id_quiz_id")
        ),
        sa.UniqueConstraint(
            "enrollment_id", "assignment_id", name=op.f("uq_grade_overrides_enrollment_id_assignment_id")
        ),
    )
    for name in ("quiz_id", "assignment_id"):
        op.create_index(op.f(f"ix_grade_overrides_{name}"), "grade_overrides", [name])
    by = sa.text("by_id is not null")
    op.create_index("ix_grade_overrides_by_id", "grade_overrides", ["by_id"], postgresql_where=by)


def downgrade() -> None:
    for table in ("grade_overrides", "grade_places", "grade_categories"):
        op.drop_table(table)
