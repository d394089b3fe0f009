"""What accounts know of a person: for their own copy, and for forgetting it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Case, case, delete, func, or_, select, update

from lms.accounts import passwords
from lms.accounts.models import (
    AccountToken,
    AuditEntry,
    InstructorApplication,
    Invitation,
    RecoveryCode,
    SignInFailure,
    User,
    UserSession,
)
from lms.core.db import db

Rows = list[dict[str, Any]]


def export(user_id: int) -> dict[str, Rows]:
    """Profile, sign-ins, applications, invitations, and what the log says of them. No secret is in it."""
    user = db.session.get_one(User, user_id)
    email = user.email.lower()
    return {
        "profile": _rows(
            select(
                User.name,
                User.email,
                User.email_verified_at,
                User.role,
                User.bio,
                User.language,
                User.time_zone,
                User.created_at,
                User.totp_confirmed_at.label("second_factor_since"),
            ).where(User.id == user_id)
        ),
        "sign_ins": _rows(
            select(
                UserSession.created_at,
                UserSession.ended_at,
                UserSession.expires_at,
                UserSession.address,
                UserSession.user_agent,
            )
            .where(UserSession.user_id == user_id)
            .order_by(UserSession.id)
        ),
        "applications": _rows(
            select(
                InstructorApplication.submitted_at,
                InstructorApplication.bio,
                InstructorApplication.expertise,
                InstructorApplication.state,
                InstructorApplication.decided_at,
                InstructorApplication.reason,
            )
            .where(InstructorApplication.user_id == user_id)
            .order_by(InstructorApplication.id)
        ),
        "invitations": _rows(
            select(Invitation.created_at, Invitation.email, Invitation.role, Invitation.accepted_at)
            .where(func.lower(Invitation.email) == email)
            .order_by(Invitation.id)
        ),
        "log": _rows(
            select(AuditEntry.at, AuditEntry.action, _own_address(user_id).label("address"))
            .where(
                or_(
                    AuditEntry.actor_id == user_id,
                    (AuditEntry.subject_kind == "user") & (AuditEntry.subject_id == user_id),
                )
            )
            .order_by(AuditEntry.id)
        ),
    }


def erase(user_id: int, at: datetime) -> list[int]:
    """Forget who they are; the row stays, so that what others rely on keeps its place.

    Returns ids of stored files that were theirs.
    """
    user = db.session.get_one(User, user_id, with_for_update=True)
    email, avatar = user.email.lower(), user.avatar_file_id
    for table in (UserSession, AccountToken, RecoveryCode, InstructorApplication):
        db.session.execute(delete(table).where(table.user_id == user_id))
    db.session.execute(delete(SignInFailure).where(SignInFailure.email == email))
    db.session.execute(delete(Invitation).where(func.lower(Invitation.email) == email))
    db.session.execute(
        update(Invitation).where(Invitation.invited_by_id == user_id).values(invited_by_id=None)
    )
    user.name, user.email, user.bio = f"#{user_id}", f"erased-{user_id}@erased.invalid", ""
    user.password_hash, user.email_verified_at = passwords.UNUSABLE, None
    user.totp_secret = user.totp_confirmed_at = user.totp_last_step = user.avatar_file_id = None
    user.role, user.is_verified_instructor, user.is_active = "student", False, False
    user.language, user.time_zone, user.erased_at = "en", "UTC", at
    db.session.flush()
    return [avatar] if avatar is not None else []


def _own_address(user_id: int) -> Case[str]:
    """From where an entry was made, when they made it: where an admin works is not theirs to know."""
    return case((AuditEntry.actor_id == user_id, AuditEntry.address), else_="")


def _rows(statement: Any) -> Rows:
    return [dict(row) for row in db.session.execute(statement).mappings()]
