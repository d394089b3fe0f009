"""How the certificates of a course look: chosen by its staff, who see the real thing before it is used."""

import base64
import io
from typing import Any

from flask import Response, flash, request, send_file
from flask_babel import gettext as _

from lms.certificates import actions, designing, queries
from lms.certificates.designing import Part
from lms.certificates.forms import LookForm
from lms.certificates.look import Look
from lms.certificates.views.blueprint import bp
from lms.core import clock, web
from lms.core.access import Viewer, found, signed_in_viewer, teachers_only
from lms.core.security import limiter
from lms.files.kinds import ending

PATH = "/teaching/<slug>/certificate"


@bp.get(PATH)
@teachers_only
def design(slug: str) -> Response:
    """The choices, and a picture of what they make."""
    course = found(queries.course_for_staff(slug, signed_in_viewer()))
    return _page(course, LookForm(obj=Look.of(course.look)))


@bp.post(PATH)
@limiter.limit("60 per minute")
@teachers_only
def change_design(slug: str) -> Response:
    """Use it, or only look at it."""
    person, form, now = signed_in_viewer(), LookForm(), clock.now()
    course = found(queries.course_for_staff(slug, person))
    if not form.validate_on_submit():
        return _page(course, form, 422)
    if "preview" in request.form:
        return _page(course, form, picture=_drawn(course, person, form.chosen()))
    designing.choose(course, form.chosen(), now)
    flash(_("Certificates look like this from now on. Those that were issued stay as they are."), "success")
    return web.redirect_to("certificates.design", slug=slug)


def _page(course: queries.Facts, form: LookForm, status: int = 200, picture: str = "") -> Response:
    facts: dict[str, Any] = {"course": course, "form": form, "picture": picture}
    return web.render(
        "certificates/design.html", fragment="certificates/_design.html", status=status, **facts
    )


def _drawn(course: queries.Facts, person: Viewer, look: Look) -> str:
    """What is not saved has no address: the picture stands in the page."""
    return "data:image/png;base64," + base64.b64encode(_picture(course, person, look)).decode("ascii")


def _picture(course: queries.Facts, person: Viewer, look: Look | None = None) -> bytes:
    from lms.certificates import pictures  # PDFium costs 10 MB, which a process takes when somebody asks.

    return pictures.preview(actions.preview(course, person.name, clock.now(), look))


@bp.get(f"{PATH}/preview.png")
@limiter.limit("60 per minute")
@teachers_only
def design_picture(slug: str) -> Response:
    """A picture of the certificate that the next learner would get, with the viewer's own name."""
    person = signed_in_viewer()
    course = found(queries.course_for_staff(slug, person))
    response = send_file(io.BytesIO(_picture(course, person)), mimetype="image/png")
    response.headers["Cache-Control"] = "private, max-age=60"
    return response


@bp.post(f"{PATH}/<any(logo, signature):picture>")
@limiter.limit("60 per minute")
@teachers_only
def set_picture(slug: str, picture: Part) -> Response:
    """Put the uploaded picture on the certificate, or take it off."""
    course, now = found(queries.course_for_staff(slug, signed_in_viewer())), clock.now()
    upload = request.files.get("file")
    if "remove" in request.form:
        designing.remove_picture(course, picture, now)
        flash(_("The picture is taken off. Certificates that were issued keep theirs."), "success")
    elif upload is None or not upload.filename:
        flash(_("Choose a picture first."), "danger")
    else:
        try:
            data = upload.stream.read(designing.LARGEST + 1)
            designing.set_picture(course, picture, data, ending(upload.filename), now)
            flash(_("The picture is on the certificate now."), "success")
        except designing.Unusable:
            flash(_("Choose a PNG, JPEG or WebP picture under 5 MB that is not damaged or empty."), "danger")
    return web.redirect_to("certificates.design", slug=slug)
