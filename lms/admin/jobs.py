"""Jobs of the operator's screens and of one's own data."""

from typing import Any

from flask import g

from lms.accounts.models import User
from lms.admin.actions import importing, privacy
from lms.core import clock, events, tasks
from lms.core.db import db
from lms.core.jobs import job
from lms.core.models import Task
from lms.files import storage


@job("admin.import_people", queue="progress")
def import_people(task_id: int) -> None:
    """Bring people in from a file that somebody uploaded, or say what that would do."""
    tasks.perform(task_id, _import)


@job("admin.export_personal", queue="progress")
def export_personal(task_id: int) -> None:
    """Build the copy of a person's own data."""
    tasks.perform(task_id, _export)


@job("admin.erase_personal", queue="progress")
def erase_personal(task_id: int) -> None:
    """Forget a person."""
    tasks.perform(task_id, _erase)


@job("admin.clean_up")
def clean_up() -> None:
    """Remove files whose time is over."""
    privacy.clean_up(clock.now())


def _import(task: Task, progress: tasks.Progress) -> dict[str, Any]:
    owner = db.session.get_one(User, task.owner_id)
    g.language = owner.language
    wish = task.arguments
    return importing.run(
        storage.read(wish["key"]),
        owner=owner,
        invite=wish["invite"],
        dry_run=wish["dry_run"],
        at=clock.now(),
        tell=progress,
    )


def _export(task: Task, progress: tasks.Progress) -> dict[str, Any]:
    g.language = db.session.get_one(User, task.owner_id).language
    return privacy.export(task.owner_id, clock.now(), progress)


def _erase(task: Task, progress: tasks.Progress) -> dict[str, Any]:
    result = privacy.erase(task.owner_id, task.id, clock.now(), progress)
    events.send(clean_up)
    return result
