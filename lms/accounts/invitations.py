"""Invitations: a mailed link that makes an account with a role, once, also while registration is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who can sign in; `is_confirmed` says that the address is known to be theirs."""

    id: int
    is_confirmed: bool


def members(addresses: Sequence[str]) -> dict[str, Member]:
    """Who can sign in with these addresses, by the address in small letters."""
    keys = [address.lower() for address in addresses]
    rows = db.session.execute(
        select(
            User.id, func.lower(User.email).label("key"), User.password_hash, User.email_verified_at
        ).where(func.lower(User.email).in_(keys), User.is_active)
    )
    return {
        row.key: Member(row.id, row.email_verified_at is not None)
        for row in rows
        if passwords.is_usable(row.password_hash)
    }


def invite(
    email: str,
    *,
    name: str = "",
    role: str = "student",
    course_id: int | None = None,
    by_id: int,
    at: datetime,
) -> Invitation:
    """A new invitation; an older one of the same address to the same course, or to none, stops working. The caller
    sends the mail."""
    db.session.execute(
        update(Invitation)
        .where(
            func.lower(Invitation.email) == email.lower(),
            Invitation.course_id.is_not_distinct_from(course_id),
            *_open(),
        )
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

    The caller closes it, after what it opens. None when the address has an account with a password by now: that person
    signs in instead.
    """
    cost = current_app.config["LECTERN"].bcrypt_cost
    user = db.session.scalars(
        select(User).where(func.lower(User.email) == invitation.email.lower()).with_for_update()
    ).one_or_none()
    if user is not None and (passwords.is_usable(user.password_hash) or not user.is_active):
        return None
    if user is None:
        role = _strongest(invitation.email, at)
        user = User(email=invitation.email, role=role, created_at=at, time_zone=time_zone)
        user.is_verified_instructor = role in ("instructor", "admin")
        db.session.add(user)
    user.name, user.language = name, language
    user.password_hash = passwords.hashed(password, cost)
    user.email_verified_at = at
    db.session.flush()
    audit.record(
        "invitation.accepted", at, subject_kind="user", subject_id=user.id, subject_name=name, role=user.role
    )
    return user


def _strongest(email: str, at: datetime) -> str:
    """The role of who accepts: of several invitations that one may hold, the one that gives most."""
    roles = set(
        db.session.scalars(
            select(Invitation.role).where(
                func.lower(Invitation.email) == email.lower(), *_open(), Invitation.expires_at > at
            )
        )
    )
    return next(role for role in ("admin", "instructor", "student") if role in roles)


def to_courses(email: str, at: datetime) -> Sequence[Invitation]:
    """The invitations of an address to courses that may still be used, locked."""
    return db.session.scalars(
        select(Invitation)
        .where(
            func.lower(Invitation.email) == email.lower(),
            Invitation.course_id.is_not(None),
            *_open(),
            Invitation.expires_at > at,
        )
        .order_by(Invitation.id)
        .with_for_update()
    ).all()


def waiting(course_id: int, page: int) -> Page[AnyRow]:
    """Invitations to a course that were neither used nor revoked, the newest first: id, email, expires_at."""
    rows = db.session.execute(
        select(Invitation.id, Invitation.email, Invitation.expires_at, func.count().over().label("total"))
        .where(Invitation.course_id == course_id, *_open())
        .order_by(Invitation.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return Page(rows, page, rows[0].total if rows else 0)


def is_waited_for(invitation_id: int, course_id: int) -> bool:
    """Whether this is an invitation to the course that was neither used nor revoked."""
    one = select(Invitation.id).where(Invitation.id == invitation_id, Invitation.course_id == course_id)
    return db.session.scalar(one.where(*_open())) is not None


def close(invitation: Invitation, at: datetime) -> None:
    """It was used, and is good no more."""
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
