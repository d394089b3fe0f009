"""What is done with reviews. The course is locked first, so that its figures are counted one change at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from lms.accounts import audit
from lms.core.db import db
from lms.courses.models import Course
from lms.learning.reviews_models import Review, ReviewVote


def write(course_id: int, user_id: int, rating: int, body: str, at: datetime) -> None:
    """Say what one thinks of a course, or say it anew: there is one review a learner and course.

    That they may has been asked. An answer and a hiding stay, so that editing is no way around them.
    """
    _lock(course_id)
    statement = insert(Review).values(
        course_id=course_id, user_id=user_id, rating=rating, body=body, created_at=at
    )
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["course_id", "user_id"], set_={"rating": rating, "body": body, "edited_at": at}
        )
    )
    _count(course_id)


def remove(course_id: int, user_id: int) -> bool:
    """Take one's own review back. False when there is none."""
    _lock(course_id)
    gone = db.session.execute(
        delete(Review)
        .where(Review.course_id == course_id, Review.user_id == user_id)
        .returning(Review.id)
        .execution_options(synchronize_session=False)
    ).all()
    _count(course_id)
    return bool(gone)


def mark(review: Review, user_id: int, *, is_helpful: bool) -> None:
    """Find a review helpful, or no longer; nobody counts twice, and nobody marks their own."""
    if review.user_id == user_id:
        return
    vote = {"review_id": review.id, "user_id": user_id}
    # The review is locked first: two marks at once are both counted.
    db.session.execute(select(Review.id).where(Review.id == review.id).with_for_update())
    if is_helpful:
        db.session.execute(insert(ReviewVote).values(**vote).on_conflict_do_nothing())
    else:
        db.session.execute(delete(ReviewVote).filter_by(**vote).execution_options(synchronize_session=False))
    _count_marks([review.id])


def answer(review: Review, text: str, by_id: int, at: datetime) -> None:
    """What the course's staff say to a review; no words take the answer back."""
    review.answer = text or None
    review.answered_by_id = by_id if text else None
    review.answered_at = at if text else None


def hide(review: Review, title: str, reason: str, by_id: int, at: datetime) -> None:
    """Take a review out of sight and out of the figures; its author still sees it, with the reason."""
    _lock(review.course_id)
    review.hidden_at, review.hidden_by_id, review.hidden_reason = at, by_id, reason
    db.session.flush()
    _count(review.course_id)
    _note("review.hidden", review, title, at, reason=reason)


def show(review: Review, title: str, at: datetime) -> None:
    """Bring a hidden review back."""
    _lock(review.course_id)
    review.hidden_at = review.hidden_by_id = review.hidden_reason = None
    db.session.flush()
    _count(review.course_id)
    _note("review.shown", review, title, at)


def forget(user_id: int) -> None:
    """Remove all that a person wrote and marked."""
    marked = db.session.scalars(
        delete(ReviewVote)
        .where(ReviewVote.user_id == user_id)
        .returning(ReviewVote.review_id)
        .execution_options(synchronize_session=False)
    ).all()
    _count_marks(marked)
    wrote = select(Review.course_id).where(Review.user_id == user_id).order_by(Review.course_id)
    for course_id in db.session.scalars(wrote).all():
        remove(course_id, user_id)


def _note(action: str, review: Review, title: str, at: datetime, **details: Any) -> None:
    audit.record(action, at, subject_kind="review", subject_id=review.id, subject_name=title, **details)


def _lock(course_id: int) -> None:
    db.session.execute(select(Course.id).where(Course.id == course_id).with_for_update())


def _count(course_id: int) -> None:
    """Count anew: a sum that is added to would keep every slip for ever."""
    shown = select(Review.rating).where(Review.course_id == course_id, Review.hidden_at.is_(None)).subquery()
    stars = [func.count().filter(shown.c.rating == n) for n in range(1, 6)]
    figures = db.session.execute(
        select(
            func.count().label("number"),
            func.coalesce(func.avg(shown.c.rating), 0).label("average"),
            func.json_build_array(*stars).label("counts"),
        ).select_from(shown)
    ).one()
    db.session.execute(
        update(Course)
        .where(Course.id == course_id)
        .values(
            rating_count=figures.number, rating_average=float(figures.average), rating_counts=figures.counts
        )
        .execution_options(synchronize_session=False)
    )


def _count_marks(review_ids: Sequence[int]) -> None:
    if review_ids:
        votes = select(func.count()).where(ReviewVote.review_id == Review.id).scalar_subquery()
        db.session.execute(
            update(Review)
            .where(Review.id.in_(review_ids))
            .values(helpful_count=votes)
            .execution_options(synchronize_session=False)
        )
