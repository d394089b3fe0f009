"""Files that are pasted or dropped into a text, and covers: kept under `assets/` of the course."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from sqlalchemy import select

from lms.core.db import db
from lms.courses.links import ASSETS
from lms.courses.models import Course, CourseAsset
from lms.courses.naming import slug, unused
from lms.files import intake

LARGEST = 100 * 1024 * 1024
"""Bytes of one file."""
SHOWN = ("image/", "video/", "audio/")


@dataclass(frozen=True, slots=True)
class Kept:
    """The asset, and the Markdown that shows it in a lesson."""

    path: str
    media_type: str
    markdown: str


def keep(course: Course, name: str, stream: IO[bytes]) -> Kept:
    """Keep a file of the course, under a name that is not in use. Raises intake.Refused."""
    stored = intake.take_in(name, stream, largest=LARGEST, room=LARGEST)
    given = PurePosixPath(name.replace("\\", "/"))
    path = _path(course, slug(given.stem, "file"), given.suffix.lower(), stored.id)
    words = re.sub(r"[\[\]\\\s_]+", " ", given.stem).strip() or "file"
    shown = "!" if stored.media_type.startswith(SHOWN) else ""
    markdown = f"{shown}[{words}]({ASSETS}/{path.removeprefix('assets/')})"
    return Kept(path, stored.media_type, markdown)


def _path(course: Course, stem: str, ending: str, file_id: int) -> str:
    """The path for the file; the same bytes under the same name are there once."""
    rows = db.session.execute(
        select(CourseAsset.path, CourseAsset.file_id).where(CourseAsset.course_id == course.id)
    )
    known = {row.path: row.file_id for row in rows}
    wanted = f"assets/{stem}{ending}"
    if known.get(wanted) == file_id:
        return wanted
    taken = {path.removesuffix(ending) for path in known if path.endswith(ending)}
    path = unused(f"assets/{stem}", taken) + ending
    db.session.add(CourseAsset(course_id=course.id, path=path, file_id=file_id))
    db.session.flush()
    return path
