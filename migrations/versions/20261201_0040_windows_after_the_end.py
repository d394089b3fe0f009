"""windows after the end: an own window outlives the course only where who gave it said so"""

import sqlalchemy as sa
from alembic import op

revision = "e81b4d6c2f90"
down_revision = "c3f7a90d51e8"
branch_labels = None
depends_on = None

# What reached beyond the end of its course was in force until now, and was announced as such where it was given.
KEEP = """
update accommodations x set after_end = true
  from quizzes q join courses c on c.id = q.course_id
 where q.id = x.quiz_id and x.closes_at > c.ends_at
"""


def upgrade() -> None:
    op.add_column(
        "accommodations", sa.Column("after_end", sa.Boolean(), server_default="false", nullable=False)
    )
    op.execute(KEEP)


def downgrade() -> None:
    op.drop_column("accommodations", "after_end")
