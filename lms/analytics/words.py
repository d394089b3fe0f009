"""Reasons in words."""

from collections.abc import Mapping

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from lms.analytics.rules import Reason
from lms.core.db import AnyRow


def reason_words(reason: Reason, quiz_titles: Mapping[str, str]) -> str:
    """Why somebody may not finish. `quiz_titles` are by the id as text."""
    first, *others = reason.numbers
    if reason.kind == "quiet":
        return str(ngettext("No activity for %(num)s day", "No activity for %(num)s days", int(first)))
    if reason.kind == "slow":
        return str(
            _(
                "%(own)s lessons a week; half of all complete %(median)s or more",
                own=format_decimal(first),
                median=format_decimal(others[0]),
            )
        )
    if reason.kind == "failed":
        title = quiz_titles.get(str(int(others[0])), _("a quiz that is no longer there"))
        return str(
            ngettext(
                "Failed “%(title)s” %(num)s time, never passed it",
                "Failed “%(title)s” %(num)s times, never passed it",
                int(first),
                title=title,
            )
        )
    return str(
        _(
            "%(lessons)s and %(days)s until the end of the course",
            lessons=ngettext("%(num)s lesson to go", "%(num)s lessons to go", int(others[0])),
            days=ngettext("%(num)s day", "%(num)s days", int(first)),
        )
    )


def reasons_of(row: AnyRow) -> list[str]:
    """All reasons of a row of `queries.learners.at_risk`, in words."""
    return [reason_words(Reason.from_json(stored), row.quiz_titles) for stored in row.reasons]
