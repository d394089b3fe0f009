"""Words for the machinery: what a job does and what a message is about."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lms.notifications.kinds import KINDS

MESSAGES: dict[str, Any] = {
    "announcement": _l("An announcement"),
    "assignment_graded": _l("An assignment is graded"),
    "assignment_regraded": _l("The grade of an assignment is changed"),
    "assignment_returned": _l("An assignment is returned"),
    "asked": _l("A question in a discussion"),
    "certificate_ready": _l("A certificate is ready"),
    "digest": _l("The daily digest"),
    "enter_courses": _l("Invitations of a confirmed address"),
    "email_change": _l("Confirming a new address"),
    "email_change_notice": _l("The address is changed, to the old one"),
    "enrolled": _l("An enrollment"),
    "graded": _l("Work is graded"),
    "handed_over": _l("A course is handed over"),
    "instructor_decision": _l("The decision about an application to teach"),
    "invitation": _l("An invitation"),
    "lockout": _l("An account is locked for a while"),
    "notice": _l("A notice"),
    "password_changed": _l("A password was changed"),
    "password_reset": _l("A link to set a new password"),
    "recovery_code_used": _l("A recovery code was used"),
    "regraded": _l("Points changed"),
    "replied": _l("A reply in a discussion"),
    "reported": _l("A reported post"),
    "second_factor_changed": _l("The second factor was changed"),
    "sign_in_code": _l("A code to sign in"),
    "test": _l("A test"),
    "verification": _l("Confirming an address"),
    "webhook_off": _l("A webhook endpoint is off"),
    "welcome": _l("The welcome"),
}

JOBS: dict[str, Any] = {
    "accounts.start_reset": _l("Begin a password reset"),
    "admin.erase_personal": _l("Erase an account"),
    "admin.export_personal": _l("Copy somebody’s own data"),
    "admin.import_people": _l("Import people"),
    "certificates.issue": _l("Issue a certificate"),
    "certificates.make_pdf": _l("Draw a certificate"),
    "files.remove_pieces": _l("Remove the pieces of an upload"),
    "interop.export_course": _l("Export a course"),
    "interop.import_course": _l("Import a course"),
    "studio.redraw": _l("Show a replaced picture"),
    "webhooks.fan_out": _l("Tell other systems"),
}


def job(name: str) -> str:
    """What a job does; one that has no words is shown by its name."""
    module, _dot, kind = name.partition(".")
    if module == "notifications" and kind in MESSAGES:
        return str(_("Message: %(subject)s", subject=MESSAGES[kind]))
    return str(JOBS.get(name, name))


def message(template: str, kind: str | None) -> str:
    """What a message is about; `kind` says it of a notice."""
    if template == "notice" and kind in KINDS:
        return str(KINDS[kind].title)
    return str(MESSAGES.get(template, template))
