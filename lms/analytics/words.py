"""Reasons in words."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from flask_babel import format_decimal, format_timedelta, ngettext
from flask_babel import gettext as _

from lms.analytics.rules import Reason
from lms.core import i18n
from lms.core.db import AnyRow


def time_words(seconds: int) -> str:
    """About how long: `40 minutes`, `36 hours`, `3 days`."""
    return str(format_timedelta(timedelta(seconds=seconds), granularity="minute", threshold=1.5))


def reason_words(
    reason: Reason,
    quiz_titles: Mapping[str, str],
    assignment_titles: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Why somebody may not finish. Titles are by the id as text."""
    first, *others = reason.numbers
    if reason.kind in ("overdue", "low"):
        title = assignment_titles.get(str(int(first)), _("an assignment that is no longer there"))
        return _work_words(reason.kind, title, others)
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


def _work_words(kind: str, title: str, numbers: Sequence[float]) -> str:
    """Of an assignment: since when it is overdue, or its percent and what is asked for."""
    if kind == "overdue":
        since = i18n.day(datetime.fromtimestamp(numbers[0], UTC))
        return str(_("An assignment is overdue: “%(title)s”, since %(date)s", title=title, date=since))
    percent, passing = (format_decimal(number) for number in numbers)
    return str(
        _(
            "“%(title)s” was graded %(percent)s%%; %(passing)s%% is asked for",
            title=title,
            percent=percent,
            passing=passing,
        )
    )


def reasons_of(row: AnyRow) -> list[str]:
    """All reasons of a row of `queries.learners.at_risk`, in words."""
    return [
        reason_words(Reason.from_json(stored), row.quiz_titles, row.assignment_titles)
        for stored in row.reasons
    ]
