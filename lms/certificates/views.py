"""Pages of certificates: one's own with its PDF, verification by anyone, and the staff's award by hand."""

import io

from flask import Blueprint, Response, flash, request, send_file
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address

from lms.certificates import actions, queries, rules
from lms.certificates.forms import RevokeForm
from lms.core import clock, web
from lms.core.access import admins_only, found, public, signed_in, signed_in_viewer
from lms.core.paging import page_number
from lms.core.security import limiter
from lms.files import storage

bp = Blueprint("certificates", __name__)


@bp.get("/certificates/<number>")
@signed_in
def show(number: str) -> Response:
    """The owner's page; while the PDF is made its download part asks again by itself."""
    person = signed_in_viewer()
    certificate = found(queries.visible_to(number, person))
    is_late = rules.is_late(certificate.issued_at, clock.now())
    if _nothing_new(certificate.ready or certificate.revoked_at or is_late):
        return Response(status=204)
    return web.render(
        "certificates/show.html",
        fragment="certificates/_download.html",
        certificate=certificate,
        is_late=is_late,
        is_own=certificate.user_id == person.id,
        instructors=rules.listed_names(certificate.instructors),
        hours=rules.hours(certificate.minutes),
        verify_url=web.absolute_url("certificates.verify", number=number),
        form=RevokeForm() if person.is_admin else None,
    )


@bp.get("/certificates/<number>/pdf")
@signed_in
def download(number: str) -> Response:
    """The file. One that is not there yet, or void, leads to the page that says so."""
    certificate = found(queries.visible_to(number, signed_in_viewer()))
    if not certificate.ready or certificate.revoked_at:
        return web.redirect_to("certificates.show", number=number)
    response = send_file(
        io.BytesIO(storage.read(certificate.file_key)),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=rules.file_name(certificate.course_title, certificate.recipient),
        etag=certificate.file_hash,
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@bp.post("/certificates/<number>/revocation")
@admins_only
def revoke(number: str) -> Response:
    """Declare it void, with a reason that everyone who verifies it will read."""
    person = signed_in_viewer()
    certificate = found(queries.visible_to(number, person))
    form = RevokeForm()
    if not form.validate_on_submit():
        return web.render(
            "certificates/revoke.html",
            fragment="certificates/_revoke.html",
            certificate=certificate,
            form=form,
            status=422,
        )
    actions.revoke(certificate.id, by=person.id, reason=form.reason.data, at=clock.now())
    flash(_("The certificate is revoked. Whoever verifies it reads since when and why."), "success")
    return web.redirect_to("certificates.show", number=number)


@bp.get("/courses/<slug>/certificate")
@signed_in
def status(slug: str) -> Response:
    """How far the learner's certificate of this course is: the fragment polls this, a plain link opens it."""
    place = found(queries.of_learner(slug, signed_in_viewer().id))
    expected = place.number is not None or (place.completed_at is not None and place.certificate)
    since = place.issued_at or place.completed_at
    is_late = since is not None and rules.is_late(since, clock.now())
    if _nothing_new(not expected or place.ready or place.revoked or is_late):
        return Response(status=204)
    return web.render(
        "certificates/status.html",
        fragment="certificates/_status.html",
        course=place,
        enrollment=place,
        certificate=place if place.number else None,
        is_expected=expected,
        is_late=is_late,
    )


def _nothing_new(is_settled: object) -> bool:
    """A poll that would swap in what stands there gets no content: nothing flickers or is read out twice."""
    return web.wants_fragment() and not is_settled


@bp.get("/verify")
@public
def ask() -> Response:
    """A form for the number on a printed certificate; plain GET, so that it needs no session."""
    typed = request.args.get("number", "").strip()[:200]
    number = rules.normalised(typed)
    if number:
        return web.redirect_to("certificates.verify", number=number)
    return web.render("certificates/ask.html", typed=typed, status=422 if typed else 200)


@bp.get("/verify/<number>")
@limiter.limit("60 per minute", key_func=get_remote_address)
@public
def verify(number: str) -> Response:
    """Valid, revoked or unknown, for anyone who has the number."""
    meant = rules.normalised(number)
    certificate = queries.by_number(meant) if meant else None
    if certificate is None:
        return web.render("certificates/unknown.html", typed=number[:200], status=404)
    return web.render(
        "certificates/verify.html",
        certificate=certificate,
        instructors=rules.listed_names(certificate.instructors),
        hours=rules.hours(certificate.minutes),
    )


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
