"""People as the operator looks for them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from lms.accounts.models import RecoveryCode, User, UserSession
from lms.admin.queries.figures import ACTIVE_WITHIN
from lms.core.db import AnyRow, db
from lms.core.paging import PER_PAGE, Page
from lms.courses.models import Course
from lms.learning.models import Enrollment

SORTS = ("newest", "name", "seen")
STATES = ("active", "recent", "unverified", "inactive", "erased")

_PERSON = select(
    User.id,
    User.name,
    User.email,
    User.role,
    User.is_active,
    User.is_verified_instructor,
    User.email_verified_at,
    User.erased_at,
    User.created_at,
    User.language,
    User.time_zone,
    User.password_hash,
    User.totp_confirmed_at,
)


_LAST_SIGN_IN = (
    select(func.max(UserSession.created_at)).where(UserSession.user_id == User.id).scalar_subquery()
)


def people(q: str, role: str, state: str, sort: str, page: int, at: datetime) -> Page[AnyRow]:
    """Who matches the words in name or address, the role and the state: the newest account first, by name, or the
    last sign-in first.

    `recent` is who learned or signed in within ACTIVE_WITHIN.
    """
    where = _conditions(q, role, state, at)
    total = db.session.scalar(select(func.count()).select_from(User).where(*where)) or 0
    order: dict[str, ColumnElement[Any]] = {
        "newest": User.created_at.desc(),
        "name": func.lower(User.name),
        "seen": _LAST_SIGN_IN.desc().nulls_last(),
    }
    rows = db.session.execute(
        _PERSON.add_columns(_LAST_SIGN_IN.label("signed_in_at"))
        .where(*where)
        .order_by(order[sort], User.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return Page(rows, page, total)


def _conditions(q: str, role: str, state: str, at: datetime) -> list[ColumnElement[bool]]:
    where: list[Any] = [
        or_(User.name.icontains(word, autoescape=True), User.email.icontains(word, autoescape=True))
        for word in q.split()[:6]
    ]
    if role:
        where.append(User.role == role)
    if state == "erased":
        return [*where, User.erased_at.is_not(None)]
    where.append(User.erased_at.is_(None))
    if state == "active":
        where.append(User.is_active)
    elif state == "recent":
        learned = select(Enrollment.user_id).where(Enrollment.last_active_at > at - ACTIVE_WITHIN)
        signed_in = select(UserSession.user_id).where(UserSession.created_at > at - ACTIVE_WITHIN)
        where.append(User.id.in_(learned.union(signed_in)))
    elif state == "inactive":
        where.append(~User.is_active)
    elif state == "unverified":
        where.append(User.email_verified_at.is_(None))
    return where


def person(user_id: int, at: datetime) -> AnyRow | None:
    """One account with the numbers that a decision about it needs."""
    sessions = (
        select(func.count())
        .select_from(UserSession)
        .where(UserSession.user_id == User.id, UserSession.ended_at.is_(None), UserSession.expires_at > at)
    )
    codes = (
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.user_id == User.id, RecoveryCode.used_at.is_(None))
    )
    owned = select(func.count()).select_from(Course).where(Course.owner_id == User.id)
    return db.session.execute(
        _PERSON.add_columns(
            User.bio,
            sessions.scalar_subquery().label("sessions"),
            _LAST_SIGN_IN.label("signed_in_at"),
            codes.scalar_subquery().label("codes"),
            owned.scalar_subquery().label("owned"),
        ).where(User.id == user_id)
    ).one_or_none()


def enrollments(user_id: int) -> list[AnyRow]:
    """A person's courses, newest first."""
    return list(
        db.session.execute(
            select(
                Course.slug, Course.title, Enrollment.state, Enrollment.enrolled_at, Enrollment.completed_at
            )
            .join(Course, Course.id == Enrollment.course_id)
            .where(Enrollment.user_id == user_id)
            .order_by(Enrollment.enrolled_at.desc())
            .limit(50)
        )
    )


def teachers(*, but: int) -> list[AnyRow]:
    """(name, email) of those whom courses can be handed to, at most 200; `but` is left out."""
    return list(
        db.session.execute(
            select(User.name, User.email)
            .where(User.role.in_(("instructor", "admin")), User.is_active, User.id != but)
            .order_by(User.name, User.id)
            .limit(200)
        )
    )


def locked_account(user_id: int) -> User | None:
    """The account, locked for a change; never one that was erased."""
    return db.session.scalars(
        select(User).where(User.id == user_id, User.erased_at.is_(None)).with_for_update()
    ).one_or_none()


def active_admins() -> list[int]:
    """Who may administer now, locked, so that two admins never remove each other at once."""
    return list(
        db.session.scalars(
            select(User.id).where(User.role == "admin", User.is_active).order_by(User.id).with_for_update()
        )
    )
