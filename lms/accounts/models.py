"""People, their sessions, and the links that we mail them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, db

ROLES = ("student", "instructor", "admin")
TOKEN_PURPOSES = ("verify_email", "reset_password", "change_email", "sign_in_code")


class User(db.Model):  # type: ignore[name-defined]
    """A person. The address is unique without regard to case and kept as it was typed."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("role in ('student', 'instructor', 'admin')", name="role"),
        CheckConstraint("char_length(name) between 1 and 120", name="name_length"),
        Index("uq_users_email_lower", text("lower(email)"), unique=True),
    )

    id: Mapped[Id]
    email: Mapped[str]
    name: Mapped[str]
    password_hash: Mapped[str]
    role: Mapped[str] = mapped_column(default="student")
    is_active: Mapped[bool] = mapped_column(default=True)
    is_verified_instructor: Mapped[bool] = mapped_column(default=False)
    email_verified_at: Mapped[datetime | None]
    bio: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    time_zone: Mapped[str] = mapped_column(default="UTC")
    avatar_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id", ondelete="SET NULL"))
    totp_secret: Mapped[str | None]
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]
    erased_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class UserSession(db.Model):  # type: ignore[name-defined]
    """A signed-in browser. The cookie holds a secret, this row its SHA-256."""

    __tablename__ = "user_sessions"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    second_factor_at: Mapped[datetime | None]
    viewed_as_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    user_agent: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")


class AccountToken(db.Model):  # type: ignore[name-defined]
    """A single-use secret sent by email; only its SHA-256 is kept."""

    __tablename__ = "account_tokens"
    __table_args__ = (
        CheckConstraint(
            "purpose in ('verify_email', 'reset_password', 'change_email', 'sign_in_code')", name="purpose"
        ),
    )

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInFailure(db.Model):  # type: ignore[name-defined]
    """A wrong password for one address; counted for lockout by account, never by network address."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (Index("ix_sign_in_failures_email_at", "email", "at"),)

    id: Mapped[Id]
    email: Mapped[str]
    at: Mapped[datetime]
    address: Mapped[str] = mapped_column(default="")


class RecoveryCode(db.Model):  # type: ignore[name-defined]
    """One of ten ways in when the second factor is lost; only a keyed hash is kept."""

    __tablename__ = "recovery_codes"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str]
    used_at: Mapped[datetime | None]


class InstructorApplication(db.Model):  # type: ignore[name-defined]
    """A wish to teach: `submitted`, then `verified` or `rejected` by an admin."""

    __tablename__ = "instructor_applications"
    __table_args__ = (
        CheckConstraint("state in ('submitted', 'verified', 'rejected')", name="state"),
        Index(
            "uq_instructor_applications_open", "user_id", unique=True, postgresql_where="state = 'submitted'"
        ),
    )

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    bio: Mapped[str]
    expertise: Mapped[list[str]] = mapped_column(ARRAY(Text))
    state: Mapped[str] = mapped_column(default="submitted")
    submitted_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(default="")


class Invitation(db.Model):  # type: ignore[name-defined]
    """A way in for one address, with a role and perhaps a course; the mailed secret is derived, its SHA-256 kept."""

    __tablename__ = "invitations"
    __table_args__ = (CheckConstraint("role in ('student', 'instructor', 'admin')", name="role"),)

    id: Mapped[Id]
    email: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    role: Mapped[str] = mapped_column(default="student")
    course_id: Mapped[int | None]
    token_hash: Mapped[str] = mapped_column(unique=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class AuditEntry(db.Model):  # type: ignore[name-defined]
    """Who did what to whom, from where. Written once: a trigger refuses change and removal."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_at", "at"),)

    id: Mapped[Id]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor_name: Mapped[str] = mapped_column(default="")
    action: Mapped[str] = mapped_column(index=True)
    subject_kind: Mapped[str] = mapped_column(default="")
    subject_id: Mapped[int | None]
    subject_name: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Setting(db.Model):  # type: ignore[name-defined]
    """What an admin set on the settings page; it stands above the environment's default."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
