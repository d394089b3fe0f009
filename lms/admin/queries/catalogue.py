"""Every course, whoever owns it."""

from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from lms.accounts.models import User
from lms.core.db import AnyRow, db
from lms.core.paging import PER_PAGE, Page
from lms.courses import models
from lms.courses.models import Course

REMOVED = "removed"
STATES = (*models.STATES, REMOVED)
SORTS = ("fullest", "title", "changed")


def courses(q: str, state: str, sort: str, page: int) -> Page[AnyRow]:
    """Courses with their owner and how many learn there: the fullest first, by title, or last changed first. `q` is
    in the title or in the owner's name. Deleted ones are a state of their own."""
    where: list[Any] = [
        or_(Course.title.icontains(word, autoescape=True), User.name.icontains(word, autoescape=True))
        for word in q.split()[:6]
    ]
    where.append(Course.removed_at.is_not(None) if state == REMOVED else Course.removed_at.is_(None))
    if state and state != REMOVED:
        where.append(Course.state == state)
    owned = select(func.count()).select_from(Course).join(User, User.id == Course.owner_id)
    total = db.session.scalar(owned.where(*where)) or 0
    order: dict[str, ColumnElement[Any]] = {
        "fullest": Course.enrollment_count.desc(),
        "title": func.lower(Course.title),
        "changed": Course.updated_at.desc(),
    }
    rows = db.session.execute(
        select(
            Course.slug,
            Course.title,
            Course.state,
            Course.removed_at,
            Course.lesson_count,
            Course.enrollment_count,
            Course.updated_at,
            User.id.label("owner_id"),
            User.name.label("owner"),
        )
        .join(User, User.id == Course.owner_id)
        .where(*where)
        .order_by(order[sort], Course.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return Page(rows, page, total)


def choices() -> list[AnyRow]:
    """(id, title) of the courses that somebody can be invited to."""
    return list(
        db.session.execute(
            select(Course.id, Course.title)
            .where(Course.state != "archived", Course.removed_at.is_(None))
            .order_by(Course.title)
        )
    )
