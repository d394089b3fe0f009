"""A picture or file that is pasted or dropped into a text."""

from flask import Response, flash, jsonify, request
from flask_babel import gettext as _

from lms.core import clock, web
from lms.core.access import signed_in_viewer, teachers_only
from lms.courses import settings
from lms.files import intake
from lms.studio import uploads
from lms.studio.views.blueprint import COURSE, bp, course_to_change


def problem_words(reason: intake.Reason) -> str:
    """Why a file is not taken, for who sent it."""
    words: dict[str, str] = {
        "empty": _("This file is empty. Choose another one."),
        "large": _("This file is too large. Files may have up to 100 MB."),
        "kind": _(
            "Files of this kind are not taken. Use pictures, video, audio, PDF, office documents or text."
        ),
        "content": _(
            "This file is not what its name says, or it is damaged. Save it again and try once more."
        ),
        "picture": _("This picture cannot be read. Save it again as JPEG, PNG or WebP."),
        "pixels": _("This picture has too many pixels. Make it smaller first."),
        "room": _("There is no room left for this file."),
    }
    return words[reason]


@bp.post(f"{COURSE}/files")
@teachers_only
def upload(slug: str) -> Response:
    """Keep the file; the answer to the editor is the Markdown that shows it."""
    course = course_to_change(slug, signed_in_viewer())
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _answer(_("Choose a file first."), 422)
    try:
        kept = uploads.keep(course, sent.filename, sent.stream)
    except intake.Refused as error:
        return _answer(problem_words(error.reason), 422)
    settings.change(course, {}, clock.now())
    return _answer(
        _("The file is here. Put this into the text: %(markdown)s", markdown=kept.markdown), 201, kept
    )


def _answer(message: str, status: int, kept: uploads.Kept | None = None) -> Response:
    if request.accept_mimetypes.best == "application/json":
        said = _("The file is in the text.") if kept else message
        response = jsonify(message=said, markdown=kept.markdown if kept else None)
        response.status_code = status
        return response
    flash(message, "success" if kept else "danger")
    return web.redirect(web.safe_next(request.form.get("next")) or web.path("courses.teaching"))
