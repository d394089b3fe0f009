"""People, their sessions, and the links that we mail them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, db

ROLES = ("student", "instructor", "admin")
TOKEN_PURPOSES = ("verify_email", "reset_password")


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
    user_agent: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")


class AccountToken(db.Model):  # type: ignore[name-defined]
    """A single-use secret sent by email; only its SHA-256 is kept."""

    __tablename__ = "account_tokens"
    __table_args__ = (CheckConstraint("purpose in ('verify_email', 'reset_password')", name="purpose"),)

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
