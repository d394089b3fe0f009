"""notes on a grade that is given stand apart from it; who typed them; returned work has no grade"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "e81b3d5c07f4"
down_revision = "d3a8f61c94b2"
branch_labels = None
depends_on = None

_NOTED = "ix_submission_versions_noted_by_id"


def upgrade() -> None:
    op.add_column("submission_versions", sa.Column("noted", postgresql.JSONB()))
    op.add_column("submission_versions", sa.Column("noted_by_id", sa.BigInteger()))
    op.add_column(
        "submission_versions", sa.Column("noted_from", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.create_foreign_key(
        op.f("fk_submission_versions_noted_by_id_users"),
        "submission_versions",
        "users",
        ["noted_by_id"],
        ["id"],
        ondelete="SET NULL",
    )
    by = sa.text("noted_by_id is not null")
    op.create_index(_NOTED, "submission_versions", ["noted_by_id"], postgresql_where=by)
    op.execute(
        "update submission_versions set graded_at = null where returned_at is not null and graded_at is not null"
    )


def downgrade() -> None:
    op.drop_index(_NOTED, "submission_versions")
    for name in ("noted_from", "noted_by_id", "noted"):
        op.drop_column("submission_versions", name)
