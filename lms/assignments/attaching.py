"""The files of a learner's draft: added, taken out, found for a download."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import IO, Any, cast

from sqlalchemy import Row, and_, delete, exists, func, select
from sqlalchemy.orm import aliased

from lms.assignments.models import Assignment, Submission, SubmissionFile, SubmissionVersion
from lms.assignments.nameless import nameless_column
from lms.core.db import db
from lms.courses.models import Course
from lms.courses.queries import teaches
from lms.files import intake
from lms.files.models import StoredFile

MOST_FILES = 20
ROOM = 250 * 1024 * 1024
"""Bytes of all files of one draft."""
LONGEST_NAME = 150
KEPT_FOR = timedelta(days=180)
"""How long a file waits in a draft that nobody touches."""
MOST_FORGOTTEN = 1_000

Refused = tuple[str, str]
"""The name of a file and why it was not taken: a reason of `intake`, or `many`."""


def add(
    work: Submission, files: Iterable[tuple[str, IO[bytes]]], largest: int, at: datetime
) -> list[Refused]:
    """Keep what was sent with the draft. The same file under the same name again changes nothing."""
    refused: list[Refused] = []
    for given, stream in files:
        name = plain_name(given)
        count, size = _so_far(work.id)
        if count >= MOST_FILES:
            refused.append((name, "many"))
            continue
        try:
            stored = intake.take_in(name, stream, largest=largest, room=ROOM - size)
        except intake.Refused as error:
            refused.append((name, error.reason))
            continue
        if not _has(work.id, stored.id, name):
            db.session.add(SubmissionFile(submission_id=work.id, number=None, file_id=stored.id, name=name))
            work.draft_saved_at = at
        db.session.flush()
    return refused


def plain_name(given: str) -> str:
    """The name without folders and control characters, not too long, its ending kept."""
    name = "".join(
        sign for sign in PurePosixPath(given.replace("\\", "/")).name if sign.isprintable()
    ).strip()
    ending = PurePosixPath(name).suffix
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - len(ending)] + ending


def remove(work: Submission, file_row: int, at: datetime) -> bool:
    """Take a file out of the draft; what was handed in keeps it. False when it is not there."""
    gone = db.session.execute(
        delete(SubmissionFile)
        .where(
            SubmissionFile.id == file_row,
            SubmissionFile.submission_id == work.id,
            SubmissionFile.number.is_(None),
        )
        .returning(SubmissionFile.id)
    ).one_or_none()
    if gone is None:
        return False
    work.draft_saved_at = at
    db.session.flush()
    return True


def forget_drafted(at: datetime) -> int:
    """Let go of files that were never handed in, at most MOST_FORGOTTEN, of drafts that nobody touched for KEPT_FOR.
    Returns how many files. Their texts stay; the bytes go with what nothing refers to."""
    handed_in = aliased(SubmissionFile)
    was_handed_in = exists().where(
        handed_in.submission_id == SubmissionFile.submission_id,
        handed_in.file_id == SubmissionFile.file_id,
        handed_in.number.is_not(None),
    )
    stale = (
        select(SubmissionFile.id)
        .join(Submission, Submission.id == SubmissionFile.submission_id)
        .where(SubmissionFile.number.is_(None), Submission.draft_saved_at < at - KEPT_FOR, ~was_handed_in)
        .order_by(SubmissionFile.id)
        .limit(MOST_FORGOTTEN)
        .with_for_update(of=Submission, skip_locked=True)
    )
    rows = list(db.session.scalars(stale))
    db.session.execute(delete(SubmissionFile).where(SubmissionFile.id.in_(rows)))
    return len(rows)


def _so_far(submission_id: int) -> tuple[int, int]:
    row = db.session.execute(
        select(func.count(), func.coalesce(func.sum(StoredFile.size), 0))
        .select_from(SubmissionFile)
        .join(StoredFile, StoredFile.id == SubmissionFile.file_id)
        .where(SubmissionFile.submission_id == submission_id, SubmissionFile.number.is_(None))
    ).one()
    return int(row[0]), int(row[1])


def _has(submission_id: int, file_id: int, name: str) -> bool:
    statement = select(SubmissionFile.id).where(
        SubmissionFile.submission_id == submission_id,
        SubmissionFile.number.is_(None),
        SubmissionFile.file_id == file_id,
        SubmissionFile.name == name,
    )
    return db.session.scalar(statement.limit(1)) is not None


def file_for(submission_id: int, file_row: int, user_id: int, *, is_admin: bool) -> Row[Any] | None:
    """A file with its bytes' place: a learner's own, or for the course's staff what was handed in."""
    row = db.session.execute(
        select(
            SubmissionFile.id,
            SubmissionFile.name,
            SubmissionFile.number,
            Submission.user_id,
            nameless_column("assignments", "submissions", "submission_versions").label("is_nameless"),
            teaches(user_id).label("is_teacher"),
            StoredFile.key,
            StoredFile.size,
            StoredFile.sha256,
            StoredFile.media_type,
            StoredFile.created_at,
        )
        .join(Submission, Submission.id == SubmissionFile.submission_id)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .join(Course, Course.id == Assignment.course_id)
        .join(StoredFile, StoredFile.id == SubmissionFile.file_id)
        .outerjoin(
            SubmissionVersion,
            and_(
                SubmissionVersion.submission_id == Submission.id,
                SubmissionVersion.number == Submission.number,
            ),
        )
        .where(SubmissionFile.id == file_row, SubmissionFile.submission_id == submission_id)
    ).one_or_none()
    if row is None:
        return None
    is_staff = (row.is_teacher or is_admin) and row.number is not None
    return cast(Row[Any], row) if row.user_id == user_id or is_staff else None
