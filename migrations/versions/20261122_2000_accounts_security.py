"""accounts security"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "8ef9d363cc62"
down_revision = "daaba09a8b40"
branch_labels = None
depends_on = None


APPEND_ONLY = """
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_entries_append_only before update or delete or truncate on audit_entries
    for each statement execute function refuse_change();
"""


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("subject_name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("details", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index(op.f("ix_audit_entries_action"), "audit_entries", ["action"], unique=False)
    op.create_index(op.f("ix_audit_entries_actor_id"), "audit_entries", ["actor_id"], unique=False)
    op.create_index("ix_audit_entries_at", "audit_entries", ["at"], unique=False)
    op.create_table(
        "instructor_applications",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("bio", sa.Text(), nullable=False),
        sa.Column("expertise", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state in ('submitted', 'verified', 'rejected')", name=op.f("ck_instructor_applications_state")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["users.id"],
            name=op.f("fk_instructor_applications_decided_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_instructor_applications_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instructor_applications")),
    )
    op.create_index(
        op.f("ix_instructor_applications_user_id"), "instructor_applications", ["user_id"], unique=False
    )
    op.create_index(
        "uq_instructor_applications_open",
        "instructor_applications",
        ["user_id"],
        unique=True,
        postgresql_where="state = 'submitted'",
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("course_id", sa.BigInteger(), nullable=True),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("invited_by_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role in ('student', 'instructor', 'admin')", name=op.f("ck_invitations_role")),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["users.id"], name=op.f("fk_invitations_invited_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_recovery_codes_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_user_id"), "recovery_codes", ["user_id"], unique=False)
    op.create_table(
        "settings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["users.id"], name=op.f("fk_settings_changed_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )
    op.add_column("user_sessions", sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("user_sessions", sa.Column("viewed_as_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_user_sessions_viewed_as_id"),
        "user_sessions",
        "users",
        ["viewed_as_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.add_column("users", sa.Column("avatar_file_id", sa.BigInteger(), nullable=True))
    op.add_column("users", sa.Column("totp_secret", sa.Text(), nullable=True))
    op.add_column("users", sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("users", sa.Column("totp_last_step", sa.BigInteger(), nullable=True))
    op.add_column("users", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(
        op.f("fk_users_avatar_file_id"),
        "users",
        "stored_files",
        ["avatar_file_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.drop_constraint(op.f("ck_account_tokens_purpose"), "account_tokens")
    op.create_check_constraint(
        op.f("ck_account_tokens_purpose"),
        "account_tokens",
        "purpose in ('verify_email', 'reset_password', 'change_email', 'sign_in_code')",
    )
    op.execute(APPEND_ONLY)


def downgrade() -> None:
    op.drop_constraint(op.f("fk_users_avatar_file_id"), "users", type_="foreignkey")
    op.drop_column("users", "erased_at")
    op.drop_column("users", "totp_last_step")
    op.drop_column("users", "totp_confirmed_at")
    op.drop_column("users", "totp_secret")
    op.drop_column("users", "avatar_file_id")
    op.drop_constraint(op.f("fk_user_sessions_viewed_as_id"), "user_sessions", type_="foreignkey")
    op.drop_column("user_sessions", "viewed_as_id")
    op.drop_column("user_sessions", "second_factor_at")
    op.drop_table("settings")
    op.drop_index(op.f("ix_recovery_codes_user_id"), table_name="recovery_codes")
    op.drop_table("recovery_codes")
    op.drop_table("invitations")
    op.drop_index(
        "uq_instructor_applications_open",
        table_name="instructor_applications",
        postgresql_where="state = 'submitted'",
    )
    op.drop_index(op.f("ix_instructor_applications_user_id"), table_name="instructor_applications")
    op.drop_table("instructor_applications")
    op.drop_index("ix_audit_entries_at", table_name="audit_entries")
    op.drop_index(op.f("ix_audit_entries_actor_id"), table_name="audit_entries")
    op.drop_index(op.f("ix_audit_entries_action"), table_name="audit_entries")
    op.drop_table("audit_entries")
    op.execute("drop function refuse_change cascade")
    op.execute("delete from account_tokens where purpose in ('change_email', 'sign_in_code')")
    op.drop_constraint(op.f("ck_account_tokens_purpose"), "account_tokens")
    op.create_check_constraint(
        op.f("ck_account_tokens_purpose"), "account_tokens", "purpose in ('verify_email', 'reset_password')"
    )
