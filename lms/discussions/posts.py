"""What people do in discussions. Each change locks the question that it belongs to; nothing here commits."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from lms.accounts import audit
from lms.core import events
from lms.core.db import db
from lms.courses.models import Lesson
from lms.discussions import text
from lms.discussions.models import Follow, Post, Report

_Reply = aliased(Post, name="reply")


def ask(
    course: Any, lesson_id: int, by_id: int, title: str, body: str, at: datetime, *, by_staff: bool
) -> int:
    """Ask about a lesson; who asks follows the discussion. `course` is any row with its id and language."""
    made = Post(
        course_id=course.id,
        lesson_id=lesson_id,
        author_id=by_id,
        by_staff=by_staff,
        language=course.language,
        title=title,
        body=body,
        body_html=text.rendered(body),
        created_at=at,
        last_at=at,
    )
    db.session.add(made)
    db.session.flush()
    follow(made.id, by_id)
    _count_questions(lesson_id)
    events.record("discussion.asked", at, post_id=made.id)
    return made.id


def reply(question: Post, by_id: int, body: str, at: datetime, *, by_staff: bool) -> int:
    """Reply to an open question; who replies follows the discussion from then on."""
    made = Post(
        course_id=question.course_id,
        lesson_id=question.lesson_id,
        question_id=question.id,
        author_id=by_id,
        by_staff=by_staff,
        language=question.language,
        body=body,
        body_html=text.rendered(body),
        created_at=at,
        last_at=at,
    )
    db.session.add(made)
    db.session.flush()
    follow(question.id, by_id)
    _count_replies(question.id)
    events.record("discussion.replied", at, post_id=made.id)
    return made.id


def change(post: Post, title: str, body: str, at: datetime) -> None:
    """Put one's own words otherwise. A reply has no title."""
    post.title, post.body, post.body_html, post.edited_at = title, body, text.rendered(body), at


def remove(post: Post) -> None:
    """Take one's own post back: a reply, or a question that nobody replied to."""
    db.session.execute(delete(Post).where(Post.id == post.id).execution_options(synchronize_session=False))
    if post.question_id is None:
        _count_questions(post.lesson_id)
    else:
        _count_replies(post.question_id)


def follow(question_id: int, user_id: int, *, wants: bool = True) -> None:
    """Hear of new replies, or no longer."""
    row = {"question_id": question_id, "user_id": user_id}
    if wants:
        db.session.execute(insert(Follow).values(**row).on_conflict_do_nothing())
    else:
        db.session.execute(delete(Follow).filter_by(**row).execution_options(synchronize_session=False))


def accept(question: Post, reply_id: int | None) -> bool:
    """Mark the reply that answered the question, or none. False when there is no such reply."""
    if reply_id is not None:
        found = select(Post.id).where(
            Post.id == reply_id, Post.question_id == question.id, Post.hidden_at.is_(None)
        )
        if db.session.scalar(found) is None:
            return False
    question.accepted_id = reply_id
    return True


def pin(question: Post, *, is_pinned: bool) -> None:
    """Keep a question at the top, or no longer."""
    question.is_pinned = is_pinned


def lock(question: Post, at: datetime, *, is_locked: bool) -> None:
    """No more replies, or again."""
    question.locked_at = at if is_locked else None


def hide(post: Post, by_id: int, reason: str, at: datetime) -> None:
    """Take a post out of sight. Its author still sees it, with the reason."""
    post.hidden_at, post.hidden_by_id, post.hidden_reason = at, by_id, reason
    _after_hiding("post.hidden", post, at, reason=reason)
    db.session.execute(
        update(Report)
        .where(Report.post_id == post.id, Report.settled_at.is_(None))
        .values(settled_at=at)
        .execution_options(synchronize_session=False)
    )


def show(post: Post, at: datetime) -> None:
    """Bring a hidden post back."""
    post.hidden_at = post.hidden_by_id = post.hidden_reason = None
    _after_hiding("post.shown", post, at)


def _after_hiding(action: str, post: Post, at: datetime, **details: Any) -> None:
    db.session.flush()
    if post.question_id is None:
        _count_questions(post.lesson_id)
    else:
        _count_replies(post.question_id)
    name = post.title or text.excerpt(post.body)[:80]
    audit.record(action, at, subject_kind="post", subject_id=post.id, subject_name=name, **details)


def report(post: Post, by_id: int, reason: str, at: datetime) -> bool:
    """Tell the staff that something is wrong with a post. False when this person has said so before."""
    values = {
        "course_id": post.course_id,
        "post_id": post.id,
        "reporter_id": by_id,
        "reason": reason,
        "created_at": at,
    }
    made = db.session.scalar(
        insert(Report)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["post_id", "reporter_id"])
        .returning(Report.id)
    )
    if made is not None:
        events.record("discussion.reported", at, report_id=made)
    return made is not None


def settle(report_id: int, course_id: int, at: datetime) -> bool:
    """The staff have looked at it. False when there is no such report that waits."""
    settled = db.session.scalar(
        update(Report)
        .where(Report.id == report_id, Report.course_id == course_id, Report.settled_at.is_(None))
        .values(settled_at=at)
        .returning(Report.id)
        .execution_options(synchronize_session=False)
    )
    return settled is not None


def forget(user_id: int) -> None:
    """Remove what a person wrote. A question that others replied to stays without its author's name."""
    others = select(_Reply.id).where(
        _Reply.question_id == Post.id, _Reply.author_id.is_distinct_from(user_id)
    )
    theirs = Post.author_id == user_id
    gone = db.session.execute(
        delete(Post)
        .where(theirs, Post.question_id.is_not(None) | ~others.exists())
        .returning(Post.question_id, Post.lesson_id)
        .execution_options(synchronize_session=False)
    ).all()
    db.session.execute(
        update(Post).where(theirs).values(author_id=None).execution_options(synchronize_session=False)
    )
    for table, column in ((Follow, Follow.user_id), (Report, Report.reporter_id)):
        db.session.execute(
            delete(table).where(column == user_id).execution_options(synchronize_session=False)
        )
    for question_id in {row.question_id for row in gone if row.question_id is not None}:
        _count_replies(question_id)
    for lesson_id in {row.lesson_id for row in gone}:
        _count_questions(lesson_id)


def _count_questions(lesson_id: int) -> None:
    """Count anew: a sum that is added to would keep every slip for ever."""
    shown = (
        select(func.count())
        .where(Post.lesson_id == lesson_id, Post.question_id.is_(None), Post.hidden_at.is_(None))
        .scalar_subquery()
    )
    db.session.execute(
        update(Lesson)
        .where(Lesson.id == lesson_id)
        .values(question_count=shown)
        .execution_options(synchronize_session=False)
    )


_COUNT_REPLIES = sql(
    "update discussion_posts p set reply_count = r.number, last_at = coalesce(r.last_at, p.created_at),"
    " has_staff_reply = r.has_staff, accepted_id = case when p.accepted_id = any(r.ids) then p.accepted_id end"
    " from (select count(*) as number, max(created_at) as last_at, coalesce(bool_or(by_staff), false) as has_staff,"
    "  array_agg(id) as ids from discussion_posts where question_id = :question_id and hidden_at is null) r"
    " where p.id = :question_id"
)


def _count_replies(question_id: int) -> None:
    db.session.execute(_COUNT_REPLIES, {"question_id": question_id})
