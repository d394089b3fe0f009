"""What counts in a course, and what each learner has of it. Three statements, however many learners and columns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import Row, text

from lms.assignments import rules as work
from lms.assignments.counted import counted_sql
from lms.assignments.nameless import nameless_sql
from lms.core.db import read
from lms.core.paging import Page
from lms.gradebook.rules import Category, Found
from lms.quizzes.queries import asks_sql, offered_sql
from lms.quizzes.windows import closed_for_all_sql, closes_sql

PER_PAGE = 50
Kind = Literal["quiz", "assignment"]


@dataclass(frozen=True, slots=True)
class Item:
    """A column: a graded quiz or an assignment of a published lesson. `is_hidden`: one that learners don't see, which
    counts nowhere."""

    kind: Kind
    id: int
    title: str
    slug: str
    lesson_slug: str
    category_id: int | None
    due_at: datetime | None
    max_points: Decimal | None
    closes_at: datetime | None = None
    """Of an assignment."""
    is_hidden: bool = False

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.id}"


@dataclass(frozen=True, slots=True)
class Book:
    """The columns of a course in its order, and its categories."""

    items: list[Item]
    categories: list[Category]

    def for_learners(self) -> "Book":
        """Without what learners don't see."""
        return replace(self, items=[item for item in self.items if not item.is_hidden])


# What somebody took or handed in is seen whatever became of its questions or its text.
_BOOK = text(f"""
    select 'quiz' as kind, q.id, q.title, q.slug, l.slug as lesson_slug, p.category_id, q.closes_at as due_at,
           null::numeric as max_points, null::numeric as weight, 0 as drop_lowest,
           l.position as lesson_place, 1 as part, q.position as place, null::timestamptz as closes_at,
           not (q.is_published and ({asks_sql("q")} or exists (select from attempts t where t.quiz_id = q.id))) as is_hidden
      from quizzes q
      join lessons l on l.id = q.lesson_id and l.removed_at is null and l.is_published
      left join grade_places p on p.quiz_id = q.id
     where q.course_id = :course_id and q.removed_at is null and q.mode = 'graded'
    union all
    select 'assignment', a.id, a.title, a.slug, l.slug, p.category_id, a.due_at, a.max_points, null, 0,
           l.position, 2, a.position, a.closes_at,
           a.body_html = '' and not exists (select from submissions s where s.assignment_id = a.id and s.number > 0)
      from assignments a
      join lessons l on l.id = a.lesson_id and l.removed_at is null and l.is_published
      left join grade_places p on p.assignment_id = a.id
     where a.course_id = :course_id and a.removed_at is null
    union all
    select 'category', c.id, c.name, '', '', null, null, null, c.weight, c.drop_lowest, 0, 0, c.position, null, false
      from grade_categories c
     where c.course_id = :course_id
     order by 11, 12, 13, 2
""")  # noqa: S608 - our own words


def book(course_id: int) -> Book:
    """What counts in the course; one statement."""
    rows = read(_BOOK, course_id=course_id).all()
    categories = [
        Category(row.id, row.title, row.weight, row.drop_lowest) for row in rows if row.kind == "category"
    ]
    return Book([_item(row) for row in rows if row.kind != "category"], categories)


def _item(row: Row[Any]) -> Item:
    names = (row.kind, row.id, row.title, row.slug, row.lesson_slug)
    return Item(*names, row.category_id, row.due_at, row.max_points, row.closes_at, row.is_hidden)


_LEARNERS = text("""
    select e.id, e.user_id, u.name, u.email, e.state, e.enrolled_at, count(*) over () as total
      from enrollments e join users u on u.id = e.user_id
     where e.course_id = :course_id and e.state <> 'dropped'
       and (:q = '' or u.name ilike '%' || :like || '%' or u.email ilike '%' || :like || '%')
     order by lower(u.name), e.id
     limit :most offset :start
""")


def learners(course_id: int, q: str, page: int, per_page: int = PER_PAGE) -> Page[Row[Any]]:
    """Who learns in the course, by name; `q` is a part of a name or an address."""
    like = q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values = {"q": q, "like": like, "most": per_page, "start": (page - 1) * per_page}
    rows = read(_LEARNERS, course_id=course_id, **values).all()
    return Page(rows, page, rows[0].total if rows else 0, per_page)


_LEARNER = text("""
    select e.id, e.user_id, u.name, u.email, e.state, e.enrolled_at
      from enrollments e join users u on u.id = e.user_id
     where e.id = :enrollment_id and e.course_id = :course_id
""")


def learner(course_id: int, enrollment_id: int) -> Row[Any] | None:
    """A learner of the course, whoever left included."""
    return read(_LEARNER, course_id=course_id, enrollment_id=enrollment_id).one_or_none()


@dataclass(frozen=True, slots=True)
class Cell:
    """What is known of one learner's work on one item, and what a person decided about it, with the reason.
    `is_nameless`: graders may not know yet whose work it is, so that nothing leads from the learner to it.
    `work_id` is the submission, or the attempt that counts (of an average: the last).
    `taken_out` is what it was given for, where the course does not ask for that any more: it counts no more."""

    found: Found
    points: work.Result | None = None
    reason: str = ""
    decided_by: str | None = None
    decided_at: datetime | None = None
    work_id: int | None = None
    is_nameless: bool = False
    taken_out: Item | None = None
    returned_at: datetime | None = None


EMPTY = Cell(Found())

_DECIDED = """
           o.percent as decided, coalesce(o.is_excused, false) as is_excused, coalesce(o.reason, '') as reason,
           o.at as decided_at, b.name as decided_by"""
_QUIZZES = text(f"""
    select e.id as enrollment_id, q.id, q.title, q.slug, l.slug as lesson_slug, q.closes_at as due_at,
           {offered_sql("q", "l")} as is_asked_for,
           {closes_sql("x", "q", "c")} as due, q.counts, null::numeric as max_points,
           t.best, t.last, t.mean, case q.counts when 'best' then t.best_id else t.last_id end as work_id,
           coalesce(t.is_waiting, false) as is_waiting,
           q.reveal_score = 'close' and not coalesce({closed_for_all_sql("q", "c")} < :at, false) as is_hidden,
           {_DECIDED}
      from quizzes q
      join courses c on c.id = q.course_id
      join lessons l on l.id = q.lesson_id
      join enrollments e on e.course_id = q.course_id and e.id = any(:enrollments)
      left join (
          select a.enrollment_id, a.quiz_id, max(a.percent) as best,
                 (array_agg(a.percent order by a.number desc))[1] as last,
                 (array_agg(a.id order by a.percent desc nulls last, a.number desc))[1] as best_id,
                 (array_agg(a.id order by a.number desc))[1] as last_id,
                 avg(a.percent) filter (where a.state = 'graded') as mean,
                 bool_or(a.state = 'needs_grading') as is_waiting
            from attempts a
           where a.state <> 'open' and a.enrollment_id = any(:enrollments)
           group by a.enrollment_id, a.quiz_id) t on t.quiz_id = q.id and t.enrollment_id = e.id
      left join accommodations x on x.quiz_id = q.id and x.user_id = e.user_id
      left join grade_overrides o on o.quiz_id = q.id and o.enrollment_id = e.id
      left join users b on b.id = o.by_id
     where q.course_id = :course_id and q.mode = 'graded'
       and (t.quiz_id is not null or (q.removed_at is null and (o.id is not null or x.id is not null)))
     order by l.position, q.position, q.id
""")  # noqa: S608 - our own words
_ASSIGNMENTS = text(f"""
    select e.id as enrollment_id, a.id, a.title, a.slug, l.slug as lesson_slug, s.id as work_id,
           a.removed_at is null and l.removed_at is null and l.is_published as is_asked_for,
           s.state, s.number, n.points as given, n.out_of,
           n.counts_from as graded_work_at, n.number as graded_number,
           v.graded_at is not null and v.released_at is null as is_unreleased, v.returned_at,
           {nameless_sql("a", "s", "v")} as is_nameless, a.max_points, a.due_at, a.closes_at,
           coalesce(y.extra_days, 0) as extra_days, e.enrolled_at,
           a.time_zone, a.late_policy, a.late_percent, a.max_attempts, a.passing_percent, {_DECIDED}
      from assignments a
      join lessons l on l.id = a.lesson_id
      join enrollments e on e.course_id = a.course_id and e.id = any(:enrollments)
      left join submissions s on s.assignment_id = a.id and s.enrollment_id = e.id
      left join submission_versions v on v.submission_id = s.id and v.number = s.number
      left join lateral (
          select w.points, w.out_of, {counted_sql("w")} as counts_from, w.number
            from submission_versions w
           where w.submission_id = s.id and w.graded_at is not null and w.released_at is not null
           order by w.number desc limit 1) n on true
      left join extensions y on y.assignment_id = a.id and y.user_id = e.user_id
      left join grade_overrides o on o.assignment_id = a.id and o.enrollment_id = e.id
      left join users b on b.id = o.by_id
     where a.course_id = :course_id
       and (s.number > 0 or (a.removed_at is null and (s.id is not null or o.id is not null or y.id is not null)))
     order by l.position, a.position, a.id
""")  # noqa: S608 - our own words


def cells(course_id: int, enrollments: Sequence[int], at: datetime) -> dict[tuple[int, str], Cell]:
    """What learners have, by (enrollment, key of the item); what is not in it is EMPTY. Two statements.
    Work on what the course does not ask for any more is in it, too: no item of the book has its key."""
    values = {"course_id": course_id, "enrollments": list(enrollments)}
    found = {(row.enrollment_id, f"quiz-{row.id}"): _quiz(row) for row in read(_QUIZZES, **values, at=at)}
    for row in read(_ASSIGNMENTS, **values):
        found[row.enrollment_id, f"assignment-{row.id}"] = _assignment(row)
    return found


def cells_for_staff(course_id: int, enrollments: Sequence[int], at: datetime) -> dict[tuple[int, str], Cell]:
    """The same as those who teach may know it: while graders may not know whose work something is, work that was returned
    looks like work that waits, or they would see whose cell changed with the return."""
    return {place: _nameless(cell) for place, cell in cells(course_id, enrollments, at).items()}


def _nameless(cell: Cell) -> Cell:
    if not (cell.is_nameless and cell.found.is_returned):
        return cell
    waits = replace(cell.found, is_returned=False, is_waiting=not cell.found.is_graded)
    return replace(cell, found=waits, returned_at=None)


def _decision(row: Row[Any]) -> dict[str, Any]:
    return {"reason": row.reason, "decided_by": row.decided_by, "decided_at": row.decided_at}


def _quiz(row: Row[Any]) -> Cell:
    percent = {"best": row.best, "last": row.last, "average": row.mean}[row.counts]
    # While something waits for a person, what is there is not the grade yet.
    known = None if row.is_waiting else percent
    found = Found(known, row.is_waiting, row.is_hidden, row.due, row.decided, row.is_excused)
    gone = None if row.is_asked_for or row.work_id is None else _gone("quiz", row)
    return Cell(found, **_decision(row), work_id=row.work_id, taken_out=gone)


def _assignment(row: Row[Any]) -> Cell:
    terms = work.Terms.of(row)
    outcome = (
        None if row.given is None else work.result(terms.as_graded(row.out_of), row.given, row.graded_work_at)
    )
    waits = row.state in ("submitted", "resubmitted") or (row.state == "graded" and bool(row.is_unreleased))
    found = Found(
        outcome.percent if outcome else None,
        waits and outcome is None,
        due=terms.date,
        closes=terms.closes,
        decided=row.decided,
        is_excused=row.is_excused,
        is_returned=row.state == "returned",
        is_graded=outcome is not None,
    )
    return Cell(
        found,
        outcome,
        **_decision(row),
        work_id=row.work_id if row.number else None,
        is_nameless=row.is_nameless,
        taken_out=None if row.is_asked_for or not row.number else _gone("assignment", row),
        returned_at=row.returned_at,
    )


def _gone(kind: Kind, row: Row[Any]) -> Item:
    return Item(kind, row.id, row.title, row.slug, row.lesson_slug, None, row.due_at, row.max_points)
