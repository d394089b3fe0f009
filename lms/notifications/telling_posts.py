"""Who hears of what is said in discussions."""

from datetime import datetime
from typing import Any

from lms.discussions import reading, rules
from lms.discussions.text import excerpt
from lms.notifications import notices
from lms.notifications.notices import Told


def asked(post_id: int, at: datetime) -> None:
    """Who is mentioned, and who teaches the course."""
    row = reading.to_tell(post_id)
    if row is None:
        return
    mentioned = _mentioned(row)
    _tell("mention", row, mentioned, at)
    _tell("question", row, set(reading.staff(row.course_id)) - mentioned, at)


def replied(post_id: int, at: datetime) -> None:
    """Who is mentioned, whose question it is, and who follows it; each hears of it once."""
    row = reading.to_tell(post_id)
    if row is None:
        return
    mentioned = _mentioned(row)
    following = set(reading.followers(row.question_id, row.course_id)) - mentioned
    _tell("mention", row, mentioned, at)
    _tell("answer", row, following & {row.asked_by}, at)
    _tell("followed", row, following - {row.asked_by}, at)


def reported(report_id: int, at: datetime) -> None:
    """Who teaches the course looks at it."""
    row = reading.report(report_id)
    if row is not None:
        facts = {"title": row.title, "course": row.course, "reason": row.reason}
        link = f"/courses/{row.slug}/discussion/reports"
        told = [
            Told(user_id, f"report:{report_id}:{user_id}", facts, link)
            for user_id in reading.staff(row.course_id)
            if user_id != row.reporter_id
        ]
        notices.tell("report", told, at)


def _mentioned(row: Any) -> set[int]:
    return rules.mentioned(row.body, reading.named(row.course_id, row.body))


def _tell(kind: str, row: Any, user_ids: set[int], at: datetime) -> None:
    facts = {
        "who": row.who,
        "who_id": row.author_id,
        "by_staff": row.by_staff,
        "title": row.title,
        "course": row.course,
        "excerpt": excerpt(row.body),
    }
    page = max(row.place - 1, 0) // reading.REPLIES + 1
    query = f"?page={page}" if page > 1 else ""
    link = f"/courses/{row.slug}/discussion/{row.question_id}{query}#post-{row.id}"
    told = [
        Told(user_id, f"{kind}:{row.id}:{user_id}", facts, link)
        for user_id in sorted(user_ids)
        if user_id != row.author_id
    ]
    notices.tell(kind, told, at)
