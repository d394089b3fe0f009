"""What an admin does to accounts. All of it is audited; other rights end somebody's sessions."""

from datetime import datetime
from typing import Any

from sqlalchemy import update

from lms.accounts import actions as accounts
from lms.accounts import audit, invitations, passwords, second_factor, view_as
from lms.accounts import queries as account_queries
from lms.accounts.models import InstructorApplication, User
from lms.admin import rules
from lms.admin.queries import people
from lms.core.access import Viewer
from lms.core.db import db
from lms.notifications import inviting


def create(*, name: str, email: str, role: str, by: Viewer, at: datetime) -> User:
    """An account without a password, and an invitation that lets its owner set one.

    Raises ValueError when the address is taken.
    """
    if account_queries.user_by_email(email):
        raise ValueError(f"{email} has an account already.")
    user = User(
        name=name,
        email=email,
        role=role,
        password_hash=passwords.UNUSABLE,
        is_verified_instructor=role in ("instructor", "admin"),
        language=by.language,
        time_zone=by.time_zone,
        created_at=at,
    )
    db.session.add(user)
    db.session.flush()
    _note("user.created", user, at, role=role)
    invitation = invitations.invite(email, name=name, role=role, by_id=by.id, at=at)
    inviting.mail(invitation, by.language, at)
    return user


def change_role(user: User, role: str, *, by: Viewer, at: datetime) -> rules.Refusal | None:
    """Give another role; every session of the person ends, so that old rights die with it."""
    refusal = rules.role_refusal(
        actor_id=by.id, user_id=user.id, old=user.role, new=role, active_admins=people.active_admins()
    )
    if refusal or role == user.role:
        return refusal
    before, user.role = user.role, role
    user.is_verified_instructor = role in ("instructor", "admin")
    if user.is_verified_instructor:
        db.session.execute(
            update(InstructorApplication)
            .where(InstructorApplication.user_id == user.id, InstructorApplication.state == "submitted")
            .values(state="verified", decided_at=at, decided_by_id=by.id)
        )
    _sign_out(user, at)
    _note("user.role_changed", user, at, before=before, after=role)
    return None


def set_active(user: User, is_active: bool, *, by: Viewer, at: datetime) -> rules.Refusal | None:
    """Switch an account off or on. Off: no sign-in, no mail; everything the person did stays."""
    if not is_active:
        refusal = rules.deactivation_refusal(
            actor_id=by.id, user_id=user.id, active_admins=people.active_admins()
        )
        if refusal:
            return refusal
        _sign_out(user, at)
    if user.is_active != is_active:
        user.is_active = is_active
        _note("user.activated" if is_active else "user.deactivated", user, at)
    return None


def end_sessions(user: User, at: datetime) -> None:
    """Sign every browser of a person out."""
    _sign_out(user, at)
    _note("user.sessions_ended", user, at)


def reset_second_factor(user: User, *, by: Viewer, at: datetime) -> rules.Refusal | None:
    """Take the second factor off, for who lost phone and codes; they sign in again and set up another.

    Not one's own: that takes the password and a code, on the page of one's account.
    """
    if user.id == by.id:
        return "self"
    if user.totp_confirmed_at is not None:
        second_factor.take_off(user, at)
        _sign_out(user, at)
    return None


def send_password_link(user: User, *, by: Viewer, at: datetime) -> None:
    """Mail a link to set a password: a reset, or the invitation for who has never had one."""
    if passwords.is_usable(user.password_hash):
        accounts.request_reset(user.email, at)
    else:
        invitation = invitations.invite(user.email, name=user.name, role=user.role, by_id=by.id, at=at)
        inviting.mail(invitation, user.language, at)
    _note("user.password_link_sent", user, at)


def _sign_out(user: User, at: datetime) -> None:
    accounts.end_all_sessions(user.id, at)
    view_as.end_for(user.id)


def _note(action: str, user: User, at: datetime, **details: Any) -> None:
    audit.record(action, at, subject_kind="user", subject_id=user.id, subject_name=user.name, **details)
