"""What graders do: notes that are kept while they read, a grade, returning work, releasing grades.

Every change of a grade raises its `revision`; who began from an older one is told, and nothing is written over. What
one grader typed since is their own: the page keeps notes while its form is on the way, and that is no other's work.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import select

from lms.accounts import audit
from lms.accounts.models import User
from lms.assignments.models import Assignment, Submission, SubmissionVersion
from lms.core import events
from lms.core.db import db
from lms.core.plain import decimal_text


@dataclass(frozen=True, slots=True)
class Notes:
    """Points of `max_points` (None: not yet), the level of each criterion, and feedback (Markdown)."""

    points: Decimal | None
    feedback: str
    choices: Mapping[str, int] = field(default_factory=dict)


Outcome = Literal["kept", "graded", "returned", "changed", "newer", "not_found"]
"""changed: somebody else changed this grade since the page was opened. newer: the learner handed in again since.
In both cases nothing is changed."""


@dataclass(frozen=True, slots=True)
class Place:
    """The version that somebody grades, with its submission and assignment, all held."""

    assignment: Assignment
    work: Submission
    version: SubmissionVersion


def place(course_id: int, submission_id: int, number: int) -> Place | None:
    """What was handed in as `number`, if it belongs to the course."""
    row = db.session.execute(
        select(Assignment, Submission, SubmissionVersion)
        .join(Submission, Submission.assignment_id == Assignment.id)
        .join(SubmissionVersion, SubmissionVersion.submission_id == Submission.id)
        .where(
            Assignment.course_id == course_id,
            Submission.id == submission_id,
            SubmissionVersion.number == number,
        )
        .with_for_update(of=(Submission, SubmissionVersion))
        .execution_options(populate_existing=True)
    ).one_or_none()
    return Place(*row) if row else None


def kept(version: Any) -> Notes:
    """What a grader typed last: the notes since the grade was given, or what was given."""
    if version.noted is None:
        return _given(version)
    points = version.noted["points"]
    return Notes(
        None if points is None else Decimal(points), version.noted["feedback"], version.noted["choices"]
    )


def keep_notes(at_hand: Place, notes: Notes, seen: int, by_id: int, at: datetime) -> Outcome:
    """Keep what a grader typed so far. What is given or returned changes only on purpose: notes stand beside it."""
    version = at_hand.version
    is_news = kept(version) != notes
    if is_news and version.revision != seen and not _is_own(version, by_id, seen):
        return "changed"
    if is_news and is_given(version):
        version.noted = None if _given(version) == notes else _plain(notes)
    elif is_news:
        version.points, version.feedback, version.choices = notes.points, notes.feedback, dict(notes.choices)
    if is_news and version.noted_by_id != by_id:
        version.noted_by_id, version.noted_from = by_id, version.revision
    version.revision += is_news
    version.noted_at = at
    db.session.flush()
    return "kept"


def grade(at_hand: Place, notes: Notes, seen: int, by_id: int, at: datetime) -> Outcome:
    """Give the grade. Its learner hears of it at once, or when all are released together."""
    version, work = at_hand.version, at_hand.work
    refused = _refused(at_hand, notes, seen, by_id, version.graded_at)
    if refused:
        return "graded" if refused == "done" else refused
    before, was_released = version.points, _is_released(version)
    if version.returned_at is not None:
        version.seen = _told(version)
    _write(version, notes)
    _keep_measure(at_hand)
    version.graded_by_id, version.graded_at, version.returned_at = by_id, at, None
    work.state = "graded"
    if was_released:
        _note_change(at_hand, before, notes.points, at)
    elif at_hand.assignment.released_together:
        version.released_at = None
    else:
        _release(version, work, at)
    db.session.flush()
    return "graded"


def give_back(at_hand: Place, notes: Notes, seen: int, by_id: int, at: datetime) -> Outcome:
    """Return the work to be revised. The learner reads the feedback at once; points wait for what comes back, and a
    grade that it had is taken back."""
    version, work = at_hand.version, at_hand.work
    refused = _refused(at_hand, notes, seen, by_id, version.returned_at)
    if refused:
        return "returned" if refused == "done" else refused
    if _is_released(version):
        _note_change(at_hand, version.points, None, at)
    _write(version, notes)
    _keep_measure(at_hand)
    version.graded_by_id, version.returned_at = by_id, at
    version.graded_at = version.released_at = version.seen = None
    work.state = "returned"
    db.session.flush()
    events.record("assignment.returned", at, submission_id=work.id, number=version.number)
    return "returned"


def release(assignment_id: int, at: datetime) -> int:
    """Let the learners see all grades that wait for it. Returns how many."""
    rows = db.session.execute(
        select(SubmissionVersion, Submission)
        .join(Submission, Submission.id == SubmissionVersion.submission_id)
        .where(
            Submission.assignment_id == assignment_id,
            Submission.state == "graded",
            SubmissionVersion.number == Submission.number,
            SubmissionVersion.graded_at.is_not(None),
            SubmissionVersion.released_at.is_(None),
        )
        .order_by(Submission.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for version, work in rows:
        _release(version, work, at)
    db.session.flush()
    return len(rows)


def has_graded(assignment_id: int) -> bool:
    """Whether anybody's work on it was given a grade, or was returned."""
    statement = (
        select(SubmissionVersion.number)
        .join(Submission, Submission.id == SubmissionVersion.submission_id)
        .where(Submission.assignment_id == assignment_id, SubmissionVersion.out_of.is_not(None))
    )
    return db.session.scalar(statement.limit(1)) is not None


def is_given(version: Any) -> bool:
    """Whether points and feedback are more than notes: a grade, released or not, or what work was returned with."""
    return version.graded_at is not None or version.returned_at is not None


def _refused(
    at_hand: Place, notes: Notes, seen: int, by_id: int, given_at: datetime | None
) -> Literal["newer", "changed", "done"] | None:
    """done: the same was given already (`given_at`), most likely by this very form, sent twice."""
    version = at_hand.version
    if version.number != at_hand.work.number:
        return "newer"
    if version.revision == seen or _is_own(version, by_id, seen):
        return None
    if kept(version) != notes:
        return "changed"
    if given_at is not None and version.noted is None:
        return "done"
    return "changed" if is_given(version) else None


def _is_own(version: SubmissionVersion, by_id: int, seen: int) -> bool:
    """Whether all that changed since `seen` are notes of the same grader."""
    return version.noted_by_id == by_id and version.noted_from <= seen <= version.revision


def _is_released(version: SubmissionVersion) -> bool:
    return version.graded_at is not None and version.released_at is not None


def _given(version: Any) -> Notes:
    return Notes(version.points, version.feedback, version.choices)


def _told(version: SubmissionVersion) -> dict[str, Any]:
    """What the learner reads since the work was returned."""
    at = version.returned_at.isoformat() if version.returned_at else ""
    said = {"feedback": version.feedback, "choices": dict(version.choices)}
    return {**said, "at": at, "by": version.graded_by_id}


def _plain(notes: Notes) -> dict[str, Any]:
    points = None if notes.points is None else decimal_text(notes.points)
    return {"points": points, "feedback": notes.feedback, "choices": dict(notes.choices)}


def _write(version: SubmissionVersion, notes: Notes) -> None:
    """What is given takes the place of all notes. It is news to who only saw them, also where it says the same."""
    version.points, version.feedback, version.choices = notes.points, notes.feedback, dict(notes.choices)
    version.noted = version.noted_by_id = None
    version.revision += 1


def _keep_measure(at_hand: Place) -> None:
    """What the points and choices are measured by stays with them, whatever the assignment becomes."""
    version, assignment = at_hand.version, at_hand.assignment
    if version.out_of is None:
        version.out_of, version.rubric = assignment.max_points, assignment.rubric


def _release(version: SubmissionVersion, work: Submission, at: datetime) -> None:
    version.released_at, version.seen = at, None
    ids: dict[str, Any] = {"submission_id": work.id, "number": version.number}
    events.record("assignment.graded", at, **ids, user_id=work.user_id, assignment_id=work.assignment_id)


def _note_change(at_hand: Place, before: Decimal | None, after: Decimal | None, at: datetime) -> None:
    """A grade that its learner knows was changed: that is on record, and they are told."""
    version = at_hand.version
    if after is not None and before != after:  # who gets it back is told that
        ids = {"submission_id": at_hand.work.id, "number": version.number, "revision": version.revision}
        events.record("assignment.regraded", at, **ids)
    name = db.session.scalar(select(User.name).where(User.id == at_hand.work.user_id))
    audit.record(
        "submission.regraded",
        at,
        subject_kind="user",
        subject_id=at_hand.work.user_id,
        subject_name=name or "",
        assignment=at_hand.assignment.title,
        submission_id=at_hand.work.id,
        before=decimal_text(before) if before is not None else "",
        after=decimal_text(after) if after is not None else "",
    )
