"""The files of a course: what is there, where it is used, and what comes in."""

from flask import Blueprint, Response, abort, current_app, flash, jsonify, request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from lms.core import clock, web, work
from lms.core.access import found, signed_in_viewer, teachers_only
from lms.core.paging import page_number
from lms.core.security import limiter
from lms.courses import library
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.files import words
from lms.files.intake import Refused
from lms.library import queries
from lms.library.forms import ReplaceForm, UploadForm

bp = Blueprint("library", __name__)


def limits() -> library.Limits:
    """What one file and all of them may take."""
    settings = current_app.config["LECTERN"]
    return library.Limits(settings.upload_limit, settings.course_quota)


@bp.get("/teaching/<slug>/files")
@teachers_only
def index(slug: str) -> Response:
    """All files of the course."""
    return _index(slug, UploadForm())


def _index(slug: str, form: UploadForm, status: int = 200) -> Response:
    course = found(queries.course(slug, signed_in_viewer()))
    number = page_number(request.args.get("page"))
    page = queries.files(course, number)
    if number > 1 and not page.items:
        abort(404)
    return web.render(
        "files/index.html",
        fragment="files/_upload.html" if status == 422 else None,
        status=status,
        course=course,
        form=form,
        page=page,
        uses=queries.uses(course, [file.path for file in page.items]),
        quota=limits().quota,
    )


@bp.post("/teaching/<slug>/files/additions")
@limiter.limit("60 per minute")
@teachers_only
def upload(slug: str) -> Response:
    """Take files in; each that is refused is named, the others stay."""
    course, form = found(courses.course_to_change(slug, signed_in_viewer())), UploadForm()
    taken = _take(course, form) if form.validate_on_submit() else []
    if request.accept_mimetypes.best == "application/json":
        return _as_json(taken, [str(said) for said in form.files.errors])
    if form.errors:
        work.keep()
        return _index(slug, form, 422)
    flash(_("Kept: %(names)s", names=_(", ").join(taken)), "success")
    return web.redirect_to("library.index", slug=slug)


def _take(course: Course, form: UploadForm) -> list[str]:
    taken, refused, most = [], [], limits()
    for file in form.files.data:
        name = file.filename or "file"
        try:
            taken.append(library.add(course, name, file.stream, most, clock.now()).path)
        except Refused as error:
            refused.append(words.refusal(error.reason, name, most.largest))
    form.files.errors = refused
    return taken


def _as_json(taken: list[str], refused: list[str]) -> Response:
    """For scripts of our pages: paths that were kept, and what was refused in words."""
    answer = jsonify(kept=taken, refused=refused)
    answer.status_code = 200 if taken else 422
    return answer


@bp.get("/teaching/<slug>/files/<int:asset_id>")
@teachers_only
def show(slug: str, asset_id: int) -> Response:
    """One file, and what can be done with it."""
    return _show(slug, asset_id, ReplaceForm())


def _show(slug: str, asset_id: int, form: ReplaceForm, status: int = 200) -> Response:
    course = found(queries.course(slug, signed_in_viewer()))
    file = found(queries.file(course.id, asset_id))
    used_by = queries.used_by(course, file.path)
    return web.render("files/show.html", status=status, course=course, file=file, used_by=used_by, form=form)


@bp.post("/teaching/<slug>/files/<int:asset_id>/replacement")
@limiter.limit("60 per minute")
@teachers_only
def replace(slug: str, asset_id: int) -> Response:
    """Other content under the same name: links stay."""
    course, form = found(courses.course_to_change(slug, signed_in_viewer())), ReplaceForm()
    found(queries.file(course.id, asset_id))
    if form.validate_on_submit():
        upload: FileStorage = form.file.data
        try:
            found(library.replace(course, asset_id, upload.stream, limits(), clock.now()))
        except Refused as error:
            name = upload.filename or "file"
            form.file.errors = [words.refusal(error.reason, name, limits().largest)]
        else:
            flash(_("The file is replaced. Everything that links to it shows the new one."), "success")
            return web.redirect_to("library.show", slug=slug, asset_id=asset_id)
    return _show(slug, asset_id, form, 422)


@bp.post("/teaching/<slug>/files/<int:asset_id>/removal")
@teachers_only
def remove(slug: str, asset_id: int) -> Response:
    """Take a file out; one that is used only when its page said where."""
    course = found(courses.course_to_change(slug, signed_in_viewer()))
    file = found(queries.file(course.id, asset_id))
    facts = found(queries.course(slug, signed_in_viewer()))
    if request.form.get("although_used") != "yes" and queries.used_by(facts, file.path):
        flash(_("This file is used. Look where, before you delete it."), "warning")
        return web.redirect_to("library.show", slug=slug, asset_id=asset_id)
    library.remove(course, asset_id, clock.now())
    flash(_("%(name)s is deleted.", name=file.path), "success")
    return web.redirect_to("library.index", slug=slug)
