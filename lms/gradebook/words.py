"""What pages say about grades."""

from flask_babel import gettext as _

from lms.gradebook.standing import Line


def cell_words(line: Line) -> str:
    """A grade that is no number, in a word; "" for what is not there yet."""
    words = {
        "excused": _("Excused"),
        "waiting": _("Waits for grading"),
        "returned": _("Returned"),
        "hidden": _("Not shown yet"),
        "missing": _("Missing"),
        "open": "",
    }
    return str(words.get(line.grade.status, ""))
