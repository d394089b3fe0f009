"""Reads of discussions: lists, one discussion, the words that are searched for, who is named and who teaches."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import (
    ARRAY,
    BigInteger,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    union,
)
from sqlalchemy.orm import aliased

from lms.accounts.models import User
from lms.core.db import AnyRow, AnySelect, db
from lms.core.paging import PER_PAGE, Page
from lms.courses.models import Course, CourseInstructor, Lesson
from lms.discussions.models import Follow, Post, Report, Seen
from lms.learning.models import Enrollment

Show = Literal["all", "new", "unanswered", "following", "mine"]
SHOWS: tuple[Show, ...] = ("all", "new", "unanswered", "following", "mine")
UNANSWERED = (
    Post.question_id.is_(None),
    Post.hidden_at.is_(None),
    Post.accepted_id.is_(None),
    ~Post.has_staff_reply,
)
"""Questions that wait for an answer."""
REPLIES = 50
"""So many replies stand on a page."""

_Found = aliased(Post, name="found")


@dataclass(frozen=True, slots=True)
class Wish:
    """Which questions somebody wants to see; `closed` are lessons that are not open to them yet, and what was said
    until `since` is not new to them."""

    q: str = ""
    lesson: str = ""
    show: Show = "all"
    closed: tuple[int, ...] = ()
    is_staff: bool = False
    language: str = "en"
    since: datetime = datetime(1970, 1, 1, tzinfo=UTC)


def questions(course_id: int, viewer_id: int, wish: Wish, number: int) -> Page[AnyRow]:
    """A page of a course's questions: what is pinned, then what had the last word. Hidden ones see their author
    and the staff."""
    is_new = Post.last_at > func.coalesce(Seen.seen_at, wish.since)
    statement: AnySelect = (
        select(
            Post.id,
            Post.title,
            is_new.label("is_new"),
            Post.created_at,
            Post.last_at,
            Post.reply_count,
            Post.accepted_id,
            Post.has_staff_reply,
            Post.is_pinned,
            Post.locked_at,
            Post.hidden_at,
            Post.by_staff,
            User.name,
            Lesson.title.label("lesson"),
            func.count().over().label("total"),
        )
        .join(Lesson, Lesson.id == Post.lesson_id)
        .outerjoin(User, User.id == Post.author_id)
        .outerjoin(Seen, and_(Seen.question_id == Post.id, Seen.user_id == viewer_id))
        .where(
            Post.course_id == course_id,
            Post.question_id.is_(None),
            Lesson.removed_at.is_(None),
            Post.lesson_id != func.all(cast(list(wish.closed), ARRAY(BigInteger))),
        )
        .order_by(Post.is_pinned.desc(), Post.last_at.desc(), Post.id.desc())
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    if wish.show == "new":
        statement = statement.where(is_new, Post.hidden_at.is_(None))
    rows = db.session.execute(_narrowed(statement, course_id, viewer_id, wish)).all()
    return Page(rows, number, rows[0].total if rows else 0)


def _narrowed(statement: AnySelect, course_id: int, viewer_id: int, wish: Wish) -> AnySelect:
    if not wish.is_staff:
        statement = statement.where(
            Lesson.is_published, or_(Post.hidden_at.is_(None), Post.author_id == viewer_id)
        )
    if wish.lesson:
        statement = statement.where(Lesson.slug == wish.lesson)
    if wish.show == "unanswered":
        statement = statement.where(*UNANSWERED)
    elif wish.show == "following":
        statement = statement.where(
            exists().where(Follow.question_id == Post.id, Follow.user_id == viewer_id)
        )
    elif wish.show == "mine":
        statement = statement.where(Post.author_id == viewer_id)
    if wish.q:
        statement = statement.where(Post.id.in_(_matches(course_id, wish)))
    return statement


def _matches(course_id: int, wish: Wish) -> Any:
    """Questions where the words stand in the question itself or in a reply that is shown."""
    words = func.websearch_to_tsquery("simple", wish.q).op("||")(
        func.websearch_to_tsquery(func.course_config(wish.language), wish.q)
    )
    return select(func.coalesce(_Found.question_id, _Found.id)).where(
        _Found.course_id == course_id, _Found.hidden_at.is_(None), _Found.search.op("@@")(words)
    )


_QUESTION = (
    select(
        Post.id,
        Post.title,
        Post.body_html,
        Post.author_id,
        Post.by_staff,
        Post.created_at,
        Post.edited_at,
        Post.hidden_at,
        Post.hidden_reason,
        Post.reply_count,
        Post.accepted_id,
        Post.is_pinned,
        Post.locked_at,
        Post.last_at,
        Post.lesson_id,
        select(Seen.seen_at)
        .where(Seen.question_id == Post.id, Seen.user_id == bindparam("viewer_id"))
        .scalar_subquery()
        .label("seen_at"),
        User.name,
        Lesson.slug.label("lesson_slug"),
        Lesson.title.label("lesson"),
        Lesson.is_published,
        exists()
        .where(Follow.question_id == Post.id, Follow.user_id == bindparam("viewer_id"))
        .label("is_followed"),
    )
    .join(Lesson, Lesson.id == Post.lesson_id)
    .outerjoin(User, User.id == Post.author_id)
    .where(
        Post.id == bindparam("question_id"),
        Post.course_id == bindparam("course_id"),
        Post.question_id.is_(None),
        Lesson.removed_at.is_(None),
    )
)


def question(course_id: int, question_id: int, viewer_id: int) -> AnyRow | None:
    """A question with its lesson, whether the viewer follows it and how far they have seen it."""
    values = {"course_id": course_id, "question_id": question_id, "viewer_id": viewer_id}
    return db.session.execute(_QUESTION, values).one_or_none()


_REPLIES = (
    select(
        Post.id,
        Post.body_html,
        Post.author_id,
        Post.by_staff,
        Post.created_at,
        Post.edited_at,
        Post.hidden_at,
        Post.hidden_reason,
        User.name,
        func.count().over().label("total"),
    )
    .outerjoin(User, User.id == Post.author_id)
    .where(
        Post.question_id == bindparam("question_id"),
        or_(
            Post.hidden_at.is_(None),
            Post.author_id == bindparam("viewer_id"),
            bindparam("is_staff", type_=Post.by_staff.type),
        ),
    )
    .order_by(Post.id)
    .limit(REPLIES)
    .offset(bindparam("skipped"))
)


def replies(question_id: int, viewer_id: int, number: int, *, is_staff: bool) -> Page[AnyRow]:
    """A page of replies in the order of their coming."""
    values = {
        "question_id": question_id,
        "viewer_id": viewer_id,
        "is_staff": is_staff,
        "skipped": (number - 1) * REPLIES,
    }
    rows = db.session.execute(_REPLIES, values).all()
    return Page(rows, number, rows[0].total if rows else 0, REPLIES)


def post(course_id: int, post_id: int) -> Post | None:
    """A question or reply of the course, locked for a change."""
    return db.session.scalars(
        select(Post).where(Post.course_id == course_id, Post.id == post_id).with_for_update()
    ).one_or_none()


def has_replies(question_id: int) -> bool:
    """Whether anything hangs on a question, hidden or not."""
    return db.session.scalar(select(exists().where(Post.question_id == question_id))) is True


def open_reports(course_id: int, number: int) -> Page[AnyRow]:
    """What was reported and nobody has looked at, the oldest first."""
    rows = db.session.execute(
        select(
            Report.id,
            Report.reason,
            Report.created_at,
            Report.post_id,
            User.name,
            func.coalesce(Post.question_id, Post.id).label("question_id"),
            Post.body_html,
            Post.title,
            func.count().over().label("total"),
        )
        .join(Post, Post.id == Report.post_id)
        .join(User, User.id == Report.reporter_id)
        .where(Report.course_id == course_id, Report.settled_at.is_(None))
        .order_by(Report.id)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    ).all()
    return Page(rows, number, rows[0].total if rows else 0)


def _participants(course_id: int) -> Any:
    """The ids of who learns in a course or teaches it."""
    return union(
        select(Enrollment.user_id).where(Enrollment.course_id == course_id, Enrollment.state != "dropped"),
        select(Course.owner_id).where(Course.id == course_id),
        select(CourseInstructor.user_id).where(CourseInstructor.course_id == course_id),
    )


def named(course_id: int, body: str) -> list[tuple[int, str]]:
    """Participants whose first name follows an @ somewhere in the text; `rules.mentioned` says who is meant."""
    if "@" not in body:
        return []
    first = func.lower(func.split_part(User.name, " ", 1))
    statement = select(User.id, User.name).where(
        User.id.in_(_participants(course_id)),
        User.is_active,
        func.strpos(func.lower(literal(body)), func.concat("@", first)) > 0,
    )
    return [(row.id, row.name) for row in db.session.execute(statement)]


def staff(course_id: int) -> list[int]:
    """Who teaches the course."""
    owner = select(Course.owner_id).where(Course.id == course_id)
    others = select(CourseInstructor.user_id).where(CourseInstructor.course_id == course_id)
    return list(db.session.scalars(union(owner, others)))


def followers(question_id: int, course_id: int) -> list[int]:
    """Who wants to hear of replies and still takes part in the course."""
    return list(
        db.session.scalars(
            select(Follow.user_id).where(
                Follow.question_id == question_id, Follow.user_id.in_(_participants(course_id))
            )
        )
    )


def to_tell(post_id: int) -> AnyRow | None:
    """A post that is shown, with its question, author and course; `place` counts replies up to it."""
    asked = aliased(Post, name="asked")
    before = (
        select(func.count())
        .where(_Found.question_id == Post.question_id, _Found.id <= Post.id, _Found.hidden_at.is_(None))
        .correlate(Post)
        .scalar_subquery()
    )
    return db.session.execute(
        select(
            Post.id,
            Post.author_id,
            Post.body,
            Post.by_staff,
            Post.course_id,
            asked.id.label("question_id"),
            asked.title,
            asked.author_id.label("asked_by"),
            User.name.label("who"),
            Course.slug,
            Course.title.label("course"),
            before.label("place"),
        )
        .join(asked, asked.id == func.coalesce(Post.question_id, Post.id))
        .join(Course, Course.id == Post.course_id)
        .outerjoin(User, User.id == Post.author_id)
        .where(Post.id == post_id, Post.hidden_at.is_(None), asked.hidden_at.is_(None))
    ).one_or_none()


def report(report_id: int) -> AnyRow | None:
    """A report that waits, with the course and the question it is about."""
    asked = aliased(Post, name="asked")
    return db.session.execute(
        select(
            Report.reason,
            Report.course_id,
            Report.reporter_id,
            asked.title,
            Course.slug,
            Course.title.label("course"),
        )
        .join(Post, Post.id == Report.post_id)
        .join(asked, asked.id == func.coalesce(Post.question_id, Post.id))
        .join(Course, Course.id == Report.course_id)
        .where(Report.id == report_id, Report.settled_at.is_(None))
    ).one_or_none()
