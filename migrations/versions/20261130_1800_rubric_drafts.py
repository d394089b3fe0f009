"""the draft of a brief has its rubric, too"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a4c7d92e1b58"
down_revision = "e81b3d5c07f4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("text_drafts", sa.Column("more", postgresql.JSONB()))


def downgrade() -> None:
    op.drop_column("text_drafts", "more")
