"""what a learner was told with a return stays readable while a grade in its place waits for its release"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "b7e05c3a94d1"
down_revision = "a4d90e7b2c61"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("submission_versions", sa.Column("seen", postgresql.JSONB()))


def downgrade() -> None:
    op.drop_column("submission_versions", "seen")
