"""Importing a course: all of it or nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select

from lms.accounts.models import User
from lms.core.db import db
from lms.core.phrases import Phrase, Phrased
from lms.courses import addresses, prerequisites, settings
from lms.courses.models import Course, CourseAsset, CourseInstructor
from lms.files import actions as files
from lms.files.models import StoredFile
from lms.interop import categories, circles
from lms.interop.course_folder.model import AssetSource, CourseSource, Problem
from lms.interop.course_folder.reader import read
from lms.interop.course_folder.rendering import RenderedCourse, render_course
from lms.interop.report import Changes, problems_to_json
from lms.interop.sync import Sync, apply

Tell = Callable[[int, int, str], None]

_NOT_FIRST = {
    prerequisites.UNKNOWN: Phrase("there is no such course here"),
    prerequisites.ITSELF: Phrase("that is this very course"),
    prerequisites.CIRCLE: Phrase("that course comes after this one"),
}


class Refused(Phrased):
    """The import can't be."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an import ended. `course_id` is None when nothing was imported."""

    course_id: int | None
    slug: str
    problems: tuple[Problem, ...]
    changes: Changes = field(default_factory=Changes)

    @property
    def ok(self) -> bool:
        return not any(problem.severity == "error" for problem in self.problems)

    def to_json(self) -> dict[str, Any]:
        return {
            "slug": self.slug,
            "ok": self.ok,
            "problems": problems_to_json(self.problems),
            **self.changes.to_json(),
            "texts": self.changes.texts_to_json(),
        }


def _silent(_done: int, _total: int, _step: str) -> None:
    """Nobody watches."""


def import_course(
    source: Path,
    owner: User,
    at: datetime,
    *,
    dry_run: bool = False,
    tell: Tell = _silent,
    copy_title: str | None = None,
) -> Outcome:
    """Read a course folder or zip and bring the stored course of that slug to it.

    Errors in the folder import nothing and are all in the outcome. With `dry_run` nothing is kept.
    With `copy_title` it becomes another course of that title, at an address of its own.
    Raises Refused when the slug belongs to somebody else's course.
    """
    tell(0, 4, "reading")
    with read(source) as reading:
        course = reading.course
        if course is None or not reading.ok:
            return Outcome(None, course.slug if course else "", reading.problems)
        tell(1, 4, "checking")
        if copy_title:
            course = replace(course, title=copy_title, slug=settings.free_address(course.slug))
        course, moved = _where_it_is_now(course)
        rendered = render_course(course, f"/courses/{course.slug}")
        problems = (*reading.problems, *moved, *rendered.problems)
        if not rendered.ok:
            return Outcome(None, course.slug, problems)
        tell(2, 4, "writing")
        with db.session.begin_nested() as savepoint:
            row, changes, unknown = _write(course, rendered, owner, at, store_files=not dry_run)
            if dry_run:
                savepoint.rollback()
        tell(4, 4, "done")
        return Outcome(None if dry_run else row.id, course.slug, (*problems, *unknown), changes)


def _where_it_is_now(course: CourseSource) -> tuple[CourseSource, list[Problem]]:
    """A folder written before its course moved to another address is that course still."""
    address = addresses.now(course.slug)
    if address == course.slug:
        return course, []
    message = Phrase(
        "the course has moved from %(old)s to the address %(new)s and stays there",
        old=course.slug,
        new=address,
    )
    return replace(course, slug=address), [Problem("course.md", None, "warning", message)]


def _write(
    source: CourseSource, rendered: RenderedCourse, owner: User, at: datetime, *, store_files: bool
) -> tuple[Course, Changes, list[Problem]]:
    row = db.session.scalars(select(Course).where(Course.slug == source.slug).with_for_update()).one_or_none()
    if row is not None and not _is_staff(row, owner):
        raise Refused(
            Phrase(
                "There is a course at the address “%(address)s” already, and it is not yours. Choose another slug.",
                address=source.slug,
            )
        )
    fresh = row is None
    if row is None:
        row = Course(slug=source.slug, title=source.title, owner_id=owner.id, created_at=at)
        db.session.add(row)
    changed = apply(
        row,
        {
            "title": source.title,
            "summary": source.summary,
            "description": source.description,
            "description_html": rendered.texts["course.md"].html,
            "category": source.category,
            "level": source.level,
            "language": source.language,
            "license": source.license,
            "source_url": source.source_url,
            "authors": list(source.authors),
            "tags": list(source.tags),
            "certificate": source.certificate,
            "cover_path": source.cover,
            **_enrolling(source),
        },
    )
    db.session.flush()
    others, refused = prerequisites.bring_to(row, source.prerequisites)
    changed = changed or others
    sync = Sync(row, rendered, at)
    sync.changes.note("added" if fresh else "changed" if changed else "kept", "course", source.title)
    sync.bank(source.bank)
    sync.modules(source.modules)
    db.session.flush()
    sync.warnings += circles.opened(row.id)
    categories.bring_to(row, source.grade_categories, sync.changes, at)
    _assets(row, source.assets, sync.changes, store=store_files)
    if not sync.changes.is_empty:
        row.updated_at = at
    db.session.flush()
    return row, sync.changes, [*sync.warnings, *_without_code(row), *(_not_first(*each) for each in refused)]


def _enrolling(source: CourseSource) -> dict[str, Any]:
    """How one enrolls, as far as the folder says it; what it leaves open stays as it is here."""
    said: dict[str, Any] = {}
    if source.access is not None:
        said["access"] = source.access
    if source.capacity is not None:
        said["capacity"] = source.capacity
    if source.starts_at or source.ends_at:
        said |= {"starts_at": source.starts_at, "ends_at": source.ends_at}
    return said


def _without_code(course: Course) -> list[Problem]:
    """Codes do not travel in a folder, which many may read."""
    if course.access != "code" or course.access_code:
        return []
    message = Phrase("learners need a code, and none is set here yet: choose one in the course's settings")
    return [Problem("course.md", None, "warning", message)]


def _not_first(address: str, why: str) -> Problem:
    message = Phrase("`prerequisites` leaves out %(course)s: %(why)s", course=address, why=_NOT_FIRST[why])
    return Problem("course.md", None, "warning", message)


def _is_staff(course: Course, user: User) -> bool:
    if user.role == "admin" or course.owner_id == user.id:
        return True
    return db.session.get(CourseInstructor, (course.id, user.id)) is not None


def _assets(course: Course, sources: tuple[AssetSource, ...], changes: Changes, *, store: bool) -> None:
    """Files by path; bytes are stored only when they differ."""
    known = {
        row.path: row
        for row in db.session.execute(
            select(CourseAsset.path, CourseAsset.id, StoredFile.sha256)
            .join(StoredFile, StoredFile.id == CourseAsset.file_id)
            .where(CourseAsset.course_id == course.id)
        )
    }
    for source in sources:
        old = known.pop(source.path, None)
        if old is not None and old.sha256 == source.sha256:
            changes.note("kept", "file", source.path)
            continue
        changes.note("changed" if old else "added", "file", source.path)
        if not store:
            continue
        with source.open() as stream:
            stored = files.keep(stream.read(), source.media_type, width=source.width, height=source.height)
        if old is None:
            db.session.add(CourseAsset(course_id=course.id, path=source.path, file_id=stored.id))
        else:
            db.session.get_one(CourseAsset, old.id).file_id = stored.id
    for path, row in known.items():
        changes.note("removed", "file", path)
        db.session.execute(delete(CourseAsset).where(CourseAsset.id == row.id))
