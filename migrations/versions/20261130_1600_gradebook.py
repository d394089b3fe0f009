"""the gradebook: categories, what belongs to them, what a person decided; more days for one learner"""

import sqlalchemy as sa
from alembic import op

revision = "c7d25f10b86e"
down_revision = "91c4e2d07b5f"
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
        "extensions",
        _key(),
        sa.Column("assignment_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("extra_days", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by_id", sa.BigInteger()),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("extra_days between 1 and 365", name=op.f("ck_extensions_extra_days")),
        _points_to("extensions", "assignment_id", "assignments"),
        _points_to("extensions", "user_id", "users"),
        _points_to("extensions", "given_by_id", "users", "SET NULL"),
        sa.UniqueConstraint("assignment_id", "user_id", name=op.f("uq_extensions_assignment_id_user_id")),
    )
    op.create_index(op.f("ix_extensions_user_id"), "extensions", ["user_id"])
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
    for table in ("grade_overrides", "grade_places", "grade_categories", "extensions"):
        op.drop_table(table)
