"""Jobs of import and export."""

import hashlib
import tempfile
from pathlib import Path
from typing import Any

from lms.accounts.models import User
from lms.core import clock, tasks
from lms.core.db import db
from lms.core.jobs import job
from lms.core.models import Task
from lms.core.phrases import kept
from lms.courses.models import Course
from lms.files import storage
from lms.interop import actions, export


@job("interop.import_course")
def import_course(task_id: int) -> None:
    """Run a course import that somebody watches."""
    tasks.perform(task_id, _import)


def _import(task: Task, progress: tasks.Progress) -> dict[str, Any]:
    owner, copied = db.session.get_one(User, task.owner_id), task.arguments.get("copy_of")
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "course.zip"
        if copied:
            export.export_course(db.session.get_one(Course, copied), archive, clock.now())
        else:
            _fetch(task.arguments["key"], archive)
        try:
            outcome = actions.import_course(
                archive,
                owner,
                clock.now(),
                dry_run=task.arguments["dry_run"],
                tell=progress,
                copy_title=task.arguments.get("title"),
            )
        except actions.Refused as error:
            return {"ok": False, "refused": str(error), **kept(error.phrase), "problems": []}
    return outcome.to_json()


def _fetch(key: str, archive: Path) -> None:
    with archive.open("wb") as target:
        for piece in storage.stream(key):
            target.write(piece)


@job("interop.export_course")
def export_course(task_id: int) -> None:
    """Pack a course that somebody waits for."""
    tasks.perform(task_id, _export)


def _export(task: Task, progress: tasks.Progress) -> dict[str, Any]:
    course = db.session.get_one(Course, task.arguments["course_id"])
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "course.zip"
        report = export.export_course(course, archive, clock.now(), tell=progress)
        key = storage.new_key()
        with archive.open("rb") as packed:
            digest = hashlib.file_digest(packed, "sha256").hexdigest()
            packed.seek(0)
            storage.put_stream(key, packed)
        return {**report.to_json(), "key": key, "sha256": digest, "size": archive.stat().st_size}
