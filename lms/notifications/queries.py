"""What messages need to know."""

from typing import Any

from sqlalchemy import Row, select

from lms.accounts.models import AccountToken, InstructorApplication, Invitation, User
from lms.certificates.models import Certificate
from lms.core.db import db
from lms.courses.models import Course
from lms.files.models import StoredFile
from lms.learning.models import Enrollment

Found = Row[*tuple[Any, ...]] | None


def reader(user_id: int | None) -> Found:
    """Who is written to."""
    return db.session.execute(
        select(User.id, User.email, User.name, User.language, User.is_active).where(User.id == user_id)
    ).one_or_none()


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
