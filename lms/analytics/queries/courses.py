"""Reads of the rollups of courses: a constant number of statements, whatever the number of learners."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import text

from lms.core.access import Viewer
from lms.core.db import AnyRow, read

# Figures are as old as the last look that found nothing new, or as their own counting while a change waits.
_FIGURES = """
    select c.id, c.slug, c.title, c.state, c.owner_id, c.lesson_count, c.rating_average, c.rating_count, c.ends_at,
           f.enrollments, f.active, f.completed, f.dropped, f.recent, f.at_risk, f.progress, f.minutes, f.required,
           f.pace, f.refreshed_at,
           case when exists (select from analytics_changes w where w.course_id = c.id) then f.refreshed_at
                else greatest(f.refreshed_at, s.checked_at) end as as_of
      from courses c
      left join course_figures f on f.course_id = c.id
      left join analytics_state s on true
     where c.removed_at is null
"""
_MINE = """
    (c.owner_id = :user or exists (select from course_instructors i where i.course_id = c.id and i.user_id = :user))
"""
_ONE = f"{_FIGURES} and c.slug = :slug and (:is_admin or {_MINE})"
_COURSE = text(_ONE)
_OVERVIEW = text(f"""
    select one.*, (select jsonb_object_agg(day, jsonb_build_array(enrollments, active)) from course_days d
                    where d.course_id = one.id and d.day between :since and :until) as days
      from ({_ONE}) one
""")  # noqa: S608 - our own words
_TAUGHT = text(f"""
    select t.*, (select coalesce(sum(s.waiting), 0)::bigint from assignment_figures s where s.course_id = t.id) as waiting
      from ({_FIGURES} and {_MINE}) t order by coalesce(t.enrollments, 0) desc, t.title, t.id
""")  # noqa: S608 - our own words


def course(slug: str, person: Viewer) -> AnyRow | None:
    """A course that the person teaches with its figures (None before they were counted first) and `as_of`."""
    wish = {"slug": slug, "user": person.id, "is_admin": person.is_admin}
    return read(_COURSE, **wish).one_or_none()


class Day(NamedTuple):
    """A day on which something happened: who came, and how many were active."""

    enrollments: int
    active: int


def overview(slug: str, person: Viewer, since: date, until: date) -> tuple[AnyRow | None, dict[date, Day]]:
    """`course`, and its days as far as something happened, asked at once."""
    found = read(
        _OVERVIEW, slug=slug, user=person.id, is_admin=person.is_admin, since=since, until=until
    ).one_or_none()
    days = found.days or {} if found else {}
    return found, {date.fromisoformat(day): Day(*figures) for day, figures in days.items()}


def taught_by(user_id: int) -> Sequence[AnyRow]:
    """Every course that the person owns or co-teaches, as `course`, with how many pieces of work are `waiting` for a grade;
    most learners first."""
    return read(_TAUGHT, user=user_id).all()


_LESSONS = text("""
    select l.id, l.title, l.slug, l.is_published, l.is_required, coalesce(f.reached, 0) as reached,
           coalesce(f.completed, 0) as completed, coalesce(f.stopped, 0) as stopped,
           (select jsonb_agg(jsonb_build_object(
                       'id', q.id, 'title', q.title, 'is_published', q.is_published,
                       'passing_percent', q.passing_percent, 'learners', s.learners, 'passed', s.passed,
                       'average', s.average, 'tenths', s.tenths) order by q.position, q.id)
              from quizzes q left join quiz_figures s on s.quiz_id = q.id
             where q.lesson_id = l.id and q.removed_at is null) as quizzes,
           (select jsonb_agg(jsonb_build_object(
                       'id', a.id, 'title', a.title, 'is_published', l.is_published, 'is_due', a.due_at is not null,
                       'passing_percent', a.passing_percent, 'max_points', a.max_points,
                       'handed_in', s.handed_in, 'late', s.late,
                       'waiting', s.waiting, 'unreleased', s.unreleased, 'graded', s.graded, 'average', s.average,
                       'tenths', s.tenths, 'seconds_until_graded', s.seconds_until_graded) order by a.position, a.id)
              from assignments a left join assignment_figures s on s.assignment_id = a.id
             where a.lesson_id = l.id and a.removed_at is null) as assignments
      from lessons l left join lesson_figures f on f.lesson_id = l.id
     where l.course_id = :course and l.removed_at is null
     order by l.position, l.id
""")


def lessons(course_id: int) -> Sequence[AnyRow]:
    """Each lesson in the order of the course: how many opened it, completed it, and went no further; with its
    `quizzes` and `assignments` for `quizzes_of` and `assignments_of`."""
    return read(_LESSONS, course=course_id).all()


def quizzes_of(rows: Sequence[AnyRow]) -> list[dict[str, Any]]:
    """Each quiz of these lessons with how many learners reached which tenth; None before the first graded attempt."""
    return [quiz for row in rows for quiz in row.quizzes or ()]


def assignments_of(rows: Sequence[AnyRow]) -> list[dict[str, Any]]:
    """Each assignment of these lessons with what was handed in; None before it was counted first."""
    return [work for row in rows for work in row.assignments or ()]


_DAYS = text("""
    select day, enrollments, completions, lessons, quizzes, active
      from course_days where course_id = :course and day between :since and :until order by day
""")


def days(course_id: int, since: date, until: date) -> dict[date, AnyRow]:
    """What happened on each day; days on which nothing did are left out."""
    rows = read(_DAYS, course=course_id, since=since, until=until)
    return {row.day: row for row in rows}
