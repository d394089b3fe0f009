"""What was handed in and what was said about it, ready to be read by its learner."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from lms.assignments import queries, rubrics, rules
from lms.courses.markdown import render


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One submission; `counts_from` is by when it is on time or late. `result` only once it is released; `feedback` and
    `choices` then, or with work that is returned; `rubric` is the one that it was graded by, `worth` the points of its
    levels."""

    number: int
    text: str
    submitted_at: datetime
    counts_from: datetime
    days_late: int
    files: list[Any]
    result: rules.Result | None
    feedback: Markup
    choices: dict[str, Any]
    rubric: dict[str, Any] | None
    worth: list[Decimal]
    said_by: str | None
    said_at: datetime | None
    is_returned: bool


def handed_in(brief: Any, terms: rules.Terms) -> list[HandedIn]:
    """Everything that a learner handed in, newest first."""
    if not brief.number:
        return []
    rows = queries.versions(brief.submission_id)
    counted = rules.counted_from((row.submitted_at, row.returned_at is not None) for row in reversed(rows))
    return [_one(row, brief, terms, at) for row, at in zip(rows, reversed(counted), strict=True)]


@dataclass(frozen=True, slots=True)
class Unsent:
    """What a learner wrote or attached and never handed in."""

    text: str
    files: list[Any]


def unsent(brief: Any, versions: list[HandedIn], *, is_open: bool) -> Unsent | None:
    """The parts of a draft that the page has no field for, because it closed or the assignment takes no such work any
    more: nobody loses sight of what they wrote. `is_open` is whether the page has the form."""
    sent = versions[0] if versions else None
    files = [file for file in brief.files if file[0] is None]
    if (is_open and brief.takes_files) or (sent and _names(files) == _names(sent.files)):
        files = []
    is_seen = (is_open and brief.takes_text) or (sent and sent.text == brief.draft)
    text = "" if is_seen else brief.draft.strip()
    return Unsent(text, files) if text or files else None


def _names(files: list[Any]) -> list[Any]:
    return sorted(file[2:] for file in files)


def _one(row: Any, brief: Any, terms: rules.Terms, counts_from: datetime) -> HandedIn:
    told = _told(row)
    rubric, most = rubrics.of_version(row, brief)
    is_graded = row.graded_at is not None and row.released_at is not None and row.points is not None
    return HandedIn(
        row.number,
        row.text,
        row.submitted_at,
        counts_from,
        rules.days_late(counts_from, terms.due, terms.time_zone),
        [file for file in brief.files if file[0] == row.number],
        rules.result(terms.as_graded(row.out_of), row.points, counts_from) if is_graded else None,
        feedback_html(told.feedback),
        told.choices,
        rubric,
        rubrics.level_points(rubric, most) if rubric else [],
        told.by,
        told.at,
        row.returned_at is not None,
    )


@dataclass(frozen=True, slots=True)
class _Told:
    feedback: str = ""
    choices: dict[str, Any] = field(default_factory=dict)
    by: str | None = None
    at: datetime | None = None


def _told(row: Any) -> _Told:
    """What the learner may read. Work that was returned has no grade; while a grade is not out, nothing of it is, and
    what was said with a return before it stays."""
    said_at = row.released_at if row.graded_at is not None else row.returned_at
    if said_at is not None:
        return _Told(row.feedback, row.choices, row.graded_by, said_at)
    if row.seen is not None:
        at = datetime.fromisoformat(row.seen["at"])
        return _Told(row.seen["feedback"], row.seen["choices"], row.seen_by, at)
    return _Told()


def feedback_html(text: str) -> Markup:
    """Feedback is Markdown without links into the course: it stands on many pages."""
    return Markup(render(text, link=lambda _target: None).html) if text else Markup()  # noqa: S704 - cleaned by render
