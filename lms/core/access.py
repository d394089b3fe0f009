"""Who is asking, and the guards that every view declares.

What a person may not see answers 404, what they see but may not do answers 403.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from flask import abort
from flask_login import UserMixin, current_user

View = TypeVar("View", bound=Callable[..., Any])

NOBODY = 0
"""The user id of a visitor, and of the learner that staff look as: no row has it."""


@dataclass(frozen=True, slots=True, eq=False)
class Viewer(UserMixin):
    """The signed-in person of this request: plain facts, read in one statement."""

    id: int
    session_id: int
    token: str
    name: str
    email: str
    role: str
    language: str
    time_zone: str
    is_verified: bool
    is_verified_instructor: bool
    unread: int = 0
    has_second_factor: bool = False
    avatar_file_id: int | None = None
    viewed_by_id: int | None = None
    """The admin who looks at the site as this person, and may change nothing."""
    viewed_by_name: str = ""
    looks_at: str = ""
    """The slug of the course that this person, who teaches it, looks at as a learner would."""

    def get_id(self) -> str:
        """The session secret: what Flask-Login keeps in the cookie."""
        return self.token

    @property
    def initials(self) -> str:
        """One or two letters for the avatar."""
        return initials(self.name)

    @property
    def avatar(self) -> str | None:
        """The address of the portrait; a new portrait has a new one, so that it may be cached."""
        return f"/people/{self.id}/avatar?v={self.avatar_file_id}" if self.avatar_file_id else None

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"

    @property
    def can_teach(self) -> bool:
        return self.role in ("instructor", "admin")


def initials(name: str) -> str:
    """One or two letters for a person without a portrait."""
    words = name.split()
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper() if words else ""


def viewer() -> Viewer | None:
    """The signed-in person, or None for a visitor."""
    user = current_user._get_current_object()
    return user if isinstance(user, Viewer) else None


def signed_in_viewer() -> Viewer:
    """The signed-in person in a view that `@signed_in` guards."""
    person = viewer()
    if person is None:
        abort(401)
    return person


def is_watched() -> bool:
    """Whether an admin looks at the site as the person of this request, of which nothing may remain."""
    person = viewer()
    return person is not None and person.viewed_by_id is not None


def public(view: View) -> View:
    """Declare that anyone may call this view; it scopes what it shows by itself."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Only for people who are signed in; others are led to the sign-in page and back."""
    return _guard(view, "signed_in", lambda person: True)


def teachers_only(view: View) -> View:
    """Only for instructors and admins."""
    return _guard(view, "teachers", lambda person: person.can_teach)


def admins_only(view: View) -> View:
    """Only for admins."""
    return _guard(view, "admins", lambda person: person.is_admin)


def _guard(view: View, name: str, allows: Callable[[Viewer], bool]) -> View:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not allows(signed_in_viewer()):
            abort(403)
        return view(*args, **kwargs)

    guarded.access = name  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


Found = TypeVar("Found")


def found(thing: Found | None) -> Found:
    """The thing, or 404 when the scope did not hold it."""
    if thing is None:
        abort(404)
    return thing


def allow(answer: bool) -> None:
    """403 unless a rule said yes."""
    if not answer:
        abort(403)
