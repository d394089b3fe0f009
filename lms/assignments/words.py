"""What pages say about work that is handed in."""

from flask_babel import gettext as _


def outcome_words(outcome: str) -> str:
    """Why nothing was handed in, for who wanted to."""
    words = {
        "overtaken": _(
            "This was changed in another window since you opened it here. Nothing was overwritten: open the page "
            "anew to see the other text; what you typed here stays on this page."
        ),
        "empty": _("There is nothing to hand in yet. Write something or add a file first."),
        "closed": _("It can’t be handed in any more: the time for it has passed. Your draft is kept."),
        "graded": _(
            "It is graded already. Ask your instructor to return it if you want to change something."
        ),
        "used": _("You have handed it in as often as is allowed. Your draft is kept."),
    }
    return str(words.get(outcome, ""))
