"""Grading attempts again by what holds now: looked at first, applied as one step, undone as one step."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any, Literal

from sqlalchemy import Row, insert, text, update

from lms.accounts import audit
from lms.core import events
from lms.core.db import db
from lms.quizzes import corrections
from lms.quizzes.corrections import Change, Result, Rule, SlotGrade
from lms.quizzes.models import Regrade


@dataclass(frozen=True, slots=True)
class Applied:
    """`regrade_id` is None when nothing was done: there was `nothing` to do (somebody did it already), or what
    was looked at has `changed` since."""

    regrade_id: int | None
    refusal: Literal["", "nothing", "changed"] = ""


def outdated(quiz_id: int) -> corrections.Found:
    """Questions whose key was corrected after it graded attempts, or that count something else now."""
    return corrections.found(quiz_id)


def outdated_attempts(quiz_id: int) -> int:
    """How many attempts were graded by what no longer holds and could be graded by what does."""
    return len(outdated(quiz_id).attempts)


# Regrades of one quiz wait for each other; attempts begin and end meanwhile.
_LOCK_QUIZ = text("select title from quizzes where id = :quiz_id for no key update")
_LOCK_ATTEMPTS = text("select id from attempts where id = any(:ids) order by id for update")


def apply(quiz_id: int, rule: Rule, seen: str, by: int, at: datetime) -> Applied:
    """Do what the preview with the fingerprint `seen` showed, once, however often it is asked for.

    Lessons that were completed stay so; what is passed now counts from now on.
    """
    title = db.session.scalar(_LOCK_QUIZ, {"quiz_id": quiz_id})
    found = outdated(quiz_id)
    if not found.attempts:
        return Applied(None, "nothing")
    db.session.execute(_LOCK_ATTEMPTS, {"ids": found.attempts})
    changes = corrections.preview(found, rule)
    if corrections.fingerprint(changes) != seen:
        return Applied(None, "changed")
    statement = insert(Regrade).values(quiz_id=quiz_id, rule=rule, applied_at=at, applied_by_id=by)
    regrade_id: int = db.session.execute(statement.returning(Regrade.id)).scalar_one()
    _write(changes)
    _remember(regrade_id, changes)
    _tell(quiz_id, regrade_id, [change for change in changes if change.is_changed], at, undone=False)
    _note("quiz.regraded", quiz_id, title, changes, at, rule=rule)
    return Applied(regrade_id)


_WRITE_ANSWERS = text("""
    update answers set fraction = g.fraction, state = g.state
      from jsonb_to_recordset(cast(:rows as jsonb)) as g(attempt bigint, slot int, fraction numeric, state text)
     where answers.attempt_id = g.attempt and answers.slot = g.slot and g.fraction is not null
""")
_WRITE_ATTEMPTS = text("""
    update attempts a set score = g.score, points = g.points, percent = g.percent, passed = g.passed, state = g.state,
           layout = (select jsonb_agg(
                       jsonb_strip_nulls(p.slot || coalesce(g.slots -> (p.place - 1)::text, '{}')) order by p.place)
                       from jsonb_array_elements(a.layout) with ordinality as p(slot, place))
      from jsonb_to_recordset(cast(:rows as jsonb))
           as g(id bigint, score numeric, points numeric, percent numeric, passed boolean, state text, slots jsonb)
     where a.id = g.id
""")


def _write(changes: Sequence[Change]) -> None:
    answers = [
        {"attempt": c.attempt_id, "slot": slot, "fraction": now.fraction, "state": now.state}
        for c in changes
        for slot, (was, now) in c.slots.items()
        if was.answer != now.answer
    ]
    sums = [
        {"id": c.attempt_id, **c.after.to_json(), "slots": {s: now.pin() for s, (_, now) in c.slots.items()}}
        for c in changes
    ]
    db.session.execute(_WRITE_ANSWERS, {"rows": json.dumps(answers)})
    db.session.execute(_WRITE_ATTEMPTS, {"rows": json.dumps(sums)})


_REMEMBER = text("""
    insert into regrade_changes (regrade_id, attempt_id, before, after)
    select :regrade_id, g.id, g.before, g.after
      from jsonb_to_recordset(cast(:rows as jsonb)) as g(id bigint, before jsonb, after jsonb)
""")


def _remember(regrade_id: int, changes: Sequence[Change]) -> None:
    rows = [
        {
            "id": change.attempt_id,
            "before": change.before.to_json() | {"slots": _slots(change, 0)},
            "after": change.after.to_json() | {"slots": _slots(change, 1)},
        }
        for change in changes
    ]
    db.session.execute(_REMEMBER, {"regrade_id": regrade_id, "rows": json.dumps(rows)})


def _slots(change: Change, side: Literal[0, 1]) -> dict[str, Any]:
    return {str(slot): sides[side].to_json() for slot, sides in change.slots.items()}


def _tell(quiz_id: int, regrade_id: int, changed: Sequence[Change], at: datetime, *, undone: bool) -> None:
    by_learner = groupby(sorted(changed, key=lambda each: each.user_id), key=lambda each: each.user_id)
    payloads = [
        {
            "user_id": user_id,
            "quiz_id": quiz_id,
            "regrade_id": regrade_id,
            "attempt_ids": [change.attempt_id for change in same],
            "undone": undone,
        }
        for user_id, same in by_learner
    ]
    events.record_many("quiz.regraded", at, payloads)


def _note(
    action: str, quiz_id: int, title: str | None, changes: Sequence[Change], at: datetime, rule: str = ""
) -> None:
    changed = sum(change.is_changed for change in changes)
    audit.record(
        action,
        at,
        subject_kind="quiz",
        subject_id=quiz_id,
        subject_name=title or "",
        attempts=len(changes),
        changed=changed,
        rule=rule,
    )


_STANDING = text(
    "select id from regrades where quiz_id = :quiz_id and undone_at is null order by id desc limit 1"
)
_CHANGES = text(
    "select attempt_id, before, after from regrade_changes where regrade_id = :id order by attempt_id"
)


def undo(quiz_id: int, regrade_id: int, by: int, at: datetime) -> bool:
    """Take the quiz's last regrade back, once; False when it is not the last that stands.

    What persons graded by hand since stays.
    """
    title = db.session.scalar(_LOCK_QUIZ, {"quiz_id": quiz_id})
    if db.session.scalar(_STANDING, {"quiz_id": quiz_id}) != regrade_id:
        return False
    noted = {row.attempt_id: row for row in db.session.execute(_CHANGES, {"id": regrade_id})}
    db.session.execute(_LOCK_ATTEMPTS, {"ids": list(noted)})
    changes = [_taken_back(row, noted[row.id]) for row in corrections.attempts(list(noted))]
    _write(changes)
    db.session.execute(update(Regrade).where(Regrade.id == regrade_id).values(undone_at=at, undone_by_id=by))
    _tell(quiz_id, regrade_id, [change for change in changes if change.is_changed], at, undone=True)
    _note("quiz.regrade_undone", quiz_id, title, changes, at)
    return True


def _taken_back(row: Row[Any], noted: Row[Any]) -> Change:
    slots, back, is_untouched = [], {}, Result.from_json(noted.after, row.points) == Result.of(row)
    for slot in row.slots:
        number = str(slot["slot"])
        if number not in noted.before["slots"]:
            slots.append(slot)
            continue
        now, was, became = (
            SlotGrade.of(slot, side)
            for side in ({}, *(each["slots"][number] for each in (noted.before, noted.after)))
        )
        is_untouched = is_untouched and now.answer == became.answer
        if was.answer == became.answer:
            # The regrade left the answer's own grade alone: what a person gave for it since stays.
            was = replace(was, fraction=now.fraction, state=now.state)
        back[slot["slot"]] = (now, was)
        slots.append({**slot, **was.to_json()})
    # Exactly what it was, unless a person's grading came in between: then what it adds up to now.
    then = (
        Result.from_json(noted.before, row.points)
        if is_untouched
        else corrections.result_of(slots, row.passing_percent)
    )
    return Change(row.id, row.user_id, row.name, row.number, Result.of(row), then, back)


_HISTORY = text("""
    select g.id, g.rule, g.applied_at, g.undone_at, b.name as applied_by, u.name as undone_by,
           count(c.attempt_id) as attempts,
           count(*) filter (where (c.after ->> 'percent')::numeric > (c.before ->> 'percent')::numeric) as raised,
           count(*) filter (where (c.after ->> 'percent')::numeric < (c.before ->> 'percent')::numeric) as lowered
      from regrades g left join regrade_changes c on c.regrade_id = g.id
      left join users b on b.id = g.applied_by_id left join users u on u.id = g.undone_by_id
     where g.quiz_id = :quiz_id group by g.id, b.id, u.id order by g.id desc
""")


def history(quiz_id: int) -> Sequence[Row[Any]]:
    """The regrades of a quiz, the latest first. The first that is not undone can be undone."""
    return db.session.execute(_HISTORY, {"quiz_id": quiz_id}).all()


_OF_ATTEMPT = text("""
    select g.applied_at, g.undone_at, g.rule, (c.before ->> 'percent')::numeric as before,
           (c.after ->> 'percent')::numeric as after
      from regrade_changes c join regrades g on g.id = c.regrade_id
     where c.attempt_id = :attempt_id order by g.id
""")


def changes_of(attempt_id: int) -> Sequence[Row[Any]]:
    """How regrades changed one attempt, in their order."""
    return db.session.execute(_OF_ATTEMPT, {"attempt_id": attempt_id}).all()
