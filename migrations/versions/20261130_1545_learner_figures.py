"""what the enrollment says stands with what each learner did"""

import sqlalchemy as sa
from alembic import op

revision = "2f6a90c1d7e8"
down_revision = "3b9d5e07c1fa"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("truncate learner_figures")
    # Defaults for the release before, which writes lines that don't know of these.
    for column in (
        sa.Column("state", sa.Text(), nullable=False, server_default="active"),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("completed_at", sa.DateTime(timezone=True)),
        sa.Column("is_recent", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("learner_figures", column)
    op.execute("insert into analytics_changes (course_id) select id from courses")


def downgrade() -> None:
    for name in ("is_recent", "completed_at", "enrolled_at", "state"):
        op.drop_column("learner_figures", name)
