"""Jobs of import and export."""

import tempfile
from pathlib import Path
from typing import Any

from lms.accounts.models import User
from lms.core import clock, tasks
from lms.core.db import db
from lms.core.jobs import job
from lms.core.models import Task
from lms.files import storage
from lms.interop import actions


@job("interop.import_course")
def import_course(task_id: int) -> None:
    """Run a course import that somebody watches."""
    tasks.perform(task_id, _import)


def _import(task: Task, progress: tasks.Progress) -> dict[str, Any]:
    key: str = task.arguments["key"]
    owner = db.session.get_one(User, task.owner_id)
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "course.zip"
        with archive.open("wb") as target:
            for piece in storage.stream(key):
                target.write(piece)
        try:
            outcome = actions.import_course(
                archive, owner, clock.now(), dry_run=task.arguments["dry_run"], tell=progress
            )
        except actions.Refused as error:
            return {"ok": False, "refused": str(error), "problems": []}
    return outcome.to_json()
