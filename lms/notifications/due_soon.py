"""Who should hear that something is due: quizzes, assignments and courses that end within two days and are not done."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, literal_column, select, text

from lms.assignments.rules import days_later
from lms.core.db import AnyRow, db
from lms.courses.models import Course, Lesson
from lms.learning.decisions import undecided_sql
from lms.learning.models import Enrollment
from lms.notifications.models import Notice
from lms.notifications.notices import Told
from lms.quizzes.models import Accommodation, Attempt, Quiz
from lms.quizzes.queries import seen_sql
from lms.quizzes.windows import closes_sql

AHEAD = timedelta(days=2)
MOST = 5000
"""People told in one run; the next one goes on."""

_AT: Any = bindparam("at", type_=Notice.created_at.type)
_UNTIL: Any = bindparam("until", type_=Notice.created_at.type)


def _key(*parts: Any) -> Any:
    return func.concat_ws(":", "due_soon", *parts)


_CLOSES: Any = literal_column(closes_sql("accommodations", "quizzes", "courses"), Quiz.closes_at.type)
_QUIZ_KEY = _key("quiz", Quiz.id, Enrollment.user_id, func.extract("epoch", _CLOSES))
_QUIZZES = (
    select(
        Enrollment.user_id,
        _QUIZ_KEY.label("key"),
        _CLOSES.label("due"),
        Quiz.title.label("quiz"),
        Quiz.slug.label("quiz_slug"),
        Lesson.slug.label("lesson_slug"),
        Course.slug,
        Course.title.label("course"),
    )
    .join(Lesson, Lesson.id == Quiz.lesson_id)
    .join(Course, Course.id == Quiz.course_id)
    .join(Enrollment, Enrollment.course_id == Course.id)
    .outerjoin(
        Accommodation, and_(Accommodation.quiz_id == Quiz.id, Accommodation.user_id == Enrollment.user_id)
    )
    .where(
        Enrollment.state == "active",
        Course.state == "published",
        Course.removed_at.is_(None),
        Quiz.removed_at.is_(None),
        Lesson.removed_at.is_(None),
        Lesson.is_published,
        _CLOSES > _AT,
        _CLOSES <= _UNTIL,
        ~exists().where(
            Attempt.quiz_id == Quiz.id, Attempt.user_id == Enrollment.user_id, Attempt.state != "open"
        ),
        text(undecided_sql("quiz", "quizzes", "enrollments.id")),
        text(seen_sql("quizzes")),
        ~exists().where(Notice.dedupe_key == _QUIZ_KEY),
    )
    .limit(MOST)
)
_COURSE_KEY = _key("course", Course.id, Enrollment.user_id, func.extract("epoch", Course.ends_at))
_COURSES = (
    select(
        Enrollment.user_id,
        _COURSE_KEY.label("key"),
        Course.ends_at.label("due"),
        Course.slug,
        Course.title.label("course"),
    )
    .join(Enrollment, Enrollment.course_id == Course.id)
    .where(
        Enrollment.state == "active",
        Course.state == "published",
        Course.removed_at.is_(None),
        Course.ends_at > _AT,
        Course.ends_at <= _UNTIL,
        ~exists().where(Notice.dedupe_key == _COURSE_KEY),
    )
    .limit(MOST)
)
# Each date that an assignment has for somebody: its own, and once for each number of days that learners have more.
_DATES = text("""
    select a.id, a.due_at, a.time_zone, d.extra_days
      from assignments a
      cross join lateral (
          select 0 as extra_days union select x.extra_days from extensions x where x.assignment_id = a.id) d
     where a.removed_at is null and a.body_html <> '' and a.due_at > cast(:at as timestamptz) - interval '367 days'
       and a.due_at <= :until
""")
_ASSIGNMENTS = text(f"""
    select d.user_id, d.key, d.due, d.assignment, d.assignment_slug, d.lesson_slug, d.slug, d.course
      from (
        select e.user_id, a.title as assignment, a.slug as assignment_slug, l.slug as lesson_slug, c.slug,
               c.title as course, w.due,
               concat_ws(':', 'due_soon', 'assignment', a.id, e.user_id, extract(epoch from w.due)) as key
          from unnest(cast(:ids as bigint[]), cast(:days as int[]), cast(:dues as timestamptz[]))
               as w (assignment_id, extra_days, due)
          join assignments a on a.id = w.assignment_id
          join lessons l on l.id = a.lesson_id and l.removed_at is null and l.is_published
          join courses c on c.id = a.course_id and c.state = 'published' and c.removed_at is null
          join enrollments e on e.course_id = c.id and e.state = 'active'
          left join extensions x on x.assignment_id = a.id and x.user_id = e.user_id
          left join submissions s on s.assignment_id = a.id and s.user_id = e.user_id
         where coalesce(x.extra_days, 0) = w.extra_days and (s.id is null or s.state in ('draft', 'returned'))
           and {undecided_sql("assignment", "a", "e.id")}) d
     where not exists (select from notices n where n.dedupe_key = d.key)
     limit :most
""")  # noqa: S608 - our own words


def _assignments(at: datetime, until: datetime) -> Sequence[AnyRow]:
    """When it is due for whom decides the rule that also says what is late."""
    dates = [
        (row.id, row.extra_days, days_later(row.due_at, row.extra_days, row.time_zone))
        for row in db.session.execute(_DATES, {"at": at, "until": until})
    ]
    soon = [date for date in dates if at < date[2] <= until]
    if not soon:
        return []
    ids, days, dues = map(list, zip(*soon, strict=True))
    return db.session.execute(_ASSIGNMENTS, {"ids": ids, "days": days, "dues": dues, "most": MOST}).all()


def reminders(at: datetime) -> Iterator[Told]:
    """One for each learner and date; a date that moves is told anew."""
    values = {"at": at, "until": at + AHEAD}
    for row in db.session.execute(_QUIZZES, values):
        facts = {"quiz": row.quiz, "course": row.course, "due": row.due.isoformat()}
        link = f"/courses/{row.slug}/lessons/{row.lesson_slug}/quizzes/{row.quiz_slug}"
        yield Told(row.user_id, row.key, facts, link)
    for row in _assignments(**values):
        facts = {"assignment": row.assignment, "course": row.course, "due": row.due.isoformat()}
        link = f"/courses/{row.slug}/lessons/{row.lesson_slug}/assignments/{row.assignment_slug}"
        yield Told(row.user_id, row.key, facts, link)
    for row in db.session.execute(_COURSES, values):
        yield Told(
            row.user_id,
            row.key,
            {"course": row.course, "due": row.due.isoformat()},
            f"/courses/{row.slug}",
        )
