"""What people may hear of, and how each kind reaches them as long as they don't choose otherwise."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from flask_babel import lazy_gettext as _l

Mode = Literal["at_once", "digest", "never"]
MODES: dict[Mode, Any] = {"at_once": _l("At once"), "digest": _l("In the daily digest"), "never": _l("Never")}


@dataclass(frozen=True, slots=True)
class Kind:
    """`audience`: everyone, who may teach, or admins. What is `needed` always stands in the inbox."""

    name: str
    title: Any
    email: Mode = "at_once"
    audience: Literal["all", "teachers", "admins"] = "all"
    needed: bool = False


_LIST = (
    Kind("enrolled", _l("You are enrolled in a course")),
    Kind("due_soon", _l("Something is due soon")),
    Kind("graded", _l("Your work is graded")),
    Kind("regraded", _l("Your points changed because a question was corrected")),
    Kind("certificate", _l("Your certificate is ready")),
    Kind("announcement", _l("An announcement in one of your courses")),
    Kind("answer", _l("A reply to a question of yours")),
    Kind("mention", _l("Somebody mentions you")),
    Kind("followed", _l("A reply in a discussion that you follow"), "digest"),
    Kind("decision", _l("Your application to teach is decided"), needed=True),
    Kind("question", _l("A question in a course that you teach"), "digest", "teachers"),
    Kind("report", _l("Somebody reports a post in a course that you teach"), "at_once", "teachers"),
    Kind(
        "handed_over", _l("A course is handed over to you, or from you"), "at_once", "teachers", needed=True
    ),
    Kind("webhook_off", _l("A webhook endpoint was switched off"), "at_once", "admins", needed=True),
)
KINDS: dict[str, Kind] = {kind.name: kind for kind in _LIST}

BOUNCE = "bounce"
"""Says that mail does not arrive; it cannot come by mail, and nobody can do without it."""


def offered_to(*, teaches: bool, is_admin: bool) -> Iterator[Kind]:
    """The kinds that somebody of that role can hear of."""
    for kind in _LIST:
        if kind.audience == "all" or is_admin or (kind.audience == "teachers" and teaches):
            yield kind
