"""Certificates for a course's staff: who has one, awards by hand, and how the next will look."""

from flask import Response, request

from lms.certificates import actions, queries
from lms.certificates.views.blueprint import bp
from lms.core import clock, web
from lms.core.access import admins_only, found, signed_in, signed_in_viewer
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


@bp.get("/admin/certificates")
@admins_only
def everybodys() -> Response:
    """Every certificate, to be found by number, name or course; each leads to where it can be revoked."""
    asked = request.args.get("q", "").strip()[:200]
    page = queries.everybodys(asked, page_number(request.args.get("page")))
    return web.render(
        "certificates/everybodys.html", fragment="certificates/_everybodys.html", page=page, q=asked
    )
