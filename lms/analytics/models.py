"""Rollups: figures counted ahead, so that a dashboard reads a few rows whatever the number of learners.

All of them can be counted anew from what learners did (`flask analytics rebuild`), but for `SiteSample`: how much
there was on a day that is over.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    Numeric,
    SmallInteger,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, db


class AnalyticsChange(db.Model):  # type: ignore[name-defined]
    """Something happened in a course, or on a day of the whole site, that its figures don't know yet.

    Triggers write it in the transaction that made the change, so that none is missed; counting removes it. `kind` is
    opened, done (a lesson), enrolled, completed (a course), sat (a quiz), each `step` (1 or -1) more on `day`; moved,
    graded, worked (on an assignment) or posted (in a discussion), which name only who and what is to be looked at
    again, with the `day` of work that was handed in; asked, when what everybody is measured by is another; or None:
    count the whole course anew.
    There are no keys to other tables: the row outlives what it names.
    """

    __tablename__ = "analytics_changes"

    id: Mapped[Id]
    course_id: Mapped[int | None] = mapped_column(index=True)
    day: Mapped[date | None]
    kind: Mapped[str | None]
    step: Mapped[int | None] = mapped_column(SmallInteger)
    enrollment_id: Mapped[int | None]
    user_id: Mapped[int | None]
    lesson_id: Mapped[int | None]
    quiz_id: Mapped[int | None]
    assignment_id: Mapped[int | None]


class AnalyticsState(db.Model):  # type: ignore[name-defined]
    """One row: when all changes until then were counted last."""

    __tablename__ = "analytics_state"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    checked_at: Mapped[datetime]


class CourseFigures(db.Model):  # type: ignore[name-defined]
    """A course as it stands. `progress` is percent, `pace` the median of required lessons completed a week (None
    with too few learners), `counted_at` when it was counted anew last, `refreshed_at` when its changes were."""

    __tablename__ = "course_figures"

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), primary_key=True)
    enrollments: Mapped[int]
    active: Mapped[int]
    completed: Mapped[int]
    dropped: Mapped[int]
    recent: Mapped[int]
    at_risk: Mapped[int]
    progress: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    minutes: Mapped[int]
    required: Mapped[int]
    pace: Mapped[Decimal | None] = mapped_column(Numeric(10, 4))
    counted_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    refreshed_at: Mapped[datetime] = mapped_column(index=True)
    # Only the release before 7d3c5e1a94b2 knows it; the next migration may take it away.
    took: Mapped[float] = mapped_column(Float, server_default="0", deferred=True)


class LearnerFigures(db.Model):  # type: ignore[name-defined]
    """One learner in one course: what the enrollment says, so that a course is counted from here alone, and whether they
    were active lately; required lessons `done`, `minutes` of all completed ones, the last lesson in the
    course's order that they opened, the same if they stopped there, and (quiz id, times) of the required quizzes that
    they failed and never passed.

    Without keys to other tables, as `LearnerAtRisk`: checking them would lock a million enrollments at a rebuild. What
    was deleted is left out when its course is counted anew, which a trigger asks for."""

    __tablename__ = "learner_figures"
    __table_args__ = (
        Index("ix_learner_figures_course_id", "course_id"),
        Index(
            "ix_learner_figures_stopped",
            "stopped_id",
            "enrollment_id",
            postgresql_where="stopped_id is not null",
        ),
    )

    enrollment_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    course_id: Mapped[int]
    state: Mapped[str]
    enrolled_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    is_recent: Mapped[bool]
    done: Mapped[int]
    minutes: Mapped[int]
    furthest_id: Mapped[int | None]
    stopped_id: Mapped[int | None]
    failed: Mapped[list[Any] | None]


class LessonFigures(db.Model):  # type: ignore[name-defined]
    """How many learners opened a lesson, completed it, and went no further."""

    __tablename__ = "lesson_figures"

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), index=True)
    reached: Mapped[int]
    completed: Mapped[int]
    stopped: Mapped[int]
    # As `took` of the course: the next migration may take it away.
    stopped_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}", deferred=True)


class QuizFigures(db.Model):  # type: ignore[name-defined]
    """The score that counts of each learner: how many in each tenth of 100 percent."""

    __tablename__ = "quiz_figures"

    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id", ondelete="CASCADE"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), index=True)
    learners: Mapped[int]
    passed: Mapped[int]
    average: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    tenths: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))


class AssignmentFigures(db.Model):  # type: ignore[name-defined]
    """What was handed in of an assignment, by whomever: how many, of them `late`, `waiting` for a grade, and graded but
    `unreleased`; the median of `seconds_until_graded` (None without a grade).

    And the current grades of those who are enrolled: how many are `graded`, their `average` in percent (None without
    any), and how many are in each tenth of 100 percent. Removed assignments have figures too: their work waits on."""

    __tablename__ = "assignment_figures"

    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("assignments.id", ondelete="CASCADE"), primary_key=True
    )
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), index=True)
    handed_in: Mapped[int]
    late: Mapped[int]
    waiting: Mapped[int]
    unreleased: Mapped[int]
    graded: Mapped[int]
    average: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    tenths: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    seconds_until_graded: Mapped[int | None]


class CourseDay(db.Model):  # type: ignore[name-defined]
    """What happened in a course on a day (UTC). `active_ids` are the `active` people who learned, in order: who is active in
    two courses is one person on the site."""

    __tablename__ = "course_days"
    __table_args__ = (Index("ix_course_days_day", "day"),)

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    enrollments: Mapped[int]
    completions: Mapped[int]
    lessons: Mapped[int]
    quizzes: Mapped[int]
    active: Mapped[int]
    active_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))


class LearnerAtRisk(db.Model):  # type: ignore[name-defined]
    """A learner who may not finish, with `reasons` as `rules.Reason` writes them; the heaviest first."""

    __tablename__ = "learners_at_risk"
    __table_args__ = (Index("ix_learners_at_risk_course_id", "course_id", "weight", "enrollment_id"),)

    enrollment_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    course_id: Mapped[int]
    weight: Mapped[int] = mapped_column(SmallInteger)
    reasons: Mapped[list[Any]]


class SiteDay(db.Model):  # type: ignore[name-defined]
    """What happened on the whole site on a day (UTC). `users` and `instructors` are those who joined."""

    __tablename__ = "site_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    users: Mapped[int]
    instructors: Mapped[int]
    enrollments: Mapped[int]
    completions: Mapped[int]
    lessons: Mapped[int]
    quizzes: Mapped[int]
    active: Mapped[int]


class SiteSample(db.Model):  # type: ignore[name-defined]
    """How much there was at the last look on a day (UTC): sizes in bytes, failures that nobody has settled."""

    __tablename__ = "site_samples"

    day: Mapped[date] = mapped_column(primary_key=True)
    courses: Mapped[int]
    files_size: Mapped[int]
    database_size: Mapped[int]
    jobs_failed: Mapped[int]
    emails_failed: Mapped[int]
