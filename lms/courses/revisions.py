"""Texts of a course while they are written: drafts, revisions, and saving without overwriting one another.

A text is a lesson, an extra page or the brief of an assignment: whatever has `id`, `title`, `body`, `body_html`.
Nothing here commits.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from lms.accounts.models import User
from lms.core.db import AnyRow, db
from lms.courses.models import TextDraft, TextRevision


class Text(Protocol):
    """A row that is edited."""

    id: Any
    title: Any
    body: Any
    body_html: Any


@dataclass(frozen=True, slots=True)
class Written:
    """What an author sends: title and Markdown, and the fingerprint of what they began from. `more` are the fields of
    what is written beside the text, where they say something else than what is stored; kept in drafts alone."""

    title: str
    body: str
    base: str
    more: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """`conflict`: somebody else saved meanwhile and nothing was changed."""

    conflict: bool = False
    changed: bool = False


def fingerprint(title: str, body: str) -> str:
    """Tells whether two versions of a text are the same."""
    return hashlib.sha256(f"{title}\0{body}".encode()).hexdigest()[:24]


def is_overtaken(text: Text, written: Written) -> bool:
    """Whether somebody else saved another text than the one that `written` began from."""
    wanted = fingerprint(written.title, written.body.replace("\r\n", "\n"))
    return fingerprint(text.title, text.body) not in (written.base, wanted)


def save(
    kind: str, text: Text, written: Written, html: str, *, course_id: int, author_id: int, at: datetime
) -> Saved:
    """Publish what was written and keep it as a revision, unless the text is no longer the one it began from.

    The row must be locked. The author's draft goes; what stood there before the first revision is kept too.
    """
    if is_overtaken(text, written):
        return Saved(conflict=True)
    body = written.body.replace("\r\n", "\n")
    stands = fingerprint(text.title, text.body)
    wanted = fingerprint(written.title, body)
    drop_draft(kind, text.id, author_id)
    text.body_html = html
    if stands == wanted:
        return Saved()
    number = _kept_until_now(kind, text, course_id, at)
    text.title, text.body = written.title, body
    _add(kind, text, number + 1, course_id, author_id, at)
    return Saved(changed=True)


def _kept_until_now(kind: str, text: Text, course_id: int, at: datetime) -> int:
    """The number of the newest revision; one is made of the text when an import or nobody wrote it."""
    newest = db.session.execute(
        select(TextRevision.number, TextRevision.title, TextRevision.body)
        .where(TextRevision.kind == kind, TextRevision.text_id == text.id)
        .order_by(TextRevision.number.desc())
        .limit(1)
    ).one_or_none()
    if newest is not None and (newest.title, newest.body) == (text.title, text.body):
        return int(newest.number)
    number = (newest.number if newest else 0) + 1
    _add(kind, text, number, course_id, None, getattr(text, "updated_at", None) or at)
    return int(number)


def _add(kind: str, text: Text, number: int, course_id: int, author_id: int | None, at: datetime) -> None:
    db.session.add(
        TextRevision(
            course_id=course_id,
            kind=kind,
            text_id=text.id,
            number=number,
            title=text.title,
            body=text.body,
            author_id=author_id,
            created_at=at,
        )
    )
    db.session.flush()


def keep_draft(
    kind: str, text: Text, written: Written, *, course_id: int, user_id: int, at: datetime
) -> None:
    """Keep what an author typed, for them alone. One that says what the text says already is no draft."""
    if not written.more and fingerprint(written.title, written.body) == fingerprint(text.title, text.body):
        return drop_draft(kind, text.id, user_id)
    values = {
        "title": written.title,
        "body": written.body,
        "base": written.base,
        "more": written.more,
        "saved_at": at,
    }
    db.session.execute(
        insert(TextDraft)
        .values(kind=kind, text_id=text.id, user_id=user_id, course_id=course_id, **values)
        .on_conflict_do_update(index_elements=["kind", "text_id", "user_id"], set_=values)
    )


def draft_of(kind: str, text_id: int, user_id: int) -> TextDraft | None:
    """What the author typed and has not saved."""
    return db.session.get(TextDraft, (kind, text_id, user_id))


def drop_draft(kind: str, text_id: int, user_id: int) -> None:
    """Forget the draft."""
    db.session.execute(
        delete(TextDraft)
        .where(TextDraft.kind == kind, TextDraft.text_id == text_id, TextDraft.user_id == user_id)
        .execution_options(synchronize_session="fetch")
    )


def history(kind: str, text_id: int, most: int = 200) -> Sequence[AnyRow]:
    """number, title, length in characters, created_at, author; newest first."""
    statement = (
        select(
            TextRevision.number,
            TextRevision.title,
            func.char_length(TextRevision.body).label("length"),
            TextRevision.created_at,
            User.name.label("author"),
        )
        .outerjoin(User, User.id == TextRevision.author_id)
        .where(TextRevision.kind == kind, TextRevision.text_id == text_id)
        .order_by(TextRevision.number.desc())
        .limit(most)
    )
    return db.session.execute(statement).all()


def revision(kind: str, text_id: int, number: int) -> TextRevision | None:
    """One revision with its text."""
    statement = select(TextRevision).where(
        TextRevision.kind == kind, TextRevision.text_id == text_id, TextRevision.number == number
    )
    return db.session.scalars(statement).one_or_none()
