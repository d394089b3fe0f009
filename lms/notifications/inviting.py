"""Bringing people in by their address, with what belongs to other modules: the mail, and the course it opens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lms.accounts import invitations
from lms.accounts import queries as accounts
from lms.accounts.models import Invitation
from lms.core.access import Viewer
from lms.learning import admission
from lms.notifications import actions as notifications


@dataclass(slots=True)
class Sent:
    """Addresses that were invited, those that can sign in already, and how many of these came into the course."""

    invited: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    enrolled: int = 0


def invite_many(
    names: Mapping[str, str], *, role: str, course_id: int | None, by: Viewer, at: datetime
) -> Sent:
    """Invite each address once, however it is written, by the name that stands beside it first.

    Who has an account needs no invitation and is enrolled at once. An account whose address nobody has confirmed may
    be a stranger's: it enters a course only by the link.
    """
    sent = Sent()
    members = invitations.members(list(names))
    enters, seen = [], set()
    for address, name in names.items():
        if address.lower() in seen:
            continue
        seen.add(address.lower())
        member = members.get(address.lower())
        if member and (member.is_confirmed or course_id is None):
            sent.known.append(address)
            enters.append(member.id)
            continue
        invitation = invitations.invite(
            address, name=name, role=role, course_id=course_id, by_id=by.id, at=at
        )
        mail(invitation, by.language, at)
        sent.invited.append(address)
    if course_id is not None:
        sent.enrolled = admission.admit(course_id, enters, at)
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


def enter_courses(user_id: int, at: datetime) -> None:
    """Enroll who has proved their address in every course that it was invited to; a course that is gone is simply
    not entered."""
    user = accounts.user_by_id(user_id)
    for invitation in invitations.to_courses(user.email, at) if user else ():
        if invitation.course_id is not None:
            admission.admit(invitation.course_id, [user_id], at)
        invitations.close(invitation, at)
