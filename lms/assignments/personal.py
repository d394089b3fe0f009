"""What assignments know of a person: what they wrote and handed in, and what was said to them about it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.dialects.postgresql import aggregate_order_by

from lms.assignments.models import Assignment, Extension, Submission, SubmissionFile, SubmissionVersion
from lms.core.db import db
from lms.courses.models import Course
from lms.files import storage
from lms.files.models import StoredFile

Rows = list[dict[str, Any]]


def export(user_id: int) -> dict[str, Rows]:
    """Drafts, everything that was handed in with its files by name, and what was given beyond the rules. A grade that
    is not released yet is not in it, as on their page."""
    named = (Course.title.label("course"), Assignment.title.label("assignment"))
    drafts = _of(select(*named, Submission.draft.label("text"), Submission.draft_saved_at.label("saved_at")))
    is_graded, is_back = SubmissionVersion.graded_at.is_not(None), SubmissionVersion.returned_at.is_not(None)
    is_out = is_graded & SubmissionVersion.released_at.is_not(None)
    names = (
        select(
            func.array_to_string(
                func.array_agg(aggregate_order_by(SubmissionFile.name, SubmissionFile.id)), ", "
            )
        )
        .where(
            SubmissionFile.submission_id == Submission.id, SubmissionFile.number == SubmissionVersion.number
        )
        .scalar_subquery()
    )
    versions = _of(
        select(
            *named,
            SubmissionVersion.number,
            SubmissionVersion.submitted_at,
            SubmissionVersion.text,
            names.label("files"),
            case((is_out, SubmissionVersion.points)).label("points"),
            case(
                (is_out | is_back, SubmissionVersion.feedback),
                else_=SubmissionVersion.seen["feedback"].astext,
            ).label("feedback"),
        )
    ).join(SubmissionVersion, SubmissionVersion.submission_id == Submission.id)
    more = (
        select(*named, Extension.extra_days, Extension.reason, Extension.changed_at.label("at"))
        .join(Assignment, Assignment.id == Extension.assignment_id)
        .join(Course, Course.id == Assignment.course_id)
        .where(Extension.user_id == user_id)
        .order_by(Extension.id)
    )
    mine = Submission.user_id == user_id
    return {
        "submissions": _rows(versions.where(mine).order_by(Submission.id, SubmissionVersion.number)),
        "work_drafts": _rows(drafts.where(mine, Submission.draft != "").order_by(Submission.id)),
        "extensions": _rows(more),
    }


def _of(statement: Any) -> Any:
    return (
        statement.select_from(Submission)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .join(Course, Course.id == Assignment.course_id)
    )


def _rows(statement: Any) -> Rows:
    return [dict(row) for row in db.session.execute(statement).mappings()]


def documents(user_id: int) -> Iterator[tuple[str, Iterator[bytes]]]:
    """(name in the archive, its bytes in pieces) of every file that was handed in."""
    rows = db.session.execute(
        select(
            SubmissionFile.id,
            SubmissionFile.name,
            Submission.id.label("work"),
            SubmissionFile.number,
            StoredFile.key,
        )
        .join(Submission, Submission.id == SubmissionFile.submission_id)
        .join(StoredFile, StoredFile.id == SubmissionFile.file_id)
        .where(Submission.user_id == user_id, SubmissionFile.number.is_not(None))
        .order_by(SubmissionFile.id)
    ).all()
    for row in rows:
        yield f"{row.work}-{row.number}/{row.id}-{row.name}", storage.stream(row.key)


def erase(user_id: int, at: datetime) -> list[int]:
    """Texts, files and feedback go; points stay as numbers without a name. Returns ids of stored files."""
    mine = select(Submission.id).where(Submission.user_id == user_id)
    files = list(
        db.session.scalars(
            select(SubmissionFile.file_id).where(SubmissionFile.submission_id.in_(mine)).distinct()
        )
    )
    quietly = {"synchronize_session": False}
    db.session.execute(delete(Extension).where(Extension.user_id == user_id).execution_options(**quietly))
    db.session.execute(
        delete(SubmissionFile).where(SubmissionFile.submission_id.in_(mine)).execution_options(**quietly)
    )
    db.session.execute(
        update(SubmissionVersion)
        .where(SubmissionVersion.submission_id.in_(mine))
        .values(text="", feedback="", noted=None, seen=None)
        .execution_options(**quietly)
    )
    db.session.execute(
        update(Submission).where(Submission.user_id == user_id).values(draft="").execution_options(**quietly)
    )
    return files
