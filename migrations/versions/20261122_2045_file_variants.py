"""pictures in smaller widths"""

import sqlalchemy as sa
from alembic import op

revision = "6d2f0a7c51b8"
down_revision = "4b7c1d9e2f30"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_variants",
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("variant_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_file_variants_file_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["stored_files.id"], name=op.f("fk_file_variants_variant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("file_id", "width", name=op.f("pk_file_variants")),
    )
    op.create_index(op.f("ix_file_variants_variant_id"), "file_variants", ["variant_id"])


def downgrade() -> None:
    op.drop_table("file_variants")
