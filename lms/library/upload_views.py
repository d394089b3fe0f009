"""Uploading in pieces, for the scripts of our pages: begin, send what is missing, finish. Answers are JSON.

Without scripts the ordinary form of `views.py` takes the same files in one go.
"""

from uuid import UUID

from flask import Response, abort, flash, jsonify, request
from flask_babel import gettext as _

from lms.core import clock, work
from lms.core.access import found, signed_in_viewer, teachers_only
from lms.core.security import limiter
from lms.courses import library
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.files import uploads, words
from lms.files.intake import Refused
from lms.files.models import Upload
from lms.library.views import bp as bp
from lms.library.views import limits

UPLOADS = "/teaching/<slug>/files/uploads"


def _said(status: int, upload: Upload) -> Response:
    answer = jsonify(
        id=str(upload.id), received=upload.received, size=upload.size, piece=uploads.PIECE, path=upload.path
    )
    answer.status_code = status
    return answer


def _refused(reason: str) -> Response:
    answer = jsonify(kept=[], refused=[reason])
    answer.status_code = 422
    return answer


@bp.post(UPLOADS)
@limiter.limit("60 per minute")
@teachers_only
def begin_upload(slug: str) -> Response:
    """Announce a file by `name` and `size` (bytes), and which file it `replaces`, if any."""
    person, most = signed_in_viewer(), limits()
    course = found(courses.course_to_change(slug, person))
    name = request.form.get("name", "")[:300]
    size = request.form.get("size", "")
    room = library.room(course.id, most, _replaced())
    try:
        announced = int(size) if size.isdecimal() and len(size) < 16 else 0
        upload = uploads.begin(
            course.id, person.id, name, announced, largest=most.largest, room=room, at=clock.now()
        )
    except Refused as error:
        return _refused(words.refusal(error.reason, name or "file", most.largest))
    return _said(201, upload)


def _replaced() -> int | None:
    text = request.form.get("replaces", "")
    return int(text) if text.isdecimal() and len(text) < 18 else None


def _upload(slug: str, upload_id: UUID) -> tuple[Course, Upload]:
    person = signed_in_viewer()
    course = found(courses.course_to_edit(slug, person))
    return course, found(uploads.own(upload_id, course.id, person.id))


@bp.get(f"{UPLOADS}/<uuid:upload_id>")
@teachers_only
def show_upload(slug: str, upload_id: UUID) -> Response:
    """How many bytes have arrived: there the browser goes on."""
    return _said(200, _upload(slug, upload_id)[1])


@bp.post(f"{UPLOADS}/<uuid:upload_id>/pieces/<int:start>")
@teachers_only
def add_piece(slug: str, upload_id: UUID, start: int) -> Response:
    """The request's body, as it is, `start` bytes into the file. 409 says where to go on instead."""
    length = request.content_length or 0
    if length > uploads.LARGEST_PIECE:
        abort(413)
    # Read before the row is locked: a slow connection keeps nobody waiting.
    piece = request.get_data(cache=False)
    _course, upload = _upload(slug, upload_id)
    is_next = len(piece) == length and uploads.append(upload, start, piece, clock.now())
    return _said(200 if is_next else 409, upload)


@bp.post(f"{UPLOADS}/<uuid:upload_id>/completion")
@teachers_only
def finish_upload(slug: str, upload_id: UUID) -> Response:
    """Look into the whole file and keep it, or put it in the place of the file `replaces`."""
    course = found(courses.course_to_change(slug, signed_in_viewer()))
    _same, upload = _upload(slug, upload_id)
    if upload.path is not None:  # the answer was lost on the way, and the browser asks again
        return jsonify(kept=[upload.path], refused=[])
    if not uploads.is_whole(upload):
        return _said(409, upload)
    most, at, replaces = limits(), clock.now(), _replaced()
    try:
        with uploads.opened(upload) as stream:
            if replaces is None:
                asset = library.add(course, upload.name, stream, most, at)
            else:
                asset = found(library.replace(course, replaces, stream, most, at))
    except Refused as error:
        reason = words.refusal(error.reason, upload.name, most.largest)
        uploads.give_up(upload, at)
        work.keep()
        return _refused(reason)
    uploads.finish(upload, asset.path, at)
    if request.form.get("flash") == "yes":
        flash(_("Kept: %(names)s", names=asset.path), "success")
    return jsonify(kept=[asset.path], refused=[])
