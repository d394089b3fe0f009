"""Reads for those who grade. Every one is scoped to a course that the reader teaches."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text

from lms.assignments.counted import counted_sql
from lms.assignments.nameless import nameless_sql
from lms.core.db import db
from lms.core.paging import Page

PER_PAGE = 50
FILTERS = ("waiting", "graded", "returned", "missing", "all")

_OF_COURSE = text("""
    select a.id, a.title, a.slug, l.title as lesson, l.slug as lesson_slug, a.due_at, a.released_together,
           a.removed_at is not null or l.removed_at is not null as is_removed,
           count(s.id) filter (where s.state in ('submitted', 'resubmitted')) as waiting,
           count(s.id) filter (where s.state = 'returned') as returned,
           count(s.id) filter (where s.number > 0) as handed_in,
           count(s.id) filter (where s.state = 'graded' and v.released_at is null) as unreleased,
           min(s.submitted_at) filter (where s.state in ('submitted', 'resubmitted')) as oldest,
           (array_agg(s.id order by s.submitted_at, s.id)
               filter (where s.state in ('submitted', 'resubmitted')))[1] as first_id
      from assignments a
      join lessons l on l.id = a.lesson_id
      left join submissions s on s.assignment_id = a.id
      left join submission_versions v on v.submission_id = s.id and v.number = s.number
     where a.course_id = :course_id and ((a.removed_at is null and l.removed_at is null) or s.number > 0)
     group by a.id, l.id
     order by l.position, a.position, a.id
""")


def of_course(course_id: int) -> Sequence[Row[Any]]:
    """The assignments of a course with what waits in each; those that were taken out, while there is work on them."""
    return db.session.execute(_OF_COURSE, {"course_id": course_id}).all()


_ASSIGNMENT = text("""
    select a.id, a.title, a.slug, a.lesson_id, a.course_id, a.max_points, a.rubric, a.due_at, a.closes_at,
           a.time_zone, a.late_policy, a.late_percent, a.max_attempts, a.passing_percent, a.is_blind,
           a.released_together, a.takes_text, a.takes_files, a.is_required,
           coalesce(a.removed_at, l.removed_at) as removed_at, l.title as lesson, l.slug as lesson_slug
      from assignments a join lessons l on l.id = a.lesson_id
     where a.id = :assignment_id and a.course_id = :course_id
""")


def assignment(course_id: int, assignment_id: int) -> Row[Any] | None:
    """An assignment of the course."""
    values = {"assignment_id": assignment_id, "course_id": course_id}
    return db.session.execute(_ASSIGNMENT, values).one_or_none()


_UNRELEASED = text("""
    select count(*)
      from submissions s join submission_versions v on v.submission_id = s.id and v.number = s.number
     where s.assignment_id = :assignment_id and s.state = 'graded' and v.released_at is null
""")


def unreleased(assignment_id: int) -> int:
    """How many grades of an assignment wait to be released."""
    return db.session.scalar(_UNRELEASED, {"assignment_id": assignment_id}) or 0


_HANDED_IN = text("""
    select a.slug, count(*) as works
      from submissions s join assignments a on a.id = s.assignment_id
     where a.lesson_id = :lesson_id and a.removed_at is null and s.number > 0
     group by a.slug
""")


def handed_in(lesson_id: int) -> dict[str, int]:
    """How many learners handed in something, by the address of an assignment; those without any are left out."""
    return {row.slug: row.works for row in db.session.execute(_HANDED_IN, {"lesson_id": lesson_id})}


_HIDDEN = nameless_sql("a", "s", "v")
# Unknown ones come last, by a number without meaning: among names, a place would be a name.
_WORKS = text(f"""
    select u.id as user_id, u.name, coalesce(x.extra_days, 0) as extra_days, e.enrolled_at,
           s.id, s.number, coalesce(s.state, 'draft') as state, s.submitted_at,
           {counted_sql("v")} as counts_from,
           v.points, v.out_of, v.graded_at, v.released_at, v.returned_at,
           {_HIDDEN} as is_hidden, count(*) over () as total
      from enrollments e
      join users u on u.id = e.user_id
      join assignments a on a.id = :assignment_id
      left join submissions s on s.assignment_id = :assignment_id and s.user_id = e.user_id
      left join extensions x on x.assignment_id = :assignment_id and x.user_id = e.user_id
      left join submission_versions v on v.submission_id = s.id and v.number = s.number
     where e.course_id = :course_id and (e.state <> 'dropped' or s.number > 0)
       and (:show = 'all'
            or (:show = 'waiting' and s.state in ('submitted', 'resubmitted'))
            or (:show = 'graded' and s.state = 'graded')
            or (:show = 'returned' and s.state = 'returned')
            or (:show = 'missing' and coalesce(s.number, 0) = 0))
     order by {_HIDDEN}, case when {_HIDDEN} then md5(s.id::text) end,
              case when :show in ('all', 'missing') then lower(u.name) end, s.submitted_at, u.id
     limit :most offset :start
""")  # noqa: S608 - our own words


def works(course_id: int, assignment_id: int, show: str, page: int) -> Page[Row[Any]]:
    """The learners of a course with their work on an assignment; `show` is one of FILTERS."""
    values = {"course_id": course_id, "assignment_id": assignment_id, "show": show}
    rows = db.session.execute(_WORKS, {**values, "most": PER_PAGE, "start": (page - 1) * PER_PAGE}).all()
    return Page(rows, page, rows[0].total if rows else 0, PER_PAGE)


_WORK = text(f"""
    select {_HIDDEN} as is_hidden, coalesce(x.extra_days, 0) as extra_days, e.enrolled_at,
           s.id, s.assignment_id, s.user_id, u.name, s.state, s.number as newest, v.number, v.text,
           v.submitted_at, {counted_sql("v")} as counts_from,
           v.points, v.out_of, v.rubric, v.choices, v.feedback, v.revision, v.noted,
           v.noted_at, v.graded_at, v.returned_at, v.released_at, by.name as graded_by
      from submissions s
      join assignments a on a.id = s.assignment_id
      join users u on u.id = s.user_id
      join enrollments e on e.id = s.enrollment_id
      join submission_versions v on v.submission_id = s.id
      left join users by on by.id = v.graded_by_id
      left join extensions x on x.assignment_id = a.id and x.user_id = s.user_id
     where s.id = :submission_id and a.course_id = :course_id
     order by v.number desc
""")  # noqa: S608 - our own words


def work(course_id: int, submission_id: int) -> Sequence[Row[Any]]:
    """Everything that a learner handed in for an assignment of the course, newest first; empty: nothing such."""
    return db.session.execute(_WORK, {"submission_id": submission_id, "course_id": course_id}).all()


_FILES = text("""
    select f.id, f.number, f.name, b.size, b.media_type
      from submission_files f join stored_files b on b.id = f.file_id
     where f.submission_id = :submission_id and f.number is not null
     order by f.number, f.id
""")


def files(submission_id: int) -> Sequence[Row[Any]]:
    """The files of everything that was handed in."""
    return db.session.execute(_FILES, {"submission_id": submission_id}).all()


# First the same assignment, from here on and then from its beginning: who grades one after the other, grades alike.
_NEXT = text("""
    select s.id, count(*) over () as others
      from submissions s
      join assignments a on a.id = s.assignment_id
      join lessons l on l.id = a.lesson_id
     where a.course_id = :course_id and s.state in ('submitted', 'resubmitted') and s.id <> :submission_id
     order by s.assignment_id <> :assignment_id,
              (s.assignment_id = :assignment_id and (s.submitted_at, s.id) < (:submitted_at, :submission_id)),
              l.position, a.position, a.id, s.submitted_at, s.id
     limit 1
""")


def next_after(course_id: int, of: Row[Any]) -> Row[Any] | None:
    """The submission that waits next: id, and how many `others` than this one wait; None: no other."""
    values = {"submission_id": of.id, "assignment_id": of.assignment_id, "submitted_at": of.submitted_at}
    return db.session.execute(_NEXT, {"course_id": course_id, **values}).one_or_none()


_BEFORE = text("""
    select s.id
      from submissions s
     where s.assignment_id = :assignment_id and s.number > 0
       and (s.submitted_at, s.id) < (:submitted_at, :submission_id)
     order by s.submitted_at desc, s.id desc
     limit 1
""")


def before(of: Row[Any]) -> int | None:
    """The submission of the same assignment that was handed in just before this one."""
    values = {"submission_id": of.id, "assignment_id": of.assignment_id, "submitted_at": of.submitted_at}
    found: int | None = db.session.scalar(_BEFORE, values)
    return found
