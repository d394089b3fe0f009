"""The wish to teach: a person applies, an admin verifies or rejects."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from lms.accounts import audit
from lms.accounts.models import InstructorApplication, User, UserSession
from lms.core import events
from lms.core.db import AnyRow, db

SHORTEST_BIO, LONGEST_BIO = 10, 2000
MOST_FIELDS = 10

_APPLICATION = select(
    InstructorApplication.id,
    InstructorApplication.user_id,
    InstructorApplication.bio,
    InstructorApplication.expertise,
    InstructorApplication.state,
    InstructorApplication.submitted_at,
    InstructorApplication.decided_at,
    InstructorApplication.reason,
)


def apply(user_id: int, bio: str, expertise: list[str], at: datetime) -> bool:
    """Apply. False when an application waits already: pressing twice is one."""
    made = db.session.scalar(
        insert(InstructorApplication)
        .values(user_id=user_id, bio=bio, expertise=expertise, state="submitted", submitted_at=at, reason="")
        .on_conflict_do_nothing()
        .returning(InstructorApplication.id)
    )
    if made is not None:
        events.record("instructor_application.submitted", at, application_id=made)
    return made is not None


def latest(user_id: int) -> AnyRow | None:
    """A person's newest application."""
    return db.session.execute(
        _APPLICATION.where(InstructorApplication.user_id == user_id)
        .order_by(InstructorApplication.id.desc())
        .limit(1)
    ).one_or_none()


def of_state(state: str) -> list[AnyRow]:
    """The newest applications of a state with their people; those that wait, the longest wait first."""
    order = InstructorApplication.id if state == "submitted" else InstructorApplication.decided_at.desc()
    return list(
        db.session.execute(
            _APPLICATION.add_columns(User.name, User.email, User.role)
            .join(User, User.id == InstructorApplication.user_id)
            .where(InstructorApplication.state == state)
            .order_by(order)
            .limit(100)
        )
    )


def by_id(application_id: int) -> AnyRow | None:
    """One application with its person."""
    return db.session.execute(
        _APPLICATION.add_columns(User.name, User.email, User.role)
        .join(User, User.id == InstructorApplication.user_id)
        .where(InstructorApplication.id == application_id)
    ).one_or_none()


def decide(application_id: int, *, verified: bool, reason: str, by_id: int, at: datetime) -> bool:
    """Verify or reject once. False when somebody has decided already.

    Who is verified becomes an instructor; their bio is the one they applied with unless they wrote another.
    More rights begin with a new session (ASVS 5.0, 7.2.4).
    """
    decided = db.session.execute(
        update(InstructorApplication)
        .where(InstructorApplication.id == application_id, InstructorApplication.state == "submitted")
        .values(
            state="verified" if verified else "rejected", decided_at=at, decided_by_id=by_id, reason=reason
        )
        .returning(InstructorApplication.user_id, InstructorApplication.bio)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if decided is None:
        return False
    user = db.session.get_one(User, decided.user_id, with_for_update=True)
    if verified:
        user.is_verified_instructor = True
        user.bio = user.bio or decided.bio
        if user.role == "student":
            user.role = "instructor"
            _end_sessions(user.id, at)
    audit.record(
        "application.verified" if verified else "application.rejected",
        at,
        subject_kind="user",
        subject_id=user.id,
        subject_name=user.name,
        reason=reason,
    )
    events.record("instructor_application.decided", at, application_id=application_id)
    return True


def _end_sessions(user_id: int, at: datetime) -> None:
    db.session.execute(
        update(UserSession)
        .where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
        .values(ended_at=at)
    )
