"""badges"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "1def2dfef2d6"
down_revision = "527792c5d767"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "badge_keys",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("thumbprint", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sealed_key", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(retired_at is null) = (sealed_key is not null)", name=op.f("ck_badge_keys_sealed")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge_keys")),
        sa.UniqueConstraint("thumbprint", name=op.f("uq_badge_keys_thumbprint")),
    )
    op.create_index(
        "uq_badge_keys_current",
        "badge_keys",
        [sa.text("(retired_at is null)")],
        unique=True,
        postgresql_where=sa.text("retired_at is null"),
    )
    op.create_table(
        "certificate_templates",
        sa.Column("course_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "look", postgresql.JSONB(none_as_null=True), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("logo_file_id", sa.BigInteger(), nullable=True),
        sa.Column("signature_file_id", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["courses.id"],
            name=op.f("fk_certificate_templates_course_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["logo_file_id"], ["stored_files.id"], name=op.f("fk_certificate_templates_logo_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["signature_file_id"],
            ["stored_files.id"],
            name=op.f("fk_certificate_templates_signature_file_id"),
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_certificate_templates")),
    )
    op.add_column(
        "certificates",
        sa.Column(
            "look", postgresql.JSONB(none_as_null=True), server_default=sa.text("'{}'"), nullable=False
        ),
    )
    op.add_column("certificates", sa.Column("logo_file_id", sa.BigInteger(), nullable=True))
    op.add_column("certificates", sa.Column("signature_file_id", sa.BigInteger(), nullable=True))
    op.add_column("certificates", sa.Column("picture_file_id", sa.BigInteger(), nullable=True))
    op.add_column("certificates", sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=True))
    for column in ("logo_file_id", "signature_file_id", "picture_file_id"):
        op.create_foreign_key(
            op.f(f"fk_certificates_{column}"), "certificates", "stored_files", [column], ["id"]
        )
    op.create_index(
        "ix_certificates_revoked",
        "certificates",
        ["id"],
        postgresql_where=sa.text("revoked_at is not null"),
    )


def downgrade() -> None:
    op.drop_index("ix_certificates_revoked", table_name="certificates")
    for column in ("picture_file_id", "signature_file_id", "logo_file_id"):
        op.drop_constraint(op.f(f"fk_certificates_{column}"), "certificates", type_="foreignkey")
        op.drop_column("certificates", column)
    op.drop_column("certificates", "renewed_at")
    op.drop_column("certificates", "look")
    op.drop_table("certificate_templates")
    op.drop_index("uq_badge_keys_current", table_name="badge_keys")
    op.drop_table("badge_keys")
