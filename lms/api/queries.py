"""Tokens, and what the API tells of courses, learners and results. Every list goes up by id from `after`."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, literal, or_, select, text, true

from lms.accounts.models import User
from lms.accounts.passwords import fingerprint
from lms.api.models import ApiToken
from lms.certificates.models import Certificate
from lms.core.db import AnyRow, AnySelect, db
from lms.courses.models import Course, Lesson, Module
from lms.courses.queries import teaches
from lms.learning.models import Enrollment
from lms.learning.queries import REQUIRED, state_at
from lms.learning.rules import READERS
from lms.quizzes.queries import TERMS, offered_sql

_MAKER = User.__table__.alias("maker")


def bearer(token: str) -> AnyRow | None:
    """The token with who it belongs to: `user_id`, `role` and the rest are None for a service."""
    return db.session.execute(
        select(
            ApiToken.id,
            ApiToken.name,
            ApiToken.scopes,
            ApiToken.expires_at,
            ApiToken.revoked_at,
            ApiToken.last_used_on,
            ApiToken.user_id,
            User.name.label("user_name"),
            User.email,
            User.role,
            User.is_active,
            User.totp_confirmed_at,
        )
        .outerjoin(User, User.id == ApiToken.user_id)
        .where(ApiToken.token_hash == fingerprint(token))
    ).one_or_none()


def tokens_of(user_id: int | None, at: datetime) -> Sequence[AnyRow]:
    """Working tokens of a person, or of all services (None), the newest first."""
    mine = ApiToken.user_id.is_(None) if user_id is None else ApiToken.user_id == user_id
    return db.session.execute(
        select(
            ApiToken.id,
            ApiToken.name,
            ApiToken.ending,
            ApiToken.scopes,
            ApiToken.created_at,
            ApiToken.expires_at,
            ApiToken.last_used_on,
            _MAKER.c.name.label("maker"),
        )
        .outerjoin(_MAKER, _MAKER.c.id == ApiToken.created_by_id)
        .where(mine, ApiToken.revoked_at.is_(None), ApiToken.expires_at > at)
        .order_by(ApiToken.id.desc())
    ).all()


def user_by_email(email: str) -> AnyRow | None:
    """Id and name of the account with this address, if somebody may sign in with it."""
    return db.session.execute(
        select(User.id, User.name).where(func.lower(User.email) == email.lower(), User.is_active)
    ).one_or_none()


_COURSE = (
    Course.id,
    Course.slug,
    Course.title,
    Course.summary,
    Course.category,
    Course.tags,
    Course.level,
    Course.language,
    Course.license,
    Course.state,
    Course.access,
    Course.lesson_count.label("lessons"),
    Course.minutes,
    Course.enrollment_count.label("learners"),
    Course.starts_at,
    Course.ends_at,
    Course.published_at,
)


def courses(scope: ColumnElement[bool], after: int, limit: int) -> Sequence[AnyRow]:
    """Courses within a scope."""
    return db.session.execute(
        select(*_COURSE)
        .where(scope, Course.removed_at.is_(None), Course.id > after)
        .order_by(Course.id)
        .limit(limit)
    ).all()


def course(scope: ColumnElement[bool], slug: str) -> AnyRow | None:
    """A course within a scope."""
    return db.session.execute(
        select(*_COURSE).where(scope, Course.removed_at.is_(None), Course.slug == slug)
    ).one_or_none()


def published() -> ColumnElement[bool]:
    """The scope of everyone."""
    return Course.state == "published"


def taught(user_id: int | None, *, everything: bool) -> ColumnElement[bool]:
    """The scope of who teaches, or of admins and services."""
    if everything:
        return true()
    return teaches(user_id) if user_id is not None else false()


def learnt(user_id: int | None) -> ColumnElement[bool]:
    """The scope of a learner: courses that they are in and that are not drafts again."""
    if user_id is None:
        return false()
    return and_(
        Course.state != "draft",
        select(literal(1))
        .where(
            Enrollment.course_id == Course.id,
            Enrollment.user_id == user_id,
            Enrollment.state.in_(READERS),
        )
        .correlate(Course)
        .exists(),
    )


def any_of(*scopes: ColumnElement[bool]) -> ColumnElement[bool]:
    """What one of the scopes holds."""
    return or_(*scopes)


def outline(course_id: int, *, with_unpublished: bool) -> Sequence[AnyRow]:
    """The lessons in their order, without their texts."""
    shown = true() if with_unpublished else Lesson.is_published
    return db.session.execute(
        select(
            Module.slug.label("module_slug"),
            Module.title.label("module_title"),
            Lesson.slug,
            Lesson.title,
            Lesson.minutes,
            Lesson.is_required.label("required"),
            Lesson.is_preview.label("preview"),
            Lesson.is_published.label("published"),
        )
        .join(Module, Module.id == Lesson.module_id)
        .where(Lesson.course_id == course_id, Lesson.removed_at.is_(None), shown)
        .order_by(Lesson.position, Lesson.id)
    ).all()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of a course's list: behind the cursor, of one learner (an address), changed since then."""

    after: int
    limit: int
    learner: str | None = None
    since: datetime | None = None

    def of(self, changed: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        """The conditions; `changed` is when a row was."""
        who = [] if self.learner is None else [func.lower(User.email) == self.learner.lower()]
        return [*who, *([] if self.since is None else [changed >= self.since])]


# Adding a lesson changes everybody's percent, and nobody's row: what a learner did is what is dated.
_MOVED = func.greatest(
    Enrollment.enrolled_at,
    Enrollment.completed_at,
    Enrollment.dropped_at,
    Enrollment.last_active_at,
    REQUIRED.c.moved_at,
)
_ENROLLMENTS: AnySelect = (
    select(
        Enrollment.id,
        Course.slug.label("course"),
        Course.title,
        state_at(func.now()).label("state"),
        Enrollment.enrolled_at,
        Enrollment.completed_at,
        Enrollment.last_active_at,
        _MOVED.label("updated_at"),
        REQUIRED.c.required,
        REQUIRED.c.completed,
        User.id.label("learner_id"),
        User.name.label("learner_name"),
        User.email.label("learner_email"),
    )
    .select_from(Enrollment)
    .join(Course, Course.id == Enrollment.course_id)
    .join(User, User.id == Enrollment.user_id)
    .join(REQUIRED, true())
    .order_by(Enrollment.id)
)


def enrollments_of(user_id: int, after: int, limit: int) -> Sequence[AnyRow]:
    """A learner's courses with what is completed and required in them."""
    mine = (Enrollment.user_id == user_id, Course.state != "draft", Enrollment.id > after)
    return db.session.execute(_ENROLLMENTS.where(*mine).limit(limit)).all()


def enrollments_in(course_id: int, wanted: Wanted) -> Sequence[AnyRow]:
    """The learners of a course, those who left among them."""
    theirs = (Enrollment.course_id == course_id, Enrollment.id > wanted.after, *wanted.of(_MOVED))
    return db.session.execute(_ENROLLMENTS.where(*theirs).limit(wanted.limit)).all()


def learners_in(course_id: int, wanted: Wanted) -> Sequence[AnyRow]:
    """Who learns in a course, without those who left."""
    return db.session.execute(
        select(
            Enrollment.id,
            Enrollment.enrolled_at,
            User.id.label("learner_id"),
            User.name.label("learner_name"),
            User.email.label("learner_email"),
        )
        .join(User, User.id == Enrollment.user_id)
        .where(
            Enrollment.course_id == course_id,
            Enrollment.state.in_(READERS),
            Enrollment.id > wanted.after,
            *wanted.of(Enrollment.enrolled_at.expression),
        )
        .order_by(Enrollment.id)
        .limit(wanted.limit)
    ).all()


_REISSUED = func.greatest(Certificate.issued_at, Certificate.renewed_at, Certificate.revoked_at)
_CERTIFICATES: AnySelect = (
    select(
        Certificate.id,
        Certificate.number,
        Certificate.recipient,
        Course.slug.label("course"),
        Certificate.course_title,
        Certificate.completed_on,
        Certificate.issued_at,
        Certificate.revoked_at,
        _REISSUED.label("updated_at"),
        User.id.label("learner_id"),
        User.name.label("learner_name"),
        User.email.label("learner_email"),
    )
    .select_from(Certificate)
    .join(User, User.id == Certificate.user_id)
    .outerjoin(Course, Course.id == Certificate.course_id)
    .order_by(Certificate.id)
)


def certificates_of(user_id: int, after: int, limit: int) -> Sequence[AnyRow]:
    """A person's certificates, the revoked among them."""
    mine = (Certificate.user_id == user_id, Certificate.id > after)
    return db.session.execute(_CERTIFICATES.where(*mine).limit(limit)).all()


def certificates_in(course_id: int, wanted: Wanted) -> Sequence[AnyRow]:
    """The certificates that a course gave, the revoked among them."""
    theirs = (Certificate.course_id == course_id, Certificate.id > wanted.after, *wanted.of(_REISSUED))
    return db.session.execute(_CERTIFICATES.where(*theirs).limit(wanted.limit)).all()


# Only what was handed in; never an answer. `terms` decide whether the learner may know the score yet.
_GRADES = f"""
    select a.id, c.slug as course, l.slug as lesson, q.slug as quiz, q.title, a.number as attempt, a.state,
           a.submitted_at, a.percent, a.passed, m.updated_at, {TERMS},
           u.id as learner_id, u.name as learner_name, u.email as learner_email
      from attempts a
      join quizzes q on q.id = a.quiz_id
      join lessons l on l.id = q.lesson_id
      join courses c on c.id = q.course_id
      join users u on u.id = a.user_id
      left join accommodations x on x.quiz_id = q.id and x.user_id = a.user_id
      cross join lateral (select greatest(
          a.submitted_at,
          (select max(n.marked_at) from answers n where n.attempt_id = a.id),
          (select max(greatest(g.applied_at, g.undone_at)) from regrade_changes k
             join regrades g on g.id = k.regrade_id where k.attempt_id = a.id)) as updated_at) m
     where a.state <> 'open' and a.id > :after and {{scope}}
     order by a.id limit :limit
"""  # noqa: S608 - our own words
_OWN_GRADES = text(
    _GRADES.format(
        scope=f"a.user_id = :user_id and c.state <> 'draft' and {offered_sql('q', 'l')}"
        " and (cast(:course as text) is null or c.slug = :course)"
    )
)
_COURSES_GRADES = text(
    _GRADES.format(
        scope="q.course_id = :course_id"
        " and (cast(:learner as text) is null or lower(u.email) = lower(:learner))"
        " and (cast(:since as timestamptz) is null or m.updated_at >= :since)"
    )
)


def grades_of(user_id: int, course: str | None, after: int, limit: int) -> Sequence[Any]:
    """What a learner handed in, of what their courses still offer."""
    values = {"user_id": user_id, "course": course, "after": after, "limit": limit}
    return db.session.execute(_OWN_GRADES, values).all()


def grades_in(course_id: int, wanted: Wanted) -> Sequence[Any]:
    """What the learners of a course handed in."""
    return db.session.execute(_COURSES_GRADES, {"course_id": course_id, **asdict(wanted)}).all()


def enrollment_id(course_id: int, user_id: int) -> int | None:
    """The number of a learner's place in a course."""
    return db.session.scalar(
        select(Enrollment.id).where(Enrollment.course_id == course_id, Enrollment.user_id == user_id)
    )
