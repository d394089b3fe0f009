"""What reviews know of a person."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms.core.db import db
from lms.courses.models import Course
from lms.learning import reviews
from lms.learning.reviews_models import Review, ReviewVote


def export(user_id: int) -> dict[str, list[dict[str, Any]]]:
    """Every review, and how many of others were found helpful."""
    wrote = (
        select(
            Course.title.label("course"),
            Review.rating,
            Review.body.label("review"),
            Review.created_at.label("at"),
            Review.edited_at,
            Review.hidden_reason,
        )
        .join(Course, Course.id == Review.course_id)
        .where(Review.user_id == user_id)
        .order_by(Review.id)
    )
    marked = (
        select(Course.title.label("course"), Review.body.label("review"))
        .select_from(ReviewVote)
        .join(Review, Review.id == ReviewVote.review_id)
        .join(Course, Course.id == Review.course_id)
        .where(ReviewVote.user_id == user_id)
        .order_by(Review.id)
    )
    return {
        "reviews": [dict(row) for row in db.session.execute(wrote).mappings()],
        "reviews_found_helpful": [dict(row) for row in db.session.execute(marked).mappings()],
    }


def erase(user_id: int, at: datetime) -> list[int]:
    """Reviews and marks go, and the figures of their courses are counted anew. An answer to somebody stays."""
    reviews.forget(user_id)
    return []
