"""who reached a lesson, in order"""

from alembic import op

revision = "91c4e2d07b5f"
down_revision = "2f6a90c1d7e8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_lesson_progress_lesson_id", "lesson_progress")
    op.create_index("ix_lesson_progress_lesson_id", "lesson_progress", ["lesson_id", "enrollment_id"])


def downgrade() -> None:
    op.drop_index("ix_lesson_progress_lesson_id", "lesson_progress")
    op.create_index("ix_lesson_progress_lesson_id", "lesson_progress", ["lesson_id"])
