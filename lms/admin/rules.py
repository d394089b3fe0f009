"""What an admin may do to an account."""

from typing import Literal

from flask_babel import gettext as _

Refusal = Literal["self", "last_admin", "erased"]


def role_refusal(
    *, actor_id: int, user_id: int, old: str, new: str, active_admins: list[int]
) -> Refusal | None:
    """Why a role can't be changed: nobody takes their own, and one admin always remains."""
    if actor_id == user_id:
        return "self"
    if old == "admin" and new != "admin" and set(active_admins) <= {user_id}:
        return "last_admin"
    return None


def deactivation_refusal(*, actor_id: int, user_id: int, active_admins: list[int]) -> Refusal | None:
    """Why an account can't be switched off."""
    if actor_id == user_id:
        return "self"
    if set(active_admins) == {user_id}:
        return "last_admin"
    return None


def refusal_words(refusal: Refusal) -> str:
    """The reason for a person."""
    words: dict[Refusal, str] = {
        "self": _("You can't do this to your own account. Ask another administrator."),
        "last_admin": _("This is the last administrator. Make somebody else one first."),
        "erased": _("This account was erased; there is nothing left to change."),
    }
    return words[refusal]
