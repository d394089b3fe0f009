"""Exporting a course: a zip of its folder that imports as the same course, byte for byte the same each time."""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lms.accounts.models import User
from lms.core.db import db
from lms.core.phrases import Phrase
from lms.courses import prerequisites
from lms.courses.models import Course
from lms.files import storage
from lms.interop import actions, categories, export_documents, export_rows
from lms.interop.course_folder.model import Problem
from lms.interop.export_lessons import Named, lesson_files, module_file, plain, quiz_file
from lms.interop.report import Changes, problems_to_json
from lms.quizzes.authoring import places

Tell = Callable[[int, int, str], None]
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The oldest time that a zip knows: an export says nothing about when it was made."""


@dataclass(frozen=True, slots=True)
class Export:
    """What was written, and what a folder can't say: `notes` by name, `changes` that an import of the file
    into this very course would make. Both are empty when the file is the whole course."""

    slug: str
    files: int
    notes: tuple[Problem, ...]
    changes: Changes

    @property
    def is_whole(self) -> bool:
        return not self.notes and self.changes.is_empty

    def to_json(self) -> dict[str, Any]:
        return {
            "slug": self.slug,
            "files": self.files,
            "problems": problems_to_json(self.notes),
            **self.changes.to_json(),
        }


def _silent(_done: int, _total: int, _step: str) -> None:
    """Nobody watches."""


def export_course(course: Course, target: Path, at: datetime, tell: Tell = _silent) -> Export:
    """Write the course to the file `target` and read it back to see whether anything got lost.

    Raises FileNotFoundError when the storage lost a file of the course.
    """
    tell(0, 3, "collecting")
    notes: list[Problem] = list(_unsaid(course))
    texts, assets = _texts(course, notes), export_rows.assets(course.id)
    tell(1, 3, "packing")
    entries: dict[str, Sequence[Any] | bytes] = {asset.path: asset for asset in assets}
    entries |= texts
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(entries):
            entry = entries[path]
            _add(archive, f"{course.slug}/{path}", entry)
    tell(2, 3, "comparing")
    changes = _read_back(course, target, at, notes)
    tell(3, 3, "done")
    return Export(course.slug, len(entries), tuple(notes), changes)


def _add(archive: zipfile.ZipFile, name: str, entry: Any) -> None:
    """Texts are packed; pictures and recordings are packed already."""
    is_text = isinstance(entry, bytes)
    info = zipfile.ZipInfo(name, EPOCH)
    info.create_system = 3
    info.external_attr = 0o100644 << 16
    info.compress_type = zipfile.ZIP_DEFLATED if is_text else zipfile.ZIP_STORED
    if is_text:
        archive.writestr(info, entry, compresslevel=9)
        return
    info.file_size = entry.size
    with archive.open(info, "w") as held:
        for piece in storage.stream(entry.key):
            held.write(piece)


def _texts(course: Course, notes: list[Problem]) -> dict[str, bytes]:
    bank = places.asked_in(course)
    texts = {"course.md": _course_file(course, bank)}
    if bank:
        file, text = quiz_file("bank", bank, notes)
        texts[file] = text
    lessons = export_rows.lessons(course.id)
    parts = export_rows.Parts.of(course.id)
    for number, module in enumerate(export_rows.modules(course.id), 1):
        mine = [lesson for lesson in lessons if lesson.module_id == module.id]
        name = export_documents.folder_name("module", module.slug, module.source_id, module.title)
        folder = Named(export_documents.named(number, name), name)
        texts[f"{folder.path}/module.md"] = module_file(folder, module)
        for position, lesson in enumerate(mine, 1):
            texts.update(lesson_files(folder, position, lesson, parts, notes))
    return texts


def _course_file(course: Course, bank: Sequence[Any]) -> bytes:
    values = {
        "title": course.title,
        "slug": course.slug,
        "summary": course.summary,
        "language": course.language,
        "level": course.level,
        "category": course.category,
        "license": course.license,
        "authors": list(course.authors),
        "source": course.source_url,
        "tags": list(course.tags),
        "cover": course.cover_path,
        "certificate": course.certificate,
        "prerequisites": prerequisites.slugs_of(course.id),
        "access": course.access if course.access != "open" else None,
        "capacity": course.capacity,
        "starts": export_documents.said_moment(course.starts_at),
        "ends": export_documents.said_moment(course.ends_at),
        "grade_categories": categories.said(course.id),
        "bank_points": {row.source_id: plain(row.points) for row in bank if row.points != 1},
    }
    return export_documents.document(values, course.description)


def _unsaid(course: Course) -> Iterator[Problem]:
    """What does not belong into a folder that many may read."""
    if course.access == "code":
        message = Phrase(
            "the code for enrolling is not in the export; choose one where the course is imported"
        )
        yield Problem("course.md", None, "warning", message)


def _read_back(course: Course, target: Path, at: datetime, notes: list[Problem]) -> Changes:
    owner = db.session.get_one(User, course.owner_id)
    outcome = actions.import_course(target, owner, at, dry_run=True)
    notes += [problem for problem in outcome.problems if problem.severity == "error"]
    return outcome.changes
