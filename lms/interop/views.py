"""Bringing a course in, with its report."""

from flask import Blueprint, Response
from werkzeug.datastructures import FileStorage

from lms.core import clock, tasks, web
from lms.core.access import found, signed_in_viewer, teachers_only
from lms.files import storage
from lms.interop import jobs
from lms.interop.forms import ImportForm
from lms.interop.report import KINDS

bp = Blueprint("interop", __name__)


@bp.route("/teaching/import", methods=["GET", "POST"])
@teachers_only
def import_course() -> Response:
    form = ImportForm()
    if not form.validate_on_submit():
        return web.render("interop/import.html", form=form, status=422 if form.is_submitted() else 200)
    upload: FileStorage = form.archive.data
    key = storage.new_key()
    storage.put_stream(key, upload.stream)
    task = tasks.start(
        jobs.import_course, signed_in_viewer().id, clock.now(), key=key, dry_run=bool(form.dry_run.data)
    )
    return web.redirect_to("interop.task", task_id=task.id)


@bp.get("/teaching/imports/<int:task_id>")
@teachers_only
def task(task_id: int) -> Response:
    row = found(tasks.of_owner(task_id, signed_in_viewer().id, jobs.import_course.name))
    return web.render("interop/task.html", fragment="interop/_task.html", task=row, kinds=KINDS)
