"""release and addresses"""

import sqlalchemy as sa
from alembic import op

revision = "39032f4e5fd3"
down_revision = "a9876bfa2574"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "course_prerequisites",
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column("required_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("course_id <> required_id", name=op.f("ck_course_prerequisites_other")),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["courses.id"],
            name=op.f("fk_course_prerequisites_course_id_courses"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["required_id"],
            ["courses.id"],
            name=op.f("fk_course_prerequisites_required_id_courses"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("course_id", "required_id", name=op.f("pk_course_prerequisites")),
    )
    op.create_index(
        op.f("ix_course_prerequisites_required_id"), "course_prerequisites", ["required_id"], unique=False
    )
    op.create_table(
        "course_addresses",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["courses.id"],
            name=op.f("fk_course_addresses_course_id_courses"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_course_addresses")),
    )
    op.create_index(op.f("ix_course_addresses_course_id"), "course_addresses", ["course_id"], unique=False)
    op.add_column("lesson_pages", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
    op.alter_column("certificates", "enrollment_id", existing_type=sa.BigInteger(), nullable=True)
    op.alter_column("certificates", "course_id", existing_type=sa.BigInteger(), nullable=True)


def downgrade() -> None:
    # Certificates of courses that are gone for good have no place in the older schema.
    op.execute("delete from certificates where enrollment_id is null or course_id is null")
    op.alter_column("certificates", "course_id", existing_type=sa.BigInteger(), nullable=False)
    op.alter_column("certificates", "enrollment_id", existing_type=sa.BigInteger(), nullable=False)
    op.execute("delete from lesson_pages where removed_at is not null")
    op.drop_column("lesson_pages", "removed_at")
    op.drop_index(op.f("ix_course_addresses_course_id"), table_name="course_addresses")
    op.drop_table("course_addresses")
    op.drop_index(op.f("ix_course_prerequisites_required_id"), table_name="course_prerequisites")
    op.drop_table("course_prerequisites")
