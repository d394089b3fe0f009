"""Certificates for a course's staff: who has one, awards by hand, and how the next will look."""

from flask import Response, flash, request
from flask_babel import gettext as _

from lms.certificates import actions, queries
from lms.certificates.views.blueprint import bp
from lms.core import clock, web
from lms.core.access import found, signed_in, signed_in_viewer
from lms.core.paging import page_number
from lms.core.security import limiter


@bp.get("/courses/<slug>/certificates")
@signed_in
def index(slug: str) -> Response:
    """The course's staff see who has a certificate, and may award one by hand."""
    course = found(queries.course_for_staff(slug, signed_in_viewer()))
    page = queries.learners(course.id, page_number(request.args.get("page")))
    return web.render("certificates/index.html", course=course, page=page)


@bp.get("/courses/<slug>/certificates/preview")
@limiter.limit("30 per minute")
@signed_in
def preview(slug: str) -> Response:
    """The PDF as the next learner would get it, with the viewer's own name."""
    person = signed_in_viewer()
    course = found(queries.course_for_staff(slug, person))
    made = actions.preview(course, person.name, clock.now())
    return Response(made, mimetype="application/pdf", headers={"Cache-Control": "private, no-store"})


@bp.post("/enrollments/<int:enrollment_id>/certificate")
@signed_in
def award(enrollment_id: int) -> Response:
    """Award by hand. Pressing twice is one certificate."""
    person = signed_in_viewer()
    enrollment = found(queries.basis_for_staff(enrollment_id, person))
    if actions.award(enrollment, by=person.id, at=clock.now()):
        flash(_("%(name)s has a certificate now.", name=enrollment.recipient), "success")
    elif enrollment.certificate:
        flash(
            _("%(name)s had a certificate already; nothing was changed.", name=enrollment.recipient), "info"
        )
    else:
        flash(_("This course gives no certificates. Switch them on in its settings first."), "warning")
    return web.redirect_to("certificates.index", slug=enrollment.slug)
