"""assignments have rules, submissions and grades"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "b41e07c95a3d"
down_revision = "7c20e6d94b15"
branch_labels = None
depends_on = None

_WHEN = sa.DateTime(timezone=True)


def _rules() -> list[sa.Column]:
    return [
        sa.Column("due_at", _WHEN),
        sa.Column("closes_at", _WHEN),
        sa.Column("time_zone", sa.Text(), server_default="UTC", nullable=False),
        sa.Column("late_policy", sa.Text(), server_default="none", nullable=False),
        sa.Column("late_percent", sa.Numeric(5, 2), server_default="10", nullable=False),
        sa.Column("takes_text", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("takes_files", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("max_attempts", sa.SmallInteger()),
        sa.Column("is_blind", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("released_together", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("passing_percent", sa.Numeric(5, 2)),
    ]


_CHECKS = {
    "late_policy": "late_policy in ('none', 'percent', 'closed')",
    "late_percent": "late_percent between 0 and 100",
    "passing_percent": "passing_percent between 0 and 100",
    "max_attempts": "max_attempts > 0",
    "takes": "takes_text or takes_files",
    "closes_at": "closes_at >= due_at",
}


def upgrade() -> None:
    for column in _rules():
        op.add_column("assignments", column)
    for name, rule in _CHECKS.items():
        op.create_check_constraint(op.f(f"ck_assignments_{name}"), "assignments", rule)
    due = sa.text("due_at is not null")
    op.create_index("ix_assignments_due_at", "assignments", ["due_at"], postgresql_where=due)

    op.create_table(
        "submissions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), primary_key=True),
        sa.Column("assignment_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("enrollment_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("draft_seq", sa.BigInteger(), nullable=False),
        sa.Column("draft_saved_at", _WHEN),
        sa.Column("submitted_at", _WHEN),
        sa.CheckConstraint(
            "state in ('draft', 'submitted', 'returned', 'resubmitted', 'graded')",
            name=op.f("ck_submissions_state"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{one}_id"],
                [f"{one}s.id"],
                name=op.f(f"fk_submissions_{one}_id_{one}s"),
                ondelete="CASCADE",
            )
            for one in ("assignment", "user", "enrollment")
        ),
        sa.UniqueConstraint("assignment_id", "user_id", name=op.f("uq_submissions_assignment_id_user_id")),
    )
    op.create_index(op.f("ix_submissions_user_id"), "submissions", ["user_id"])
    op.create_index(op.f("ix_submissions_enrollment_id"), "submissions", ["enrollment_id"])
    waiting = sa.text("state in ('submitted', 'resubmitted')")
    columns = ["assignment_id", "submitted_at"]
    op.create_index("ix_submissions_waiting", "submissions", columns, postgresql_where=waiting)

    op.create_table(
        "submission_versions",
        sa.Column("submission_id", sa.BigInteger(), primary_key=True),
        sa.Column("number", sa.SmallInteger(), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("submitted_at", _WHEN, nullable=False),
        sa.Column("points", sa.Numeric(8, 2)),
        sa.Column("choices", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("feedback", sa.Text(), server_default="", nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("noted_at", _WHEN),
        sa.Column("graded_by_id", sa.BigInteger()),
        sa.Column("graded_at", _WHEN),
        sa.Column("returned_at", _WHEN),
        sa.Column("released_at", _WHEN),
        sa.CheckConstraint("points >= 0", name=op.f("ck_submission_versions_points")),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_submission_versions_submission_id_submissions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["graded_by_id"],
            ["users.id"],
            name=op.f("fk_submission_versions_graded_by_id_users"),
            ondelete="SET NULL",
        ),
    )
    by = sa.text("graded_by_id is not null")
    name = "ix_submission_versions_graded_by_id"
    op.create_index(name, "submission_versions", ["graded_by_id"], postgresql_where=by)

    op.create_table(
        "submission_files",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), primary_key=True),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.SmallInteger()),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_submission_files_submission_id_submissions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_submission_files_file_id_stored_files")
        ),
    )
    op.create_index(
        "ix_submission_files_submission_id_number", "submission_files", ["submission_id", "number"]
    )
    op.create_index("ix_submission_files_file_id", "submission_files", ["file_id"])


def downgrade() -> None:
    op.drop_table("submission_files")
    op.drop_table("submission_versions")
    op.drop_table("submissions")
    op.drop_index("ix_assignments_due_at", "assignments")
    for name in _CHECKS:
        op.drop_constraint(op.f(f"ck_assignments_{name}"), "assignments")
    for column in _rules():
        op.drop_column("assignments", column.name)
