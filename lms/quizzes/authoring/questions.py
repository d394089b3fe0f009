"""Questions: added to a quiz or to a course's bank, revised, moved, copied, taken out and brought back."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from lms.core.db import db
from lms.courses.models import Course
from lms.quizzes.authoring import places
from lms.quizzes.content import Content
from lms.quizzes.keys import Key
from lms.quizzes.models import Question, QuestionVersion, Quiz

UP, DOWN = "up", "down"

Home = Quiz | Course
"""Where questions stand; a course means its bank."""


class Item(Protocol):
    """A question to add: what it asks, and how it is filed. `id` names it in course folders; "" when it has none."""

    @property
    def content(self) -> Content: ...
    @property
    def key(self) -> Key: ...
    @property
    def title(self) -> str: ...
    @property
    def tags(self) -> tuple[str, ...]: ...
    @property
    def category(self) -> str: ...
    @property
    def id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Draft:
    """A question as its author wrote it."""

    content: Content
    key: Key
    title: str = ""
    tags: tuple[str, ...] = ()
    category: str = ""
    id: str = ""
    points: Decimal = Decimal(1)


def add_questions(home: Home, items: Iterable[Item], by: int | None, at: datetime) -> list[Question]:
    """The items as new questions at the end of a quiz, or of the bank of a course, by the author `by`.

    Whether they are fit to be asked is for the caller to decide. An item with `points` is worth them, else 1.
    An id that is taken already gives way to a new one.
    """
    taken = places.source_ids(home)
    last = max((question.position for question in places.questions_of(home)), default=0)
    made = []
    for position, item in enumerate(items, last + 1):
        name = item.id if item.id and item.id not in taken else _new_name(taken)
        taken.add(name)
        question = Question(
            source_id=name,
            position=position,
            points=getattr(item, "points", Decimal(1)),
            title=item.title,
            tags=list(item.tags),
            category=item.category,
            **_address(home),
        )
        db.session.add(question)
        db.session.flush()
        _ask(question, item.content, item.key, 1, by, at)
        made.append(question)
    return made


def revise(question: Question, draft: Draft, by: int | None, at: datetime) -> bool:
    """File the question as `draft` says; when it asks something else, in a new version. Whether it does.

    Attempts stay with the version that they began with.
    """
    question.title, question.category = draft.title, draft.category
    question.tags, question.points = list(draft.tags), draft.points
    current = places.version_of(question)
    if current and (current.content, current.key) == (draft.content.to_json(), draft.key.to_json()):
        return False
    _ask(question, draft.content, draft.key, current.number + 1 if current else 1, by, at)
    return True


def move_question(home: Home, question: Question, to: str | int) -> None:
    """One place `up` or `down`, or to a place counted from 0."""
    order = places.questions_of(home)
    here = order.index(question)
    place = here + {UP: -1, DOWN: 1}[to] if isinstance(to, str) else to
    order.remove(question)
    order.insert(max(0, min(place, len(order))), question)
    for position, each in enumerate(order, 1):
        each.position = position


def copy_question(home: Home, question: Question, at: datetime) -> Question:
    """The same question once more, right behind it."""
    made = copied(question, home, at)
    made.origin_id = question.origin_id
    order = places.questions_of(home)
    move_question(home, made, order.index(question) + 1)
    return made


def copied(question: Question, home: Home, at: datetime) -> Question:
    """A copy at the end of `home`, with a first version of its own."""
    taken = places.source_ids(home)
    last = max((each.position for each in places.questions_of(home)), default=0)
    made = Question(
        source_id=question.source_id if question.source_id not in taken else _new_name(taken),
        position=last + 1,
        points=question.points,
        title=question.title,
        tags=list(question.tags),
        category=question.category,
        **_address(home),
    )
    db.session.add(made)
    db.session.flush()
    if version := places.version_of(question):
        _keep(made, version.kind, version.content, version.key, 1, version.author_id, at)
    return made


def remove_question(question: Question, at: datetime) -> None:
    """Take it out. Attempts that asked it keep it."""
    question.removed_at = at


def restore_question(question: Question) -> None:
    """Undo a removal: back to its place."""
    question.removed_at = None


def _address(home: Home) -> dict[str, int]:
    return {"quiz_id": home.id} if isinstance(home, Quiz) else {"course_id": home.id}


def _new_name(taken: set[str]) -> str:
    name = f"q-{secrets.token_hex(6)}"
    return name if name not in taken else _new_name(taken)


def _ask(question: Question, content: Content, key: Key, number: int, by: int | None, at: datetime) -> None:
    _keep(question, content.type, content.to_json(), key.to_json(), number, by, at)


def _keep(
    question: Question, kind: str, content: dict[str, object], key: dict[str, object], number: int,
    by: int | None, at: datetime,
) -> None:  # fmt: skip
    version = QuestionVersion(
        question_id=question.id,
        number=number,
        kind=kind,
        content=content,
        key=key,
        author_id=by,
        created_at=at,
    )
    db.session.add(version)
    db.session.flush()
    question.version_id = version.id
