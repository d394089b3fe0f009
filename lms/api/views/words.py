"""Rows as the API tells them."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import current_app
from sqlalchemy import Row

from lms.core import web
from lms.gradebook.queries import Book
from lms.gradebook.standing import Standing
from lms.learning.rules import progress_percent
from lms.quizzes.rules import is_shown


def plain(value: Any) -> Any:
    """Times as RFC 3339 says, in UTC."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def _picked(row: Row[Any], *names: str) -> dict[str, Any]:
    return {name: plain(getattr(row, name)) for name in names}


def learner(row: Row[Any]) -> dict[str, Any]:
    """Whose row it is, for those who teach."""
    return {"learner": {"id": row.learner_id, "name": row.learner_name, "email": row.learner_email}}


COURSE = (
    "id",
    "slug",
    "title",
    "summary",
    "category",
    "tags",
    "level",
    "language",
    "license",
    "state",
    "access",
    "lessons",
    "minutes",
    "learners",
    "starts_at",
    "ends_at",
    "published_at",
)


def course(row: Row[Any]) -> dict[str, Any]:
    """A course without its texts, and never the code that opens it."""
    return _picked(row, *COURSE) | {"url": web.absolute_url("courses.show", slug=row.slug)}


def progress(row: Row[Any]) -> dict[str, Any]:
    """Counts of required lessons; who completed a course stays at 100 % when lessons are added."""
    done = row.completed_at is not None
    return {
        "lessons_required": row.required,
        "lessons_completed": row.completed,
        "percent": 100 if done else progress_percent(row.completed, row.required),
    }


def enrollment(row: Row[Any]) -> dict[str, Any]:
    """Somebody's place in a course."""
    names = ("id", "course", "title", "state", "enrolled_at", "completed_at", "last_active_at", "updated_at")
    return _picked(row, *names) | progress(row)


def certificate(row: Row[Any]) -> dict[str, Any]:
    """What the public page of the certificate says too."""
    names = ("id", "number", "recipient", "course", "course_title")
    dates = ("completed_on", "issued_at", "revoked_at", "updated_at")
    return _picked(row, *names, *dates) | {
        "verify_url": web.absolute_url("certificates.verify", number=row.number)
    }


def grade(row: Any, at: datetime, *, to_staff: bool) -> dict[str, Any]:
    """What came of an attempt. A learner is told no sooner than on the page of the result."""
    grace = timedelta(seconds=current_app.config["LECTERN"].answer_grace_seconds)
    shown = to_staff or is_shown(row.reveal_score, row.closed_at, grace, at)
    names = ("id", "course", "lesson", "quiz", "title", "attempt", "state", "submitted_at", "updated_at")
    known = shown and row.percent is not None
    return _picked(row, *names) | {
        "score_shown": shown,
        "percent": float(row.percent) if known else None,
        "passed": row.passed if shown else None,
    }


def gradebook(enrollment_id: int, course: str, book: Book, mine: Standing) -> dict[str, Any]:
    """What counts for a learner, as the pages of the gradebook count it."""
    names = {one.id: one.name for one in book.categories}
    return {
        "id": enrollment_id,
        "course": course,
        "percent": _number(mine.total.percent),
        "items": [
            {
                "kind": line.item.kind,
                "lesson": line.item.lesson_slug,
                "slug": line.item.slug,
                "title": line.item.title,
                "category": names.get(line.item.category_id or 0),
                "due_at": plain(line.cell.found.due if line.cell.found.is_owed else None),
                "state": line.grade.status,
                "percent": _number(line.grade.percent),
                "dropped": line.is_dropped,
            }
            for line in mine.lines
        ],
    }


def _number(percent: Decimal | None) -> float | None:
    return None if percent is None else float(percent)
