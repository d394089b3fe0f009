"""unexpected errors, by kind, with their last times and their number a day"""

import sqlalchemy as sa
from alembic import op

revision = "3b9d5e07c1fa"
down_revision = "7d3c5e1a94b2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment, words, number = sa.DateTime(timezone=True), sa.Text(), sa.BigInteger()
    op.create_table(
        "faults",
        sa.Column("id", number, sa.Identity(always=False), nullable=False),
        sa.Column("fingerprint", words, nullable=False),
        sa.Column("source", words, nullable=False),
        sa.Column("exception", words, nullable=False),
        sa.Column("place", words, nullable=False),
        sa.Column("trace", words, nullable=False),
        sa.Column("route", words, nullable=False),
        sa.Column("request_id", words, nullable=False),
        sa.Column("version", words, nullable=False),
        sa.Column("count", number, nullable=False),
        sa.Column("first_at", moment, nullable=False),
        sa.Column("last_at", moment, nullable=False),
        sa.Column("is_back", sa.Boolean(), nullable=False),
        sa.Column("settled_at", moment, nullable=True),
        sa.CheckConstraint("source in ('web', 'job')", name=op.f("ck_faults_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faults")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_faults_fingerprint")),
    )
    op.create_index(op.f("ix_faults_last_at"), "faults", ["last_at"])
    op.create_table(
        "fault_sightings",
        sa.Column("id", number, sa.Identity(always=False), nullable=False),
        sa.Column("fault_id", number, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("route", words, nullable=False),
        sa.Column("request_id", words, nullable=False),
        sa.Column("version", words, nullable=False),
        sa.ForeignKeyConstraint(
            ["fault_id"], ["faults.id"], name=op.f("fk_fault_sightings_fault_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fault_sightings")),
    )
    op.create_index(op.f("ix_fault_sightings_fault_id"), "fault_sightings", ["fault_id"])
    op.create_index(op.f("ix_fault_sightings_request_id"), "fault_sightings", ["request_id"])
    op.create_table(
        "fault_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", number, nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_fault_days")),
    )


def downgrade() -> None:
    op.drop_table("fault_days")
    op.drop_table("fault_sightings")
    op.drop_table("faults")
