"""A person's own data: the copy they take along, and forgetting them."""

import json
import tempfile
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, exists, select, update

from lms.accounts import actions as accounts
from lms.accounts import audit, view_as
from lms.accounts import personal as accounts_personal
from lms.accounts.models import User
from lms.admin import words
from lms.admin.queries import privacy as queries
from lms.api import personal as api_personal
from lms.assignments import personal as assignments_personal
from lms.calendars import personal as calendars_personal
from lms.certificates import personal as certificates_personal
from lms.core.db import db
from lms.core.i18n import LOCALES
from lms.core.models import Task
from lms.courses import personal as courses_personal
from lms.discussions import personal as discussions_personal
from lms.files import portraits, storage
from lms.files.models import StoredFile
from lms.gradebook import personal as gradebook_personal
from lms.learning import personal as learning_personal
from lms.learning import reviews_personal
from lms.notifications import personal as notifications_personal
from lms.quizzes import personal as quizzes_personal

Tell = Callable[[int, int, str], None]

PARTS: tuple[Any, ...] = (
    api_personal,
    calendars_personal,
    notifications_personal,
    certificates_personal,
    gradebook_personal,
    quizzes_personal,
    assignments_personal,
    discussions_personal,
    reviews_personal,
    learning_personal,
    courses_personal,
    accounts_personal,
)
"""Every module that knows something of a person, the highest first: the account goes last.

Each offers `export(user_id)`, sections by name, and `erase(user_id, at)`, the stored files that were theirs.
"""


def export(user_id: int, at: datetime, tell: Tell) -> dict[str, Any]:
    """Build the ZIP and keep it; its storage key and size in bytes are the result."""
    user = db.session.get_one(User, user_id)
    sections: dict[str, Any] = {}
    for done, part in enumerate(reversed(PARTS)):
        tell(done, len(PARTS) + 1, "collecting")
        sections |= part.export(user_id)
    tell(len(PARTS), len(PARTS) + 1, "packing")
    key = storage.new_key()
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("data.json", json.dumps(sections, default=_plain, ensure_ascii=False, indent=1))
            archive.writestr("style.css", _page("_style.css", user, at))
            archive.writestr("index.html", _page("_archive.html", user, at, sections=_readable(sections)))
            for attempt in sections["attempts"]:
                name = f"receipts/attempt-{attempt['id']}.html"
                archive.writestr(name, _page("_receipt.html", user, at, attempt=attempt))
            if portrait := portraits.portrait_of(user_id):
                archive.writestr("portrait.webp", storage.read(portrait.key))
            for name, pieces in assignments_personal.documents(user_id):
                with archive.open(f"submissions/{name}", "w") as entry:
                    for piece in pieces:
                        entry.write(piece)
            for name, data in certificates_personal.documents(user_id):
                archive.writestr(f"certificates/{name}", data)
        size = file.tell()
        file.seek(0)
        storage.put_stream(key, file)
    _note("privacy.exported", user, at)
    return {"key": key, "size": size}


def begin_erasure(user: User, at: datetime) -> None:
    """From now on nobody signs in with this account, whenever the job runs."""
    user.is_active = False
    accounts.end_all_sessions(user.id, at)
    view_as.end_for(user.id)
    audit.record(
        "privacy.erasure_requested", at, subject_kind="user", subject_id=user.id, subject_name=user.name
    )


def erase(user_id: int, task_id: int, at: datetime, tell: Tell) -> dict[str, Any]:
    """Forget a person in every module. The result names storage keys that are removed after the commit."""
    files: list[int] = []
    keys: list[str] = []
    for done, part in enumerate(PARTS):
        tell(done, len(PARTS), "erasing")
        files += part.erase(user_id, at)
    keys += _forget_files(files)
    for task in db.session.scalars(select(Task).where(Task.owner_id == user_id, Task.id != task_id)):
        keys += [key for key in ((task.result or {}).get("key"), task.arguments.get("key")) if key]
        db.session.delete(task)
    _note("privacy.erased", db.session.get_one(User, user_id), at)
    return {"remove": keys}


def _note(action: str, user: User, at: datetime) -> None:
    """Done by a job that the person started."""
    audit.record(
        action,
        at,
        subject_kind="user",
        subject_id=user.id,
        subject_name=user.name,
        actor_id=user.id,
        actor_name=user.name,
    )


def _forget_files(files: list[int]) -> list[str]:
    """Keys of those that nothing refers to any longer: the same bytes are kept once, for whoever has them."""
    referring = [
        column
        for table in db.metadata.sorted_tables
        for column in table.columns
        if any(key.column is StoredFile.__table__.c.id for key in column.foreign_keys)
    ]
    unused = [~exists().where(column == StoredFile.id) for column in referring]
    return list(
        db.session.scalars(
            delete(StoredFile)
            .where(StoredFile.id.in_(files), *unused)
            .returning(StoredFile.key)
            .execution_options(synchronize_session=False)
        )
    )


def clean_up(at: datetime) -> int:
    """Remove files that nobody may have any longer: old copies, uploaded lists, what an erasure left.

    Returns how many. Removing one twice is harmless, so a crash between file and note repairs itself.
    """
    removed = 0
    old = Task.created_at < at - queries.KEPT
    for task in db.session.scalars(
        select(Task)
        .where(Task.state.in_(("done", "failed")))
        .where(
            (Task.kind == queries.ERASE) & Task.result["remove"].is_not(None)
            | (Task.kind.in_((queries.EXPORT, "admin.import_people"))) & old
        )
        .limit(500)
    ):
        held = [
            (task.result or {}).get("key"),
            task.arguments.get("key"),
            *(task.result or {}).get("remove", []),
        ]
        for key in filter(None, held):
            storage.remove(key)
            removed += 1
        if task.kind == queries.ERASE:
            db.session.execute(update(Task).where(Task.id == task.id).values(result={}))
        else:
            db.session.delete(task)
    return removed


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


def _readable(sections: dict[str, Any]) -> list[dict[str, Any]]:
    """Sections with their titles; answers have pages of their own."""
    shown = []
    for name, rows in sections.items():
        flat = [
            {key: words.value(key, value) for key, value in row.items() if key != "answers"} for row in rows
        ]
        shown.append({"name": name, "title": words.SECTIONS[name], "rows": flat})
    return shown


def _page(name: str, user: User, at: datetime, **facts: Any) -> str:
    template = current_app.jinja_env.get_template(f"accounts/privacy/{name}")
    product = current_app.config["LECTERN"].product_name
    return template.render(
        user=user, at=at, locale=LOCALES[user.language], product_name=product, word=words.column, **facts
    )


def step_words(step: str) -> str:
    """What a task does now, for the person who waits."""
    known = {
        "collecting": _("Collecting what we know"),
        "packing": _("Packing the file"),
        "erasing": _("Erasing"),
        "reading": _("Reading the file"),
        "checking": _("Checking every row"),
        "enrolling": _("Enrolling"),
        "inviting": _("Writing invitations"),
    }
    return str(known.get(step, _("Waiting for its turn")))
