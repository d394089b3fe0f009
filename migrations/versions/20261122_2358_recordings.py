"""where learners stopped in the recordings of a lesson"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "7c20e6d94b15"
down_revision = "50f059da9ef0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    empty = sa.text("'{}'")
    op.add_column(
        "lesson_progress",
        sa.Column("recordings", postgresql.JSONB(), server_default=empty, nullable=False),
    )


def downgrade() -> None:
    op.drop_column("lesson_progress", "recordings")
