"""quizzes published: a quiz that is added to a lesson which learners see is hidden until its author shows it"""

import sqlalchemy as sa
from alembic import op

revision = "c3f7a90d51e8"
down_revision = "d9a41c6e07b3"
branch_labels = None
depends_on = None

# Hiding a quiz takes it out of what learners failed, so a course is counted again.
TRIGGER = """
drop trigger analytics_quiz on quizzes;
create trigger analytics_quiz
    after insert or delete or update of counts, mode, is_required, {more}passing_percent, removed_at on quizzes
    for each row execute function note_part_change();
"""


def upgrade() -> None:
    op.add_column("quizzes", sa.Column("is_published", sa.Boolean(), server_default="true", nullable=False))
    op.execute(TRIGGER.format(more="is_published, "))


def downgrade() -> None:
    op.execute(TRIGGER.format(more=""))
    op.drop_column("quizzes", "is_published")
