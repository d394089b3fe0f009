"""People and enrollments from a CSV file: the dry run first, then the real thing."""

from flask import Response, request
from flask_babel import gettext as _

from lms.accounts import bulk
from lms.admin import jobs
from lms.admin.actions.importing import SHOWN
from lms.admin.actions.privacy import step_words
from lms.admin.forms import PeopleFileForm
from lms.admin.views.blueprint import bp
from lms.core import clock, csv_file, tasks, web
from lms.core.access import admins_only, allow, found, signed_in_viewer
from lms.files import storage


@bp.route("/import", methods=["GET", "POST"])
@admins_only
def import_people() -> Response:
    form = PeopleFileForm()
    if not form.validate_on_submit():
        return web.render("admin/import.html", form=form, status=422 if form.is_submitted() else 200)
    key = storage.new_key()
    storage.put_stream(key, form.file.data.stream)
    task = tasks.start(
        jobs.import_people,
        signed_in_viewer().id,
        clock.now(),
        key=key,
        dry_run=True,
        invite=bool(form.invite.data),
        name=(form.file.data.filename or "")[:200],
    )
    return web.redirect_to("admin.import_report", task_id=task.id)


@bp.get("/import/template.csv")
@admins_only
def import_template() -> Response:
    rows = [["Ada Example", "ada@example.org", "student", "en", "Europe/Paris", ""]]
    return csv_file.answer("people.csv", bulk.COLUMNS, rows)


@bp.get("/imports/<int:task_id>")
@admins_only
def import_report(task_id: int) -> Response:
    """How far it is; then what would happen, or what happened."""
    task = found(tasks.of_owner(task_id, signed_in_viewer().id, jobs.import_people.name))
    return web.render(
        "admin/import_report.html",
        fragment="admin/_import.html",
        task=task,
        step=step_words(task.step),
        shown=SHOWN,
    )


@bp.get("/imports/<int:task_id>/left-out.csv")
@admins_only
def import_left_out(task_id: int) -> Response:
    """Every row that was left out, with its reason."""
    task = found(tasks.of_owner(task_id, signed_in_viewer().id, jobs.import_people.name))
    rows = ([row["line"], row["reason"], row["text"]] for row in (task.result or {}).get("bad", []))
    return csv_file.answer("left-out.csv", [_("Line"), _("Reason"), _("Row")], rows)


@bp.post("/imports/<int:task_id>/apply")
@admins_only
def apply_import(task_id: int) -> Response:
    """Bring in what the dry run showed."""
    person = signed_in_viewer()
    shown = found(tasks.of_owner(task_id, person.id, jobs.import_people.name))
    allow(
        shown.state == "done" and bool(shown.arguments["dry_run"]) and "refused" not in (shown.result or {})
    )
    arguments = {**shown.arguments, "dry_run": False, "invite": request.form.get("invite") == "yes"}
    task = tasks.start(jobs.import_people, person.id, clock.now(), **arguments)
    return web.redirect_to("admin.import_report", task_id=task.id)
