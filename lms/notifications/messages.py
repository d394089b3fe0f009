"""From a queued row to the message: its facts are looked up, its links made, its templates rendered."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale

from lms.accounts import invitations, naming, tokens
from lms.accounts.rules import (
    CHANGE_EMAIL_LIFETIME,
    CODE_LIFETIME,
    LOCK_WINDOW,
    RESET_LIFETIME,
    VERIFY_LIFETIME,
)
from lms.core import web
from lms.core.i18n import LANGUAGES, LOCALES
from lms.discussions import queries as discussions
from lms.files import storage
from lms.notifications import queries, unsubscribing, words
from lms.notifications.mailing import for_mail
from lms.notifications.models import Email
from lms.notifications.smtp import Refused

LARGEST_ATTACHMENT = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Content:
    """What a template is given, and the files beside it: (name, media type, bytes)."""

    facts: dict[str, Any]
    attachments: list[tuple[str, str, bytes]] = field(default_factory=list)


def compose(email: Email, at: datetime) -> EmailMessage:
    """The whole message in its reader's language. Raises Refused when there is nothing left to send."""
    if email.template not in CONTENTS:
        raise Refused(f"there is no message named {email.template!r}")
    reader = queries.reader(email.user_id)
    if email.user_id is not None and reader is None:
        raise Refused("the account is gone")
    if reader is not None and reader.is_bounced and email.template not in ASKED_FOR:
        raise Refused("the server of this address refused it for good before")
    content = CONTENTS[email.template](email, at)
    facts = {"name": reader.name if reader else "", **content.facts}
    stop = _way_out(email)
    facts["unsubscribe_url"] = stop
    subject, text, html = render(email.template, email.language, facts)

    settings = current_app.config["LECTERN"]
    message = EmailMessage(policy=POLICY)
    message["From"] = settings.mail_from
    message["To"] = _recipient(facts["name"], email.to_address)
    message["Subject"] = subject
    message["Date"] = format_datetime(email.created_at)
    message["Message-ID"] = message_id(email)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if stop:
        message["List-Unsubscribe"] = f"<{stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    for name, media_type, data in content.attachments:
        main, sub = media_type.split("/")
        message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    # Last: the body takes every Content- header with it.
    message["Content-Language"] = email.language
    return message


def _recipient(name: str, address: str) -> Address:
    try:
        return naming.recipient(name, address)
    except ValueError as error:
        raise Refused(f"no mail can reach this address: {error}") from error


def test_message(address: str, language: str, at: datetime) -> EmailMessage:
    """A message that only says that mail works; it belongs to no queued row."""
    return compose(
        Email(id=0, template="test", to_address=address, language=language, facts={}, created_at=at), at
    )


def render(template: str, language: str, facts: dict[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML of a message in one language."""
    language = language if language in LANGUAGES else "en"
    settings = current_app.config["LECTERN"]
    given = {
        "locale": LOCALES[language],
        "product_name": settings.product_name,
        "home_url": f"{settings.base_url}/",
        "unsubscribe_url": None,
        "preferences_url": f"{settings.base_url}/profile/messages",
        **facts,
    }
    # Not render_template: its context processors describe a request, and there is none.
    environment = current_app.jinja_env

    def part(name: str, **more: Any) -> str:
        return environment.get_template(f"emails/{template}/{name}").render(**given, **more)

    with force_locale(language):
        subject = " ".join(part("subject.txt").split())
        return subject, part("body.txt").strip() + "\n", part("body.html", subject=subject)


def message_id(email: Email) -> str:
    """Always the same for one row, so that a receiver recognises a message that was sent twice."""
    settings = current_app.config["LECTERN"]
    what = f"email:{email.id}:{email.created_at.timestamp()}".encode()
    digest = hmac.new(settings.secret_key.encode(), what, hashlib.sha256).hexdigest()[:24]
    return f"<{email.id}.{digest}@{urlsplit(settings.base_url).hostname}>"


def _way_out(email: Email) -> str | None:
    """The link that ends such messages; None for those that nobody can do without: they keep the account safe."""
    kind = email.facts.get("kind") if email.template == "notice" else OPTIONAL.get(email.template)
    return unsubscribing.address(email.user_id, kind) if kind and email.user_id is not None else None


def _link(email: Email, endpoint: str, at: datetime) -> str:
    """The link of a token; its secret exists only in the message."""
    row = queries.token(email.facts["token_id"])
    if row is None or row.expires_at <= at:
        raise Refused("the link ran out before the message could be sent")
    secret = tokens.secret(email.facts["token_id"], row.purpose)
    return web.absolute_url(endpoint, token=secret)


def _confirmation(email: Email, at: datetime) -> Content:
    hours = int(VERIFY_LIFETIME.total_seconds() // 3600)
    return Content({"verify_url": _link(email, "accounts.verify", at), "hours": hours})


def _password_reset(email: Email, at: datetime) -> Content:
    minutes = int(RESET_LIFETIME.total_seconds() // 60)
    return Content({"reset_url": _link(email, "accounts.reset", at), "minutes": minutes})


def _lockout(_email: Email, _at: datetime) -> Content:
    minutes = int(LOCK_WINDOW.total_seconds() // 60)
    return Content({"forgot_url": web.absolute_url("accounts.forgot"), "minutes": minutes})


def _sign_in_code(email: Email, at: datetime) -> Content:
    row = queries.token(email.facts["token_id"])
    if row is None or row.expires_at <= at:
        raise Refused("the code ran out before the message could be sent")
    minutes = int(CODE_LIFETIME.total_seconds() // 60)
    return Content({"code": tokens.code(email.facts["token_id"]), "minutes": minutes})


def _email_change(email: Email, at: datetime) -> Content:
    hours = int(CHANGE_EMAIL_LIFETIME.total_seconds() // 3600)
    return Content({"confirm_url": _link(email, "accounts.confirm_email", at), "hours": hours})


def _email_change_notice(email: Email, _at: datetime) -> Content:
    row = queries.token(email.facts["token_id"])
    if row is None:
        raise Refused("the change is gone")
    return Content({"new_email": row.email, "security_url": web.absolute_url("accounts.security")})


def _security_notice(email: Email, _at: datetime) -> Content:
    urls = {
        "forgot_url": web.absolute_url("accounts.forgot"),
        "security_url": web.absolute_url("accounts.security"),
    }
    return Content({**email.facts, **urls})


def _invitation(email: Email, at: datetime) -> Content:
    row = queries.invitation(email.facts["invitation_id"])
    if row is None or row.accepted_at or row.revoked_at or row.expires_at <= at:
        raise Refused("the invitation was used, revoked or ran out before the message could be sent")
    secret = invitations.secret(row.id)
    return Content(
        {
            "name": row.name,
            "invited_by": row.invited_by or "",
            "role": row.role,
            "course_title": row.course_title or "",
            "accept_url": web.absolute_url("membership.accept_invitation", token=secret),
            "days": invitations.LIFETIME.days,
        }
    )


def _instructor_decision(email: Email, _at: datetime) -> Content:
    row = queries.application(email.facts["application_id"])
    if row is None:
        raise Refused("the application is gone")
    return Content(
        {
            "is_verified": row.state == "verified",
            "reason": row.reason,
            "teaching_url": web.absolute_url("courses.teaching"),
            "apply_url": web.absolute_url("membership.apply"),
        }
    )


def _enrolled(email: Email, _at: datetime) -> Content:
    row = queries.enrollment(email.facts["enrollment_id"])
    if row is None:
        raise Refused("the enrollment is gone")
    return Content(
        {
            "course_title": row.title,
            "course_summary": row.summary,
            "lesson_count": row.lesson_count,
            "has_certificate": row.certificate,
            "course_url": web.absolute_url("courses.show", slug=row.slug),
        }
    )


def _notice(email: Email, _at: datetime) -> Content:
    return Content(_said(email, email.facts["kind"], email.facts["facts"], email.facts["link"]))


def _said(email: Email, kind: str, facts: dict[str, Any], link: str) -> dict[str, Any]:
    reader = queries.reader(email.user_id)
    with force_locale(email.language if email.language in LANGUAGES else "en"):
        said = words.said(kind, facts, reader.time_zone if reader else "UTC")
    base = current_app.config["LECTERN"].base_url
    return {
        "title": said.title,
        "text": said.text,
        "action": said.action,
        "link": f"{base}{link}",
        "course_title": facts.get("course", ""),
    }


def _announcement(email: Email, _at: datetime) -> Content:
    row = discussions.to_tell(email.facts["announcement_id"])
    if row is None:
        raise Refused("the announcement was deleted before the message could be sent")
    place = web.absolute_url("announcements.index", slug=row.slug)
    return Content(
        {
            "title": row.title,
            "course_title": row.course,
            "text": row.body,
            "html": for_mail(row.body_html, current_app.config["LECTERN"].base_url),
            "link": f"{place}#announcement-{email.facts['announcement_id']}",
        }
    )


def _digest(email: Email, _at: datetime) -> Content:
    found = queries.in_digest(email.id)
    if not found:
        raise Refused("nothing is left of what the digest should hold")
    return Content({"items": [_said(email, row.kind, row.facts, row.link) for row in found]})


def _certificate_ready(email: Email, _at: datetime) -> Content:
    row = queries.certificate(email.facts["certificate_id"])
    if row is None or row.revoked_at is not None:
        raise Refused("the certificate was revoked before the message could be sent")
    attachments = []
    if row.key is not None and row.size < LARGEST_ATTACHMENT:
        attachments.append((f"{row.number}.pdf", "application/pdf", storage.read(row.key)))
    return Content(
        {
            "course_title": row.course_title,
            "number": row.number,
            "has_file": bool(attachments),
            "certificate_url": web.absolute_url("certificates.show", number=row.number),
            "verify_url": web.absolute_url("certificates.verify", number=row.number),
        },
        attachments,
    )


CONTENTS: dict[str, Callable[[Email, datetime], Content]] = {
    "welcome": _confirmation,
    "verification": _confirmation,
    "password_reset": _password_reset,
    "lockout": _lockout,
    "sign_in_code": _sign_in_code,
    "email_change": _email_change,
    "email_change_notice": _email_change_notice,
    "password_changed": _security_notice,
    "second_factor_changed": _security_notice,
    "recovery_code_used": _security_notice,
    "invitation": _invitation,
    "instructor_decision": _instructor_decision,
    "enrolled": _enrolled,
    "certificate_ready": _certificate_ready,
    "notice": _notice,
    "announcement": _announcement,
    "digest": _digest,
    "test": lambda _email, _at: Content({}),
}
"""Every message by its template's name."""

OPTIONAL = {
    "enrolled": "enrolled",
    "certificate_ready": "certificate",
    "instructor_decision": "decision",
    "announcement": "announcement",
    "digest": unsubscribing.DIGEST,
}
"""Messages that one can do without, beside every `notice`, and the kind that each of them is of."""

ASKED_FOR = frozenset({"verification", "password_reset", "sign_in_code", "email_change", "welcome", "test"})
"""Messages that somebody waits for; they are tried also where one was refused before."""
