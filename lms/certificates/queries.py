"""Reads of certificates."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, bindparam, exists, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import aliased

from lms.accounts.models import User
from lms.certificates.models import Certificate, Template
from lms.core.access import Viewer
from lms.core.db import db
from lms.core.paging import PER_PAGE, Page
from lms.core.prepared import Prepared
from lms.courses.models import Course, CourseInstructor
from lms.courses.queries import teaches
from lms.files.models import StoredFile
from lms.learning.models import Enrollment

Facts = Row[*tuple[Any, ...]]

_owner = aliased(User)
_colleague = aliased(User)

_COLLEAGUES = (
    select(func.array_agg(aggregate_order_by(_colleague.name, _colleague.name, _colleague.id)))
    .join(CourseInstructor, CourseInstructor.user_id == _colleague.id)
    .where(CourseInstructor.course_id == Course.id)
    .correlate(Course)
    .scalar_subquery()
)

_COURSE = (
    Course.slug,
    Course.title,
    Course.language,
    Course.minutes,
    Course.certificate,
    _owner.name.label("owner"),
    func.coalesce(_COLLEAGUES, literal([], ARRAY(Text))).label("colleagues"),
    Template.look,
    Template.logo_file_id,
    Template.signature_file_id,
    Template.updated_at.label("designed_at"),
)
_BASES = (
    select(
        Enrollment.id.label("enrollment_id"),
        Enrollment.user_id,
        Enrollment.course_id,
        Enrollment.completed_at,
        User.name.label("recipient"),
        User.time_zone,
        *_COURSE,
    )
    .join(User, User.id == Enrollment.user_id)
    .join(Course, Course.id == Enrollment.course_id)
    .join(_owner, _owner.id == Course.owner_id)
    .outerjoin(Template, Template.course_id == Course.id)
)
_BASIS = _BASES.where(Enrollment.id == bindparam("enrollment_id"))


def basis(enrollment_id: int) -> Facts | None:
    """All that goes onto the certificate of an enrollment; the owner's colleagues by name."""
    return db.session.execute(_BASIS, {"enrollment_id": enrollment_id}).one_or_none()


def basis_for_staff(enrollment_id: int, person: Viewer) -> Facts | None:
    """`basis`, if the person owns or co-teaches the course or is an admin."""
    return db.session.execute(_BASIS.where(_staffed(person)), {"enrollment_id": enrollment_id}).one_or_none()


def bases(course_id: int, enrollment_ids: Sequence[int]) -> Sequence[Facts]:
    """`basis` of several enrollments of one course, by name."""
    statement = _BASES.where(Enrollment.course_id == course_id, Enrollment.id.in_(enrollment_ids))
    return db.session.execute(statement.order_by(User.name, Enrollment.id)).all()


_TAUGHT = (
    select(Course.id, Course.owner_id, *_COURSE)
    .join(_owner, _owner.id == Course.owner_id)
    .outerjoin(Template, Template.course_id == Course.id)
    .where(Course.slug == bindparam("slug"))
)


def course_for_staff(slug: str, person: Viewer) -> Facts | None:
    """A course with what its certificates say, if the person owns or co-teaches it or is an admin."""
    return db.session.execute(_TAUGHT.where(_staffed(person)), {"slug": slug}).one_or_none()


def _staffed(person: Viewer) -> ColumnElement[bool]:
    return true() if person.is_admin else teaches(person.id)


def file_keys(*file_ids: int | None) -> dict[int, str]:
    """Where the bytes of these files lie; of None nothing."""
    wanted = [file_id for file_id in file_ids if file_id is not None]
    if not wanted:
        return {}
    rows = db.session.execute(select(StoredFile.id, StoredFile.key).where(StoredFile.id.in_(wanted))).all()
    return {row.id: row.key for row in rows}


def without_pdf(certificate_id: int) -> Certificate | None:
    """A certificate that still waits for its PDF, locked, so that two workers make one."""
    return db.session.scalars(
        select(Certificate)
        .where(Certificate.id == certificate_id)
        .where(Certificate.file_id.is_(None), Certificate.revoked_at.is_(None))
        .with_for_update()
    ).one_or_none()


_FACTS: Select[*tuple[Any, ...]] = select(
    Certificate.id,
    Certificate.number,
    Certificate.recipient,
    Certificate.course_title,
    Certificate.course_id,
    Certificate.instructors,
    Certificate.language,
    Certificate.minutes,
    Certificate.completed_on,
    Certificate.issued_at,
    Certificate.renewed_at,
    Certificate.revoked_at,
    Certificate.revoked_reason,
    Certificate.file_id.is_not(None).label("ready"),
)
_PUBLIC = _FACTS.where(Certificate.number == bindparam("number"))
_OWNED = (
    _FACTS.add_columns(
        Certificate.user_id,
        or_(
            Certificate.look != {},
            Certificate.logo_file_id.is_not(None),
            Certificate.signature_file_id.is_not(None),
        ).label("has_own_look"),
        Course.slug,
        StoredFile.key.label("file_key"),
        StoredFile.sha256.label("file_hash"),
    )
    .outerjoin(Course, Course.id == Certificate.course_id)
    .outerjoin(StoredFile, StoredFile.id == Certificate.file_id)
    .where(Certificate.number == bindparam("number"))
)


def by_number(number: str) -> Facts | None:
    """What anyone may know who has the number: never an address, an id of a person or the file."""
    return db.session.execute(_PUBLIC, {"number": number}).one_or_none()


def visible_to(number: str, person: Viewer) -> Facts | None:
    """The certificate with its file, if it is the person's own or the person is an admin."""
    scope = true() if person.is_admin else Certificate.user_id == person.id
    return db.session.execute(_OWNED.where(scope), {"number": number}).one_or_none()


_REVOKED = select(Certificate.id).where(
    Certificate.revoked_at.is_not(None), Certificate.id.between(bindparam("first"), bindparam("last"))
)
_ANY = select(exists().where(Certificate.id.between(bindparam("first"), bindparam("last"))))


def revoked(ids: range) -> Sequence[int]:
    """Those of these certificates that are revoked."""
    return db.session.scalars(_REVOKED, {"first": ids[0], "last": ids[-1]}).all()


def any_certificate(ids: range) -> bool:
    """Whether one of these certificates was ever issued."""
    return bool(db.session.scalar(_ANY, {"first": ids[0], "last": ids[-1]}))


_drawn = aliased(StoredFile)
_FOR_PICTURE = (
    select(
        Certificate.id, Certificate.number, StoredFile.key.label("file_key"), _drawn.key.label("picture_key")
    )
    .join(StoredFile, StoredFile.id == Certificate.file_id)
    .outerjoin(_drawn, _drawn.id == Certificate.picture_file_id)
    .where(Certificate.number == bindparam("number"), Certificate.revoked_at.is_(None))
)


def for_picture(number: str) -> Facts | None:
    """A certificate that is valid and has its PDF, with the keys of the PDF and of its picture, if there is one."""
    return db.session.execute(_FOR_PICTURE, {"number": number}).one_or_none()


_STATE = (
    Certificate.number,
    Certificate.file_id.is_not(None).label("ready"),
    Certificate.revoked_at.is_not(None).label("revoked"),
)
_OF_ENROLLMENT = Prepared(select(*_STATE).where(Certificate.enrollment_id == bindparam("enrollment_id")))


def of_enrollment(enrollment_id: int) -> Facts | None:
    """number, ready and revoked of an enrollment's certificate; None while there is none."""
    return _OF_ENROLLMENT.one_or_none(enrollment_id=enrollment_id)


_OF_LEARNER = (
    select(
        Course.slug, Course.title, Course.certificate, Enrollment.completed_at, Certificate.issued_at, *_STATE
    )
    .select_from(Enrollment)
    .join(Course, Course.id == Enrollment.course_id)
    .outerjoin(Certificate, Certificate.enrollment_id == Enrollment.id)
    .where(Enrollment.user_id == bindparam("user_id"), Course.slug == bindparam("slug"))
)


def of_learner(slug: str, user_id: int) -> Facts | None:
    """A learner's place in a course and their certificate's state; `number` is None while there is none."""
    return db.session.execute(_OF_LEARNER, {"slug": slug, "user_id": user_id}).one_or_none()


_OF_USER = Prepared(
    select(
        *_STATE,
        Certificate.course_title,
        Certificate.completed_on,
        Certificate.issued_at,
        Certificate.revoked_at,
        Certificate.revoked_reason,
    )
    .where(Certificate.user_id == bindparam("user_id"))
    .order_by(Certificate.completed_on.desc(), Certificate.id.desc())
)


def of_user(user_id: int) -> Sequence[Facts]:
    """A person's certificates, newest first: number, ready, revoked(_at), course_title, completed_on."""
    return _OF_USER.all(user_id=user_id)


MOST_TICKED = 200
"""Learners who can be ticked on one page."""

_AWARDABLE = (
    select(
        Enrollment.id.label("enrollment_id"),
        Enrollment.completed_at,
        User.name,
        User.email,
        Certificate.number,
    )
    .join(User, User.id == Enrollment.user_id)
    .outerjoin(Certificate, Certificate.enrollment_id == Enrollment.id)
    .where(Enrollment.course_id == bindparam("course_id"))
)


def awardable(course_id: int, emails: Sequence[str], enrollment_ids: Sequence[int]) -> Sequence[Facts]:
    """Those among a course's learners, also one who left, whom these addresses and enrollments mean."""
    meant = or_(func.lower(User.email).in_(emails), Enrollment.id.in_(enrollment_ids))
    return db.session.execute(_AWARDABLE.where(meant), {"course_id": course_id}).all()


_WITHOUT = (
    _AWARDABLE.where(Certificate.id.is_(None), Enrollment.state != "dropped")
    .order_by(Enrollment.completed_at.is_(None), User.name, Enrollment.id)
    .limit(MOST_TICKED + 1)
)


def without_certificate(course_id: int) -> Sequence[Facts]:
    """Learners who have none yet, those who completed first; at most one more than MOST_TICKED."""
    return db.session.execute(_WITHOUT, {"course_id": course_id}).all()


_LEARNERS = (
    select(
        Enrollment.id.label("enrollment_id"),
        Enrollment.completed_at,
        User.name,
        *_STATE,
        func.count().over().label("total"),
    )
    .join(User, User.id == Enrollment.user_id)
    .outerjoin(Certificate, Certificate.enrollment_id == Enrollment.id)
    .where(Enrollment.course_id == bindparam("course_id"))
    .where(or_(Enrollment.state != "dropped", Certificate.id.is_not(None)))
    .order_by(User.name, Enrollment.id)
    .limit(PER_PAGE)
    .offset(bindparam("skipped"))
)


def learners(course_id: int, page: int) -> Page[Facts]:
    """Who may be awarded a certificate or has one, by name; `number` is None for who has none."""
    skipped = (page - 1) * PER_PAGE
    rows = db.session.execute(_LEARNERS, {"course_id": course_id, "skipped": skipped}).all()
    return Page(rows, page, rows[0].total if rows else 0)


def everybodys(asked: str, page: int) -> Page[Facts]:
    """All certificates, the newest first; those whose number, name or course holds every word of `asked`."""
    columns = (Certificate.number, Certificate.recipient, Certificate.course_title)
    statement = select(
        *_STATE,
        Certificate.recipient,
        Certificate.course_title,
        Certificate.issued_at,
        func.count().over().label("total"),
    ).where(
        *(or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in asked.split()[:6])
    )
    rows = db.session.execute(
        statement.order_by(Certificate.id.desc()).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    ).all()
    return Page(rows, page, rows[0].total if rows else 0)
