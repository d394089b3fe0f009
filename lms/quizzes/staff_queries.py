"""Reads of quizzes for those who teach them: attempts, receipts, accommodations."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from lms.core.db import db
from lms.core.paging import PER_PAGE, Page
from lms.quizzes import queries

STATES = ("open", "graded", "needs_grading")

_QUIZ = text(f"""
    select q.id, q.title, q.slug, q.mode, q.is_published, q.passing_percent, q.counts, {queries.TERMS}, q.course_id,
           c.slug as course_slug, c.title as course_title, c.language,
           l.slug as lesson_slug, l.title as lesson_title
      from quizzes q
      join courses c on c.id = q.course_id
      join lessons l on l.id = q.lesson_id
      left join accommodations x on false
     where c.slug = :slug and q.id = :quiz_id and c.removed_at is null
       and (:is_admin or c.owner_id = :user_id
            or exists (select from course_instructors i where i.course_id = c.id and i.user_id = :user_id))
""")  # noqa: S608 - our own words


def quiz_for_staff(slug: str, quiz_id: int, *, user_id: int, is_admin: bool) -> Row[Any] | None:
    """The quiz for who teaches its course or is an admin; also one that left the course: its attempts stay."""
    parameters = {"slug": slug, "quiz_id": quiz_id, "user_id": user_id, "is_admin": is_admin}
    return db.session.execute(_QUIZ, parameters).one_or_none()


_FILTER = """
     where a.quiz_id = :quiz_id and (:state = '' or a.state = :state)
       and (:q = '' or u.name ilike :pattern or u.email ilike :pattern)
"""
_COLUMNS = """
    select a.id, a.number, a.state, a.started_at, a.deadline_at, a.submitted_at, a.closed_by, a.score, a.points,
           a.percent, a.passed, u.id as user_id, u.name, u.email, x.id is not null as has_accommodation,
           (select count(*) from answers n where n.attempt_id = a.id and n.response is not null) as answered,
           (select max(n.saved_at) from answers n where n.attempt_id = a.id) as last_saved_at,
           exists (select from regrade_changes r join regrades g on g.id = r.regrade_id
                    where r.attempt_id = a.id and g.undone_at is null) as is_regraded
      from attempts a join users u on u.id = a.user_id
      left join accommodations x on x.quiz_id = a.quiz_id and x.user_id = a.user_id
"""
_COUNT = text(f"""
    select count(*) from attempts a join users u on u.id = a.user_id {_FILTER}
""")  # noqa: S608 - our own words
_ATTEMPTS = text(f"""
    {_COLUMNS} {_FILTER} order by coalesce(a.submitted_at, a.started_at) desc, a.id desc
     limit :most offset :skip
""")


def attempts(quiz_id: int, q: str, state: str, page: int, most: int = PER_PAGE) -> Page[Row[Any]]:
    """Attempts at a quiz, the latest first; `q` is part of a name or address, `state` one of STATES or empty."""
    pattern = "%" + q.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    parameters = {"quiz_id": quiz_id, "state": state, "q": q, "pattern": pattern}
    total = db.session.scalar(_COUNT, parameters) or 0
    rows = db.session.execute(_ATTEMPTS, {**parameters, "most": most, "skip": (page - 1) * most}).all()
    return Page(rows, page, total, most)


_ALL = text(f"{_COLUMNS} where a.quiz_id = :quiz_id order by u.name, u.id, a.number")


def all_attempts(quiz_id: int) -> Sequence[Row[Any]]:
    """Every attempt at a quiz, by learner."""
    return db.session.execute(_ALL, {"quiz_id": quiz_id}).all()


_ATTEMPT = text(f"""
    {_COLUMNS} where a.quiz_id = :quiz_id and a.id = :attempt_id
""")


def attempt(quiz_id: int, attempt_id: int) -> Row[Any] | None:
    """One attempt at this quiz, whoever's."""
    return db.session.execute(_ATTEMPT, {"quiz_id": quiz_id, "attempt_id": attempt_id}).one_or_none()


_GRANTS = text("""
    select x.user_id, u.name, u.email, x.extra_percent, x.extra_minutes, x.extra_attempts, x.untimed, x.opens_at,
           x.closes_at, x.after_end, c.ends_at, x.reason, x.changed_at, g.name as given_by, count(*) over () as total
      from accommodations x join users u on u.id = x.user_id left join users g on g.id = x.given_by_id
      join quizzes q on q.id = x.quiz_id join courses c on c.id = q.course_id
     where x.quiz_id = :quiz_id and (cast(:user_id as bigint) is null or x.user_id = :user_id)
     order by u.name, u.id limit :most offset :skip
""")


def accommodations(quiz_id: int, page: int) -> Page[Row[Any]]:
    """What was given to whom in a quiz, by name."""
    place = {"most": PER_PAGE, "skip": (page - 1) * PER_PAGE}
    rows = db.session.execute(_GRANTS, {"quiz_id": quiz_id, "user_id": None, **place}).all()
    return Page(rows, page, rows[0].total if rows else 0)


def accommodation(quiz_id: int, user_id: int) -> Row[Any] | None:
    """What one learner was given."""
    whom = {"quiz_id": quiz_id, "user_id": user_id, "most": 1, "skip": 0}
    return db.session.execute(_GRANTS, whom).one_or_none()


_LEARNERS = text("""
    select u.id, u.name, u.email, u.time_zone, x.id is not null as has_accommodation
      from enrollments e join users u on u.id = e.user_id
      left join accommodations x on x.user_id = u.id and x.quiz_id = :quiz_id
     where e.course_id = :course_id and (e.state <> 'dropped' or x.id is not null)
       and (cast(:user_id as bigint) is null or u.id = :user_id)
       and (:q = '' or u.name ilike :pattern or u.email ilike :pattern)
     order by u.name, u.id limit 20
""")


def learners(quiz: Row[Any], q: str) -> Sequence[Row[Any]]:
    """Up to 20 learners of the quiz's course whose name or address holds the words."""
    return db.session.execute(_LEARNERS, _whom(quiz, q, None)).all()


def learner(quiz: Row[Any], user_id: int) -> Row[Any] | None:
    """One learner of the quiz's course."""
    return db.session.execute(_LEARNERS, _whom(quiz, "", user_id)).one_or_none()


def _whom(quiz: Row[Any], q: str, user_id: int | None) -> dict[str, Any]:
    pattern = "%" + q.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    return {"quiz_id": quiz.id, "course_id": quiz.course_id, "q": q, "pattern": pattern, "user_id": user_id}


_OPEN = text("""
    select id, deadline_at, started_at from attempts
     where quiz_id = :quiz_id and user_id = :user_id and state = 'open'
""")


def open_attempt(quiz_id: int, user_id: int) -> Row[Any] | None:
    """The attempt that a learner has under way."""
    return db.session.execute(_OPEN, {"quiz_id": quiz_id, "user_id": user_id}).one_or_none()


def is_late(answered_at: datetime | None, deadline_at: datetime | None) -> bool:
    """Whether an answer arrived in the grace after the deadline."""
    return answered_at is not None and deadline_at is not None and answered_at > deadline_at
