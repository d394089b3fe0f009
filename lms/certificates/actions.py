"""Awarding, printing and revoking certificates. Nothing here commits."""

import secrets
import threading
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from lms.accounts import audit
from lms.certificates import badges, queries, rules
from lms.certificates.look import Look
from lms.certificates.models import Certificate
from lms.core import events, web
from lms.core.db import db
from lms.files import storage
from lms.files.actions import keep

_one_at_a_time = threading.Lock()
"""The renderer holds one document in a process; web servers have threads."""


def issue(enrollment_id: int, at: datetime) -> int | None:
    """Award the certificate of a completed enrollment: once, whoever asks and however often.

    Returns the new certificate's id; None when there is one already, the course is not completed
    or gives no certificates.
    """
    basis = queries.basis(enrollment_id)
    if basis is None or basis.completed_at is None or not basis.certificate:
        return None
    return _write(basis, rules.day_of(basis.completed_at, basis.time_zone), at)


def award(enrollment: queries.Facts, *, by: int, reason: str, at: datetime) -> int | None:
    """Award a certificate by hand, also when the course is not completed; it then bears today's date.

    `enrollment` comes from `queries.bases` or `basis_for_staff`; the reason goes into the audit log. Returns the
    new certificate's id; None when the course gives no certificates or the learner has had one, revoked or not.
    """
    if not enrollment.certificate:
        return None
    completed_on = rules.day_of(enrollment.completed_at or at, enrollment.time_zone)
    made = _write(enrollment, completed_on, at, awarded_by=by)
    if made is not None:
        _note("certificate.awarded", made, enrollment.recipient, by, at, reason=reason)
    return made


def renew(certificate_id: int, name: str, *, by: int, at: datetime) -> bool:
    """Put another name on a certificate: the number stays, the PDF is made again. False when nothing changes."""
    before = db.session.scalar(
        select(Certificate.recipient)
        .where(Certificate.id == certificate_id, Certificate.revoked_at.is_(None))
        .with_for_update()
    )
    if before is None or before == name:
        return False
    db.session.execute(
        update(Certificate)
        .where(Certificate.id == certificate_id)
        .values(recipient=name, renewed_at=at, file_id=None, picture_file_id=None)
    )
    events.record("certificate.renewed", at, certificate_id=certificate_id)
    _note("certificate.renewed", certificate_id, name, by, at, before=before)
    return True


def _note(action: str, certificate_id: int, recipient: str, by: int, at: datetime, **details: str) -> None:
    audit.record(
        action,
        at,
        subject_kind="certificate",
        subject_id=certificate_id,
        subject_name=recipient,
        actor_id=by,
        **details,
    )


def _write(basis: queries.Facts, completed_on: date, at: datetime, **more: int) -> int | None:
    certificate_id = db.session.scalar(
        insert(Certificate)
        .values(
            number=rules.number(at, secrets.choice),
            enrollment_id=basis.enrollment_id,
            user_id=basis.user_id,
            course_id=basis.course_id,
            recipient=basis.recipient,
            completed_on=completed_on,
            issued_at=at,
            **_copied(basis),
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


def picture_of(certificate: queries.Facts, at: datetime) -> bytes | None:
    """The PNG that others show beside a link; drawn and kept when it is first asked for. None of a damaged file."""
    if certificate.picture_key:
        return storage.read(certificate.picture_key)
    # PDFium costs 10 MB, which a process takes when somebody asks.
    from lms.certificates import pictures

    facts = queries.by_number(certificate.number)
    if facts is None:
        return None
    try:
        drawn = pictures.shared(
            storage.read(certificate.file_key), badges.signed(badges.credential(facts), at)
        )
    except pictures.NotDrawn:
        return None
    stored = keep(drawn, "image/png", width=pictures.SHARED[0], height=pictures.SHARED[1])
    db.session.execute(
        update(Certificate).where(Certificate.id == certificate.id).values(picture_file_id=stored.id)
    )
    return drawn


def preview(course: queries.Facts, recipient: str, at: datetime, look: Look | None = None) -> bytes:
    """The PDF that somebody who completes the course now would get; its number verifies as unknown.

    `look` is tried on instead of the one that the course has.
    """
    copied = _copied(course)
    if look is not None:
        copied |= {"look": look.kept(), "language": rules.language(look.language or course.language)}
    return pdf_of(
        Certificate(
            number=f"CERT-{at:%Y%m%d}-{'0' * rules.RANDOM_LENGTH}",
            recipient=recipient,
            completed_on=at.date(),
            **copied,
        )
    )


def _copied(course: queries.Facts) -> dict[str, Any]:
    look = Look.of(course.look)
    return {
        "course_title": course.title,
        "instructors": rules.joined_names([course.owner, *course.colleagues]),
        "language": rules.language(look.language or course.language),
        "minutes": course.minutes,
        "look": look.kept(),
        "logo_file_id": course.logo_file_id,
        "signature_file_id": course.signature_file_id,
    }


def pdf_of(certificate: Certificate) -> bytes:
    """The certificate's PDF, always the same bytes for the same row, saved or not."""
    # Here and not above: the renderer costs 34 MB, which a web process seldom needs.
    from lms.certificates.pdf import CertificateFacts, render

    logo, signature = certificate.logo_file_id, certificate.signature_file_id
    pictures = {file_id: storage.read(key) for file_id, key in queries.file_keys(logo, signature).items()}
    facts = CertificateFacts(
        number=certificate.number,
        recipient=certificate.recipient,
        course_title=certificate.course_title,
        issuer=current_app.config["LECTERN"].product_name,
        instructors=rules.listed_names(certificate.instructors),
        completed_on=certificate.completed_on,
        verify_url=web.absolute_url("certificates.verify", number=certificate.number),
        language=certificate.language,
        hours=rules.hours(certificate.minutes),
        look=Look.of(certificate.look),
        logo=pictures.get(logo) if logo else None,
        signature=pictures.get(signature) if signature else None,
    )
    with _one_at_a_time:
        return render(facts)


def revoke(certificate_id: int, *, by: int, reason: str, at: datetime) -> bool:
    """Declare a certificate void; an admin's act. False when it is void already: the first reason stays."""
    revoked = db.session.scalar(
        update(Certificate)
        .where(Certificate.id == certificate_id, Certificate.revoked_at.is_(None))
        .values(revoked_at=at, revoked_reason=reason, revoked_by_id=by)
        .returning(Certificate.recipient)
    )
    if revoked is None:
        return False
    events.record("certificate.revoked", at, certificate_id=certificate_id)
    _note("certificate.revoked", certificate_id, revoked, by, at, reason=reason)
    return True
