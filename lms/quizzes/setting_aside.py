"""Setting a question aside after it was asked: decided with a reason that learners may read, and taken back.

From the decision on the question is asked no more, and attempts under way count it so at their end. Those that are over
follow when they are regraded (`regrading`).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, text, update

from lms.accounts import audit
from lms.core.db import db
from lms.quizzes.models import SetAside
from lms.quizzes.plain_words import question_words
from lms.quizzes.worth import How

# With `version_id` the questions whose standing decision is for that version alone, else for all.
_ASKED = text("""
    with asked as (
        select (p.slot ->> 'question')::bigint as question_id, avg(p.place) as place,
               count(*) filter (where a.state <> 'open') as attempts,
               count(*) filter (where a.state = 'open') as under_way
          from attempts a cross join lateral jsonb_array_elements(a.layout) with ordinality as p(slot, place)
         where a.quiz_id = :quiz_id
           and (cast(:question_id as bigint) is null or (p.slot ->> 'question')::bigint = :question_id)
         group by 1)
    select k.question_id, k.attempts, k.under_way, n.removed_at is not null as is_removed, n.quiz_id is null as is_drawn,
           v.content, x.id as aside, x.how, x.reason, x.set_at, b.name as set_by
      from asked k
      join questions n on n.id = k.question_id
      join question_versions v on v.id = n.version_id
      left join set_asides x on x.quiz_id = :quiz_id and x.question_id = n.id and x.version_id is null
                            and x.taken_back_at is null
      left join users b on b.id = x.set_by_id
     where v.kind <> 'description'
     order by n.quiz_id is null, case when n.quiz_id is null then k.place else n.position end, n.id
""")


def asked(quiz_id: int) -> Sequence[Row[Any]]:
    """Every question that attempts at this quiz asked, with the decision that stands: question_id, content, attempts that
    are over, attempts `under_way`, is_removed, is_drawn, aside, how, reason, set_at, set_by."""
    return db.session.execute(_ASKED, {"quiz_id": quiz_id, "question_id": None}).all()


def question(quiz_id: int, question_id: int) -> Row[Any] | None:
    """One of them; None when no attempt asked it."""
    return db.session.execute(_ASKED, {"quiz_id": quiz_id, "question_id": question_id}).one_or_none()


_STANDING = text("""
    select x.id, x.question_id, x.version_id, x.how, x.reason, x.set_at, b.name as set_by, v.content,
           (select count(*) from attempts a
             where a.quiz_id = x.quiz_id and a.state <> 'open'
               and a.layout @> jsonb_build_array(jsonb_build_object('aside', x.id))) as attempts
      from set_asides x
      join questions n on n.id = x.question_id
      join question_versions v on v.id = coalesce(x.version_id, n.version_id)
      left join users b on b.id = x.set_by_id
     where x.quiz_id = :quiz_id and x.taken_back_at is null
     order by x.set_at, x.id
""")


def standing(quiz_id: int) -> Sequence[Row[Any]]:
    """The decisions that stand in a quiz, and how many attempts count by each."""
    return db.session.execute(_STANDING, {"quiz_id": quiz_id}).all()


_ASIDE = text("""
    select question_id, how from set_asides
     where quiz_id = :quiz_id and version_id is null and taken_back_at is null
""")


def set_aside(quiz_id: int) -> dict[int, How]:
    """The questions that this quiz asks no more, and how they count."""
    return {row.question_id: row.how for row in db.session.execute(_ASIDE, {"quiz_id": quiz_id})}


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided of a question, with `version_id` only for the attempts that saw that version."""

    question_id: int
    how: How
    reason: str
    version_id: int | None = None


_LOCK_QUIZ = text("select title from quizzes where id = :quiz_id for no key update")
_FIND = text("""
    select x.id, x.how, x.reason, x.set_at, b.name as set_by
      from set_asides x left join users b on b.id = x.set_by_id
     where x.quiz_id = :quiz_id and x.question_id = :question_id
       and x.version_id is not distinct from cast(:version_id as bigint) and x.taken_back_at is null
""")


def find(quiz_id: int, question_id: int, version_id: int | None) -> Row[Any] | None:
    """The decision that stands for a question, or for one version of it alone."""
    facts = {"quiz_id": quiz_id, "question_id": question_id, "version_id": version_id}
    return db.session.execute(_FIND, facts).one_or_none()


_SAW = text("""
    select exists (select from attempts where quiz_id = :quiz_id and layout @> cast(:slots as jsonb))
""")


def saw(quiz_id: int, question_id: int, version_id: int) -> bool:
    """Whether an attempt at the quiz asked this version of the question."""
    slots = json.dumps([{"question": question_id, "version": version_id}])
    return bool(db.session.scalar(_SAW, {"quiz_id": quiz_id, "slots": slots}))


def decide(quiz_id: int, decision: Decision, by: int, at: datetime) -> None:
    """Set the question aside. The same decision once more only changes its reason; another takes its place."""
    title = db.session.scalar(_LOCK_QUIZ, {"quiz_id": quiz_id})
    standing = find(quiz_id, decision.question_id, decision.version_id)
    if standing is not None and standing.how == decision.how:
        db.session.execute(update(SetAside).where(SetAside.id == standing.id).values(reason=decision.reason))
    else:
        _end(standing, at)
        values = {"question_id": decision.question_id, "version_id": decision.version_id, "how": decision.how}
        db.session.execute(
            insert(SetAside).values(
                quiz_id=quiz_id, reason=decision.reason, set_at=at, set_by_id=by, **values
            )
        )
    _note(
        "question.set_aside",
        quiz_id,
        title,
        decision.question_id,
        at,
        how=decision.how,
        reason=decision.reason,
    )


def take_back(quiz_id: int, question_id: int, version_id: int | None, at: datetime) -> bool:
    """Let the question count again as it is answered; False when it was not set aside."""
    title = db.session.scalar(_LOCK_QUIZ, {"quiz_id": quiz_id})
    standing = find(quiz_id, question_id, version_id)
    if standing is None:
        return False
    _end(standing, at)
    _note("question.counted_again", quiz_id, title, question_id, at, how=standing.how)
    return True


def _end(standing: Row[Any] | None, at: datetime) -> None:
    if standing is not None:
        db.session.execute(update(SetAside).where(SetAside.id == standing.id).values(taken_back_at=at))


_WORDS = text("""
    select v.content from questions n join question_versions v on v.id = n.version_id where n.id = :question_id
""")


def _note(action: str, quiz_id: int, title: str | None, question_id: int, at: datetime, **facts: Any) -> None:
    words = question_words(db.session.scalar(_WORDS, {"question_id": question_id}))[:80]
    audit.record(
        action, at, subject_kind="quiz", subject_id=quiz_id, subject_name=title or "", question=words, **facts
    )
