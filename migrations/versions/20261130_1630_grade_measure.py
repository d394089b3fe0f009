"""what a grade is measured by: the most points and the rubric, kept with the graded version"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "d3a8f61c94b2"
down_revision = "c7d25f10b86e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("submission_versions", sa.Column("out_of", sa.Numeric(8, 2)))
    op.add_column("submission_versions", sa.Column("rubric", JSONB()))
    # What was graded before is measured by what holds now: nothing else is known of it.
    op.execute("""
        update submission_versions v
           set out_of = a.max_points, rubric = a.rubric
          from submissions s join assignments a on a.id = s.assignment_id
         where s.id = v.submission_id and (v.graded_at is not null or v.returned_at is not null)
    """)


def downgrade() -> None:
    op.drop_column("submission_versions", "rubric")
    op.drop_column("submission_versions", "out_of")
