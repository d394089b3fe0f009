"""Assignments: what is asked, what learners handed in, and what was said about it."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, db

LATE_POLICIES = ("none", "percent", "closed")
STATES = ("draft", "submitted", "returned", "resubmitted", "graded")


class Assignment(db.Model):  # type: ignore[name-defined]
    """A brief and its rules. `rubric` is `{"levels": [...], "criteria": [{"title": ..., "cells": [...]}]}`, perhaps
    with `"percents": [100, 70, 40]`: what each level is worth of a criterion's points.

    `due_at` is a moment; days late are counted by the clocks of `time_zone`. `late_percent` of `max_points` is taken
    off for each day that begins after it. `passing_percent` None: handing in is all that a lesson asks.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        UniqueConstraint("course_id", "source_id"),
        CheckConstraint("late_policy in ('none', 'percent', 'closed')", name="late_policy"),
        CheckConstraint("late_percent between 0 and 100", name="late_percent"),
        CheckConstraint("passing_percent between 0 and 100", name="passing_percent"),
        CheckConstraint("max_attempts > 0", name="max_attempts"),
        CheckConstraint("takes_text or takes_files", name="takes"),
        CheckConstraint("closes_at >= due_at", name="closes_at"),
        Index("ix_assignments_due_at", "due_at", postgresql_where="due_at is not null"),
    )

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), index=True)
    source_id: Mapped[str]
    slug: Mapped[str]
    title: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    body_html: Mapped[str] = mapped_column(default="")
    rubric: Mapped[dict[str, Any] | None]
    max_points: Mapped[Decimal] = mapped_column(Numeric(8, 2), default=Decimal(100))
    is_required: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    time_zone: Mapped[str] = mapped_column(default="UTC", server_default="UTC")
    late_policy: Mapped[str] = mapped_column(default="none", server_default="none")
    late_percent: Mapped[Decimal] = mapped_column(Numeric(5, 2), default=Decimal(10), server_default="10")
    takes_text: Mapped[bool] = mapped_column(default=True, server_default="true")
    takes_files: Mapped[bool] = mapped_column(default=True, server_default="true")
    max_attempts: Mapped[int | None] = mapped_column(SmallInteger)
    is_blind: Mapped[bool] = mapped_column(default=False, server_default="false")
    released_together: Mapped[bool] = mapped_column(default=False, server_default="false")
    passing_percent: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    position: Mapped[int]
    removed_at: Mapped[datetime | None]


class Submission(db.Model):  # type: ignore[name-defined]
    """A learner's work on an assignment. `draft` is what they are writing; `number` counts what they handed in.

    `draft_seq` grows with every change of the draft's text, so that a second window is noticed and nothing is written
    over; files stand beside each other.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        UniqueConstraint("assignment_id", "user_id"),
        CheckConstraint("state in ('draft', 'submitted', 'returned', 'resubmitted', 'graded')", name="state"),
        Index(
            "ix_submissions_waiting",
            "assignment_id",
            "submitted_at",
            postgresql_where="state in ('submitted', 'resubmitted')",
        ),
    )

    id: Mapped[Id]
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollments.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(default="draft")
    number: Mapped[int] = mapped_column(SmallInteger, default=0)
    draft: Mapped[str] = mapped_column(default="")
    draft_seq: Mapped[int] = mapped_column(default=0)
    draft_saved_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]


class SubmissionVersion(db.Model):  # type: ignore[name-defined]
    """What was handed in at one moment, never changed; and its grade, which may be.

    `choices` is the level that was chosen of each criterion of the rubric, by its place: `{"0": 1}`. Until
    `graded_at` or `returned_at` points and feedback are the grader's notes. The learner sees a grade from `released_at`
    on, and the feedback alone from `returned_at` on; work that is returned has no grade.
    `out_of` and `rubric` are what the assignment had when the version was graded or returned first: a grade is read by
    what it was given by, whatever the assignment becomes. `out_of` None: neither yet, the assignment's own hold.

    `noted` are notes on what is given already: `{"points": "3", "feedback": "", "choices": {}}`, never seen by the
    learner. All revisions after `noted_from` are notes of `noted_by_id`.

    `seen` is what its learner was told with a return, while a grade in its place waits for its release:
    `{"feedback": "", "choices": {}, "at": "2026-03-01T09:00:00+00:00", "by": 7}`; `by` is who returned it, None or
    missing where nobody knows.
    """

    __tablename__ = "submission_versions"
    __table_args__ = (
        CheckConstraint("points >= 0", name="points"),
        Index(
            "ix_submission_versions_graded_by_id", "graded_by_id", postgresql_where="graded_by_id is not null"
        ),
        Index(
            "ix_submission_versions_noted_by_id", "noted_by_id", postgresql_where="noted_by_id is not null"
        ),
    )

    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    text: Mapped[str]
    submitted_at: Mapped[datetime]
    points: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    out_of: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    rubric: Mapped[dict[str, Any] | None]
    choices: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    feedback: Mapped[str] = mapped_column(default="", server_default="")
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
    noted: Mapped[dict[str, Any] | None]
    seen: Mapped[dict[str, Any] | None]
    noted_at: Mapped[datetime | None]
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    noted_from: Mapped[int] = mapped_column(default=0, server_default="0")
    graded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    graded_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]


class Extension(db.Model):  # type: ignore[name-defined]
    """Days that one learner has beyond the dates of one assignment."""

    __tablename__ = "extensions"
    __table_args__ = (
        UniqueConstraint("assignment_id", "user_id"),
        CheckConstraint("extra_days between 1 and 365", name="extra_days"),
    )

    id: Mapped[Id]
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    extra_days: Mapped[int] = mapped_column(SmallInteger)
    reason: Mapped[str]
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime]


class SubmissionFile(db.Model):  # type: ignore[name-defined]
    """A file of a submission: of what was handed in as `number`, or of the draft (None)."""

    __tablename__ = "submission_files"
    __table_args__ = (
        Index("ix_submission_files_submission_id_number", "submission_id", "number"),
        Index("ix_submission_files_file_id", "file_id"),
    )

    id: Mapped[Id]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"))
    number: Mapped[int | None] = mapped_column(SmallInteger)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))
    name: Mapped[str]
