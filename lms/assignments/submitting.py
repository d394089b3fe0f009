"""What learners do: keep a draft, hand it in. The clock is the server's, and a second window is never written over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import insert, literal, select
from sqlalchemy.dialects.postgresql import insert as upsert

from lms.assignments import rules
from lms.assignments.models import Submission, SubmissionFile, SubmissionVersion
from lms.core.db import db

MOST_CHARACTERS = 100_000

Outcome = Literal["saved", "overtaken", "submitted", "empty", "removed", "ended", "closed", "graded", "used"]
"""overtaken: another window changed the draft since this one was opened, to something else; nothing is changed.
Handing in the same once more answers `submitted` again, and there is one submission."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a window knew of the work as it was opened: how often it was handed in, and which draft."""

    number: int
    seq: int

    @classmethod
    def of(cls, text: str) -> "Seen":
        """From its spelling on the page; anything odd is a window that knew nothing."""
        number, _, seq = text.partition(".")
        is_fine = number.isdecimal() and seq.isdecimal() and len(text) < 20
        return cls(int(number), int(seq)) if is_fine else cls(0, 0)

    def __str__(self) -> str:
        return f"{self.number}.{self.seq}"


def locked(assignment_id: int, user_id: int, enrollment_id: int) -> Submission:
    """The learner's one submission, made if need be and held until the end of the transaction."""
    values = {"assignment_id": assignment_id, "user_id": user_id, "enrollment_id": enrollment_id}
    fresh = {"state": "draft", "number": 0, "draft": "", "draft_seq": 0}
    db.session.execute(upsert(Submission).values(**values, **fresh).on_conflict_do_nothing())
    statement = select(Submission).where(
        Submission.assignment_id == assignment_id, Submission.user_id == user_id
    )
    found: Submission = db.session.scalars(
        statement.with_for_update().execution_options(populate_existing=True)
    ).one()
    return found


def keep_draft(work: Submission, text: str | None, seen: Seen, at: datetime) -> Outcome:
    """Keep what is being written; None leaves the text as it is. The draft of another window is not written over."""
    if text is None:
        return "saved"
    if (work.number, work.draft_seq) != (seen.number, seen.seq) and work.draft != text:
        return "overtaken"
    if work.draft != text:
        work.draft_seq += 1
    work.draft, work.draft_saved_at = text, at
    db.session.flush()
    return "saved"


def hand_in(work: Submission, terms: rules.Terms, words: str | None, seen: Seen, at: datetime) -> Outcome:
    """Hand in the text with the files of the draft, at the server's time. None hands in no text; one that was drafted
    while the assignment took texts stays a draft."""
    files, text = _files(work.id, None), words or ""
    if seen.number != work.number and _is_last(work, text, files):
        return "submitted"
    if keep_draft(work, words, seen, at) == "overtaken":
        return "overtaken"
    refused = rules.refusal(
        terms, at=at, state=work.state, handed_in=work.number, is_released=_is_released(work)
    )
    if refused:
        return refused
    if not text.strip() and not files:
        return "empty"
    work.number += 1
    work.state = "resubmitted" if work.number > 1 else "submitted"
    work.submitted_at = at
    db.session.flush()
    version = {"submission_id": work.id, "number": work.number, "text": text, "submitted_at": at}
    db.session.execute(insert(SubmissionVersion).values(**version))
    _copy_files(work)
    return "submitted"


def _is_last(work: Submission, text: str, files: list[tuple[int, str]]) -> bool:
    last = db.session.get(SubmissionVersion, (work.id, work.number))
    return last is not None and last.text == text and _files(work.id, work.number) == files


def _is_released(work: Submission) -> bool:
    last = db.session.get(SubmissionVersion, (work.id, work.number))
    return last is not None and last.released_at is not None and last.graded_at is not None


def _files(submission_id: int, number: int | None) -> list[tuple[int, str]]:
    rows = db.session.execute(
        select(SubmissionFile.file_id, SubmissionFile.name)
        .where(
            SubmissionFile.submission_id == submission_id, SubmissionFile.number.is_not_distinct_from(number)
        )
        .order_by(SubmissionFile.file_id, SubmissionFile.name)
    )
    return [(row.file_id, row.name) for row in rows]


def _copy_files(work: Submission) -> None:
    """What was handed in keeps its files, whatever becomes of the draft's."""
    kept = (SubmissionFile.submission_id, literal(work.number), SubmissionFile.file_id, SubmissionFile.name)
    draft = select(*kept).where(SubmissionFile.submission_id == work.id, SubmissionFile.number.is_(None))
    columns = ["submission_id", "number", "file_id", "name"]
    db.session.execute(insert(SubmissionFile).from_select(columns, draft.order_by(SubmissionFile.id)))
