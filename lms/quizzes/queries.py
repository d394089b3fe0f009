"""Reads of quizzes and attempts. Every row a learner gets is scoped to that learner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import JSON, Row, literal_column, text
from sqlalchemy.sql.elements import ColumnElement

from lms.core.access import NOBODY
from lms.core.db import db
from lms.core.prepared import Prepared
from lms.learning.decisions import decided_sql, meets_sql
from lms.learning.owing import came_after_sql
from lms.quizzes import draws
from lms.quizzes.content import content_from_json
from lms.quizzes.keys import key_from_json
from lms.quizzes.validation import validate
from lms.quizzes.windows import closed_for_all_sql, closes_sql

# What a quiz has set aside for everybody is asked no more.
_IS_ASKED = """
    n.removed_at is null and not exists (
        select from set_asides s where s.quiz_id = n.quiz_id and s.question_id = n.id and s.version_id is null
                                   and s.taken_back_at is null)
"""
# Passing follows what a person decided in the gradebook, else the quiz's `counts` rule. `passed` of an attempt was
# decided from unrounded points when it closed; an average is one of the percents people see.
_STANDING_OF = """
    select quiz_id,
           count(*) as attempts_used,
           max(id) filter (where state = 'open') as open_attempt_id,
           bool_or(passed) as best_passed,
           (array_agg(passed order by number desc) filter (where state <> 'open'))[1] as last_passed,
           round(avg(percent) filter (where state = 'graded'), 2) as average
      from attempts
     where user_id = {user} and quiz_id in (select id from quizzes where lesson_id = {lesson})
     group by quiz_id
"""
_STANDING = _STANDING_OF.format(user=":user_id", lesson=":lesson_id")
_ENROLLMENT = "(select e.id from enrollments e where e.course_id = q.course_id and e.user_id = {user})"
_ENROLLED_AT = _ENROLLMENT.replace("e.id", "e.enrolled_at")
_PASSED_OF = f"""
    coalesce({meets_sql("quiz", "q", _ENROLLMENT)},
             case q.counts when 'best' then s.best_passed when 'last' then s.last_passed
             else s.average >= q.passing_percent end, false)
"""
_PASSED = _PASSED_OF.format(user=":user_id")
_CLOSES = "coalesce(x.closes_at, q.closes_at)"


def asks_sql(quiz: str) -> str:
    """Whether the quiz of that name in a statement asks anything."""
    return f"""(exists (select from questions k join question_versions w on w.id = k.version_id
                 where k.quiz_id = {quiz}.id and k.removed_at is null and w.kind <> 'description')
         or exists (select from quiz_draws k where k.quiz_id = {quiz}.id))"""  # noqa: S608 - our own words


def seen_sql(quiz: str) -> str:
    """Whether learners see it: it is published and asks something. Until then they do not need it either."""
    return f"({quiz}.is_published and {asks_sql(quiz)})"


def offered_sql(quiz: str, lesson: str) -> str:
    """Whether the course still offers it to learners. What they did in one that was hidden or taken out stays theirs."""
    return (
        f"({quiz}.removed_at is null and {quiz}.is_published"
        f" and {lesson}.removed_at is null and {lesson}.is_published)"
    )


_SEEN = seen_sql("q")
# A lesson does not ask for a quiz that was over when its learner came.
_CAME_AFTER = came_after_sql(_CLOSES, _ENROLLED_AT)
_OWED_BY = f"(q.is_required and {_SEEN} and not {_CAME_AFTER})"

_OF_LESSON = Prepared(
    text(f"""
    with standing as ({_STANDING})
    select q.id, q.slug, q.title, q.is_required, {_OWED_BY.format(user=":user_id")} as is_asked, q.mode, q.is_published,
           {_CAME_AFTER.format(user=":user_id")} as came_after,
           q.time_limit, {_PASSED} as passed, {decided_sql("quiz", "q", _ENROLLMENT.format(user=":user_id"))} as decided,
           coalesce(s.attempts_used, 0) as attempts_used,
           s.open_attempt_id,
           coalesce(x.opens_at, q.opens_at) as opens_at, {closes_sql("x", "q", "c")} as closes_at,
           (select count(*) from questions n where n.quiz_id = q.id and n.version_id is not null and {_IS_ASKED})
           + (select coalesce(sum(count), 0) from quiz_draws d where d.quiz_id = q.id) as questions
      from quizzes q join courses c on c.id = q.course_id left join standing s on s.quiz_id = q.id
      left join accommodations x on x.quiz_id = q.id and x.user_id = :user_id
     where q.lesson_id = :lesson_id and q.removed_at is null
       and case when q.is_published then s.quiz_id is not null or {asks_sql("q")}
                else s.open_attempt_id is not null or cast(:is_staff as boolean) end
     order by q.position, q.id
""")  # noqa: S608 - our own words
)

_UNMET_OF = f"""
    with standing as ({_STANDING_OF})
    select q.title, q.slug
      from quizzes q left join standing s on s.quiz_id = q.id
      left join accommodations x on x.quiz_id = q.id and x.user_id = {{user}}
     where q.lesson_id = {{lesson}} and q.removed_at is null and {_OWED_BY} and not {_PASSED_OF}
     order by q.position, q.id
"""  # noqa: S608 - our own words
_UNMET = text(_UNMET_OF.format(user=":user_id", lesson=":lesson_id"))
_HERE = _UNMET_OF.format(user="enrollments.user_id", lesson="lessons.id")
UNMET_HERE: ColumnElement[Any] = literal_column(
    f"(select json_agg(json_build_array(u.slug, u.title)) from ({_HERE}) u)",  # noqa: S608 - our own words
    JSON,
).label("unmet_quizzes")
"""The same as [slug, title] pairs, null for none: a column for statements that find a lesson and an enrollment."""


def quizzes_of_lesson(lesson_id: int, user_id: int, *, is_staff: bool) -> Sequence[Row[Any]]:
    """id, slug, title, is_required, is_asked (required of this learner), mode, is_published, came_after (it was over when
    the learner came), time_limit, passed, decided (see `decided_sql`), attempts_used, open_attempt_id, questions, and the
    learner's opens_at and closes_at.

    Those that are hidden are there for staff, and for a learner who is in the middle of an attempt."""
    return _OF_LESSON.all(lesson_id=lesson_id, user_id=user_id, is_staff=is_staff)


def unmet_for(lesson_id: int, user_id: int) -> Sequence[Row[Any]]:
    """(title, slug) of the quizzes that the lesson asks of this learner, and that they have not passed."""
    return db.session.execute(_UNMET, {"lesson_id": lesson_id, "user_id": user_id}).all()


# An attempt was begun, so its quiz asks something: `questions` is for the rule that lets another one begin.
# What `rules.Terms` is made of. `closed_at`: when the quiz is over for everyone, with the windows of their own.
TERMS = f"""
    q.time_limit, q.max_attempts, q.opens_at, q.closes_at, c.starts_at, c.ends_at, q.reveal, q.reveal_score,
    x.opens_at as own_opens_at, x.closes_at as own_closes_at, coalesce(x.untimed, false) as untimed,
    coalesce(x.after_end, false) as after_end,
    coalesce(x.extra_percent, 0) as extra_percent, coalesce(x.extra_minutes, 0) as extra_minutes,
    coalesce(x.extra_attempts, 0) as extra_attempts,
    {closed_for_all_sql("q", "c")} as closed_at
"""

_QUIZ = text(f"""
    select q.id, q.title, q.slug, q.mode, q.is_required, q.is_published, q.passing_percent, {TERMS},
           q.counts, q.shuffle_questions, q.shuffle_options, q.one_per_page,
           c.slug as course_slug, c.title as course_title,
           l.slug as lesson_slug, l.title as lesson_title, l.release is not null as has_release,
           case when e.state <> 'dropped' then e.id end as enrollment_id,
           coalesce(e.state <> 'dropped', cast(:looks as boolean)) as is_learner,
           {decided_sql("quiz", "q", "e.id")} as decided, {came_after_sql(_CLOSES, "e.enrolled_at")} as came_after,
           n.questions + d.questions as questions, n.points + d.points as points
      from quizzes q
      join lessons l on l.id = q.lesson_id
      join courses c on c.id = q.course_id
      left join enrollments e on e.course_id = c.id and e.user_id = :learner_id
      left join accommodations x on x.quiz_id = q.id and x.user_id = :learner_id
      cross join lateral (
          select count(*) as questions, coalesce(sum(n.points), 0) as points
            from questions n join question_versions v on v.id = n.version_id
           where n.quiz_id = q.id and v.kind <> 'description' and {_IS_ASKED}) n
      cross join lateral (
          select coalesce(sum(d.count), 0) as questions, coalesce(sum(d.count * d.points), 0) as points
            from quiz_draws d where d.quiz_id = q.id) d
     where c.slug = :course and l.slug = :lesson and q.slug = :quiz
       and q.removed_at is null and l.removed_at is null
       and ((:is_admin or c.owner_id = :user_id
             or exists (select from course_instructors i where i.course_id = c.id and i.user_id = :user_id))
            and (not :looks or (l.is_published and q.is_published))
            or (e.state <> 'dropped' and c.state <> 'draft' and l.is_published
                and (q.is_published or exists (select from attempts a where a.quiz_id = q.id and a.user_id = :user_id
                                                                      and a.state = 'open'))))
""")  # noqa: S608 - our own words


def quiz_for(
    course: str, lesson: str, quiz: str, *, user_id: int, is_admin: bool, looks: bool = False
) -> Row[Any] | None:
    """The quiz with its course and lesson for who learns in the course, teaches it or is an admin; else None.

    `enrollment_id` is None for who only teaches it. A hidden quiz is there for a learner only as long as they have an
    attempt under way. Staff who look (`looks`) are shown what somebody is shown who has just enrolled.
    """
    place = {"course": course, "lesson": lesson, "quiz": quiz}
    person = {"user_id": user_id, "learner_id": NOBODY if looks else user_id}
    return db.session.execute(_QUIZ, {**place, **person, "is_admin": is_admin, "looks": looks}).one_or_none()


_TERMS_OF = text(f"""
    select q.is_published, {TERMS} from quizzes q join courses c on c.id = q.course_id
      left join accommodations x on x.quiz_id = q.id and x.user_id = :user_id where q.id = :quiz_id
""")  # noqa: S608 - our own words


def terms_of(quiz_id: int, user_id: int) -> Row[Any]:
    """What `rules.Terms` of one learner in one quiz is made of, and whether it `is_published`, as it is now."""
    return db.session.execute(_TERMS_OF, {"quiz_id": quiz_id, "user_id": user_id}).one()


_ATTEMPTS = text("""
    select id, number, state, started_at, deadline_at, submitted_at, closed_by, score, points, percent, passed
      from attempts where quiz_id = :quiz_id and user_id = :user_id order by number
""")


def attempts_of(quiz_id: int, user_id: int) -> Sequence[Row[Any]]:
    """A learner's attempts at a quiz, oldest first."""
    return db.session.execute(_ATTEMPTS, {"quiz_id": quiz_id, "user_id": user_id}).all()


_QUESTIONS = text(f"""
    select n.id as question_id, n.points, v.id as version_id, v.content
      from questions n join question_versions v on v.id = n.version_id
     where n.quiz_id = :quiz_id and {_IS_ASKED}
     order by n.position, n.id
""")  # noqa: S608 - our own words


def current_questions(quiz_id: int) -> Sequence[Row[Any]]:
    """What the quiz asks now: question_id, version_id, points, content."""
    return db.session.execute(_QUESTIONS, {"quiz_id": quiz_id}).all()


_ATTEMPT = text(f"""
    select a.id, a.flags, a.quiz_id, a.number, a.state, a.started_at, a.deadline_at, a.submitted_at, a.closed_by,
           a.score, a.points, a.percent, a.passed, a.enrollment_id,
           true as is_learner, q.title, q.slug, q.mode, q.passing_percent, q.counts, q.one_per_page, q.is_required,
           q.is_published, {TERMS}, c.slug as course_slug, c.title as course_title, c.language, l.slug as lesson_slug,
           l.title as lesson_title, 1 as questions, c.state <> 'draft' and c.removed_at is null as is_course_open,
           {offered_sql("q", "l")} as is_asked_for,
           r.regraded_at, r.percent_before,
           {decided_sql("quiz", "q", "a.enrollment_id")} as decided
      from attempts a
      join quizzes q on q.id = a.quiz_id
      join courses c on c.id = q.course_id
      join lessons l on l.id = q.lesson_id
      left join accommodations x on x.quiz_id = q.id and x.user_id = a.user_id
      left join lateral (
          select g.applied_at as regraded_at, (n.before ->> 'percent')::numeric as percent_before
            from regrade_changes n join regrades g on g.id = n.regrade_id
           where n.attempt_id = a.id and g.undone_at is null and n.before ->> 'percent' <> n.after ->> 'percent'
           order by g.id desc limit 1) r on true
     where a.id = :attempt_id and a.user_id = :user_id
""")  # noqa: S608 - our own words


def attempt_of(attempt_id: int, user_id: int) -> Row[Any] | None:
    """A learner's own attempt with its quiz, lesson and course; nobody else's. `is_course_open` says whether learners
    still see the course, `is_asked_for` whether they see the quiz in it."""
    return db.session.execute(_ATTEMPT, {"attempt_id": attempt_id, "user_id": user_id}).one_or_none()


# The key is a column of its own, so that the page of an open attempt never holds it. After a regrade it is that
# of the corrected version; what was asked stays. What is set aside holds for open attempts as soon as it is decided, for
# closed ones as they were graded.
_SLOTS = """
    select (p.place - 1)::int as slot, (p.slot ->> 'points')::numeric as points,
           p.slot -> 'options' as options, v.id as version_id, v.content, {key},
           n.response, n.seq, n.saved_at, n.fraction, n.state, n.feedback, n.marked_at,
           x.id as aside, x.how, x.reason, p.slot ? 'declined' as is_declined
      from attempts a
      cross join lateral jsonb_array_elements(a.layout) with ordinality as p(slot, place)
      join question_versions v on v.id = (p.slot ->> 'version')::bigint
      {join}
      left join answers n on n.attempt_id = a.id and n.slot = p.place - 1
      left join lateral (
          select s.id, s.how, s.reason from set_asides s
           where s.quiz_id = a.quiz_id and s.question_id = v.question_id
             and case when a.state = 'open'
                      then s.taken_back_at is null and (s.version_id is null or s.version_id = v.id)
                      else s.id = (p.slot ->> 'aside')::bigint end
           order by s.id desc limit 1) x on true
     where a.id = :attempt_id
     order by p.place
"""
_SLOTS_ASKED = text(_SLOTS.format(key="null as key, false as kept", join=""))
_SLOTS_GRADED = text(
    _SLOTS.format(
        key="k.key, coalesce((p.slot ->> 'kept')::boolean, false) as kept",
        join="join question_versions k on k.id = coalesce(p.slot ->> 'key', p.slot ->> 'version')::bigint",
    )
)


def slots(attempt_id: int) -> Sequence[Row[Any]]:
    """The questions of an attempt in its own order, with the newest answers and without the keys."""
    return db.session.execute(_SLOTS_ASKED, {"attempt_id": attempt_id}).all()


def slots_with_keys(attempt_id: int) -> Sequence[Row[Any]]:
    """The same with the keys: for grading, and for pages of what is over."""
    return db.session.execute(_SLOTS_GRADED, {"attempt_id": attempt_id}).all()


_SLOT = text("""
    select v.content
      from attempts a
      join question_versions v on v.id = (a.layout -> cast(:slot as int) ->> 'version')::bigint
     where a.id = :attempt_id and a.user_id = :user_id
""")


def content_of_slot(attempt_id: int, slot: int, user_id: int) -> Any | None:
    """What is asked at `slot` of one's own attempt; None when there is no such thing."""
    return db.session.scalar(_SLOT, {"attempt_id": attempt_id, "slot": slot, "user_id": user_id})


_OVERDUE = text("""
    select id from attempts
     where state = 'open' and deadline_at is not null and deadline_at < :before and id > :after
     order by id limit :most
""")


def overdue(before: datetime, after: int = 0, most: int = 200) -> Sequence[int]:
    """Ids of open attempts whose deadline was before `before`, from the id `after` on."""
    return db.session.scalars(_OVERDUE, {"before": before, "after": after, "most": most}).all()


@dataclass(frozen=True, slots=True)
class UnfitQuiz:
    """A quiz that learners could not take fairly. `wrong` counts its faulty questions, `lacking` the questions
    that its draws would need and the bank does not have; with neither it asks nothing."""

    id: int
    title: str
    wrong: int
    lacking: int


_ASKED_IN_COURSE = text(f"""
    select q.id, q.title, v.kind, v.content, v.key,
           exists (select from quiz_draws d where d.quiz_id = q.id) as draws
      from quizzes q
      join lessons l on l.id = q.lesson_id
      left join questions n on n.quiz_id = q.id and {_IS_ASKED}
      left join question_versions v on v.id = n.version_id
     where q.course_id = :course_id and q.removed_at is null and q.is_published
       and l.removed_at is null and l.is_published
     order by l.position, q.position, q.id, n.position
""")  # noqa: S608 - our own words


def unfit_quizzes(course_id: int) -> list[UnfitQuiz]:
    """The published quizzes of published lessons that have no question, or one that can't be asked or graded."""
    rows = db.session.execute(_ASKED_IN_COURSE, {"course_id": course_id}).all()
    drawing = {row.id for row in rows if row.draws}
    lacking = draws.missing(drawing) if drawing else {}
    found = []
    for _, same in groupby(rows, key=lambda row: row.id):
        asked = list(same)
        quiz = asked[0]
        wrong = sum(row.kind is not None and not _is_fit(row) for row in asked)
        short = sum(lacking.get(quiz.id, {}).values())
        asks_nothing = all(row.kind in (None, "description") for row in asked) and not quiz.draws
        if wrong or short or asks_nothing:
            found.append(UnfitQuiz(quiz.id, quiz.title, wrong, short))
    return found


def _is_fit(row: Row[Any]) -> bool:
    try:
        return not validate(content_from_json(row.content), key_from_json(row.key))
    except ValueError:
        return False


UNMARKED = """
    essays as materialized (
        select v.id from question_versions v join questions n on n.id = v.question_id
         where v.kind = 'essay'
           and (n.course_id = any(:course_ids)
                or n.quiz_id in (select id from quizzes where course_id = any(:course_ids)))),
    unmarked as (
        select q.course_id, a.quiz_id, a.id as attempt_id, a.user_id, a.number, a.submitted_at, n.slot
          from attempts a
          join quizzes q on q.id = a.quiz_id
          cross join lateral jsonb_array_elements(a.layout) with ordinality as p(slot, place)
          join answers n on n.attempt_id = a.id and n.slot = p.place - 1
         where q.course_id = any(:course_ids) and a.state = 'needs_grading'
           and (p.slot ->> 'version')::bigint = any(array(select id from essays)) and p.slot -> 'aside' is null
           and n.state = 'needs_grading' and n.response is not null)
"""
"""The essays of some courses that wait for a person. Layouts tell which slots hold essays: of all other answers, which are
most, none is read."""
_TO_MARK = text(
    f"with {UNMARKED} select course_id, count(*) as essays from unmarked group by course_id"  # noqa: S608 - our own words
)


def essays_to_mark(course_ids: Sequence[int]) -> dict[int, int]:
    """How many essays wait for a person, by course; courses without any are left out."""
    rows = db.session.execute(_TO_MARK, {"course_ids": list(course_ids)})
    return {row.course_id: row.essays for row in rows}
