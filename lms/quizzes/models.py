"""Quizzes, versioned questions, attempts and their answers."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    Text,
    UniqueConstraint,
    false,
    func,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, db


class Quiz(db.Model):  # type: ignore[name-defined]
    """A quiz of a lesson. Times in seconds, scores in percent; None means no limit.

    Until it is published there is no quiz for learners; what they did before it was hidden stays.
    """

    __tablename__ = "quizzes"
    __table_args__ = (
        UniqueConstraint("course_id", "source_id"),
        CheckConstraint("mode in ('practice', 'graded')", name="mode"),
        CheckConstraint("counts in ('best', 'last', 'average')", name="counts"),
        CheckConstraint("reveal in ('submission', 'close', 'never')", name="reveal"),
        CheckConstraint("reveal_score in ('submission', 'close')", name="reveal_score"),
        CheckConstraint("opens_at < closes_at", name="window"),
        CheckConstraint("passing_percent between 0 and 100", name="passing_percent"),
    )

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), index=True)
    source_id: Mapped[str]
    slug: Mapped[str]
    title: Mapped[str]
    mode: Mapped[str] = mapped_column(default="graded")
    is_required: Mapped[bool] = mapped_column(default=True)
    is_published: Mapped[bool] = mapped_column(default=True, server_default=true())
    passing_percent: Mapped[Decimal] = mapped_column(Numeric(5, 2), default=Decimal(70))
    time_limit: Mapped[int | None] = mapped_column(Integer)
    max_attempts: Mapped[int | None] = mapped_column(Integer)
    counts: Mapped[str] = mapped_column(default="best")
    shuffle_questions: Mapped[bool] = mapped_column(default=False)
    shuffle_options: Mapped[bool] = mapped_column(default=True)
    one_per_page: Mapped[bool] = mapped_column(default=False)
    reveal: Mapped[str] = mapped_column(default="submission")
    reveal_score: Mapped[str] = mapped_column(default="submission", server_default="submission")
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    position: Mapped[int]
    removed_at: Mapped[datetime | None]


class Question(db.Model):  # type: ignore[name-defined]
    """A place in a quiz, or in the bank of a course; what is asked there stands in its versions.

    `origin_id` is the question of the bank that it was copied from, or that was made from it.
    """

    __tablename__ = "questions"
    __table_args__ = (
        UniqueConstraint("quiz_id", "source_id"),
        Index(
            "uq_questions_course_id_source_id",
            "course_id",
            "source_id",
            unique=True,
            postgresql_where="course_id is not null",
        ),
        Index("ix_questions_origin_id", "origin_id", postgresql_where="origin_id is not null"),
        CheckConstraint("points >= 0", name="points"),
        CheckConstraint("num_nonnulls(quiz_id, course_id) = 1", name="home"),
    )

    id: Mapped[Id]
    quiz_id: Mapped[int | None] = mapped_column(ForeignKey("quizzes.id", ondelete="CASCADE"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id", ondelete="SET NULL"))
    source_id: Mapped[str]
    title: Mapped[str] = mapped_column(default="", server_default="")
    category: Mapped[str] = mapped_column(default="", server_default="")
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    position: Mapped[int]
    points: Mapped[Decimal] = mapped_column(Numeric(8, 2), default=Decimal(1))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("question_versions.id", use_alter=True))
    removed_at: Mapped[datetime | None]


class QuizDraw(db.Model):  # type: ignore[name-defined]
    """So many questions of the bank that carry all of `tags`, drawn anew for each attempt, each for `points`."""

    __tablename__ = "quiz_draws"
    __table_args__ = (
        CheckConstraint("count between 1 and 500", name="count"),
        CheckConstraint("points >= 0", name="points"),
    )

    id: Mapped[Id]
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    count: Mapped[int] = mapped_column(SmallInteger)
    points: Mapped[Decimal] = mapped_column(Numeric(8, 2), default=Decimal(1), server_default="1")


class QuestionVersion(db.Model):  # type: ignore[name-defined]
    """What was asked and what was right, never changed. `content` may be seen by the learner, `key` not."""

    __tablename__ = "question_versions"
    __table_args__ = (UniqueConstraint("question_id", "number"),)

    id: Mapped[Id]
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(SmallInteger, default=1)
    kind: Mapped[str]
    content: Mapped[dict[str, Any]]
    key: Mapped[dict[str, Any]]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Attempt(db.Model):  # type: ignore[name-defined]
    """One sitting. `layout` pins what was asked, in which order:
    `[{"question": id, "version": id, "points": "1.00", "options": ["2", "1"]}, ...]`, one a slot.

    A slot whose question was drawn has the tags of the `draw`. After a regrade a slot has the `key` that graded it (a
    version), and `kept` when a better grade by an earlier key was kept. A question that was set aside has the decision
    `aside` (a row of `set_asides`) and what it says (`how`); `declined` is a worth that would have lowered the percent.
    `flags` are the slots that the learner marked to look at again."""

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("quiz_id", "user_id", "number"),
        Index("uq_attempts_open", "quiz_id", "user_id", unique=True, postgresql_where="state = 'open'"),
        Index(
            "ix_attempts_due", "deadline_at", postgresql_where="state = 'open' and deadline_at is not null"
        ),
        Index("ix_attempts_user_id", "user_id"),
        Index("ix_attempts_to_mark", "quiz_id", "submitted_at", postgresql_where="state = 'needs_grading'"),
        CheckConstraint("state in ('open', 'graded', 'needs_grading')", name="state"),
        CheckConstraint("closed_by in ('learner', 'deadline')", name="closed_by"),
    )

    id: Mapped[Id]
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollments.id", ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str] = mapped_column(default="open")
    layout: Mapped[list[Any]]
    flags: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
    score: Mapped[Decimal | None] = mapped_column(Numeric(12, 6))
    points: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    percent: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    passed: Mapped[bool | None]


class Answer(db.Model):  # type: ignore[name-defined]
    """The newest answer to one slot. `seq` is given by the browser, so that late repeats never win.

    An essay that a person graded has `marked_at`, and in `feedback` (Markdown) what they said about it."""

    __tablename__ = "answers"
    __table_args__ = (
        Index("ix_answers_marked_by_id", "marked_by_id", postgresql_where="marked_by_id is not null"),
    )

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id", ondelete="CASCADE"), primary_key=True)
    slot: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    response: Mapped[dict[str, Any] | None]
    seq: Mapped[int]
    saved_at: Mapped[datetime]
    fraction: Mapped[Decimal | None] = mapped_column(Numeric(7, 6))
    state: Mapped[str | None]
    feedback: Mapped[str | None]
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    marked_at: Mapped[datetime | None]


class Accommodation(db.Model):  # type: ignore[name-defined]
    """What one learner gets beyond the rules of one quiz. A window of its own takes the place of the quiz's; `after_end`
    lets it reach past the end of the course (`windows`)."""

    __tablename__ = "accommodations"
    __table_args__ = (
        UniqueConstraint("quiz_id", "user_id"),
        CheckConstraint("extra_percent between 0 and 900", name="extra_percent"),
        CheckConstraint("extra_minutes between 0 and 10080", name="extra_minutes"),
        CheckConstraint("extra_attempts between 0 and 100", name="extra_attempts"),
        CheckConstraint("opens_at < closes_at", name="window"),
    )

    id: Mapped[Id]
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    extra_percent: Mapped[int] = mapped_column(SmallInteger, default=0)
    extra_minutes: Mapped[int] = mapped_column(SmallInteger, default=0)
    extra_attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    untimed: Mapped[bool] = mapped_column(default=False)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    after_end: Mapped[bool] = mapped_column(default=False, server_default=false())
    reason: Mapped[str]
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime]


class SetAside(db.Model):  # type: ignore[name-defined]
    """A decision that a question of a quiz does not count as it was answered: everybody has `full` points for it, or it
    is left `out` of the score. Learners may read the reason. With `version_id` only for attempts that saw that version.

    It stands until it is taken back, and is kept then: attempts that were regraded by it name it."""

    __tablename__ = "set_asides"
    __table_args__ = (
        Index("ix_set_asides_quiz_id_question_id", "quiz_id", "question_id"),
        Index(
            "uq_set_asides_standing",
            "quiz_id",
            "question_id",
            "version_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where="taken_back_at is null",
        ),
        CheckConstraint("how in ('full', 'out')", name="how"),
    )

    id: Mapped[Id]
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), index=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("question_versions.id", ondelete="CASCADE"))
    how: Mapped[str]
    reason: Mapped[str]
    set_at: Mapped[datetime]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    taken_back_at: Mapped[datetime | None]


class Regrade(db.Model):  # type: ignore[name-defined]
    """Attempts graded again by what holds now, as one step that can be undone as one step."""

    __tablename__ = "regrades"
    __table_args__ = (CheckConstraint("rule in ('all', 'raise')", name="rule"),)

    id: Mapped[Id]
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id", ondelete="CASCADE"), index=True)
    rule: Mapped[str]
    applied_at: Mapped[datetime]
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class RegradeChange(db.Model):  # type: ignore[name-defined]
    """One attempt before and after: `{"state", "score", "points", "percent", "passed", "slots": {"3": {"fraction",
    "state", "key", "kept", "points", "aside", "how", "declined"}}}`, numbers as text. Rows of earlier releases say nothing
    of points and of what was set aside: those regrades changed neither."""

    __tablename__ = "regrade_changes"

    regrade_id: Mapped[int] = mapped_column(ForeignKey("regrades.id", ondelete="CASCADE"), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(
        ForeignKey("attempts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
