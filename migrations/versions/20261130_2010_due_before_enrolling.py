"""due before enrolling: figures of work with a date are counted again, without what learners never owed"""

from alembic import op

revision = "d9a41c6e07b3"
down_revision = "b6d1f48c7e25"
branch_labels = None
depends_on = None

AGAIN = """
insert into analytics_changes (course_id, kind, assignment_id)
select course_id, 'asked', id from assignments where due_at is not null
"""


def upgrade() -> None:
    op.execute(AGAIN)


def downgrade() -> None:
    op.execute(AGAIN)
