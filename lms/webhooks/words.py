"""Words for events, states and outcomes."""

from typing import Any

from flask_babel import lazy_gettext as _l

EVENTS: dict[str, Any] = {
    "user.registered": _l("Somebody registered"),
    "enrollment.created": _l("A learner enrolled in a course"),
    "enrollment.completed": _l("A learner completed a course"),
    "lesson.completed": _l("A learner completed a lesson"),
    "quiz.submitted": _l("A quiz was handed in"),
    "assignment.graded": _l("Work on an assignment was graded"),
    "certificate.issued": _l("A certificate was issued"),
    "certificate.revoked": _l("A certificate was revoked"),
    "course.published": _l("A course was published"),
    "webhook.test": _l("A test"),
}

STATES: dict[str, Any] = {
    "delivered": _l("Delivered"),
    "waiting": _l("Waiting"),
    "failed": _l("Failed"),
}
KINDS = {"delivered": "success", "waiting": "info", "failed": "danger"}
"""The colour of a state's badge."""

OUTCOMES: dict[str, Any] = {
    "delivered": _l("Taken by the receiver."),
    "status": _l("The receiver answered that it failed."),
    "redirect": _l(
        "The receiver pointed to another address. Redirects are not followed: enter the final one."
    ),
    "gone": _l("The receiver answered 410: it wants no more messages."),
    "timeout": _l("There was no answer within five seconds."),
    "refused": _l("The address is private or belongs to this machine, so nothing was sent."),
    "unknown": _l("The name of the receiver has no address."),
    "tls": _l("There was no secure connection: check the receiver's certificate."),
    "connection": _l("There was no connection, or it broke."),
}

OFF_REASONS: dict[str, Any] = {
    "admin": _l("Switched off by an administrator."),
    "failing": _l("Switched off because nothing was delivered for five days."),
    "gone": _l("Switched off because the receiver answered that it is gone (410)."),
}
