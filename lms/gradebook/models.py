"""How the grades of a course are counted together, and where a person decided otherwise."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, db

_ONE = "num_nonnulls(quiz_id, assignment_id) = 1"


class GradeCategory(db.Model):  # type: ignore[name-defined]
    """A part of the course's grade. `weight` is relative to the other categories; of each learner's grades in it the
    `drop_lowest` are left out."""

    __tablename__ = "grade_categories"
    __table_args__ = (
        CheckConstraint("weight between 0 and 1000", name="weight"),
        CheckConstraint("drop_lowest between 0 and 100", name="drop_lowest"),
    )

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    weight: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    drop_lowest: Mapped[int] = mapped_column(SmallInteger, default=0)
    position: Mapped[int]


class GradePlace(db.Model):  # type: ignore[name-defined]
    """The category of a quiz or an assignment."""

    __tablename__ = "grade_places"
    __table_args__ = (
        CheckConstraint(_ONE, name="one"),
        UniqueConstraint("quiz_id"),
        UniqueConstraint("assignment_id"),
    )

    id: Mapped[Id]
    category_id: Mapped[int] = mapped_column(
        ForeignKey("grade_categories.id", ondelete="CASCADE"), index=True
    )
    quiz_id: Mapped[int | None] = mapped_column(ForeignKey("quizzes.id", ondelete="CASCADE"))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id", ondelete="CASCADE"))


class GradeOverride(db.Model):  # type: ignore[name-defined]
    """What a person decided about one grade of one learner: another percent, or that it does not count."""

    __tablename__ = "grade_overrides"
    __table_args__ = (
        CheckConstraint(_ONE, name="one"),
        CheckConstraint("is_excused = (percent is null)", name="percent"),
        CheckConstraint("percent between 0 and 100", name="range"),
        UniqueConstraint("enrollment_id", "quiz_id"),
        UniqueConstraint("enrollment_id", "assignment_id"),
        Index("ix_grade_overrides_by_id", "by_id", postgresql_where="by_id is not null"),
    )

    id: Mapped[Id]
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollments.id", ondelete="CASCADE"))
    quiz_id: Mapped[int | None] = mapped_column(ForeignKey("quizzes.id", ondelete="CASCADE"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(
        ForeignKey("assignments.id", ondelete="CASCADE"), index=True
    )
    percent: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    is_excused: Mapped[bool]
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    at: Mapped[datetime]
