"""Reads of learning: one row holds a course, its outline as JSON, and what one learner did there."""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Row,
    and_,
    bindparam,
    case,
    column,
    func,
    literal,
    not_,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from lms.accounts.models import User
from lms.core import clock
from lms.core.access import NOBODY, Viewer
from lms.core.db import db
from lms.core.prepared import Prepared
from lms.courses.models import (
    Course,
    CourseAsset,
    CourseInstructor,
    CoursePrerequisite,
    Lesson,
    LessonPage,
    Module,
)
from lms.courses.queries import teaches
from lms.files.models import StoredFile
from lms.learning import lines, listing, news, release, reviews_queries, rules
from lms.learning.models import Enrollment, LessonProgress
from lms.learning.outline import Line, Outline
from lms.learning.standing import Standing

Facts = Row[*tuple[Any, ...]]

_USER: Any = bindparam("user_id")
# Whose enrollment it is: the viewer's own, or nobody's while staff look at their course as a learner.
_LEARNER: Any = bindparam("learner_id")
_THEIRS = and_(Enrollment.course_id == Course.id, Enrollment.user_id == _LEARNER)
OUTLINE_HERE = (
    lines.outline(Course.id, Enrollment.id).correlate(Course, Enrollment).scalar_subquery().label("outline")
)
ENROLLMENT = (
    Enrollment.id.label("enrollment_id"),
    Enrollment.state.label("enrollment_state"),
    Enrollment.enrolled_at,
    Enrollment.completed_at,
    Enrollment.may_return,
    Enrollment.last_lesson_id,
    Enrollment.last_active_at,
)
_CO_INSTRUCTORS = (
    select(func.coalesce(func.json_agg(aggregate_order_by(User.name, User.name)), literal([], JSON)))
    .join(CourseInstructor, CourseInstructor.user_id == User.id)
    .where(CourseInstructor.course_id == Course.id)
    .correlate(Course)
    .scalar_subquery()
)
_Required = aliased(Course, name="required")
_done = aliased(Enrollment, name="done")
# Only what somebody can complete is asked: a course that nobody can open holds nobody back.
_PREREQUISITES = (
    select(
        func.coalesce(
            func.json_agg(
                aggregate_order_by(
                    func.json_build_array(_Required.slug, _Required.title, _done.completed_at.is_not(None)),
                    _Required.title,
                    _Required.id,
                )
            ),
            literal([], JSON),
        )
    )
    .select_from(CoursePrerequisite)
    .join(_Required, _Required.id == CoursePrerequisite.required_id)
    .outerjoin(_done, and_(_done.course_id == _Required.id, _done.user_id == _LEARNER))
    .where(CoursePrerequisite.course_id == Course.id, _Required.state == "published")
    .correlate(Course)
    .scalar_subquery()
)
_COURSE = (
    select(
        *(
            c
            for c in Course.__table__.c
            if c.name not in ("search", "contents", "description", "created_at", "updated_at")
        ),
        Course.state.label("course_state"),
        User.name.label("owner_name"),
        User.bio.label("owner_bio"),
        _CO_INSTRUCTORS.label("co_instructors"),
        _PREREQUISITES.label("prerequisites"),
        teaches(_USER).label("is_teacher"),
        news.SINCE.label("news_since"),
        news.announcements_since(_USER).label("announcements_since"),
        *ENROLLMENT,
        OUTLINE_HERE,
    )
    .select_from(Course)
    .join(User, User.id == Course.owner_id)
    .outerjoin(Enrollment, _THEIRS)
    .where(Course.slug == bindparam("slug"))
)
_COURSE_ALONE = Prepared(_COURSE)


_INTRODUCTIONS = (
    select(func.coalesce(func.json_object_agg(Module.slug, Module.body_html), literal({}, JSON)))
    .where(Module.course_id == Course.id, Module.removed_at.is_(None), Module.body_html != "")
    .correlate(Course)
    .scalar_subquery()
)
_COURSE_PAGE = Prepared(
    _COURSE.add_columns(
        _INTRODUCTIONS.label("introductions"),
        news.in_course(_USER).label("lessons_with_news"),
        news.own_announcements(_USER).label("own_announcements"),
        reviews_queries.at_course(_USER).label("reviews"),
    )
)


def course_page(slug: str, viewer: Viewer | None) -> Standing | None:
    """What `course` answers, with the introduction of each module (HTML) by its slug, some reviews, and what is new in
    discussions."""
    return _seen(_COURSE_PAGE, viewer, slug=slug)


def contents(standing: Standing) -> dict[str, Any]:
    """The outline of a row of `course_page`, for the page to list."""
    outline, holds = standing.outline, standing.holds
    return {
        "parts": listing.parts(outline, holds, standing.row.introductions),
        "states": listing.states(outline, holds, learns=standing.is_learner, reads_all=standing.reads_all),
    }


def course(slug: str, viewer: Viewer | None) -> Standing | None:
    """The course with its staff, the viewer's enrollment and the outline, if they may see it."""
    return _seen(_COURSE_ALONE, viewer, slug=slug)


def _seen(statement: Prepared, viewer: Viewer | None, slug: str, **values: str) -> Standing | None:
    looks = viewer is not None and viewer.looks_at == slug
    user_id = viewer.id if viewer else NOBODY
    people = {"user_id": user_id, "learner_id": NOBODY if looks else user_id}
    row = statement.one_or_none(**people, slug=slug, **values)
    standing = Standing.of(row, viewer, clock.now(), looks=looks) if row else None
    return standing if standing and standing.may_see else None


def place_of(slug: str, lesson: str, user_id: int) -> tuple[Standing, Standing] | None:
    """How a course and a lesson of it stand to somebody, seen by its staff: nothing is hidden for being closed."""
    people = {"user_id": user_id, "learner_id": user_id, "slug": slug}
    course_row = db.session.execute(_COURSE, people).one_or_none()
    lesson_row = db.session.execute(_READING.statement, {**people, "lesson": lesson}).one_or_none()
    if course_row is None or lesson_row is None:
        return None
    at = clock.now()
    return Standing(course_row, course_row.is_teacher, at), Standing(lesson_row, lesson_row.is_teacher, at)


_OPEN = aliased(Lesson, name="open_lesson")
_PAGES = (
    select(
        func.coalesce(
            func.json_agg(
                aggregate_order_by(
                    func.json_build_array(LessonPage.slug, LessonPage.title), LessonPage.position
                )
            ),
            literal([], JSON),
        )
    )
    .where(LessonPage.lesson_id == _OPEN.id, LessonPage.removed_at.is_(None))
    .correlate(_OPEN)
    .scalar_subquery()
)


def _has(name: str, lesson: Any, *, required: bool = False) -> Any:
    """Whether the lesson has, or requires, quizzes or assignments: both stand above learning, and asking them costs a
    statement each."""
    part = table(name, column("lesson_id"), column("is_required"), column("removed_at"))
    wanted = [part.c.lesson_id == lesson.id, part.c.removed_at.is_(None)]
    if required:
        wanted.append(part.c.is_required)
    return select(literal(1)).select_from(part).where(*wanted).correlate(lesson).exists()


_READING = Prepared(
    select(
        Course.id.label("course_id"),
        Course.slug.label("course_slug"),
        Course.title.label("course_title"),
        Course.state.label("course_state"),
        Course.starts_at,
        Course.ends_at,
        Course.access,
        Course.capacity,
        Course.enrollment_count,
        Course.language,
        teaches(_USER).label("is_teacher"),
        _OPEN.id.label("lesson_id"),
        _OPEN.slug,
        _OPEN.title,
        _OPEN.body_html,
        _OPEN.minutes,
        _OPEN.is_preview,
        _OPEN.is_required,
        _OPEN.is_published,
        _OPEN.question_count,
        case((_OPEN.question_count > 0, news.in_lesson(_OPEN.id, _USER)), else_=0).label("new_questions"),
        _PAGES.label("pages"),
        _has("quizzes", _OPEN).label("has_quizzes"),
        _has("assignments", _OPEN).label("has_assignments"),
        LessonProgress.position.label("scroll"),
        LessonProgress.recordings,
        *ENROLLMENT,
        OUTLINE_HERE,
    )
    .select_from(Course)
    .join(_OPEN, and_(_OPEN.course_id == Course.id, _OPEN.removed_at.is_(None)))
    .outerjoin(Enrollment, _THEIRS)
    .outerjoin(
        LessonProgress,
        and_(LessonProgress.enrollment_id == Enrollment.id, LessonProgress.lesson_id == _OPEN.id),
    )
    .where(Course.slug == bindparam("slug"), _OPEN.slug == bindparam("lesson"))
)


def reading(slug: str, lesson: str, viewer: Viewer | None) -> Standing | None:
    """A lesson with its text, its course's outline and the viewer's enrollment, if they may see the course.

    The reading page's one statement; whether the lesson is open to them says `may_read`.
    """
    return _seen(_READING, viewer, slug=slug, lesson=lesson)


_PLACE = (
    select(
        _has("assignments", Lesson, required=True).label("asks_assignments"),
        Lesson.id.label("lesson_id"),
        Enrollment.id.label("enrollment_id"),
        Enrollment.enrolled_at,
        Enrollment.completed_at,
        Lesson.release.is_not(None).label("has_release"),
        Course.starts_at,
        Course.ends_at,
    )
    .select_from(Course)
    .join(Lesson, and_(Lesson.course_id == Course.id, Lesson.removed_at.is_(None), Lesson.is_published))
    .join(Enrollment, _THEIRS)
    .where(
        Course.slug == bindparam("slug"),
        Lesson.slug == bindparam("lesson"),
        Enrollment.state.in_(rules.READERS),
        or_(Course.state != "draft", teaches(_USER)),
    )
    .with_for_update(of=Enrollment)
)


def place_to_complete(slug: str, lesson: str, user_id: int, also: Any) -> Facts | None:
    """Where a learner is, with the enrollment locked; None for who is not enrolled. `also` is one more column of it,
    from a module above: asking for that alone would cost another statement."""
    values = {"slug": slug, "lesson": lesson, "user_id": user_id, "learner_id": user_id}
    return db.session.execute(_PLACE.add_columns(also), values).one_or_none()


_LOCK = select(Enrollment.id).where(Enrollment.id == bindparam("enrollment_id")).with_for_update()


def lock(enrollment_id: int) -> None:
    """Hold the enrollment until the end of the transaction. Raises NoResultFound when there is none."""
    db.session.execute(_LOCK, {"enrollment_id": enrollment_id}).one()


def outline_of(course_id: Any, enrollment_id: Any) -> Any:
    """The outline as a scalar subquery, for statements that change and then show it."""
    return lines.outline(course_id, enrollment_id).scalar_subquery()


_LINES = select(lines.outline(bindparam("course_id"), literal(None, BigInteger)).scalar_subquery())


def circles(course_id: int) -> list[list[Line]]:
    """The lessons of a course that wait for each other, hidden ones too; see `release.circles`."""
    rows = db.session.scalar(_LINES, {"course_id": course_id})
    return release.circles(Outline.of(rows or (), with_unpublished=True).lines)


COUNTING = (Lesson.removed_at.is_(None), Lesson.is_published, Lesson.is_required)
"""Lessons that progress counts."""
REQUIRED = (
    select(
        func.count(Lesson.id).label("required"),
        func.count(LessonProgress.completed_at).label("completed"),
        func.max(LessonProgress.completed_at).label("moved_at"),
    )
    .select_from(Lesson)
    .outerjoin(
        LessonProgress,
        and_(LessonProgress.lesson_id == Lesson.id, LessonProgress.enrollment_id == Enrollment.id),
    )
    .where(Lesson.course_id == Course.id, *COUNTING)
    .correlate(Course, Enrollment)
    .lateral("counted")
)
"""`required` and `completed` lessons of an enrollment and when the last was completed (`moved_at`), to join to
Course and Enrollment."""


def state_at(at: Any) -> Any:
    """`rules.state_at` of Enrollment and Course as SQL."""
    is_over = func.coalesce(Course.ends_at <= at, literal(False))
    return case(
        (and_(Enrollment.state == "active", is_over), "expired"),
        (and_(Enrollment.state == "expired", not_(is_over)), "active"),
        else_=Enrollment.state,
    )


_ASSET = Prepared(
    select(
        Course.id.label("course_id"),
        Course.state.label("course_state"),
        Course.starts_at,
        Course.cover_path,
        teaches(_USER).label("is_teacher"),
        Enrollment.state.label("enrollment_state"),
        CourseAsset.path,
        StoredFile.key,
        StoredFile.sha256,
        StoredFile.size,
        StoredFile.media_type,
        StoredFile.created_at,
    )
    .select_from(Course)
    .join(CourseAsset, CourseAsset.course_id == Course.id)
    .join(StoredFile, StoredFile.id == CourseAsset.file_id)
    .outerjoin(Enrollment, _THEIRS)
    .where(Course.slug == bindparam("slug"), CourseAsset.path == bindparam("path"))
)


def asset(slug: str, path: str, viewer: Viewer | None) -> Standing | None:
    """A file of a course that the viewer may see, with what decides whether they may have it."""
    return _seen(_ASSET, viewer, slug=slug, path=path)


_AT: Any = bindparam("address")
_SHOWN = select(
    func.coalesce(
        select(func.bool_or(func.strpos(Course.description_html, _AT) > 0))
        .where(Course.id == bindparam("course_id"))
        .scalar_subquery(),
        literal(False),
    )
    | func.coalesce(
        select(
            func.bool_or(
                (func.strpos(Lesson.body_html, _AT) > 0)
                | (func.strpos(func.coalesce(LessonPage.body_html, ""), _AT) > 0)
            )
        )
        .select_from(Lesson)
        .outerjoin(LessonPage, and_(LessonPage.lesson_id == Lesson.id, LessonPage.removed_at.is_(None)))
        .where(
            Lesson.course_id == bindparam("course_id"),
            Lesson.is_preview,
            Lesson.is_published,
            Lesson.removed_at.is_(None),
        )
        .scalar_subquery(),
        literal(False),
    )
)


def is_shown_publicly(course_id: int, address: str) -> bool:
    """Whether the description or a preview lesson of the course shows the file at this address."""
    return bool(db.session.scalar(_SHOWN, {"course_id": course_id, "address": address}))
