"""Reads of reviews."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, bindparam, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from lms.accounts.models import User
from lms.core import i18n
from lms.core.db import AnyRow, AnySelect, db
from lms.core.paging import PER_PAGE, Page
from lms.courses.models import Course
from lms.learning import reviews_rules
from lms.learning.reviews_models import Review, ReviewVote
from lms.learning.standing import Standing

SORTS = ("helpful", "newest")
AT_COURSE = 3
"""How many stand on the course's own page."""

_VIEWER: Any = bindparam("viewer_id")
_ANSWERER = aliased(User, name="answerer")
_ORDERS: dict[str, tuple[Any, ...]] = {
    "helpful": (Review.helpful_count.desc(), Review.created_at.desc(), Review.id.desc()),
    "newest": (Review.created_at.desc(), Review.id.desc()),
}


def _is_mine(viewer_id: Any) -> Any:
    return Review.user_id == viewer_id


def _is_shown(viewer_id: Any) -> Any:
    return or_(Review.hidden_at.is_(None), _is_mine(viewer_id))


def _reviews(viewer_id: Any) -> AnySelect:
    return (
        select(
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
            _is_mine(viewer_id).label("is_mine"),
            exists()
            .where(ReviewVote.review_id == Review.id, ReviewVote.user_id == viewer_id)
            .label("is_marked"),
        )
        .select_from(Review)
        .join(User, User.id == Review.user_id)
        .outerjoin(_ANSWERER, _ANSWERER.id == Review.answered_by_id)
    )


def _list(order: str, *, with_hidden: bool) -> AnySelect:
    return (
        _reviews(_VIEWER)
        .add_columns(func.count().over().label("total"))
        .where(
            Review.course_id == bindparam("course_id"),
            literal(True) if with_hidden else _is_shown(_VIEWER),
        )
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


class Shown(NamedTuple):
    """A review on the course's own page: what `page` answers, in plain values, so that `same` can keep how it looks."""

    id: int
    rating: int
    body: str
    written: str
    """ISO time, as the other times."""
    edited_at: str | None
    helpful_count: int
    answer: str | None
    answered: str | None
    hidden_at: str | None
    hidden_reason: str | None
    name: str
    answered_by: str | None
    is_mine: bool
    is_marked: bool

    @property
    def created_at(self) -> datetime:
        return datetime.fromisoformat(self.written)

    @property
    def answered_at(self) -> datetime | None:
        return datetime.fromisoformat(self.answered) if self.answered else None


def at_course(viewer_id: Any) -> Any:
    """The viewer's own review, then the most helpful ones: a column of a statement over courses, for `section`."""
    order = (_is_mine(viewer_id).desc(), *_ORDERS["helpful"])
    found = (
        _reviews(viewer_id)
        .add_columns(func.row_number().over(order_by=order).label("place"))
        .where(Review.course_id == Course.id, _is_shown(viewer_id))
        .order_by(*order)
        .limit(AT_COURSE)
        .correlate(Course)
        .subquery("shown")
    )
    facts = func.json_build_array(*(column for column in found.c if column.name != "place"))
    return select(
        func.coalesce(func.json_agg(aggregate_order_by(facts, found.c.place)), literal([], JSON))
    ).scalar_subquery()


def section(standing: Standing) -> dict[str, Any]:
    """What the course's page shows of its reviews. Needs a row of `queries.course_page`."""
    course = standing.row
    return {
        "reviews": tuple(Shown(*facts) for facts in course.reviews),
        "zone": i18n.zone(),
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
