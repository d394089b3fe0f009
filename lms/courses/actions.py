"""What people do with courses."""

from datetime import datetime

from lms.accounts import audit
from lms.core import events
from lms.courses import queries, rules
from lms.courses.models import Course


def publish(
    course: Course, by: rules.Person, at: datetime, *, unfit_quizzes: int, circles: int = 0
) -> tuple[str, ...]:
    """Open the course to everyone. Returns what is missing; empty when it is published.

    `unfit_quizzes` is how many of its quizzes can't be taken, `circles` how many times lessons wait for each other; the
    caller has counted both. Publishing twice is
    publishing once. Raises PermissionError when `by` may not publish.
    """
    if not rules.may_publish(by):
        raise PermissionError("only a verified instructor or an admin publishes")
    if course.state == "published":
        return ()
    missing = rules.missing_for_publication(queries.published_lesson_count(course.id), unfit_quizzes, circles)
    if missing:
        return missing
    course.state = "published"
    course.published_at = course.published_at or at
    course.updated_at = at
    events.record("course.published", at, course_id=course.id)
    _note("course.published", course, at)
    return ()


def unpublish(course: Course, at: datetime) -> None:
    """Back to a draft that only its staff sees. Learners keep their enrollment and their work."""
    if course.state == "published":
        course.state = "draft"
        course.updated_at = at
        _note("course.unpublished", course, at)


def _note(action: str, course: Course, at: datetime) -> None:
    audit.record(action, at, subject_kind="course", subject_id=course.id, subject_name=course.title)
