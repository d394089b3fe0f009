"""What learners do: enroll, leave, open a lesson, complete it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Integer,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    join,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from lms.core import events, work
from lms.core.db import db
from lms.courses.models import Course, CoursePrerequisite, Lesson
from lms.learning import admission, queries, rules
from lms.learning.models import Enrollment, LessonProgress
from lms.learning.outline import Outline


@dataclass(frozen=True, slots=True)
class Enrolled:
    """`refusal` says why it was not possible; `is_new` whether this call enrolled, or brought back."""

    enrollment_id: int | None
    is_new: bool = False
    refusal: str | None = None


def enroll(course_id: int, user_id: int, at: datetime, *, code: str = "") -> Enrolled:
    """Enroll once, however often it is asked for; who left comes back to their work. `code` is what they typed.

    The course is locked first, so that the last seat is given once.
    """
    course = db.session.execute(
        select(
            Course.state,
            Course.access,
            Course.access_code,
            Course.capacity,
            Course.enrollment_count,
            Course.ends_at,
            _lacking(user_id).label("lacks_courses"),
        )
        .where(Course.id == course_id)
        .with_for_update(of=Course)
    ).one()
    known = db.session.execute(
        select(Enrollment.id, Enrollment.state, Enrollment.may_return).where(
            Enrollment.course_id == course_id, Enrollment.user_id == user_id
        )
    ).one_or_none()
    if known is not None and rules.is_learner(known.state):
        return Enrolled(known.id)
    refusal = rules.enrollment_refusal(
        course_state=course.state,
        access=course.access,
        capacity=course.capacity,
        learners=course.enrollment_count,
        ends_at=course.ends_at,
        at=at,
        knows_code=rules.is_code(course.access_code, code),
        lacks_courses=course.lacks_courses,
        is_back=known is not None and known.may_return,
    )
    if refusal:
        return Enrolled(known.id if known else None, refusal=refusal)
    enrollment_id = _write_enrollment(course_id, user_id, at)
    _count(course_id, 1)
    if known is None:
        events.record("enrollment.created", at, enrollment_id=enrollment_id)
    return Enrolled(enrollment_id, is_new=True)


def _lacking(user_id: int) -> Any:
    """Whether a course that comes before the course of the row is still to be completed."""
    required, done = aliased(Course), aliased(Enrollment)
    return exists(
        select(CoursePrerequisite.required_id)
        .join(required, required.id == CoursePrerequisite.required_id)
        .outerjoin(done, and_(done.course_id == required.id, done.user_id == user_id))
        .where(
            CoursePrerequisite.course_id == Course.id,
            required.state == "published",
            done.completed_at.is_(None),
        )
        .correlate(Course)
    )


def _write_enrollment(course_id: int, user_id: int, at: datetime) -> int:
    return int(db.session.execute(admission.entered(course_id, [user_id], at)).one().id)


def _count(course_id: int, change: int) -> None:
    db.session.execute(
        update(Course)
        .where(Course.id == course_id)
        .values(enrollment_count=Course.enrollment_count + change)
        .execution_options(synchronize_session=False)
    )


def leave(course_id: int, user_id: int, at: datetime, *, may_return: bool = True) -> bool:
    """Leave the course; all work is kept, and the right to come back unless somebody else ends it. False for who is
    not in it."""
    # The same order of locks as in `enroll`: course, then enrollment.
    db.session.execute(select(Course.id).where(Course.id == course_id).with_for_update())
    left = db.session.execute(
        update(Enrollment)
        .where(
            Enrollment.course_id == course_id,
            Enrollment.user_id == user_id,
            Enrollment.state.in_(rules.READERS),
        )
        .values(state="dropped", dropped_at=at, may_return=may_return)
        .returning(Enrollment.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if left is None:
        return False
    _count(course_id, -1)
    return True


def follow_dates(at: datetime, course_id: int | None = None) -> int:
    """Write down whose time is over, and whose came back because the course ends later now; in one course, or in all.
    Returns how many changed. Pages ask `rules.state_at`, and need not wait for it."""
    moved = 0
    for before, after, has_moved in (
        ("active", "expired", Course.ends_at <= at),
        ("expired", "active", or_(Course.ends_at.is_(None), Course.ends_at > at)),
    ):
        which = [Course.id == Enrollment.course_id, Enrollment.state == before, has_moved]
        if course_id is not None:
            which.append(Course.id == course_id)
        done = update(Enrollment).where(*which).values(state=after).returning(Enrollment.id)
        moved += len(db.session.scalars(done.execution_options(synchronize_session=False)).all())
    return moved


_STARTED = (
    insert(LessonProgress)
    .values(
        enrollment_id=bindparam("enrollment"),
        lesson_id=bindparam("lesson"),
        started_at=bindparam("at"),
        position=0.0,
    )
    .on_conflict_do_nothing()
    .cte("started")
)
_OPENED = work.Note(
    update(Enrollment)
    .where(Enrollment.id == bindparam("enrollment"))
    .values(last_lesson_id=bindparam("lesson"), last_active_at=bindparam("at"))
    .add_cte(_STARTED)
    .execution_options(synchronize_session=False)
)


def open_lesson(enrollment_id: int, lesson_id: int, at: datetime) -> None:
    """Remember that the lesson was opened and is where the learner stopped; one statement."""
    _OPENED.write(enrollment=enrollment_id, lesson=lesson_id, at=at)


MOST_RECORDINGS = 50
"""Videos and sounds of a lesson whose places are kept."""

_THEIR_PLACE = (
    update(LessonProgress)
    .where(
        LessonProgress.enrollment_id == Enrollment.id,
        LessonProgress.lesson_id == Lesson.id,
        Enrollment.user_id == bindparam("reader"),
        Enrollment.course_id == Course.id,
        Lesson.course_id == Course.id,
        Lesson.removed_at.is_(None),
        Course.slug == bindparam("course"),
        Lesson.slug == bindparam("lesson"),
    )
    .returning(LessonProgress.lesson_id)
    .execution_options(synchronize_session=False)
)
_MOVED = _THEIR_PLACE.values(position=bindparam("place"))
_STOPPED = _THEIR_PLACE.values(
    recordings=LessonProgress.recordings.op("||")(
        func.jsonb_build_object(cast(bindparam("recording"), Text), cast(bindparam("seconds"), Integer))
    )
).where(
    or_(
        func.jsonb_exists(LessonProgress.recordings, cast(bindparam("recording"), Text)),
        func.jsonb_array_length(
            func.jsonb_path_query_array(LessonProgress.recordings, text("'$.keyvalue()'"))
        )
        < MOST_RECORDINGS,
    )
)


def remember_position(slug: str, lesson: str, user_id: int, position: float) -> bool:
    """How far down the lesson somebody read, 0 to 1. False when they never opened it; one statement."""
    values = {"course": slug, "lesson": lesson, "reader": user_id, "place": max(0.0, min(1.0, position))}
    return db.session.execute(_MOVED, values).one_or_none() is not None


def remember_recording(slug: str, lesson: str, user_id: int, recording: str, seconds: int) -> bool:
    """Where in a video or sound somebody stopped. False when they never opened the lesson, or for more of them than a
    lesson has; one statement."""
    place = {"course": slug, "lesson": lesson, "reader": user_id}
    values = {**place, "recording": recording, "seconds": seconds}
    return db.session.execute(_STOPPED, values).one_or_none() is not None


@dataclass(frozen=True, slots=True)
class Completion:
    """What came of it. `outline` is None when something is missing (`unmet`) and nothing changed."""

    unmet: Sequence[Any]
    outline: Outline | None = None
    is_new: bool = False
    finished_course: bool = False


_INSERT = insert(LessonProgress).values(
    enrollment_id=bindparam("enrollment"),
    lesson_id=bindparam("lesson"),
    started_at=bindparam("at"),
    completed_at=bindparam("at"),
    position=1.0,
)
_DONE = (
    _INSERT.on_conflict_do_update(
        index_elements=["enrollment_id", "lesson_id"],
        set_={"completed_at": _INSERT.excluded.completed_at},
        where=LessonProgress.completed_at.is_(None),
    )
    .returning(literal(1).label("one"))
    .cte("done")
)
_LACKING = (
    select(Lesson.id)
    .outerjoin(
        LessonProgress,
        and_(LessonProgress.lesson_id == Lesson.id, LessonProgress.enrollment_id == Enrollment.id),
    )
    .where(Lesson.course_id == Enrollment.course_id, *queries.COUNTING)
    .correlate(Enrollment)
)
# With this lesson nothing is left: the course's date is written once.
_FINISHED = (
    update(Enrollment)
    .where(
        Enrollment.id == bindparam("enrollment"),
        Enrollment.completed_at.is_(None),
        exists(_LACKING),
        ~exists(_LACKING.where(LessonProgress.completed_at.is_(None), Lesson.id != bindparam("lesson"))),
    )
    .values(state="completed", completed_at=bindparam("at"))
    .returning(Enrollment.id)
    .cte("finished")
)
_NOTED = events.within(
    "lesson.completed",
    {
        "enrollment_id": Enrollment.id,
        "lesson_id": bindparam("lesson", type_=BigInteger),
        "course_id": Enrollment.course_id,
        "user_id": Enrollment.user_id,
    },
    join(Enrollment, _DONE, Enrollment.id == bindparam("enrollment")),
)
_NOTED_TOO = events.within("enrollment.completed", {"enrollment_id": _FINISHED.c.id}, _FINISHED)
_COMPLETE = select(
    select(_NOTED.c.id).scalar_subquery().label("event_id"),
    select(_NOTED_TOO.c.id).scalar_subquery().label("finish_id"),
    events.addressed("lesson.completed", _NOTED).label("deliveries"),
    events.addressed("enrollment.completed", _NOTED_TOO).label("more_deliveries"),
    queries.outline_of(Enrollment.course_id, Enrollment.id).label("outline"),
).where(Enrollment.id == bindparam("enrollment"))


def complete_lesson(
    enrollment_id: int, lesson_id: int, unmet: Sequence[Any], at: datetime, *, locked: bool = False
) -> Completion:
    """Complete the lesson unless something required is `unmet`; with the last one, the course.

    Doing it again changes nothing. Each completion is one event; the course's date is never rewritten.
    The enrollment must be locked, so that two last lessons at the same time still finish the course:
    `locked=True` says that this transaction has done so (`queries.place_to_complete`).
    """
    if unmet:
        return Completion(unmet)
    if not locked:
        queries.lock(enrollment_id)
    told = events.to_subscribers("lesson.completed", at) | events.to_subscribers("enrollment.completed", at)
    row = db.session.execute(_COMPLETE, {"enrollment": enrollment_id, "lesson": lesson_id, **told}).one()
    events.hand_on(row.deliveries)
    events.hand_on(row.more_deliveries)
    outline = Outline.of(row.outline).with_state(lesson_id, "completed")
    return Completion((), outline, row.event_id is not None, row.finish_id is not None)


def complete_who_is_done(course_id: int, at: datetime) -> int:
    """When a course asks for less than before, those who lacked nothing else have completed it. Returns how many."""
    done = db.session.scalars(
        update(Enrollment)
        .where(
            Enrollment.course_id == course_id,
            Enrollment.state == "active",
            Enrollment.completed_at.is_(None),
            exists(_LACKING),
            ~exists(_LACKING.where(LessonProgress.completed_at.is_(None))),
        )
        .values(state="completed", completed_at=at)
        .returning(Enrollment.id)
        .execution_options(synchronize_session=False)
    ).all()
    if done:
        events.record_many("enrollment.completed", at, [{"enrollment_id": number} for number in done])
    return len(done)
