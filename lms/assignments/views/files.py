"""The files of submissions, for who handed them in and for who grades them."""

from pathlib import PurePosixPath

from flask import Response, abort, flash
from flask_babel import gettext as _

from lms.assignments import attaching, submitting
from lms.assignments.forms import WorkForm
from lms.assignments.submitting import Seen
from lms.assignments.views.blueprint import bp
from lms.assignments.views.learner import WORK, place, refused
from lms.core import clock, web
from lms.core.access import found, signed_in, signed_in_viewer
from lms.files import delivery

ROW = f"<int(max={2**63 - 1}):file_row>"


@bp.post(f"{WORK}/files/{ROW}/removal")
@signed_in
def remove_file(slug: str, lesson: str, assignment: str, file_row: int) -> Response:
    """Take a file out of the draft; the text that was typed beside it is kept."""
    reading, brief = place(slug, lesson, assignment)
    work = submitting.locked(brief.id, signed_in_viewer().id, reading.row.enrollment_id)
    form, at = WorkForm(), clock.now()
    if form.validate_on_submit():
        outcome = submitting.keep_draft(work, form.words(), Seen.of(form.seen.data or ""), at)
        if outcome == "overtaken":
            return refused(reading, assignment, form, outcome, str(Seen(work.number, work.draft_seq)))
    found(attaching.remove(work, file_row, at) or None)
    flash(_("The file is taken out."), "success")
    names = {"slug": slug, "lesson": lesson, "assignment": assignment}
    return web.redirect_to("assignments.show", **names, _anchor="work")


@bp.get(f"/submissions/<int(max={2**63 - 1}):submission_id>/files/{ROW}")
@signed_in
def file(submission_id: int, file_row: int) -> Response:
    """A file of a submission; for nobody but its learner and the course's staff."""
    person = signed_in_viewer()
    row = found(attaching.file_for(submission_id, file_row, person.id, is_admin=person.is_admin))
    is_hidden = row.is_nameless and row.user_id != person.id
    name = f"{submission_id}-{row.id}{PurePosixPath(row.name).suffix}" if is_hidden else row.name
    try:
        return delivery.send(
            row.key,
            name=name,
            media_type=row.media_type,
            size=row.size,
            sha256=row.sha256,
            at=row.created_at,
        )
    except FileNotFoundError:
        abort(404)
