"""who left comes back by themselves, who was taken out does not"""

import sqlalchemy as sa
from alembic import op

revision = "c5e81f07a934"
down_revision = "d6e2b81f4c90"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "enrollments", sa.Column("may_return", sa.Boolean(), nullable=False, server_default=sa.text("true"))
    )


def downgrade() -> None:
    op.drop_column("enrollments", "may_return")
