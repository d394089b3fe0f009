"""Words for the demo: what learners asked and were told, what they say of the course, and what its teacher announced."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from lms.accounts.models import User
from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.discussions import announcements, posts
from lms.discussions.models import Post
from lms.learning import reviews, reviews_queries
from lms.learning.models import Enrollment

REVIEWS = (
    (5, "I have walked for years and never knew what the brown lines meant. Now I see hills in them."),
    (4, "Calm and clear. The lesson on projections is long, but the pictures carry it."),
    (5, "I planned a day out with the last assignment, and we were home at the minute I had said."),
)
ANSWER = "Thank you. We will cut that lesson in two."
NEWS = (
    "A walk to close with",
    "Whoever has finished the route card: on Sunday we walk one of them together, wherever each of us lives, and "
    "compare afterwards. Bring:\n\n- your card\n- a **pencil**, not a pen\n- something warm",
)
QUESTION = (
    "contour-lines",
    "Do contour lines ever cross?",
    "On the sheet it looks as if they did at the quarry. Is that a mistake, or does it mean something?",
)
REPLIES = (
    "I think they only touch: the rock there goes *straight up*, so one line hides the other.",
    "Just so. Lines that touch are a cliff. They would cross only where the rock hangs over, and then the lower one is "
    "left out or dashed.",
)


def talk(course: Course, people: Mapping[str, User], at: datetime) -> None:
    """A question that a learner and the teacher replied to, some days ago, and an announcement."""
    teacher, (asks, replies) = people["alice@example.org"], _learners(people, 2)
    announcements.announce(course, teacher.id, *NEWS, None, at - timedelta(days=6))
    slug, title, body = QUESTION
    lesson = db.session.scalars(select(Lesson).filter_by(course_id=course.id, slug=slug)).one()
    asked = posts.ask(course, lesson.id, asks.id, title, body, at - timedelta(days=4), by_staff=False)
    thread = db.session.get_one(Post, asked)
    posts.reply(thread, replies.id, REPLIES[0], at - timedelta(days=4, hours=-3), by_staff=False)
    best = posts.reply(thread, teacher.id, REPLIES[1], at - timedelta(days=3), by_staff=True)
    posts.accept(thread, best)


def _learners(people: Mapping[str, User], many: int) -> list[User]:
    """The first ones beside Bob, who is left with nothing done that he did not do."""
    students = [person for email, person in people.items() if person.role == "student"]
    return students[1 : many + 1]


def review(course: Course, at: datetime) -> None:
    """Some who completed the course say what they think; its owner answers one, and others found one helpful."""
    done = (
        select(Enrollment.user_id)
        .where(Enrollment.course_id == course.id, Enrollment.completed_at.is_not(None))
        .order_by(Enrollment.user_id)
    )
    graduates = db.session.scalars(done).all()
    for place, (learner, (stars, text)) in enumerate(zip(graduates, REVIEWS, strict=False)):
        reviews.write(course.id, learner, stars, text, at - timedelta(days=2 + place))
        said = reviews_queries.own(course.id, learner)
        assert said is not None
        if place == 0:
            for reader in graduates[1:4]:
                reviews.mark(said, reader, is_helpful=True)
        if place == 1:
            reviews.answer(said, ANSWER, course.owner_id, at - timedelta(days=1))
