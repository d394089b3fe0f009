"""What graders do: notes that are kept while they read, a grade, returning work, releasing grades.

Every change of a grade raises its `revision`; who began from an older one is told, and nothing is written over.
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


def keep_notes(at_hand: Place, notes: Notes, seen: int, at: datetime) -> Outcome:
    """Keep what a grader typed so far. A grade that is given is only changed on purpose, by `grade`."""
    version = at_hand.version
    if version.revision != seen and _notes(version) != notes:
        return "changed"
    if version.graded_at is None:
        _write(version, notes, at)
    return "kept"


def grade(at_hand: Place, notes: Notes, seen: int, by_id: int, at: datetime) -> Outcome:
    """Give the grade. Its learner hears of it at once, or when all are released together."""
    refused = _refused(at_hand, notes, seen)
    if refused:
        return refused
    version, work = at_hand.version, at_hand.work
    before = version.points
    was_released = version.graded_at is not None and version.released_at is not None
    _write(version, notes, at)
    _keep_measure(at_hand)
    version.graded_by_id, version.graded_at, version.returned_at = by_id, at, None
    work.state = "graded"
    if was_released:
        _note_change(at_hand, before, notes.points, at)
    elif not at_hand.assignment.released_together:
        _release(version, work, at)
    db.session.flush()
    return "graded"


def give_back(at_hand: Place, notes: Notes, seen: int, by_id: int, at: datetime) -> Outcome:
    """Return the work to be revised. The learner reads the feedback at once; points wait for what comes back."""
    refused = _refused(at_hand, notes, seen)
    if refused:
        return refused
    version, work = at_hand.version, at_hand.work
    _write(version, notes, at)
    _keep_measure(at_hand)
    version.graded_by_id, version.returned_at, version.released_at = by_id, at, at
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


def _refused(at_hand: Place, notes: Notes, seen: int) -> Outcome | None:
    if at_hand.version.number != at_hand.work.number:
        return "newer"
    if at_hand.version.revision != seen:
        return "changed"
    return None


def _notes(version: SubmissionVersion) -> Notes:
    return Notes(version.points, version.feedback, version.choices)


def _write(version: SubmissionVersion, notes: Notes, at: datetime) -> None:
    if _notes(version) != notes:
        version.points, version.feedback, version.choices = notes.points, notes.feedback, dict(notes.choices)
    version.revision += 1
    version.noted_at = at
    db.session.flush()


def _keep_measure(at_hand: Place) -> None:
    """What the points and choices are measured by stays with them, whatever the assignment becomes."""
    version, assignment = at_hand.version, at_hand.assignment
    if version.out_of is None:
        version.out_of, version.rubric = assignment.max_points, assignment.rubric


def _release(version: SubmissionVersion, work: Submission, at: datetime) -> None:
    version.released_at = at
    ids: dict[str, Any] = {"submission_id": work.id, "number": version.number}
    events.record("assignment.graded", at, **ids, user_id=work.user_id, assignment_id=work.assignment_id)


def _note_change(at_hand: Place, before: Decimal | None, after: Decimal | None, at: datetime) -> None:
    """A grade that its learner knows was changed: that is on record."""
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
