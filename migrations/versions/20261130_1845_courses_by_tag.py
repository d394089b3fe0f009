"""courses of a tag, by an index"""

import sqlalchemy as sa
from alembic import op

revision = "d6e2b81f4c90"
down_revision = "a4c7e90d152b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    published = sa.text("state = 'published'")
    op.create_index(
        "ix_courses_tags", "courses", ["tags"], postgresql_using="gin", postgresql_where=published
    )


def downgrade() -> None:
    op.drop_index("ix_courses_tags", table_name="courses")
