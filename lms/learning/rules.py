"""Decisions about learning; time is an argument."""

from datetime import datetime
from hmac import compare_digest
from typing import Literal

LIVE = ("active", "completed")
"""Enrollment states in which a learner reads, does quizzes and moves on."""
READERS = (*LIVE, "expired")
"""Enrollment states in which a learner reads: who had not completed the course when it ended still does."""

Season = Literal["before", "open", "over"]


def season(starts_at: datetime | None, ends_at: datetime | None, at: datetime) -> Season:
    """Whether a course has begun and not ended. Its lessons open with the beginning; from the end on they are read, and
    nothing in them is completed, handed in or attempted."""
    if ends_at is not None and ends_at <= at:
        return "over"
    return "before" if starts_at is not None and at < starts_at else "open"


def state_at(state: str | None, ends_at: datetime | None, at: datetime) -> str | None:
    """The state of an enrollment by the date: what a job writes down for lists and figures holds at once."""
    is_over = season(None, ends_at, at) == "over"
    if state == "active" and is_over:
        return "expired"
    return "active" if state == "expired" and not is_over else state


def progress_percent(completed: int, required: int) -> int:
    """Whole percent of the required lessons that are completed, 0 to 100.

    Rounded down, so that 100 means all of them; a course without required lessons stands at 0.
    """
    if required <= 0:
        return 0
    return max(0, min(100, completed * 100 // required))


def is_complete(completed: int, required: int) -> bool:
    """Whether a course is done: it has required lessons, and all are completed."""
    return 0 < required <= completed


def is_learner(enrollment_state: str | None) -> bool:
    """Whether the enrollment is one that reads the course."""
    return enrollment_state in READERS


def may_see(course_state: str, *, is_staff: bool, enrollment_state: str | None) -> bool:
    """Drafts are their staff's alone; archived courses stay open to those who are enrolled."""
    return (
        is_staff
        or course_state == "published"
        or (course_state == "archived" and is_learner(enrollment_state))
    )


def may_read(*, is_staff: bool, is_learner: bool, is_preview: bool) -> bool:
    """Whole lessons are for learners and staff, preview lessons for everyone who sees the course."""
    return is_staff or is_preview or is_learner


def enrollment_refusal(
    *,
    course_state: str,
    access: str,
    capacity: int | None,
    learners: int,
    ends_at: datetime | None,
    at: datetime,
    knows_code: bool = False,
    lacks_courses: bool = False,
    is_back: bool = False,
) -> str | None:
    """Why somebody cannot enroll: `closed`, `ended`, `invitation`, `full`, `prerequisites` for who has to complete
    another course first, or `code` for who has to know one; None when they can.

    `is_back` is who left and may return: they were let in once, and need only that the course runs and has a place."""
    if course_state != "published":
        return "closed"
    if season(None, ends_at, at) == "over":
        return "ended"
    if access == "invitation" and not is_back:
        return "invitation"
    if capacity is not None and learners >= capacity:
        return "full"
    if is_back:
        return None
    if lacks_courses:
        return "prerequisites"
    return "code" if access == "code" and not knows_code else None


def is_code(wanted: str | None, typed: str) -> bool:
    """Whether somebody knows a course's code; case and the spaces around it don't matter."""
    given, right = typed.strip().casefold(), (wanted or "").strip().casefold()
    return bool(right) and compare_digest(given.encode(), right.encode())
