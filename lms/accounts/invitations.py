"""Invitations: a mailed link that makes an account with a role, once, also while registration is closed."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, func, select, update

from lms.accounts import audit, passwords
from lms.accounts.models import Invitation, User
from lms.core.db import AnyRow, db
from lms.core.paging import PER_PAGE, Page

LIFETIME = timedelta(days=7)
PURPOSE = "invitation"


def secret(number: int) -> str:
    """What the mailed link carries; derived from the row's number, so nothing secret lies in the database."""
    return passwords.derived_secret(current_app.config["LECTERN"].secret_key, PURPOSE, number)


def has_account(email: str) -> bool:
    """Whether somebody can sign in with this address already."""
    held = db.session.scalar(select(User.password_hash).where(func.lower(User.email) == email.lower()))
    return held is not None and passwords.is_usable(held)


def invite(
    email: str,
    *,
    name: str = "",
    role: str = "student",
    course_id: int | None = None,
    by_id: int,
    at: datetime,
) -> Invitation:
    """A new invitation; an older one for the same address stops working. The caller sends the mail."""
    db.session.execute(
        update(Invitation)
        .where(func.lower(Invitation.email) == email.lower(), *_open())
        .values(revoked_at=at)
        .execution_options(synchronize_session=False)
    )
    number = db.session.scalar(func.nextval("invitations_id_seq"))
    assert number is not None
    invitation = Invitation(
        id=number,
        email=email,
        name=name,
        role=role,
        course_id=course_id,
        token_hash=passwords.fingerprint(secret(number)),
        invited_by_id=by_id,
        created_at=at,
        expires_at=at + LIFETIME,
    )
    db.session.add(invitation)
    db.session.flush()
    audit.record(
        "invitation.sent", at, subject_kind="invitation", subject_id=number, subject_name=email, role=role
    )
    return invitation


def renew(invitation_id: int, at: datetime) -> Invitation | None:
    """Let the link live from now again, to mail it once more; None when it was used or revoked."""
    invitation = _locked(invitation_id)
    if invitation is not None:
        invitation.expires_at = at + LIFETIME
        audit.record(
            "invitation.resent",
            at,
            subject_kind="invitation",
            subject_id=invitation.id,
            subject_name=invitation.email,
        )
    return invitation


def revoke(invitation_id: int, at: datetime) -> bool:
    """The link stops working. False when it was used or revoked."""
    invitation = _locked(invitation_id)
    if invitation is None:
        return False
    invitation.revoked_at = at
    audit.record(
        "invitation.revoked",
        at,
        subject_kind="invitation",
        subject_id=invitation.id,
        subject_name=invitation.email,
    )
    return True


def good(token: str, at: datetime) -> Invitation | None:
    """The invitation behind a link while it may be used, locked, so that two clicks make one account."""
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.token_hash == passwords.fingerprint(token), *_open(), Invitation.expires_at > at)
        .with_for_update()
    ).one_or_none()


def accept(
    invitation: Invitation, *, name: str, password: str, language: str, time_zone: str, at: datetime
) -> User | None:
    """Make the account, or give an imported one its password; the link proves the address.

    None when the address has an account with a password by now: that person signs in instead.
    """
    cost = current_app.config["LECTERN"].bcrypt_cost
    user = db.session.scalars(
        select(User).where(func.lower(User.email) == invitation.email.lower()).with_for_update()
    ).one_or_none()
    if user is not None and (passwords.is_usable(user.password_hash) or not user.is_active):
        return None
    if user is None:
        user = User(email=invitation.email, role=invitation.role, created_at=at, time_zone=time_zone)
        user.is_verified_instructor = invitation.role in ("instructor", "admin")
        db.session.add(user)
    user.name, user.language = name, language
    user.password_hash = passwords.hashed(password, cost)
    user.email_verified_at = at
    invitation.accepted_at = at
    db.session.flush()
    audit.record(
        "invitation.accepted", at, subject_kind="user", subject_id=user.id, subject_name=name, role=user.role
    )
    return user


def close(invitation: Invitation, at: datetime) -> None:
    """Used by somebody who had an account."""
    invitation.accepted_at = at


def listed(page: int) -> Page[AnyRow]:
    """Invitations, the newest first, with who invited."""
    total = db.session.scalar(select(func.count()).select_from(Invitation)) or 0
    rows = db.session.execute(
        select(
            Invitation.id,
            Invitation.email,
            Invitation.name,
            Invitation.role,
            Invitation.course_id,
            Invitation.created_at,
            Invitation.expires_at,
            Invitation.accepted_at,
            Invitation.revoked_at,
            User.name.label("invited_by"),
        )
        .outerjoin(User, User.id == Invitation.invited_by_id)
        .order_by(Invitation.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return Page(rows, page, total)


def by_id(invitation_id: int) -> Invitation | None:
    """One invitation, whatever became of it."""
    return db.session.get(Invitation, invitation_id)


def _open() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None)


def _locked(invitation_id: int) -> Invitation | None:
    return db.session.scalars(
        select(Invitation).where(Invitation.id == invitation_id, *_open()).with_for_update()
    ).one_or_none()
