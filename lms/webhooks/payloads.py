"""What messages say: thin JSON of public numbers, names of courses and facts. No names or addresses of people,
no answers, no secrets: who may know more asks for it by the number."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from lms.assignments import rules as work
from lms.core import web
from lms.webhooks import queries, rules

Facts = dict[str, Any]


def build(name: str, occurred_at: datetime, payload: Facts) -> str | None:
    """The body of a message (Standard Webhooks 1.0: type, timestamp, data); None when what it is about is gone."""
    data = BUILDERS[name](payload)
    return None if data is None else _body(name, occurred_at, data)


def test(endpoint_id: int, at: datetime) -> str:
    """The body of a test."""
    words = "This is a test. A receiver that checks the signature and answers 2xx is set up well."
    return _body(rules.TEST, at, {"endpoint": {"id": endpoint_id}, "message": words})


def _body(name: str, at: datetime, data: Facts) -> str:
    shown = {"type": name, "timestamp": _time(at), "data": data}
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


def _time(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _user(payload: Facts) -> Facts | None:
    row = queries.user(payload["user_id"])
    if row is None:
        return None
    return {"user": {"id": row.id, "role": row.role, "registered_at": _time(row.created_at)}}


def _course_facts(row: Any) -> Facts:
    return {
        "id": row.course_id,
        "slug": row.course_slug,
        "title": row.course_title,
        "url": web.absolute_url("courses.show", slug=row.course_slug),
    }


def _enrollment(payload: Facts) -> Facts | None:
    row = queries.enrollment(payload["enrollment_id"])
    if row is None:
        return None
    return {
        "enrollment": {
            "id": row.id,
            "enrolled_at": _time(row.enrolled_at),
            "completed_at": _time(row.completed_at),
        },
        "user": {"id": row.user_id},
        "course": _course_facts(row),
    }


def _lesson(payload: Facts) -> Facts | None:
    enrolled, row = _enrollment(payload), queries.lesson(payload["lesson_id"])
    if enrolled is None or row is None:
        return None
    slug = enrolled["course"]["slug"]
    url = web.absolute_url("courses.lesson", slug=slug, lesson=row.slug)
    return {**enrolled, "lesson": {"id": row.id, "slug": row.slug, "title": row.title, "url": url}}


def _attempt(payload: Facts) -> Facts | None:
    row = queries.attempt(payload["attempt_id"])
    if row is None:
        return None
    return {
        "attempt": {
            "id": row.id,
            "number": row.number,
            "submitted_at": _time(row.submitted_at),
            "submitted_by": row.closed_by,
            "state": row.state,
            "percent": _number(row.percent),
            "passed": row.passed,
        },
        "quiz": {"id": row.quiz_id, "slug": row.quiz_slug, "title": row.quiz_title},
        "enrollment": {"id": row.enrollment_id},
        "user": {"id": row.user_id},
        "course": _course_facts(row),
    }


def _submission(payload: Facts) -> Facts | None:
    row = queries.submission(payload["submission_id"], payload["number"])
    if row is None or row.points is None:
        return None
    outcome = work.result(work.Terms.of(row).as_graded(row.out_of), row.points, row.counts_from)
    return {
        "submission": {
            "id": row.id,
            "number": row.number,
            "submitted_at": _time(row.submitted_at),
            "days_late": outcome.days_late,
            "points": _number(outcome.points),
            "max_points": _number(outcome.most),
            "percent": _number(outcome.percent),
        },
        "assignment": {"id": row.assignment_id, "slug": row.assignment_slug, "title": row.assignment_title},
        "enrollment": {"id": row.enrollment_id},
        "user": {"id": row.user_id},
        "course": _course_facts(row),
    }


def _certificate(payload: Facts) -> Facts | None:
    row = queries.certificate(payload["certificate_id"])
    if row is None:
        return None
    return {
        "certificate": {
            "number": row.number,
            "issued_at": _time(row.issued_at),
            "completed_on": row.completed_on.isoformat(),
            "revoked_at": _time(row.revoked_at),
            "verify_url": web.absolute_url("certificates.verify", number=row.number),
        },
        "enrollment": {"id": row.enrollment_id},
        "user": {"id": row.user_id},
        "course": _course_facts(row),
    }


def _course(payload: Facts) -> Facts | None:
    row = queries.course(payload["course_id"])
    if row is None:
        return None
    more = {"level": row.level, "language": row.language, "published_at": _time(row.published_at)}
    return {"course": {**_course_facts(row), **more}}


BUILDERS: dict[str, Callable[[Facts], Facts | None]] = {
    "user.registered": _user,
    "enrollment.created": _enrollment,
    "enrollment.completed": _enrollment,
    "lesson.completed": _lesson,
    "quiz.submitted": _attempt,
    "assignment.graded": _submission,
    "certificate.issued": _certificate,
    "certificate.revoked": _certificate,
    "course.published": _course,
}
"""Every event that may be chosen, by what makes its data."""
