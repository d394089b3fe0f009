"""Every course, whoever owns it."""

from sqlalchemy import func, select

from lms.accounts.models import User
from lms.core.db import AnyRow, db
from lms.core.paging import PER_PAGE, Page
from lms.courses.models import STATES, Course

__all__ = ["STATES", "choices", "courses"]


def courses(q: str, state: str, page: int) -> Page[AnyRow]:
    """Courses with their owner and how many learn there, the fullest first."""
    where = [Course.title.icontains(word, autoescape=True) for word in q.split()[:6]]
    if state:
        where.append(Course.state == state)
    total = db.session.scalar(select(func.count()).select_from(Course).where(*where)) or 0
    rows = db.session.execute(
        select(
            Course.slug,
            Course.title,
            Course.state,
            Course.lesson_count,
            Course.enrollment_count,
            Course.updated_at,
            User.id.label("owner_id"),
            User.name.label("owner"),
        )
        .join(User, User.id == Course.owner_id)
        .where(*where)
        .order_by(Course.enrollment_count.desc(), Course.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return Page(rows, page, total)


def choices() -> list[AnyRow]:
    """(id, title) of the courses that somebody can be invited to."""
    return list(
        db.session.execute(
            select(Course.id, Course.title).where(Course.state != "archived").order_by(Course.title)
        )
    )
