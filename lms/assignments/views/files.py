"""The files of submissions, for who handed them in and for who grades them."""

from pathlib import PurePosixPath

from flask import Response, abort, current_app, flash, jsonify, request
from flask_babel import gettext as _

from lms.assignments import attaching, queries, submitting
from lms.assignments.forms import WorkForm
from lms.assignments.submitting import Seen
from lms.assignments.views.blueprint import bp
from lms.assignments.views.learner import WORK, by_script, place, refused
from lms.assignments.words import file_words, outcome_words
from lms.core import clock, web
from lms.core import work as units
from lms.core.access import found, signed_in, signed_in_viewer
from lms.core.security import limiter
from lms.files import delivery
from lms.learning.standing import Standing

ROW = f"<int(max={2**63 - 1}):file_row>"


@bp.post(f"{WORK}/files")
@limiter.limit("120 per minute")
@signed_in
def add_file(slug: str, lesson: str, assignment: str) -> Response:
    """Keep a file with the draft as soon as it is chosen; the page's script sends it. The answer is the draft's files."""
    reading, brief = place(slug, lesson, assignment)
    if reading.ended_at:
        return _refused(outcome_words("ended"))
    if brief.removed_at or not brief.takes_files:
        return _refused(
            outcome_words("removed") if brief.removed_at else _("This assignment takes no files.")
        )
    work = submitting.locked(brief.id, signed_in_viewer().id, reading.row.enrollment_id)
    largest = current_app.config["LECTERN"].upload_limit
    sent = [(file.filename, file.stream) for file in request.files.getlist("files") if file.filename]
    failed = attaching.add(work, sent, largest, clock.now())
    if failed:
        units.keep()  # the files that are good
        return _refused(" ".join(file_words(name, why, largest) for name, why in failed))
    return _files(slug, reading, assignment)


@bp.post(f"{WORK}/files/{ROW}/removal")
@signed_in
def remove_file(slug: str, lesson: str, assignment: str, file_row: int) -> Response:
    """Take a file out of the draft; the text that was typed beside it is kept."""
    reading, brief = place(slug, lesson, assignment)
    work = submitting.locked(brief.id, signed_in_viewer().id, reading.row.enrollment_id)
    form, at = WorkForm(), clock.now()
    if not by_script() and form.validate_on_submit():
        outcome = submitting.keep_draft(work, form.words(), Seen.of(form.seen.data or ""), at)
        if outcome == "overtaken":
            return refused(reading, assignment, form, outcome, str(Seen(work.number, work.draft_seq)))
    found(attaching.remove(work, file_row, at) or None)
    if by_script():
        return _files(slug, reading, assignment)
    flash(_("The file is taken out."), "success")
    names = {"slug": slug, "lesson": lesson, "assignment": assignment}
    return web.redirect_to("assignments.show", **names, _anchor="work")


def _files(slug: str, reading: Standing, assignment: str) -> Response:
    brief = found(queries.brief(reading.row.lesson_id, assignment, signed_in_viewer().id))
    names = {"slug": slug, "lesson": reading.row.slug, "assignment": assignment}
    return web.render("assignments/_files.html", brief=brief, place=names)


def _refused(words: str) -> Response:
    answer = jsonify(message=words)
    answer.status_code = 422
    return answer


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
