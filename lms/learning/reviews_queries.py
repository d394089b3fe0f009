"""Reads of reviews."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from lms.accounts.models import User
from lms.core.access import Viewer
from lms.core.db import AnyRow, AnySelect, db
from lms.core.paging import PER_PAGE, Page
from lms.core.prepared import Prepared
from lms.learning import reviews_rules
from lms.learning.reviews_models import Review, ReviewVote
from lms.learning.standing import Standing

SORTS = ("helpful", "newest")
AT_COURSE = 3
"""How many stand on the course's own page."""

_VIEWER: Any = bindparam("viewer_id")
_ANSWERER = aliased(User, name="answerer")
_IS_MINE = Review.user_id == _VIEWER
_FACTS = (
    Review.id,
    Review.rating,
    Review.body,
    Review.created_at,
    Review.edited_at,
    Review.helpful_count,
    Review.answer,
    Review.answered_at,
    Review.hidden_at,
    Review.hidden_reason,
    User.name,
    _ANSWERER.name.label("answered_by"),
    _IS_MINE.label("is_mine"),
    exists().where(ReviewVote.review_id == Review.id, ReviewVote.user_id == _VIEWER).label("is_marked"),
)
_ORDERS: dict[str, tuple[Any, ...]] = {
    "helpful": (Review.helpful_count.desc(), Review.created_at.desc(), Review.id.desc()),
    "newest": (Review.created_at.desc(), Review.id.desc()),
}


def _list(order: str, *, with_hidden: bool) -> AnySelect:
    shown = literal(True) if with_hidden else or_(Review.hidden_at.is_(None), _IS_MINE)
    return (
        select(*_FACTS, func.count().over().label("total"))
        .join(User, User.id == Review.user_id)
        .outerjoin(_ANSWERER, _ANSWERER.id == Review.answered_by_id)
        .where(Review.course_id == bindparam("course_id"), shown)
        .order_by(*_ORDERS[order])
        .limit(bindparam("most"))
        .offset(bindparam("skipped"))
    )


_LISTS = {
    (order, with_hidden): _list(order, with_hidden=with_hidden)
    for order in SORTS
    for with_hidden in (False, True)
}


def page(course_id: int, viewer_id: int, order: str, number: int, *, with_hidden: bool) -> Page[AnyRow]:
    """Reviews of a course, 20 a page. What is hidden its author sees, and staff."""
    values = {
        "course_id": course_id,
        "viewer_id": viewer_id,
        "skipped": (number - 1) * PER_PAGE,
        "most": PER_PAGE,
    }
    rows = db.session.execute(_LISTS[order, with_hidden], values).all()
    return Page(rows, number, rows[0].total if rows else 0)


_AT_COURSE = Prepared(
    _list("helpful", with_hidden=False)
    .where(or_(Review.hidden_at.is_(None), _IS_MINE))
    .order_by(None)
    .order_by(_IS_MINE.desc(), *_ORDERS["helpful"])
)


def at_course(course_id: int, viewer_id: int) -> Sequence[AnyRow]:
    """The viewer's own review, then the most helpful ones."""
    values = {"course_id": course_id, "viewer_id": viewer_id, "skipped": 0, "most": AT_COURSE}
    return _AT_COURSE.all(**values)


def section(standing: Standing, viewer: Viewer | None) -> dict[str, Any]:
    """What the course's page shows of its reviews. Without ratings there is nothing to ask for, unless the reader
    wrote a review that is hidden. Needs a row of `queries.course_page`."""
    course = standing.row
    has_any = course.rating_count or course.has_reviewed
    return {
        "reviews": at_course(course.id, viewer.id if viewer else 0) if has_any else (),
        "shares": reviews_rules.shares(course.rating_counts),
        "review_refusal": refusal(standing),
    }


def refusal(standing: Standing) -> str | None:
    """Why the person may not review the course; needs a row of `queries.course`."""
    return reviews_rules.refusal(
        is_learner=standing.is_learner,
        is_teacher=bool(standing.row.is_teacher),
        percent=standing.percent if standing.is_learner else 0,
    )


def own(course_id: int, user_id: int) -> Review | None:
    """The one review that somebody wrote of a course."""
    return db.session.scalars(
        select(Review).where(Review.course_id == course_id, Review.user_id == user_id)
    ).one_or_none()


def one(course_id: int, review_id: int) -> Review | None:
    """A review of the course."""
    return db.session.scalars(
        select(Review).where(Review.course_id == course_id, Review.id == review_id)
    ).one_or_none()
