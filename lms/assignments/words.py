"""What pages say about work that is handed in."""

from flask_babel import gettext as _

from lms.assignments.attaching import MOST_FILES, ROOM
from lms.core.i18n import size
from lms.files.words import refusal


def outcome_words(outcome: str) -> str:
    """Why nothing was handed in, for who wanted to."""
    words = {
        "overtaken": _(
            "This was changed in another window since you opened it here. Nothing was overwritten: open the page "
            "anew to see the other text; what you typed here stays on this page."
        ),
        "empty": _("There is nothing to hand in yet. Write something or add a file first."),
        "removed": _("It was taken out of the course, so nothing can be handed in any more."),
        "ended": _("The course has ended, so nothing can be handed in any more. What you wrote is kept."),
        "closed": _("It can’t be handed in any more: the time for it has passed. Your draft is kept."),
        "graded": _(
            "It is graded already. Ask your instructor to return it if you want to change something."
        ),
        "used": _("You have handed it in as often as is allowed. Your draft is kept."),
    }
    return str(words.get(outcome, ""))


def file_words(name: str, reason: str, largest: int) -> str:
    """Why a file is not taken, and what to do."""
    if reason == "many":
        return str(_("%(name)s is one too many: at most %(most)s files.", name=name, most=MOST_FILES))
    if reason == "room":
        return str(
            _("%(name)s is too much: all files together may have %(size)s.", name=name, size=size(ROOM))
        )
    return refusal(reason, name, largest)  # type: ignore[arg-type]
