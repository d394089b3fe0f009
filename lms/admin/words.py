"""Words for what stands in the database: actions of the log, roles, sections of one's own data."""

from collections.abc import Iterator
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
    "course.handed_over": _l("handed over the course"),
    "course.instructor_added": _l("added an instructor to the course"),
    "course.instructor_removed": _l("removed an instructor from the course"),
    "course.published": _l("published the course"),
    "course.purged": _l("deleted the course for good"),
    "course.removed": _l("deleted the course"),
    "course.restored": _l("restored the course"),
    "course.unpublished": _l("unpublished the course"),
    "email.changed": _l("changed the email address"),
    "email.retried": _l("sent the message again"),
    "error.settled": _l("settled the error"),
    "errors.settled": _l("settled all errors"),
    "emails.retried": _l("sent failed messages again"),
    "jobs.retried": _l("started failed jobs again"),
    "essay.remarked": _l("changed the grade of an essay in"),
    "enrollment.ended": _l("took out of a course"),
    "enrollment.made": _l("enrolled in a course"),
    "invitation.accepted": _l("accepted the invitation"),
    "invitation.resent": _l("sent the invitation again"),
    "invitation.revoked": _l("revoked the invitation"),
    "invitation.sent": _l("invited"),
    "job.retried": _l("started the job again"),
    "password.changed": _l("changed the password"),
    "password.reset": _l("reset the password"),
    "people.imported": _l("imported people"),
    "post.hidden": _l("hid a post of the discussion"),
    "post.shown": _l("showed a hidden post again in the discussion"),
    "announcement.published": _l("published the announcement"),
    "announcement.removed": _l("deleted the announcement"),
    "privacy.erased": _l("erased the account"),
    "privacy.erasure_requested": _l("asked for erasure"),
    "privacy.exported": _l("made a copy of their own data"),
    "quiz.regraded": _l("regraded the quiz"),
    "quiz.regrade_undone": _l("undid the regrade of the quiz"),
    "recovery_code.used": _l("used a recovery code"),
    "recovery_codes.renewed": _l("renewed the recovery codes"),
    "review.hidden": _l("hid a review of"),
    "review.shown": _l("showed a hidden review again of"),
    "grade.decided": _l("decided a grade of"),
    "gradebook.changed": _l("changed how grades are counted in"),
    "extension.given": _l("gave more days to"),
    "extension.removed": _l("took back the days given to"),
    "second_factor.disabled": _l("switched the second factor off"),
    "second_factor.enabled": _l("switched the second factor on"),
    "second_factor.reset": _l("reset the second factor"),
    "session.ended": _l("signed out"),
    "session.started": _l("signed in"),
    "settings.changed": _l("changed the settings"),
    "settings.reset": _l("reset the settings"),
    "storage.cleaned": _l("cleaned the storage up"),
    "submission.regraded": _l("changed the grade of a submission of"),
    "system.set_up": _l("set the system up"),
    "user.activated": _l("activated the account"),
    "user.created": _l("created the account"),
    "user.deactivated": _l("deactivated the account"),
    "user.password_link_sent": _l("sent a link to set the password"),
    "user.registered": _l("registered"),
    "user.role_changed": _l("changed the role"),
    "user.sessions_ended": _l("ended all sessions"),
    "view_as.ended": _l("stopped viewing as"),
    "api_token.made": _l("made the token"),
    "api_token.revoked": _l("revoked the token"),
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


USES: dict[str, Any] = {
    "courses": _l("Files of courses"),
    "widths": _l("Pictures in smaller widths"),
    "portraits": _l("Portraits"),
    "submissions": _l("Submissions of learners"),
    "certificates": _l("Certificates"),
    "designs": _l("Logos and signatures of certificates"),
    "uploads": _l("Uploads under way"),
    "copies": _l("Exports and copies of one’s own data, for seven days"),
    "unused": _l("Nothing refers to them"),
}

KINDS: dict[str, Any] = {
    "image": _l("Images"),
    "video": _l("Video"),
    "audio": _l("Audio"),
    "pdf": _l("PDF"),
    "text": _l("Text"),
    "other": _l("Office documents, archives and others"),
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
    "api_tokens": _l("Access for programs"),
    "lessons": _l("Lessons"),
    "reviews": _l("Reviews of courses"),
    "revisions": _l("Texts that you wrote"),
    "drafts": _l("Texts that you have not saved"),
    "reviews_found_helpful": _l("Reviews that you found helpful"),
    "accommodations": _l("What was arranged for you in quizzes"),
    "attempts": _l("Quiz attempts"),
    "submissions": _l("Work that you handed in"),
    "work_drafts": _l("Work that you are writing"),
    "extensions": _l("More days that you were given"),
    "grade_decisions": _l("Grades that a person decided"),
    "certificates": _l("Certificates"),
    "emails": _l("Messages sent to you"),
    "notices": _l("Your inbox"),
    "message_preferences": _l("Which messages reach you"),
    "posts": _l("Your questions and replies"),
    "discussions_followed": _l("Discussions that you follow"),
    "reports": _l("Posts that you reported"),
    "announcements": _l("Announcements that you wrote"),
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
    "by_mail": _l("By mail"),
    "inbox": _l("In the inbox"),
    "read_at": _l("Read"),
    "question": _l("Question"),
    "assignment": _l("Assignment"),
    "work": _l("Work"),
    "files": _l("Files"),
    "feedback": _l("Feedback"),
    "extra_days": _l("More days"),
    "is_excused": _l("Excused"),
    "text": _l("Text"),
}


def column(name: str) -> str:
    """The head of a column in words."""
    return str(COLUMNS.get(name, name.replace("_", " ")))


def details(noted: dict[str, Any] | None) -> str:
    """What an entry of the log holds beside its people, as one line: `quiz: Tea, session hours: 12 → 13`."""
    rest = dict(noted or {})
    before, after = rest.get("before"), rest.get("after")
    changed = []
    if isinstance(before, dict) and isinstance(after, dict):
        changed = [
            f"{_label(name)}: {_value(before.get(name))} → {_value(after.get(name))}"
            for name in dict.fromkeys([*before, *after])
            if before.get(name) != after.get(name)
        ]
    elif "before" in rest and "after" in rest:
        changed = [f"{_value(before)} → {_value(after)}"]
    if changed:
        rest = {name: value for name, value in rest.items() if name not in ("before", "after")}
    return ", ".join([*_parts(rest, ""), *changed])


def _parts(noted: dict[str, Any], before: str) -> Iterator[str]:
    for name, value in noted.items():
        label = f"{before}{_label(name)}"
        if isinstance(value, dict):
            yield from _parts(value, f"{label} ")
        elif value not in ("", None, [], ()):
            yield f"{label}: {_value(value)}"


def _label(name: str) -> str:
    return name.replace("_", " ")


def _value(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "; ".join(map(str, value)) or "–"
    return "–" if value in ("", None) else str(value)
