"""Verification of a certificate by anyone."""

import hashlib

from flask import Response, request
from flask_limiter.util import get_remote_address

from lms.certificates import actions, queries, rules
from lms.certificates.views import badges
from lms.certificates.views.blueprint import bp
from lms.core import clock, web
from lms.core.access import found, public
from lms.core.security import limiter


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
    """Valid, revoked or unknown, for anyone who has the number; for a machine that asks, the credential."""
    meant = rules.normalised(number)
    certificate = queries.by_number(meant) if meant else None
    if certificate is None:
        return web.render("certificates/unknown.html", typed=number[:200], status=404)
    kind = badges.asked_for()
    if kind:
        return badges.answer(certificate, kind)
    response = web.render(
        "certificates/verify.html",
        certificate=certificate,
        instructors=rules.listed_names(certificate.instructors),
        hours=rules.hours(certificate.minutes),
        address=web.absolute_url("certificates.verify", number=certificate.number),
        picture=web.absolute_url("certificates.picture", number=certificate.number)
        if certificate.ready and not certificate.revoked_at
        else None,
    )
    response.headers.add("Vary", "Accept")
    return response


@bp.get("/verify/<number>/picture.png")
@limiter.limit("120 per minute", key_func=get_remote_address)
@public
def picture(number: str) -> Response:
    """What other sites show beside a link to the certificate; none of a void one."""
    meant = rules.normalised(number)
    certificate = found(queries.for_picture(meant) if meant else None)
    drawn = found(actions.picture_of(certificate, clock.now()))
    response = Response(drawn, mimetype="image/png")
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.set_etag(hashlib.sha256(drawn).hexdigest())
    response.make_conditional(request)
    return response
