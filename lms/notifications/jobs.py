"""Jobs of notifications: each event queues a message, and one job sends each message."""

from lms.core import clock, work
from lms.core.jobs import job
from lms.notifications import (
    actions,
    digest,
    due_soon,
    inviting,
    messages,
    notices,
    smtp,
    telling,
    telling_posts,
)
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
    telling.decision(application_id, clock.now())


@job("notifications.enter_courses")
def enter_courses(*, user_id: int, **_: object) -> None:
    """Enroll who has confirmed an address in the courses that it was invited to."""
    inviting.enter_courses(user_id, clock.now())


@job("notifications.enrolled", queue="emails")
def enrolled(*, enrollment_id: int, quiet: bool = False, again: str = "", **_: object) -> None:
    """Confirm an enrollment, unless many were enrolled at once without a word."""
    if quiet:
        return
    telling.enrolled(enrollment_id, again, clock.now())


@job("notifications.certificate_ready", queue="emails")
def certificate_ready(*, certificate_id: int, **_: object) -> None:
    """Send the certificate."""
    telling.certificate(certificate_id, clock.now())


@job("notifications.graded", queue="emails")
def graded(*, attempt_id: int, **_: object) -> None:
    """Tell the learner that the last essay of an attempt is graded."""
    telling.graded(attempt_id, clock.now())


@job("notifications.assignment_graded", queue="emails")
def assignment_graded(*, submission_id: int, number: int, **_: object) -> None:
    """Tell the learner that their work is graded."""
    telling.assignment(submission_id, number, "graded", clock.now())


@job("notifications.assignment_regraded", queue="emails")
def assignment_regraded(*, submission_id: int, number: int, revision: int) -> None:
    """Tell the learner that the grade they know was changed."""
    telling.assignment(submission_id, number, "regraded", clock.now(), revision)


@job("notifications.assignment_returned", queue="emails")
def assignment_returned(*, submission_id: int, number: int) -> None:
    """Tell the learner that their work came back to be revised."""
    telling.assignment(submission_id, number, "returned", clock.now())


@job("notifications.regraded", queue="emails")
def regraded(
    *, user_id: int, quiz_id: int, regrade_id: int, attempt_ids: list[int], undone: bool = False
) -> None:
    """Tell the learner that their points changed."""
    telling.regraded(user_id, quiz_id, regrade_id, attempt_ids, undone, clock.now())


@job("notifications.announcement")
def announcement(*, announcement_id: int) -> None:
    """Tell all learners of a course what was announced."""
    telling.announcement(announcement_id, clock.now())


@job("notifications.asked", queue="emails")
def asked(*, post_id: int) -> None:
    """Tell the staff of a question, and who is mentioned in it."""
    telling_posts.asked(post_id, clock.now())


@job("notifications.replied", queue="emails")
def replied(*, post_id: int) -> None:
    """Tell who follows a discussion of a reply, and who is mentioned in it."""
    telling_posts.replied(post_id, clock.now())


@job("notifications.reported", queue="emails")
def reported(*, report_id: int) -> None:
    """Tell the staff that a post was reported."""
    telling_posts.reported(report_id, clock.now())


@job("notifications.handed_over", queue="emails")
def handed_over(*, course_ids: list[int], before_id: int, after_id: int, on: str) -> None:
    """Tell the new owner of courses, and the one before."""
    telling.handed_over(course_ids, before_id, after_id, on, clock.now())


@job("notifications.webhook_off", queue="emails")
def webhook_off(*, endpoint_id: int, url: str, reason: str, failing_since: str, **_: object) -> None:
    """Tell the admins that an endpoint hears nothing any more."""
    telling.webhook_off(endpoint_id, url, reason, failing_since, clock.now())


@job("notifications.remind")
def remind() -> None:
    """Tell learners what is due soon."""
    at = clock.now()
    notices.tell("due_soon", due_soon.reminders(at), at)


@job("notifications.send_digests")
def send_digests() -> None:
    """Queue the daily digests of readers whose morning has come."""
    digest.send(clock.now())


@job("notifications.forget_old")
def forget_old() -> None:
    """Remove old notices."""
    notices.forget_old(clock.now())


@job(actions.SEND, queue="emails", own_units=True, seconds=actions.MOST_SECONDS)
def send_email(email_id: int, attempts: int) -> None:
    """Send one message that somebody waits for."""
    _send(email_id, attempts)


@job(actions.SEND_MANY, queue="default", own_units=True, seconds=actions.MOST_SECONDS)
def send_one_of_many(email_id: int, attempts: int) -> None:
    """Send one of many alike, after what somebody waits for."""
    _send(email_id, attempts)


def _send(email_id: int, attempts: int) -> None:
    """No transaction is open while the server is spoken to.

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
        _postpone,
    )


def _postpone(email: Email, error: Exception) -> None:
    at = clock.now()
    actions.postpone(email, at, error)
    if isinstance(error, smtp.Bounced) and email.user_id is not None:
        notices.mark_bounced(email.user_id, email.to_address, str(error), at)
