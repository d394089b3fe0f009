"""Words for what stands in the database: actions of the log, roles, sections of one's own data."""

from typing import Any

from flask_babel import lazy_gettext as _l

ROLES: dict[str, Any] = {
    "student": _l("Student"),
    "instructor": _l("Instructor"),
    "admin": _l("Administrator"),
}

ACTIONS: dict[str, Any] = {
    "accommodation.changed": _l("changed the accommodation for"),
    "accommodation.given": _l("gave an accommodation to"),
    "accommodation.removed": _l("took back the accommodation of"),
    "account.locked": _l("was locked after too many wrong passwords or codes"),
    "application.rejected": _l("rejected the application to teach"),
    "application.verified": _l("verified the instructor"),
    "certificate.awarded": _l("awarded the certificate"),
    "certificate.renewed": _l("changed the name on the certificate"),
    "certificate.designed": _l("changed how certificates look of the course"),
    "badge_key.rotated": _l("replaced the key that signs badges"),
    "certificate.revoked": _l("revoked the certificate"),
    "course.archived": _l("archived the course"),
    "course.instructor_added": _l("added an instructor to the course"),
    "course.instructor_removed": _l("removed an instructor from the course"),
    "course.published": _l("published the course"),
    "course.removed": _l("deleted the course"),
    "course.restored": _l("restored the course"),
    "course.unpublished": _l("unpublished the course"),
    "email.changed": _l("changed the email address"),
    "email.retried": _l("sent the message again"),
    "essay.remarked": _l("changed the grade of an essay in"),
    "invitation.accepted": _l("accepted the invitation"),
    "invitation.resent": _l("sent the invitation again"),
    "invitation.revoked": _l("revoked the invitation"),
    "invitation.sent": _l("invited"),
    "job.retried": _l("started the job again"),
    "password.changed": _l("changed the password"),
    "password.reset": _l("reset the password"),
    "people.imported": _l("imported people"),
    "privacy.erased": _l("erased the account"),
    "privacy.erasure_requested": _l("asked for erasure"),
    "privacy.exported": _l("made a copy of their own data"),
    "quiz.regraded": _l("regraded the quiz"),
    "quiz.regrade_undone": _l("undid the regrade of the quiz"),
    "recovery_code.used": _l("used a recovery code"),
    "recovery_codes.renewed": _l("renewed the recovery codes"),
    "review.hidden": _l("hid a review of"),
    "review.shown": _l("showed a hidden review again of"),
    "second_factor.disabled": _l("switched the second factor off"),
    "second_factor.enabled": _l("switched the second factor on"),
    "second_factor.reset": _l("reset the second factor"),
    "session.ended": _l("signed out"),
    "session.started": _l("signed in"),
    "settings.changed": _l("changed the settings"),
    "settings.reset": _l("reset the settings"),
    "system.set_up": _l("set the system up"),
    "user.activated": _l("activated the account"),
    "user.created": _l("created the account"),
    "user.deactivated": _l("deactivated the account"),
    "user.password_link_sent": _l("sent a link to set the password"),
    "user.registered": _l("registered"),
    "user.role_changed": _l("changed the role"),
    "user.sessions_ended": _l("ended all sessions"),
    "view_as.ended": _l("stopped viewing as"),
    "webhook.changed": _l("changed the webhook endpoint"),
    "webhook.created": _l("added the webhook endpoint"),
    "webhook.removed": _l("removed the webhook endpoint"),
    "webhook.replayed": _l("sent webhook messages again"),
    "webhook.rotated": _l("renewed the webhook secret"),
    "webhook.switched_off": _l("switched the webhook endpoint off"),
    "webhook.switched_on": _l("switched the webhook endpoint on"),
    "webhook.tested": _l("sent a test to the webhook endpoint"),
    "view_as.started": _l("began to view as"),
}


def action(name: str) -> str:
    """The action in words; one that has none is shown by its name."""
    return str(ACTIONS.get(name, name))


def value(column: str, value: Any) -> Any:
    """What stands in a column of one's own data, in words where the database holds a name."""
    if column == "action":
        return action(value)
    return str(ROLES[value]) if column == "role" and value in ROLES else value


SECTIONS: dict[str, Any] = {
    "profile": _l("Your profile"),
    "sign_ins": _l("Sign-ins"),
    "applications": _l("Applications to teach"),
    "invitations": _l("Invitations"),
    "log": _l("What the log says about you"),
    "enrollments": _l("Courses"),
    "calendar": _l("Calendar"),
    "lessons": _l("Lessons"),
    "reviews": _l("Reviews of courses"),
    "revisions": _l("Texts that you wrote"),
    "drafts": _l("Texts that you have not saved"),
    "reviews_found_helpful": _l("Reviews that you found helpful"),
    "accommodations": _l("What was arranged for you in quizzes"),
    "attempts": _l("Quiz attempts"),
    "certificates": _l("Certificates"),
    "emails": _l("Messages sent to you"),
}

COLUMNS: dict[str, Any] = {
    "title": _l("Title"),
    "saved_at": _l("Saved"),
    "body": _l("Text"),
    "address_since": _l("Private address since"),
    "action": _l("Action"),
    "address": _l("Network address"),
    "at": _l("When"),
    "bio": _l("About you"),
    "closed_by": _l("Closed by"),
    "completed_at": _l("Completed"),
    "completed_on": _l("Completed on"),
    "course": _l("Course"),
    "created_at": _l("Begun"),
    "decided_at": _l("Decided"),
    "dropped_at": _l("Left"),
    "edited_at": _l("Edited"),
    "email": _l("Email address"),
    "email_verified_at": _l("Address confirmed"),
    "ended_at": _l("Ended"),
    "enrolled_at": _l("Enrolled"),
    "expertise": _l("Fields of expertise"),
    "expires_at": _l("Lasts until"),
    "issued_at": _l("Issued"),
    "language": _l("Language"),
    "last_active_at": _l("Last active"),
    "lesson": _l("Lesson"),
    "message": _l("Message"),
    "name": _l("Name"),
    "number": _l("Number"),
    "passed": _l("Passed"),
    "percent": _l("Percent"),
    "points": _l("Points"),
    "quiz": _l("Quiz"),
    "reason": _l("Reason"),
    "rating": _l("Rating"),
    "recipient": _l("Name"),
    "hidden_reason": _l("Reason for hiding"),
    "review": _l("Review"),
    "revoked_at": _l("Revoked"),
    "revoked_reason": _l("Reason of revocation"),
    "role": _l("Role"),
    "score": _l("Score"),
    "second_factor_since": _l("Second factor since"),
    "sent_at": _l("Sent"),
    "started_at": _l("Started"),
    "state": _l("State"),
    "submitted_at": _l("Submitted"),
    "time_zone": _l("Time zone"),
    "to_address": _l("To"),
    "user_agent": _l("Browser"),
}


def column(name: str) -> str:
    """The head of a column in words."""
    return str(COLUMNS.get(name, name.replace("_", " ")))
