"""The files of a course: added, replaced, taken out. The course is locked by who calls; nothing here commits."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO

from sqlalchemy import func, select

from lms.core import events
from lms.core.db import db
from lms.courses.models import Course, CourseAsset
from lms.courses.naming import slug, unused
from lms.files import intake
from lms.files.kinds import ending
from lms.files.models import StoredFile

FOLDER = "assets"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes: of one file, and of all files of a course together."""

    largest: int
    quota: int


def used_bytes(course_id: int) -> int:
    """What the files of a course take; the same bytes under two names count once."""
    mine = select(CourseAsset.file_id).where(CourseAsset.course_id == course_id)
    return int(
        db.session.scalar(select(func.coalesce(func.sum(StoredFile.size), 0)).where(StoredFile.id.in_(mine)))
        or 0
    )


def room(course_id: int, limits: Limits, replaces: int | None = None) -> int:
    """Bytes that are left for another file, or for one in the place of the file `replaces`."""
    mine = CourseAsset.course_id == course_id, CourseAsset.id == replaces
    old = select(StoredFile.size).join(CourseAsset, CourseAsset.file_id == StoredFile.id).where(*mine)
    freed = db.session.scalar(old) or 0 if replaces is not None else 0
    return limits.quota - used_bytes(course_id) + int(freed)


def add(course: Course, name: str, stream: IO[bytes], limits: Limits, at: datetime) -> CourseAsset:
    """Keep an upload under `assets/`, by a name that is free. Raises `intake.Refused`.

    The same bytes under the same name are there once.
    """
    plain = PurePosixPath(name.replace("\\", "/")).name
    kind = ending(plain)
    left = room(course.id, limits)
    stored = intake.take_in(plain, stream, largest=limits.largest, room=left)
    stem = slug(PurePosixPath(plain).stem, "file")
    known = {
        row.path: row
        for row in db.session.scalars(select(CourseAsset).where(CourseAsset.course_id == course.id))
    }
    same = known.get(f"{FOLDER}/{stem}{kind}")
    if same is not None and same.file_id == stored.id:
        return same
    taken = {path.removesuffix(kind) for path in known if path.endswith(kind)}
    asset = CourseAsset(course_id=course.id, path=unused(f"{FOLDER}/{stem}", taken) + kind, file_id=stored.id)
    db.session.add(asset)
    course.updated_at = at
    db.session.flush()
    return asset


def replace(
    course: Course, asset_id: int, stream: IO[bytes], limits: Limits, at: datetime
) -> CourseAsset | None:
    """Other content under the same name, so that every link stays. Raises `intake.Refused`.

    Texts carry the size of their pictures; where it changed, the event has them drawn again.
    """
    asset = _asset(course, asset_id)
    if asset is None:
        return None
    old = db.session.get_one(StoredFile, asset.file_id)
    left = room(course.id, limits, asset_id)
    new = intake.take_in(asset.path, stream, largest=limits.largest, room=left)
    asset.file_id = new.id
    course.updated_at = at
    if (old.width, old.height) != (new.width, new.height):
        events.record("picture.replaced", at, course_id=course.id, path=asset.path)
    db.session.flush()
    return asset


def remove(course: Course, asset_id: int, at: datetime) -> CourseAsset | None:
    """Take a file out. Its bytes go when nothing else uses them."""
    asset = _asset(course, asset_id)
    if asset is not None:
        if course.cover_path == asset.path:
            course.cover_path = None
        db.session.delete(asset)
        course.updated_at = at
        db.session.flush()
    return asset


def _asset(course: Course, asset_id: int) -> CourseAsset | None:
    return db.session.scalars(
        select(CourseAsset).where(CourseAsset.id == asset_id, CourseAsset.course_id == course.id)
    ).one_or_none()
