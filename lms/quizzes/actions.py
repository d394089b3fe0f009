"""What people do with quizzes: start, save answers, hand in. The protocol: docs/developers/attempts.md."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Row, insert, text

from lms.core import events
from lms.core.db import db
from lms.quizzes import draws, queries, rules
from lms.quizzes.content import content_from_json
from lms.quizzes.grading import Grade, grade
from lms.quizzes.keys import key_from_json
from lms.quizzes.models import Attempt
from lms.quizzes.responses import StoredResponse
from lms.quizzes.worth import counted

ClosedBy = Literal["learner", "deadline"]


@dataclass(frozen=True, slots=True)
class Started:
    """The open attempt; or None and why there is none."""

    attempt_id: int | None
    refusal: rules.Refusal | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of one answer. `seq` and `saved_at` are those of the answer that is kept now.

    saved: this one is kept. stale: one with the same or a higher number is kept already.
    closed: the attempt takes no answers any more. not_found: no such attempt of this learner.
    """

    outcome: Literal["saved", "stale", "closed", "not_found"]
    seq: int | None = None
    saved_at: datetime | None = None
    deadline_at: datetime | None = None


# A learner's starts wait for each other here: two tabs, a double click, the limit of attempts.
_LOCK_LEARNER = text("select id from enrollments where id = :id for no key update")


def start(quiz: Row[Any], user_id: int, at: datetime, grace: timedelta) -> Started:
    """The learner's open attempt at `quiz` (a row of `queries.quiz_for`), begun now unless there is one.

    An open attempt whose time is over is closed and returned: a new one is begun only by a press of its own.
    """
    if quiz.enrollment_id is None:
        return Started(None, "not_enrolled")
    db.session.execute(_LOCK_LEARNER, {"id": quiz.enrollment_id})
    attempts = queries.attempts_of(quiz.id, user_id)
    for attempt in attempts:
        if attempt.state == "open":
            close_if_overdue(attempt, at, grace)
            return Started(attempt.id)
    # Read under the lock, so that more time given at this moment reaches the attempt that begins.
    now = queries.terms_of(quiz.id, user_id)
    terms = rules.Terms.of(now)
    refusal = rules.why_not_start(
        is_enrolled=True,
        questions=quiz.questions,
        max_attempts=terms.max_attempts,
        used=len(attempts),
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        opens_at=terms.opens_at,
        closes_at=terms.closes_at,
        is_published=now.is_published,
        at=at,
    )
    if refusal:
        return Started(None, refusal)
    number = attempts[-1].number + 1 if attempts else 1
    seed = f"{quiz.id}/{user_id}/{number}"
    asked = [
        rules.Asked(row.question_id, row.version_id, row.points, content_from_json(row.content))
        for row in queries.current_questions(quiz.id)
    ]
    asked += draws.pick(quiz.id, seed)
    if not asked:
        return Started(None, "no_questions")
    layout = rules.lay_out(
        asked,
        seed,
        shuffle_questions=quiz.shuffle_questions,
        shuffle_options=quiz.shuffle_options,
    )
    return Started(
        db.session.scalar(
            insert(Attempt)
            .values(
                quiz_id=quiz.id,
                user_id=user_id,
                enrollment_id=quiz.enrollment_id,
                number=number,
                state="open",
                layout=layout,
                started_at=at,
                deadline_at=terms.deadline(at),
            )
            .returning(Attempt.id)
        )
    )


# One statement. The key-share lock waits for a closing that is under way and then finds the attempt closed,
# so that no answer slips in after the grading.
_SAVE = text("""
    with sitting as materialized (
        select id, deadline_at from attempts
         where id = :attempt_id and user_id = :user_id and state = 'open'
           and (deadline_at is null or deadline_at >= :late)
           and :slot >= 0 and :slot < jsonb_array_length(layout)
           for key share),
    saved as (
        insert into answers as kept (attempt_id, slot, response, seq, saved_at)
        select id, :slot, cast(:response as jsonb), :seq, :at from sitting
            on conflict (attempt_id, slot) do update
           set response = excluded.response, seq = excluded.seq, saved_at = excluded.saved_at
         where kept.seq < excluded.seq
        returning seq, saved_at)
    select o.is_open, a.state is not null as is_mine, o.deadline_at, s.seq, s.saved_at,
           k.seq as kept_seq, k.saved_at as kept_at
      from (select max(deadline_at) as deadline_at, count(*) > 0 as is_open from sitting) o
      left join saved s on true
      left join attempts a on a.id = :attempt_id and a.user_id = :user_id
      left join answers k on k.attempt_id = a.id and k.slot = :slot
""")


def save(
    attempt_id: int,
    slot: int,
    user_id: int,
    response: StoredResponse | None,
    seq: int,
    at: datetime,
    grace: timedelta,
) -> Saved:
    """Keep one answer unless a newer one is kept; a repeat is acknowledged like the first time."""
    row = db.session.execute(
        _SAVE,
        {
            "attempt_id": attempt_id,
            "slot": slot,
            "user_id": user_id,
            "response": None if response is None else json.dumps(response),
            "seq": seq,
            "at": at,
            "late": at - grace,
        },
    ).one()
    if not row.is_mine:
        return Saved("not_found")
    if not row.is_open:
        return Saved("closed", row.kept_seq, row.kept_at)
    if row.seq is None:
        # Of two that came together, the loser has not seen the winner's row yet.
        return Saved("stale", max(row.kept_seq or 0, seq), row.kept_at or at, row.deadline_at)
    return Saved("saved", row.seq, row.saved_at, row.deadline_at)


# Locked as the closing locks it: two forms that hand in at once wait here, and not for each other.
_SAVE_PAGE = text("""
    with sitting as materialized (
        select id from attempts
         where id = :attempt_id and user_id = :user_id and state = 'open'
           and (deadline_at is null or deadline_at >= :late)
           for update),
    marked as (
        update attempts set flags = (flags - cast(:shown as text[])) || cast(:flagged as jsonb)
          from sitting where attempts.id = sitting.id
           and flags is distinct from (flags - cast(:shown as text[])) || cast(:flagged as jsonb)),
    saved as (
        insert into answers as kept (attempt_id, slot, response, seq, saved_at)
        select s.id, n.slot, n.response, n.seq, :at
          from sitting s cross join jsonb_to_recordset(cast(:answers as jsonb))
               as n(slot int, response jsonb, seq bigint)
         where n.response is not null
            or exists (select from answers e where e.attempt_id = s.id and e.slot = n.slot)
            on conflict (attempt_id, slot) do update
           set response = excluded.response, seq = excluded.seq, saved_at = excluded.saved_at
         where kept.seq < excluded.seq and kept.response is distinct from excluded.response)
    select count(*) from sitting s
      join answers e on e.attempt_id = s.id
      join jsonb_to_recordset(cast(:answers as jsonb)) as n(slot int, response jsonb, seq bigint)
        on n.slot = e.slot and n.seq <= e.seq and n.response is not null and n.response is distinct from e.response
""")


def save_page(
    attempt_id: int,
    user_id: int,
    answers: Mapping[int, tuple[StoredResponse | None, int]],
    at: datetime,
    grace: timedelta,
    flags: Mapping[int, bool] | None = None,
) -> int:
    """Keep all answers of a plain form, {slot: (response, seq)}, and which of its questions are marked to look
    at again, {slot: yes or no}. How many were overtaken: a different one, said since the page was shown, stays."""
    rows = [{"slot": slot, "response": given, "seq": seq} for slot, (given, seq) in answers.items()]
    parameters = {
        "attempt_id": attempt_id,
        "user_id": user_id,
        "answers": json.dumps(rows),
        "at": at,
        "late": at - grace,
        "shown": [str(slot) for slot in flags or ()],
        "flagged": json.dumps([str(slot) for slot, is_on in (flags or {}).items() if is_on]),
    }
    return int(db.session.scalar(_SAVE_PAGE, parameters) or 0)


_FLAG = text("""
    with marked as (
        update attempts set flags = (flags - cast(:slot as text)) || cast(:flagged as jsonb)
         where id = :attempt_id and user_id = :user_id and state = 'open'
           and (deadline_at is null or deadline_at >= :late)
           and cast(:slot as int) < jsonb_array_length(layout)
        returning id)
    select (select count(*) from marked) as marked, cast(:slot as int) < jsonb_array_length(layout) as exists
      from attempts where id = :attempt_id and user_id = :user_id
""")


def flag(
    attempt_id: int, slot: int, user_id: int, *, is_on: bool, at: datetime, grace: timedelta
) -> Literal["saved", "closed", "not_found"]:
    """Mark a question of one's own open attempt to look at it again, or take the mark back."""
    row = db.session.execute(
        _FLAG,
        {
            "attempt_id": attempt_id,
            "user_id": user_id,
            "slot": str(slot),
            "flagged": json.dumps([str(slot)] if is_on else []),
            "late": at - grace,
        },
    ).one_or_none()
    if row is None or not row.exists:
        return "not_found"
    return "saved" if row.marked else "closed"


_LOCK_OPEN = text("""
    select a.id, a.user_id, a.quiz_id, a.deadline_at, q.passing_percent
      from attempts a join quizzes q on q.id = a.quiz_id
     where a.id = :attempt_id and a.state = 'open' for update of a
""")
_LOCK_OPEN_UNLESS_TAKEN = text(_LOCK_OPEN.text + " skip locked")
_GRADE_ANSWERS = text("""
    update answers set fraction = g.fraction, state = g.state
      from jsonb_to_recordset(cast(:grades as jsonb)) as g(slot int, fraction numeric, state text)
     where answers.attempt_id = :attempt_id and answers.slot = g.slot
""")
_CLOSE = text("""
    update attempts set state = :state, submitted_at = :submitted_at, closed_by = :by,
           score = :score, points = :points, percent = :percent, passed = :passed
     where id = :attempt_id
""")


def close(attempt_id: int, at: datetime, by: ClosedBy, *, wait: bool = True) -> bool:
    """Grade an open attempt from what was saved; False when somebody did (or, without `wait`, is doing) so.

    The lock makes it happen once, whoever comes: the learner, a second tab, the sweep. An attempt that its
    deadline closed counts as handed in at the deadline.
    """
    attempt = db.session.execute(
        _LOCK_OPEN if wait else _LOCK_OPEN_UNLESS_TAKEN, {"attempt_id": attempt_id}
    ).one_or_none()
    if attempt is None:
        return False
    slots = queries.slots_with_keys(attempt_id)
    grades = [_grade(slot) for slot in slots]
    counts = [counted(found, slot.points, slot.how) for found, slot in zip(grades, slots, strict=True)]
    outcome = rules.outcome(counts, attempt.passing_percent)
    _keep_grades(attempt_id, slots, grades)
    _pin_set_aside(attempt_id, slots)
    db.session.execute(
        _CLOSE,
        {
            "attempt_id": attempt_id,
            "state": outcome.state,
            "submitted_at": attempt.deadline_at if by == "deadline" and attempt.deadline_at else at,
            "by": by,
            "score": outcome.score.earned,
            "points": outcome.score.possible,
            "percent": outcome.score.percent,
            "passed": outcome.passed,
        },
    )
    ids = {"attempt_id": attempt_id, "user_id": attempt.user_id, "quiz_id": attempt.quiz_id}
    events.record("quiz.submitted", at, **ids)
    return True


def close_if_overdue(attempt: Row[Any], at: datetime, grace: timedelta) -> bool:
    """Close an attempt that a page met after its time; the sweep may just not have come yet."""
    if attempt.state != "open" or not rules.is_overdue(attempt.deadline_at, grace, at):
        return False
    close(attempt.id, at, "deadline")
    return True


def _grade(slot: Row[Any]) -> Grade:
    return grade(content_from_json(slot.content), key_from_json(slot.key), slot.response)


_PIN = text("""
    update attempts set layout = (
        select jsonb_agg(p.slot || coalesce(cast(:pins as jsonb) -> (p.place - 1)::text, '{}') order by p.place)
          from jsonb_array_elements(layout) with ordinality as p(slot, place))
     where id = :attempt_id
""")


def _pin_set_aside(attempt_id: int, slots: Sequence[Row[Any]]) -> None:
    """What is set aside while an attempt is under way counts so in it from its end on."""
    pins = {slot.slot: {"aside": slot.aside, "how": slot.how} for slot in slots if slot.aside is not None}
    if pins:
        db.session.execute(_PIN, {"attempt_id": attempt_id, "pins": json.dumps(pins)})


def _keep_grades(attempt_id: int, slots: Sequence[Row[Any]], grades: Sequence[Grade]) -> None:
    rows = [
        {"slot": slot.slot, "fraction": str(found.fraction), "state": found.state}
        for slot, found in zip(slots, grades, strict=True)
        if slot.seq is not None
    ]
    if rows:
        db.session.execute(_GRADE_ANSWERS, {"attempt_id": attempt_id, "grades": json.dumps(rows)})
