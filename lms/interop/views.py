"""Bringing a course in and out, each with its report."""

from flask import Blueprint, Response, abort
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from lms.core import clock, tasks, web
from lms.core.access import found, signed_in_viewer, teachers_only
from lms.core.forms import largest_upload
from lms.core.models import Task
from lms.courses import queries as courses
from lms.files import delivery, storage
from lms.interop import jobs
from lms.interop.forms import ExportForm, ImportForm
from lms.interop.report import KINDS, lines_told

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
    return _start_import(key, (upload.filename or "")[:255], dry_run=bool(form.dry_run.data))


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """What was sent was not read, so nothing of it can be kept; the form says so in its place."""
    form = ImportForm(formdata=None)
    form.archive.errors = [
        _(
            "This file is larger than %(size)s. Leave out what the course does not need.",
            size=largest_upload(),
        )
    ]
    return web.render("interop/import.html", form=form, status=413)


def _start_import(key: str, name: str, *, dry_run: bool) -> Response:
    person = signed_in_viewer()
    task = tasks.start(jobs.import_course, person.id, clock.now(), key=key, dry_run=dry_run, name=name)
    return web.redirect_to("interop.task", task_id=task.id)


@bp.post("/teaching/<slug>/copy")
@teachers_only
def copy_course(slug: str) -> Response:
    """Another course with everything in it but its learners, as a draft of who copies it."""
    person = signed_in_viewer()
    course = found(courses.course_to_edit(slug, person))
    title = _("%(title)s (copy)", title=course.title[:240])
    task = tasks.start(
        jobs.import_course, person.id, clock.now(), copy_of=course.id, title=title, dry_run=False, name=""
    )
    return web.redirect_to("interop.task", task_id=task.id)


@bp.get("/teaching/imports/<int:task_id>")
@teachers_only
def task(task_id: int) -> Response:
    row = _own(task_id, jobs.import_course.name)
    return web.render("interop/task.html", fragment="interop/_task.html", task=row, kinds=KINDS)


@bp.post("/teaching/imports/<int:task_id>/application")
@teachers_only
def apply_import(task_id: int) -> Response:
    """Do what a look showed, with the very file that was looked at."""
    row = _own(task_id, jobs.import_course.name)
    if not row.arguments["dry_run"] or not (row.result or {}).get("ok"):
        abort(404)
    return _start_import(row.arguments["key"], row.arguments.get("name", ""), dry_run=False)


@bp.get("/teaching/imports/<int:task_id>/differences/<int:text_number>")
@teachers_only
def difference(task_id: int, text_number: int) -> Response:
    """How one text differs from what stands in the course."""
    row = _own(task_id, jobs.import_course.name)
    texts = (row.result or {}).get("texts", [])
    if not 0 < text_number <= len(texts):
        abort(404)
    text = texts[text_number - 1]
    return web.render(
        "interop/difference.html",
        fragment="interop/_difference.html",
        task=row,
        text=text,
        changes=lines_told(text["lines"]),
    )


@bp.route("/teaching/<slug>/export", methods=["GET", "POST"])
@teachers_only
def export_course(slug: str) -> Response:
    """The course as a folder in a .zip: packed by a job, then downloaded."""
    person, form = signed_in_viewer(), ExportForm()
    course = found(courses.course_to_change(slug, person))
    if not form.validate_on_submit():
        return web.render("interop/export.html", course=course, form=form)
    started = tasks.start(jobs.export_course, person.id, clock.now(), course_id=course.id)
    return web.redirect_to("interop.export_task", export_id=started.id)


@bp.get("/teaching/exports/<int:export_id>")
@teachers_only
def export_task(export_id: int) -> Response:
    row = _own(export_id, jobs.export_course.name)
    return web.render("interop/export_task.html", fragment="interop/_export.html", task=row, kinds=KINDS)


@bp.get("/teaching/exports/<int:export_id>/file")
@teachers_only
def download_export(export_id: int) -> Response:
    """The packed course; gone after some days, like everything that can be made again."""
    row = _own(export_id, jobs.export_course.name)
    result = row.result or {}
    if "key" not in result:
        abort(404)
    try:
        return delivery.send(
            result["key"],
            name=f"{result['slug']}.zip",
            media_type="application/zip",
            size=result["size"],
            sha256=result["sha256"],
            at=row.finished_at or row.created_at,
        )
    except FileNotFoundError:
        abort(410)


def _own(task_id: int, kind: str) -> Task:
    return found(tasks.of_owner(task_id, signed_in_viewer().id, kind))
