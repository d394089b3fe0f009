"""Jobs of certificates."""

from lms.certificates import actions
from lms.core import clock
from lms.core.jobs import job


@job("certificates.issue", queue="certificates")
def issue(*, enrollment_id: int, **_: object) -> None:
    """Award the certificate of a completed enrollment."""
    actions.issue(enrollment_id, clock.now())


@job("certificates.make_pdf", queue="certificates")
def make_pdf(*, certificate_id: int, **_: object) -> None:
    """Render and store the PDF."""
    actions.make_pdf(certificate_id, clock.now())
