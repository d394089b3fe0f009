"""What messages need to know."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Row, and_, bindparam, case, func, or_, select

from lms.accounts.models import AccountToken, InstructorApplication, Invitation, User
from lms.assignments.models import Assignment, Submission
from lms.certificates.models import Certificate
from lms.core.db import db
from lms.core.paging import PER_PAGE, Page
from lms.courses.models import Course, Lesson
from lms.files.models import StoredFile
from lms.learning.models import Enrollment
from lms.notifications.models import Bounce, MessagePreference, Notice
from lms.quizzes.models import Attempt, Quiz

Found = Row[*tuple[Any, ...]] | None

# Who confirms or changes the address after a refusal is written to again.
_IS_BOUNCED = case(
    (
        and_(
            func.lower(Bounce.address) == func.lower(User.email),
            or_(User.email_verified_at.is_(None), User.email_verified_at < Bounce.at),
        ),
        True,
    ),
    else_=False,
)


def reader(user_id: int | None) -> Found:
    """Who is written to."""
    return db.session.execute(
        select(
            User.id,
            User.email,
            User.name,
            User.language,
            User.time_zone,
            User.is_active,
            _IS_BOUNCED.label("is_bounced"),
        )
        .outerjoin(Bounce, Bounce.user_id == User.id)
        .where(User.id == user_id)
    ).one_or_none()


def courses(ids: Sequence[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Courses by title."""
    wanted = select(Course.slug, Course.title, Course.removed_at).where(Course.id.in_(ids))
    return db.session.execute(wanted.order_by(Course.title, Course.id)).all()


def names(ids: Sequence[int]) -> dict[int, str]:
    """The names of people."""
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {row.id: row.name for row in rows}


_READERS = (
    select(
        User.id,
        User.email,
        User.language,
        MessagePreference.email.label("mode"),
        MessagePreference.inbox.label("in_inbox"),
        _IS_BOUNCED.label("is_bounced"),
    )
    .outerjoin(
        MessagePreference,
        and_(MessagePreference.user_id == User.id, MessagePreference.kind == bindparam("kind")),
    )
    .outerjoin(Bounce, Bounce.user_id == User.id)
    .where(User.is_active, User.id == func.any(bindparam("user_ids", type_=ARRAY(BigInteger))))
)


def readers(user_ids: list[int], kind: str) -> Sequence[Row[Any]]:
    """Of these people those with a living account, with what they want for messages of that kind (or None)."""
    return db.session.execute(_READERS, {"user_ids": user_ids, "kind": kind}).all() if user_ids else ()


def token(token_id: int) -> Found:
    """A mailed link: what it is for, which address it confirms, until when."""
    return db.session.execute(
        select(AccountToken.purpose, AccountToken.email, AccountToken.expires_at).where(
            AccountToken.id == token_id
        )
    ).one_or_none()


def enrollment(enrollment_id: int) -> Found:
    """Who enrolled in what."""
    return db.session.execute(
        select(
            Enrollment.id,
            Enrollment.user_id,
            Course.title,
            Course.slug,
            Course.summary,
            Course.lesson_count,
            Course.certificate,
        )
        .join(Course, Course.id == Enrollment.course_id)
        .where(Enrollment.id == enrollment_id)
    ).one_or_none()


def certificate(certificate_id: int) -> Found:
    """A certificate and, once it was made, where its PDF lies."""
    return db.session.execute(
        select(
            Certificate.user_id,
            Certificate.number,
            Certificate.course_title,
            Certificate.revoked_at,
            StoredFile.key,
            StoredFile.size,
        )
        .outerjoin(StoredFile, StoredFile.id == Certificate.file_id)
        .where(Certificate.id == certificate_id)
    ).one_or_none()


def application(application_id: int) -> Found:
    """Who applied to teach, and how it was decided."""
    return db.session.execute(
        select(
            InstructorApplication.user_id, InstructorApplication.state, InstructorApplication.reason
        ).where(InstructorApplication.id == application_id)
    ).one_or_none()


def invitation(invitation_id: int) -> Found:
    """Who is invited to what, by whom, and whether the link still works."""
    return db.session.execute(
        select(
            Invitation.id,
            Invitation.name,
            Invitation.role,
            Invitation.expires_at,
            Invitation.accepted_at,
            Invitation.revoked_at,
            User.name.label("invited_by"),
            Course.title.label("course_title"),
        )
        .outerjoin(User, User.id == Invitation.invited_by_id)
        .outerjoin(Course, Course.id == Invitation.course_id)
        .where(Invitation.id == invitation_id)
    ).one_or_none()


def attempt(attempt_id: int) -> Found:
    """Whose attempt at which quiz it is."""
    return db.session.execute(
        select(Attempt.user_id, Quiz.title.label("quiz"), Course.title.label("course"))
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Course, Course.id == Quiz.course_id)
        .where(Attempt.id == attempt_id)
    ).one_or_none()


def submission(submission_id: int) -> Found:
    """Whose work on which assignment it is, and where that stands."""
    return db.session.execute(
        select(
            Submission.user_id,
            Assignment.title.label("assignment"),
            Assignment.slug.label("assignment_slug"),
            Lesson.slug.label("lesson_slug"),
            Course.title.label("course"),
            Course.slug,
        )
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .join(Lesson, Lesson.id == Assignment.lesson_id)
        .join(Course, Course.id == Assignment.course_id)
        .where(Submission.id == submission_id)
    ).one_or_none()


def admins() -> Sequence[int]:
    """Everybody who looks after the system."""
    return db.session.scalars(select(User.id).where(User.role == "admin", User.is_active)).all()


def in_digest(email_id: int) -> Sequence[Row[Any]]:
    """What goes out with a digest, in the order in which it happened."""
    return db.session.execute(
        select(Notice.kind, Notice.facts, Notice.link).where(Notice.digest_id == email_id).order_by(Notice.id)
    ).all()


_INBOX = (
    select(
        Notice.id,
        Notice.kind,
        Notice.facts,
        Notice.created_at,
        Notice.read_at,
        func.count().over().label("total"),
    )
    .where(Notice.user_id == bindparam("user_id"), Notice.in_inbox)
    .order_by(Notice.read_at.is_not(None), Notice.id.desc())
    .limit(PER_PAGE)
    .offset(bindparam("skipped"))
)


def inbox(user_id: int, number: int) -> Page[Row[Any]]:
    """A page of somebody's notices: what is unread first, the newest first."""
    values = {"user_id": user_id, "skipped": (number - 1) * PER_PAGE}
    rows = db.session.execute(_INBOX, values).all()
    return Page(rows, number, rows[0].total if rows else 0)


def preferences(user_id: int) -> dict[str, Any]:
    """What somebody chose, by kind: rows of `email` and `inbox`."""
    statement = select(MessagePreference.kind, MessagePreference.email, MessagePreference.inbox)
    return {
        row.kind: row for row in db.session.execute(statement.where(MessagePreference.user_id == user_id))
    }


def refusal(user_id: int) -> Found:
    """The address of theirs that a server refused for good: `address`, `reason`, `at`; None when mail arrives."""
    return db.session.execute(
        select(Bounce.address, Bounce.reason, Bounce.at)
        .join(User, User.id == Bounce.user_id)
        .where(Bounce.user_id == user_id, _IS_BOUNCED)
    ).one_or_none()
