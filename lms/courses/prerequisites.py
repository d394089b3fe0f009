"""Which courses come before a course. The course is locked by who calls; nothing here commits."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, delete, literal, select

from lms.core.db import AnyRow, db
from lms.courses.addresses import now
from lms.courses.models import Course, CoursePrerequisite

UNKNOWN, ITSELF, CIRCLE = "unknown", "itself", "circle"
"""Why a course can't come first."""


def of(course_id: int) -> Sequence[AnyRow]:
    """id, slug, title and state of the courses that come first, by title."""
    statement = (
        select(Course.id, Course.slug, Course.title, Course.state)
        .join(CoursePrerequisite, CoursePrerequisite.required_id == Course.id)
        .where(CoursePrerequisite.course_id == course_id, Course.removed_at.is_(None))
        .order_by(Course.title, Course.id)
    )
    return db.session.execute(statement).all()


def slugs_of(course_id: int) -> list[str]:
    """Their addresses, in the order of the alphabet."""
    return sorted(row.slug for row in of(course_id))


def add(course: Course, address: str) -> str | None:
    """Let the course at `address`, or once at it, come first. Why not, or None when it does.

    Somebody else's draft is as unknown as a course that is not there.
    """
    other = _at(address)
    if other is None or (other.state == "draft" and other.owner_id != course.owner_id):
        return UNKNOWN
    if other.id == course.id:
        return ITSELF
    if _comes_before(course.id, other.id):
        return CIRCLE
    if db.session.get(CoursePrerequisite, (course.id, other.id)) is None:
        db.session.add(CoursePrerequisite(course_id=course.id, required_id=other.id))
        db.session.flush()
    return None


def bring_to(course: Course, addresses: Sequence[str]) -> tuple[bool, list[tuple[str, str]]]:
    """Make these, and no others, the courses that come first: (whether anything changed, [(address, why not)])."""
    known = {row.slug: row.id for row in of(course.id)}
    wanted = {now(address): address for address in addresses}
    gone = [remove(course, number) for slug, number in known.items() if slug not in wanted]
    refused = {address: add(course, slug) for slug, address in wanted.items() if slug not in known}
    problems = [(address, why) for address, why in refused.items() if why]
    return bool(gone) or len(problems) < len(refused), problems


def remove(course: Course, required_id: int) -> bool:
    """Ask for that course no longer. False when it was not asked for."""
    gone = db.session.execute(
        delete(CoursePrerequisite)
        .where(CoursePrerequisite.course_id == course.id, CoursePrerequisite.required_id == required_id)
        .returning(CoursePrerequisite.required_id)
        .execution_options(synchronize_session=False)
    )
    return gone.one_or_none() is not None


def _at(address: str) -> AnyRow | None:
    statement = select(Course.id, Course.state, Course.owner_id)
    return db.session.execute(
        statement.where(Course.slug == now(address), Course.removed_at.is_(None))
    ).one_or_none()


def _comes_before(course_id: int, other_id: int) -> bool:
    """Whether the course already comes before the other one, over however many courses."""
    chain = select(literal(other_id, BigInteger).label("id")).cte("chain", recursive=True)
    chain = chain.union(
        select(CoursePrerequisite.required_id).join(chain, CoursePrerequisite.course_id == chain.c.id)
    )
    return db.session.scalar(select(chain.c.id).where(chain.c.id == course_id)) is not None
