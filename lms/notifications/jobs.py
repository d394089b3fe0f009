"""Jobs of notifications: each event queues a message, and one job sends each message."""

from lms.core import clock, work
from lms.core.jobs import job
from lms.notifications import actions, messages, smtp
from lms.notifications.models import Email


@job("notifications.welcome", queue="emails")
def welcome(*, user_id: int, token_id: int) -> None:
    """Queue the welcome message with its verification link."""
    actions.queue_link(user_id, token_id, "welcome", clock.now())


@job("notifications.verification", queue="emails")
def verification(*, user_id: int, token_id: int) -> None:
    """Queue the verification link again."""
    actions.queue_link(user_id, token_id, "verification", clock.now())


@job("notifications.password_reset", queue="emails")
def password_reset(*, user_id: int, token_id: int) -> None:
    """Queue the reset link."""
    actions.queue_link(user_id, token_id, "password_reset", clock.now())


@job("notifications.lockout", queue="emails")
def lockout(*, user_id: int) -> None:
    """Tell the owner that password sign-in rests. Each lock is an event of its own."""
    at = clock.now()
    actions.queue_to(user_id, "lockout", at, f"lockout:{user_id}:{at:%Y%m%dT%H%M}")


@job("notifications.sign_in_code", queue="emails")
def sign_in_code(*, user_id: int, token_id: int) -> None:
    """Queue the six digits that stand in for the second factor."""
    actions.queue_link(user_id, token_id, "sign_in_code", clock.now())


@job("notifications.email_change", queue="emails")
def email_change(*, user_id: int, token_id: int) -> None:
    """Queue the link to the new address, and tell the old one."""
    at = clock.now()
    actions.queue_link(user_id, token_id, "email_change", at)
    key = f"email_change_notice:{user_id}:{token_id}"
    actions.queue_to(user_id, "email_change_notice", at, key, token_id=token_id)


@job("notifications.password_changed", queue="emails")
def password_changed(*, user_id: int) -> None:
    """Tell the owner. Each change is an event of its own."""
    at = clock.now()
    actions.queue_to(user_id, "password_changed", at, f"password_changed:{user_id}:{at.isoformat()}")


@job("notifications.second_factor_changed", queue="emails")
def second_factor_changed(*, user_id: int, enabled: bool) -> None:
    """Tell the owner that the second factor was switched on or off."""
    at = clock.now()
    key = f"second_factor_changed:{user_id}:{at.isoformat()}"
    actions.queue_to(user_id, "second_factor_changed", at, key, enabled=enabled)


@job("notifications.recovery_code_used", queue="emails")
def recovery_code_used(*, user_id: int) -> None:
    """Tell the owner that somebody came in with a recovery code."""
    at = clock.now()
    actions.queue_to(user_id, "recovery_code_used", at, f"recovery_code_used:{user_id}:{at.isoformat()}")


@job("notifications.instructor_decision", queue="emails")
def instructor_decision(*, application_id: int) -> None:
    """Tell the applicant how it was decided."""
    actions.queue_decision(application_id, clock.now())


@job("notifications.enrolled", queue="emails")
def enrolled(*, enrollment_id: int, quiet: bool = False, **_: object) -> None:
    """Confirm an enrollment, unless many were enrolled at once without a word."""
    if quiet:
        return
    actions.queue_enrolled(enrollment_id, clock.now())


@job("notifications.certificate_ready", queue="emails")
def certificate_ready(*, certificate_id: int, **_: object) -> None:
    """Send the certificate."""
    actions.queue_certificate(certificate_id, clock.now())


@job(actions.SEND, queue="emails", own_units=True, seconds=actions.MOST_SECONDS)
def send_email(email_id: int, attempts: int) -> None:
    """Send one message. No transaction is open while the server is spoken to.

    A crash between its answer and our note sends the message again; the Message-ID is the same.
    """

    def deliver(email: Email) -> None:
        with work.unit():
            message = messages.compose(email, clock.now())
        smtp.send(message)
        with work.unit():
            actions.finish(email, clock.now())

    work.attempt(
        lambda: actions.claim(email_id, attempts, clock.now()),
        deliver,
        lambda email, error: actions.postpone(email, clock.now(), error),
    )
