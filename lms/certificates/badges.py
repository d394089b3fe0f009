"""Certificates for machines: the Open Badge of a certificate, its issuer and the status lists, with our addresses."""

from datetime import datetime

from flask import current_app

from lms.certificates import keys, open_badges, queries, signing, status_list
from lms.certificates.open_badges import BadgeFacts, Issuer, Json
from lms.certificates.pdf_words import WORDS
from lms.core import web


def issuer() -> Issuer:
    """This installation."""
    return Issuer(
        address=web.absolute_url("certificates.issuer"),
        name=current_app.config["LECTERN"].product_name,
        site=web.absolute_url("courses.home"),
    )


def credential(certificate: queries.Facts) -> Json:
    """The Open Badge of a certificate that `queries.by_number` found, not signed."""
    words = WORDS[certificate.language]
    address = web.absolute_url("certificates.verify", number=certificate.number)
    course = certificate.course_id
    list_number, _ = status_list.place(certificate.id)
    by = issuer()
    return open_badges.credential(
        BadgeFacts(
            address=address,
            certificate_id=certificate.id,
            number=certificate.number,
            recipient=certificate.recipient,
            achievement=f"{by.address}#course-{course}" if course else f"{address}#course",
            title=certificate.course_title,
            language=certificate.language,
            description=f"{words.heading}: {certificate.course_title}",
            criteria=words.criteria.format(course=certificate.course_title),
            completed_on=certificate.completed_on.isoformat(),
            issued_at=certificate.issued_at,
            renewed_at=certificate.renewed_at,
            status_address=web.absolute_url("certificates.status_list", list_number=list_number),
            picture=web.absolute_url("certificates.picture", number=certificate.number)
            if certificate.ready and not certificate.revoked_at
            else None,
        ),
        by,
    )


def status_credential(list_number: int, at: datetime) -> Json | None:
    """A status list as it stands now; None for one that no certificate is on (the first there always is)."""
    if list_number and not queries.any_certificate(status_list.ids(list_number)):
        return None
    revoked = queries.revoked(status_list.ids(list_number))
    return open_badges.status_credential(
        web.absolute_url("certificates.status_list", list_number=list_number),
        issuer(),
        status_list.encoded_list(revoked),
        at,
    )


def signed(document: Json, at: datetime) -> str:
    """A credential as a JWT under the key that signs now."""
    key = keys.current(at)
    return signing.jws(open_badges.claims(document), key.private_key, key.kid)
