"""Reads of assignments for those who learn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Row, and_, bindparam, func, literal, or_, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from lms.accounts.models import User
from lms.assignments import rules
from lms.assignments.counted import counted_column
from lms.assignments.models import Assignment, Extension, Submission, SubmissionFile, SubmissionVersion
from lms.core.db import db, read
from lms.core.prepared import Prepared
from lms.courses.models import Course, Lesson
from lms.files.models import StoredFile
from lms.learning.decisions import Decision, decided_column
from lms.learning.models import Enrollment

Facts = Row[*tuple[Any, ...]]

RULES = (
    Assignment.max_points,
    Assignment.due_at,
    Assignment.closes_at,
    Assignment.time_zone,
    Assignment.late_policy,
    Assignment.late_percent,
    Assignment.max_attempts,
    Assignment.passing_percent,
)
"""What `rules.Terms` are made of."""

_graded = aliased(SubmissionVersion, name="graded")
_newest = (
    select(_graded.points, _graded.out_of, counted_column("graded").label("counts_from"), _graded.number)
    .where(
        _graded.submission_id == Submission.id,
        _graded.graded_at.is_not(None),
        _graded.released_at.is_not(None),
    )
    .order_by(_graded.number.desc())
    .limit(1)
    .correlate(Submission)
    .lateral("newest")
)
GRADE = (
    _newest.c.points.label("given"),
    _newest.c.out_of,
    _newest.c.counts_from.label("graded_work_at"),
    _newest.c.number.label("graded_number"),
)
"""The grade that counts: the newest that its learner may see, and when that work counts as handed in."""
NEWEST = _newest


@dataclass(frozen=True, slots=True)
class Line:
    """An assignment of a lesson as one learner stands in it."""

    slug: str
    title: str
    max_points: Any
    is_required: bool
    terms: rules.Terms
    state: str | None
    result: rules.Result | None
    decision: Decision | None

    @property
    def is_asked(self) -> bool:
        """Whether the lesson asks for it: not of who never could hand it in."""
        return self.is_required and not self.terms.was_closed

    @property
    def is_done(self) -> bool:
        return rules.is_done(self.terms, self.state, self.result, self.decision)


_ENROLLED = and_(Enrollment.course_id == Assignment.course_id, Enrollment.user_id == bindparam("user_id"))
_DECIDED = decided_column("assignment", "assignments", "enrollments.id").label("decided")
_EXTENDED = and_(Extension.assignment_id == Assignment.id, Extension.user_id == bindparam("user_id"))

_OF_LESSON = Prepared(
    select(
        func.coalesce(Extension.extra_days, 0).label("extra_days"),
        Enrollment.enrolled_at,
        Assignment.slug,
        Assignment.title,
        Assignment.is_required,
        *RULES,
        Submission.state,
        Submission.number,
        _DECIDED,
        *GRADE,
    )
    .select_from(Assignment)
    .outerjoin(Enrollment, _ENROLLED)
    .outerjoin(
        Submission,
        and_(Submission.assignment_id == Assignment.id, Submission.user_id == bindparam("user_id")),
    )
    .outerjoin(NEWEST, literal(True))
    .outerjoin(Extension, _EXTENDED)
    .where(
        Assignment.lesson_id == bindparam("lesson_id"),
        Assignment.removed_at.is_(None),
        # A brief that says nothing yet asks nothing of anybody.
        or_(Assignment.body_html != "", Submission.id.is_not(None)),
    )
    .order_by(Assignment.position, Assignment.id)
)


def of_lesson(lesson_id: int, user_id: int) -> Sequence[Line]:
    """The assignments of a lesson, without their texts, and how the learner stands in each."""
    return [_line(row) for row in _OF_LESSON.all(lesson_id=lesson_id, user_id=user_id)]


def result_of(row: Any) -> rules.Result | None:
    """The result of a row with RULES and GRADE; None without a grade that its learner may see."""
    if row.given is None:
        return None
    return rules.result(rules.Terms.of(row).as_graded(row.out_of), row.given, row.graded_work_at)


def _line(row: Any) -> Line:
    shown = state_for_learner(row.state, row.number, row.graded_number)
    terms = rules.Terms.of(row)
    facts = (row.slug, row.title, row.max_points, row.is_required, terms, shown, result_of(row))
    return Line(*facts, Decision.of(row.decided))


def state_for_learner(state: str | None, number: int | None, graded_number: int | None) -> str | None:
    """A grade that is not released yet looks to its learner like work that waits."""
    if state == "graded" and graded_number != number:
        return "resubmitted" if number and number > 1 else "submitted"
    return state


_FILES = (
    select(
        func.coalesce(
            func.json_agg(
                aggregate_order_by(
                    func.json_build_array(
                        SubmissionFile.number, SubmissionFile.id, SubmissionFile.name, StoredFile.size
                    ),
                    SubmissionFile.id,
                )
            ),
            literal([], JSON),
        )
    )
    .join(StoredFile, StoredFile.id == SubmissionFile.file_id)
    .where(SubmissionFile.submission_id == Submission.id)
    .correlate(Submission)
    .scalar_subquery()
    .label("files")
)
_BRIEF_AND_WORK = (
    select(
        Assignment.id,
        Assignment.slug,
        Assignment.title,
        Assignment.body_html,
        Assignment.rubric,
        Assignment.is_required,
        func.coalesce(Extension.extra_days, 0).label("extra_days"),
        Enrollment.enrolled_at,
        Assignment.takes_text,
        Assignment.takes_files,
        Assignment.removed_at,
        *RULES,
        Submission.id.label("submission_id"),
        Submission.state,
        func.coalesce(Submission.number, 0).label("number"),
        func.coalesce(Submission.draft, "").label("draft"),
        func.coalesce(Submission.draft_seq, 0).label("draft_seq"),
        Submission.draft_saved_at,
        Submission.submitted_at,
        _FILES,
        _DECIDED,
        *GRADE,
    )
    .select_from(Assignment)
    .outerjoin(Enrollment, _ENROLLED)
    .outerjoin(
        Submission,
        and_(Submission.assignment_id == Assignment.id, Submission.user_id == bindparam("user_id")),
    )
    .outerjoin(NEWEST, literal(True))
    .outerjoin(Extension, _EXTENDED)
)
_BRIEF = (
    _BRIEF_AND_WORK.where(
        Assignment.lesson_id == bindparam("lesson_id"),
        Assignment.slug == bindparam("slug"),
        # What was taken out is still there for who wrote something, to be read.
        or_(Assignment.removed_at.is_(None), Submission.id.is_not(None)),
    )
    .order_by(Assignment.removed_at.desc().nulls_first())
    .limit(1)
)


def brief(lesson_id: int, slug: str, user_id: int = 0) -> Facts | None:
    """One assignment with its text and rubric, and the learner's work on it."""
    return db.session.execute(
        _BRIEF, {"lesson_id": lesson_id, "slug": slug, "user_id": user_id}
    ).one_or_none()


_OWN_WORK = (
    _BRIEF_AND_WORK.join(Lesson, Lesson.id == Assignment.lesson_id)
    .join(Course, Course.id == Assignment.course_id)
    .add_columns(
        Lesson.slug.label("lesson_slug"),
        Course.slug.label("course_slug"),
        Course.title.label("course_title"),
        Course.language,
        and_(Assignment.removed_at.is_(None), Lesson.removed_at.is_(None), Lesson.is_published).label(
            "is_asked_for"
        ),
    )
    .where(Submission.number > 0, Course.removed_at.is_(None))
)
_BY_ID = _OWN_WORK.where(Submission.id == bindparam("submission_id"))
_BY_PLACE = (
    _OWN_WORK.where(
        Course.slug == bindparam("course"),
        Lesson.slug == bindparam("lesson"),
        Assignment.slug == bindparam("slug"),
    )
    .order_by(Lesson.removed_at.desc().nulls_first(), Assignment.removed_at.desc().nulls_first())
    .limit(1)
)


def own_work(submission_id: int, user_id: int) -> Facts | None:
    """What a learner handed in, with its brief and course, wherever these are now; theirs alone."""
    return db.session.execute(_BY_ID, {"submission_id": submission_id, "user_id": user_id}).one_or_none()


def own_work_at(course: str, lesson: str, slug: str, user_id: int) -> Facts | None:
    """The same by where it was once asked for, also when that lesson is gone."""
    place = {"course": course, "lesson": lesson, "slug": slug, "user_id": user_id}
    return db.session.execute(_BY_PLACE, place).one_or_none()


_returner = aliased(User, name="returner")
_VERSIONS = (
    select(
        SubmissionVersion.number,
        SubmissionVersion.text,
        SubmissionVersion.submitted_at,
        SubmissionVersion.points,
        SubmissionVersion.out_of,
        SubmissionVersion.rubric,
        SubmissionVersion.choices,
        SubmissionVersion.feedback,
        SubmissionVersion.graded_at,
        SubmissionVersion.returned_at,
        SubmissionVersion.released_at,
        SubmissionVersion.seen,
        User.name.label("graded_by"),
        _returner.name.label("seen_by"),
    )
    .outerjoin(User, User.id == SubmissionVersion.graded_by_id)
    .outerjoin(_returner, _returner.id == SubmissionVersion.seen["by"].as_integer())
    .where(SubmissionVersion.submission_id == bindparam("submission_id"))
    .order_by(SubmissionVersion.number.desc())
)


def versions(submission_id: int) -> Sequence[Facts]:
    """Everything that was handed in, newest first. What is not released is for staff alone."""
    return read(_VERSIONS, submission_id=submission_id).all()


_WAITING = text("""
    select a.course_id, count(*) as works
      from submissions s join assignments a on a.id = s.assignment_id
     where a.course_id = any(:course_ids) and s.state in ('submitted', 'resubmitted')
     group by a.course_id
""")


def waiting(course_ids: Sequence[int]) -> dict[int, int]:
    """How many submissions wait for a person, by course; courses without any are left out."""
    rows = db.session.execute(_WAITING, {"course_ids": list(course_ids)})
    return {row.course_id: row.works for row in rows}
