"""Reads for those who grade essays by hand. Every one is scoped to a course that the reader teaches."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from lms.core.db import db
from lms.core.paging import Page
from lms.quizzes.queries import UNMARKED, essays_to_mark

PER_PAGE = 50

_WAITING = text(f"""
    with {UNMARKED}
    select q.id as quiz_id, q.title, l.title as lesson, w.attempt_id, w.number, w.submitted_at,
           u.name, w.essays, w.slot, count(*) over () as total, sum(w.essays) over () as all_essays
      from (select quiz_id, attempt_id, user_id, number, submitted_at, count(*) as essays, min(slot) as slot
              from unmarked group by quiz_id, attempt_id, user_id, number, submitted_at) w
      join quizzes q on q.id = w.quiz_id
      join lessons l on l.id = q.lesson_id
      join users u on u.id = w.user_id
     order by l.position, q.position, q.id, w.submitted_at, w.attempt_id
     limit :most offset :start
""")  # noqa: S608 - our own words
_MARKED = text("""
    select q.id as quiz_id, q.title, l.title as lesson, a.id as attempt_id, a.number, a.submitted_at,
           u.name, n.slot, n.marked_at, by.name as marked_by, n.fraction,
           (a.layout -> n.slot::int ->> 'points')::numeric as points, count(*) over () as total
      from answers n
      join attempts a on a.id = n.attempt_id
      join quizzes q on q.id = a.quiz_id
      join lessons l on l.id = q.lesson_id
      join users u on u.id = a.user_id
      left join users by on by.id = n.marked_by_id
     where q.course_id = any(:course_ids) and n.marked_at is not null
     order by n.marked_at desc, a.id desc, n.slot
     limit :most offset :start
""")


def waiting(course_id: int, page: int) -> tuple[Page[Row[Any]], int]:
    """The attempts that wait, quiz by quiz, those handed in first before the others; and how many essays
    that are in all."""
    found = _page(_WAITING, course_id, page)
    return found, int(found.items[0].all_essays) if found.items else 0


def marked(course_id: int, page: int) -> Page[Row[Any]]:
    """The essays that were graded by hand, last ones first."""
    return _page(_MARKED, course_id, page)


def _page(statement: Any, course_id: int, page: int) -> Page[Row[Any]]:
    start = (page - 1) * PER_PAGE
    place = {"most": PER_PAGE, "start": start}
    rows = db.session.execute(statement, {"course_ids": [course_id], **place}).all()
    return Page(rows, page, rows[0].total if rows else 0, PER_PAGE)


_ESSAY = text("""
    select a.id as attempt_id, a.number, a.submitted_at, a.user_id, u.name, q.id as quiz_id, q.title,
           l.title as lesson, n.slot, v.content, v.key, n.response, n.saved_at, n.state, n.fraction,
           n.feedback, n.marked_at, by.name as marked_by,
           (a.layout -> n.slot::int ->> 'points')::numeric as points, a.layout -> n.slot::int ->> 'how' as how
      from answers n
      join attempts a on a.id = n.attempt_id
      join quizzes q on q.id = a.quiz_id
      join lessons l on l.id = q.lesson_id
      join users u on u.id = a.user_id
      join question_versions v on v.id = (a.layout -> n.slot::int ->> 'version')::bigint
      left join users by on by.id = n.marked_by_id
     where a.id = :attempt_id and n.slot = :slot and q.course_id = :course_id
       and a.state in ('needs_grading', 'graded') and v.kind = 'essay' and n.response is not null
""")


def essay(course_id: int, attempt_id: int, slot: int) -> Row[Any] | None:
    """An essay that was handed in, with its marks so far; None for anything else."""
    return db.session.execute(
        _ESSAY, {"course_id": course_id, "attempt_id": attempt_id, "slot": slot}
    ).one_or_none()


# First the same quiz, from here on and then from its beginning: who grades one quiz after the other, grades alike.
_NEXT = text(f"""
    with {UNMARKED}
    select w.attempt_id, w.slot, count(*) over () as others
      from unmarked w
      join quizzes q on q.id = w.quiz_id
      join lessons l on l.id = q.lesson_id
     where (w.attempt_id, w.slot) <> (:attempt_id, :slot)
     order by w.quiz_id <> :quiz_id,
              (w.quiz_id = :quiz_id
               and (w.submitted_at, w.attempt_id, w.slot) < (:submitted_at, :attempt_id, :slot)),
              l.position, q.position, q.id, w.submitted_at, w.attempt_id, w.slot
     limit 1
""")  # noqa: S608 - our own words


def next_after(
    course_id: int, *, quiz_id: int, submitted_at: datetime, attempt_id: int, slot: int
) -> Row[Any] | None:
    """The essay that waits next: attempt_id, slot, and how many `others` than this one wait; None: no other."""
    return db.session.execute(
        _NEXT,
        {
            "course_ids": [course_id],
            "quiz_id": quiz_id,
            "submitted_at": submitted_at,
            "attempt_id": attempt_id,
            "slot": slot,
        },
    ).one_or_none()


_PARTS = text("""
    select (p.slot ->> 'points')::numeric as points, p.slot ->> 'how' as how,
           coalesce(n.fraction, 0) as fraction,
           case when n.state = 'needs_grading' and n.response is null then 'unanswered'
                else coalesce(n.state, 'unanswered') end as state
      from attempts a
      cross join lateral jsonb_array_elements(a.layout) with ordinality as p(slot, place)
      left join answers n on n.attempt_id = a.id and n.slot = p.place - 1
     where a.id = :attempt_id
     order by p.place
""")


def grades(attempt_id: int) -> Sequence[Row[Any]]:
    """The grade of each slot as it is kept: points, how it was set aside, fraction, state. What was erased waits for
    nobody."""
    return db.session.execute(_PARTS, {"attempt_id": attempt_id}).all()


def waiting_essays(course_id: int) -> int:
    """How many essays of a course wait for a person."""
    return essays_to_mark([course_id]).get(course_id, 0)
