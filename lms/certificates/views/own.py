"""A learner's own certificates: the page of one, its PDF, and its state while it is made."""

import io

from flask import Response, current_app, flash, send_file
from flask_babel import gettext as _

from lms.certificates import actions, queries, rules
from lms.certificates.forms import RevokeForm
from lms.certificates.views.blueprint import bp
from lms.core import clock, web
from lms.core.access import admins_only, allow, found, signed_in, signed_in_viewer
from lms.files import storage


@bp.get("/certificates")
@signed_in
def wallet() -> Response:
    """All of one's certificates, to look at, send on and take along."""
    rows = queries.of_user(signed_in_viewer().id)
    issuer = current_app.config["LECTERN"].product_name
    shown = []
    for row in rows:
        address = web.absolute_url("certificates.verify", number=row.number)
        shown.append((row, address, rules.linkedin_address(row, issuer, address)))
    return web.render("certificates/wallet.html", certificates=shown)


@bp.get("/certificates/<number>")
@signed_in
def show(number: str) -> Response:
    """The owner's page; while the PDF is made its download part asks again by itself."""
    person = signed_in_viewer()
    certificate = found(queries.visible_to(number, person))
    now = clock.now()
    is_late = rules.is_late(certificate.renewed_at or certificate.issued_at, now)
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
        verify_url=(address := web.absolute_url("certificates.verify", number=number)),
        linkedin=rules.linkedin_address(certificate, current_app.config["LECTERN"].product_name, address),
        new_name=person.name if rules.may_renew(certificate.renewed_at, now) else None,
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


@bp.post("/certificates/<number>/name")
@signed_in
def renew(number: str) -> Response:
    """Put the name that one's profile has now on one's own certificate; its number stays."""
    person, now = signed_in_viewer(), clock.now()
    certificate = found(queries.visible_to(number, person))
    allow(certificate.user_id == person.id)
    if certificate.revoked_at or not rules.may_renew(certificate.renewed_at, now):
        flash(_("The name can be changed once in %(days)s days.", days=rules.RENEWED_EVERY.days), "warning")
    elif actions.renew(certificate.id, person.name, by=person.id, at=now):
        flash(_("The certificate bears your new name. Its number and its link stay."), "success")
    else:
        flash(_("The certificate bears this name already."), "info")
    return web.redirect_to("certificates.show", number=number)


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
