"""What pages say about grades."""

from flask_babel import format_date, format_decimal
from flask_babel import gettext as _

from lms.gradebook.queries import Cell
from lms.gradebook.standing import Line


def cell_words(line: Line) -> str:
    """A grade that is no number, in a word, for its learner; "" for what is not there yet."""
    words = {
        "graded": _("Graded, does not count"),
        "excused": _("Excused"),
        "waiting": _("Waits for grading"),
        "returned": _("Returned"),
        "hidden": _("Not shown yet"),
        "missing": _("Missing"),
        "not_owed": _("Closed before you enrolled") if _had_closed(line) else _("Due before you enrolled"),
        "open": "",
    }
    return str(words.get(line.grade.status, ""))


def _had_closed(line: Line) -> bool:
    """Whether what is not owed was over by then: a quiz has no other date, and some assignments have none."""
    return line.item.kind == "quiz" or line.cell.found.due is None


def decision_words(cell: Cell) -> str:
    """What a person decided about a grade, by whom and why."""
    known = cell.found
    by = {"name": cell.decided_by or _("somebody who has left"), "reason": cell.reason}
    if known.is_excused:
        return str(_("The learner is excused. Decided by %(name)s: %(reason)s", **by))
    if known.decided is not None:
        return str(
            _("%(percent)s%%. Decided by %(name)s: %(reason)s", percent=format_decimal(known.decided), **by)
        )
    return str(_("No decision: what the work itself was given counts."))


def staff_words(line: Line) -> str:
    """The same for those who teach, who also want to know since when work that was returned is with its learner."""
    if line.grade.status == "returned" and line.cell.returned_at:
        return str(_("With the learner since %(day)s", day=format_date(line.cell.returned_at, "d MMM")))
    if line.grade.status == "not_owed":
        return str(_("Closed before they enrolled") if _had_closed(line) else _("Due before they enrolled"))
    return cell_words(line)


def grid_words(line: Line) -> str:
    """The same for narrow columns, below which it is explained."""
    return str(_("Came later")) if line.grade.status == "not_owed" else staff_words(line)
