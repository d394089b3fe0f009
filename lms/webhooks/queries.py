"""Endpoints and messages as pages and jobs need them, and what events are about."""

from datetime import datetime

from sqlalchemy import and_, any_, func, literal, select
from sqlalchemy.orm import aliased

from lms.accounts.models import User
from lms.assignments.counted import counted_column
from lms.assignments.models import Assignment, Extension, Submission, SubmissionVersion
from lms.assignments.queries import RULES
from lms.certificates.models import Certificate
from lms.core.db import AnyRow, AnySelect, db
from lms.core.paging import PER_PAGE, Page
from lms.courses.models import Course, Lesson
from lms.learning.models import Enrollment
from lms.quizzes.models import Attempt, Quiz
from lms.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookMessage

STATES = ("delivered", "waiting", "failed")

_WAITING = func.count().filter(WebhookMessage.state == "waiting").label("waiting")
_FAILED = func.count().filter(WebhookMessage.state == "failed").label("failed")
# The few that are not delivered have an index of their own.
_UNSETTLED = WebhookMessage.state != "delivered"
_COURSE = (Course.id.label("course_id"), Course.slug.label("course_slug"), Course.title.label("course_title"))


def endpoints() -> list[AnyRow]:
    """All endpoints with how many of their messages wait and failed."""
    messages = (
        select(_WAITING, _FAILED)
        .where(WebhookMessage.endpoint_id == WebhookEndpoint.id, _UNSETTLED)
        .lateral()
    )
    return list(
        db.session.execute(select(*WebhookEndpoint.__table__.c, messages).order_by(WebhookEndpoint.id)).all()
    )


def endpoint(endpoint_id: int) -> WebhookEndpoint | None:
    """One endpoint, to be shown or changed."""
    return db.session.get(WebhookEndpoint, endpoint_id)


def counts(endpoint_id: int) -> AnyRow:
    """How many of its messages wait and failed, and whether there is any."""
    message = aliased(WebhookMessage)
    there_is = select(message.id).where(message.endpoint_id == endpoint_id).exists()
    return db.session.execute(
        select(_WAITING, _FAILED, there_is.label("any")).where(
            WebhookMessage.endpoint_id == endpoint_id, _UNSETTLED
        )
    ).one()


def messages(endpoint_id: int, state: str, name: str, page: int) -> Page[AnyRow]:
    """Its messages, the newest first; an empty filter shows all."""
    wanted = [WebhookMessage.endpoint_id == endpoint_id]
    if state:
        wanted.append(WebhookMessage.state == state)
    if name:
        wanted.append(WebhookMessage.name == name)
    total = db.session.scalar(select(func.count()).select_from(WebhookMessage).where(*wanted)) or 0
    rows = db.session.execute(
        select(
            WebhookMessage.id,
            WebhookMessage.uid,
            WebhookMessage.name,
            WebhookMessage.state,
            WebhookMessage.attempts,
            WebhookMessage.status,
            WebhookMessage.outcome,
            WebhookMessage.due_at,
            WebhookMessage.created_at,
        )
        .where(*wanted)
        .order_by(WebhookMessage.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return Page(rows, page, total)


def message(endpoint_id: int, message_id: int) -> WebhookMessage | None:
    """One message of that endpoint."""
    return db.session.scalar(
        select(WebhookMessage).where(
            WebhookMessage.id == message_id, WebhookMessage.endpoint_id == endpoint_id
        )
    )


def attempts(message_id: int) -> list[WebhookAttempt]:
    """Its attempts, the newest first."""
    return list(
        db.session.scalars(
            select(WebhookAttempt)
            .where(WebhookAttempt.message_id == message_id)
            .order_by(WebhookAttempt.number.desc())
            .limit(50)
        )
    )


def failed_since(endpoint_id: int, since: datetime) -> AnySelect:
    """The numbers of what failed and happened since then."""
    return select(WebhookMessage.id).where(
        WebhookMessage.endpoint_id == endpoint_id,
        WebhookMessage.state == "failed",
        WebhookMessage.created_at >= since,
    )


def listening(name: str) -> list[AnyRow]:
    """The endpoints that want to hear of such an event now."""
    return list(
        db.session.execute(
            select(WebhookEndpoint.id, WebhookEndpoint.paused_until).where(
                WebhookEndpoint.is_on, literal(name) == any_(WebhookEndpoint.events)
            )
        ).all()
    )


def user(user_id: int) -> AnyRow | None:
    """Who registered."""
    return _one(select(User.id, User.role, User.created_at).where(User.id == user_id))


def enrollment(enrollment_id: int) -> AnyRow | None:
    """Who is enrolled in what."""
    return _one(
        select(Enrollment.id, Enrollment.user_id, Enrollment.enrolled_at, Enrollment.completed_at, *_COURSE)
        .join(Course, Course.id == Enrollment.course_id)
        .where(Enrollment.id == enrollment_id)
    )


def lesson(lesson_id: int) -> AnyRow | None:
    """What was completed."""
    return _one(select(Lesson.id, Lesson.slug, Lesson.title).where(Lesson.id == lesson_id))


def attempt(attempt_id: int) -> AnyRow | None:
    """What was handed in, and its outcome."""
    return _one(
        select(
            Attempt.id,
            Attempt.number,
            Attempt.submitted_at,
            Attempt.closed_by,
            Attempt.state,
            Attempt.percent,
            Attempt.passed,
            Attempt.enrollment_id,
            Attempt.user_id,
            Attempt.quiz_id,
            Quiz.slug.label("quiz_slug"),
            Quiz.title.label("quiz_title"),
            *_COURSE,
        )
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Course, Course.id == Quiz.course_id)
        .where(Attempt.id == attempt_id)
    )


def submission(submission_id: int, number: int) -> AnyRow | None:
    """What was handed in as `number`, and its grade, with the rules that made it."""
    return _one(
        select(
            Submission.id,
            SubmissionVersion.number,
            SubmissionVersion.submitted_at,
            counted_column("submission_versions").label("counts_from"),
            SubmissionVersion.points,
            SubmissionVersion.out_of,
            Submission.enrollment_id,
            Submission.user_id,
            Assignment.id.label("assignment_id"),
            Assignment.slug.label("assignment_slug"),
            Assignment.title.label("assignment_title"),
            *RULES,
            func.coalesce(Extension.extra_days, 0).label("extra_days"),
            Enrollment.enrolled_at,
            *_COURSE,
        )
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .join(Enrollment, Enrollment.id == Submission.enrollment_id)
        .join(SubmissionVersion, SubmissionVersion.submission_id == Submission.id)
        .join(Course, Course.id == Assignment.course_id)
        .outerjoin(
            Extension, and_(Extension.assignment_id == Assignment.id, Extension.user_id == Submission.user_id)
        )
        .where(Submission.id == submission_id, SubmissionVersion.number == number)
    )


def certificate(certificate_id: int) -> AnyRow | None:
    """A certificate; the name on it is not among the facts."""
    return _one(
        select(
            Certificate.number,
            Certificate.issued_at,
            Certificate.completed_on,
            Certificate.revoked_at,
            Certificate.enrollment_id,
            Certificate.user_id,
            *_COURSE,
        )
        .join(Course, Course.id == Certificate.course_id)
        .where(Certificate.id == certificate_id)
    )


def course(course_id: int) -> AnyRow | None:
    """What was published."""
    return _one(
        select(*_COURSE, Course.level, Course.language, Course.published_at).where(Course.id == course_id)
    )


def _one(statement: AnySelect) -> AnyRow | None:
    return db.session.execute(statement).one_or_none()
