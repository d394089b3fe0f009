"""Invitations with what belongs to higher modules: their mail, and the course that they open."""

from dataclasses import dataclass, field
from datetime import datetime

from lms.accounts import invitations
from lms.accounts.models import Invitation
from lms.core.access import Viewer
from lms.learning import admission
from lms.notifications import actions as notifications


@dataclass(slots=True)
class Sent:
    """Addresses that were invited, and those that can sign in already."""

    invited: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)


def invite_many(addresses: list[str], *, role: str, course_id: int | None, by: Viewer, at: datetime) -> Sent:
    """Invite each address once; who has an account needs none."""
    sent = Sent()
    for address in dict.fromkeys(addresses):
        if invitations.has_account(address):
            sent.known.append(address)
            continue
        invitation = invitations.invite(address, role=role, course_id=course_id, by_id=by.id, at=at)
        mail(invitation, by.language, at)
        sent.invited.append(address)
    return sent


def mail(invitation: Invitation, language: str, at: datetime) -> None:
    """Queue the message with the link; a link that was renewed is mailed again."""
    notifications.queue(
        "invitation",
        invitation.email,
        {"invitation_id": invitation.id},
        at,
        f"invitation:{invitation.id}:{invitation.expires_at:%Y%m%dT%H%M%S}",
        language=language,
    )


def resend(invitation_id: int, by: Viewer, at: datetime) -> bool:
    """Mail an open invitation once more, with a full lifetime."""
    invitation = invitations.renew(invitation_id, at)
    if invitation is not None:
        mail(invitation, by.language, at)
    return invitation is not None


def enter_course(invitation: Invitation, user_id: int, at: datetime) -> None:
    """Enroll who was invited to a course; a course that is gone is simply not entered."""
    if invitation.course_id is not None:
        admission.admit(invitation.course_id, [user_id], at)
