"""Awarding, printing and revoking certificates. Nothing here commits."""

import secrets
from datetime import date, datetime

from flask import current_app
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from lms.certificates import queries, rules
from lms.certificates.models import Certificate
from lms.core import events, web
from lms.core.access import Viewer
from lms.core.db import db
from lms.files.actions import keep


def issue(enrollment_id: int, at: datetime) -> int | None:
    """Award the certificate of a completed enrollment: once, whoever asks and however often.

    Returns the new certificate's id; None when there is one already, the course is not completed
    or gives no certificates.
    """
    basis = queries.basis(enrollment_id)
    if basis is None or basis.completed_at is None or not basis.certificate:
        return None
    return _write(basis, rules.day_of(basis.completed_at, basis.time_zone), at)


def award(enrollment_id: int, *, by: Viewer, at: datetime) -> int | None:
    """Award a certificate by hand, also when the course is not completed; it then bears today's date.

    Returns the new certificate's id; None when `by` is not of the course's staff, the course gives
    no certificates, or the learner has had one, revoked or not.
    """
    basis = queries.basis_for_staff(enrollment_id, by)
    if basis is None or not basis.certificate:
        return None
    return _write(basis, rules.day_of(basis.completed_at or at, basis.time_zone), at, awarded_by=by.id)


def _write(basis: queries.Facts, completed_on: date, at: datetime, **more: int) -> int | None:
    certificate_id = db.session.scalar(
        insert(Certificate)
        .values(
            number=rules.number(at, secrets.choice),
            enrollment_id=basis.enrollment_id,
            user_id=basis.user_id,
            course_id=basis.course_id,
            recipient=basis.recipient,
            course_title=basis.title,
            instructors=rules.joined_names([basis.owner, *basis.colleagues]),
            language=rules.language(basis.language),
            minutes=basis.minutes,
            completed_on=completed_on,
            issued_at=at,
        )
        # Only this conflict means "there is one already"; a number drawn twice fails and is drawn again.
        .on_conflict_do_nothing(index_elements=[Certificate.enrollment_id])
        .returning(Certificate.id)
    )
    if certificate_id is not None:
        events.record("certificate.issued", at, certificate_id=certificate_id, **more)
    return certificate_id


def make_pdf(certificate_id: int, at: datetime) -> None:
    """Render and keep the PDF once; news of it goes out with the same transaction."""
    certificate = queries.without_pdf(certificate_id)
    if certificate is None:
        return
    certificate.file_id = keep(pdf_of(certificate), "application/pdf").id
    events.record("certificate.ready", at, certificate_id=certificate_id)


def pdf_of(certificate: Certificate) -> bytes:
    """The certificate's PDF, always the same bytes. A row that was never saved gives its preview."""
    # Here and not above: the renderer costs 34 MB, which a web process never needs.
    from lms.certificates.pdf import CertificateFacts, render

    return render(
        CertificateFacts(
            number=certificate.number,
            recipient=certificate.recipient,
            course_title=certificate.course_title,
            issuer=current_app.config["LECTERN"].product_name,
            instructors=rules.listed_names(certificate.instructors),
            completed_on=certificate.completed_on,
            verify_url=web.absolute_url("certificates.verify", number=certificate.number),
            language=certificate.language,
            hours=rules.hours(certificate.minutes),
        )
    )


def revoke(certificate_id: int, *, by: int, reason: str, at: datetime) -> bool:
    """Declare a certificate void; an admin's act. False when it is void already: the first reason stays."""
    revoked = db.session.scalar(
        update(Certificate)
        .where(Certificate.id == certificate_id, Certificate.revoked_at.is_(None))
        .values(revoked_at=at, revoked_reason=reason, revoked_by_id=by)
        .returning(Certificate.id)
    )
    if revoked is None:
        return False
    events.record("certificate.revoked", at, certificate_id=certificate_id)
    return True
