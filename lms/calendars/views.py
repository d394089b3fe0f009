"""A person's dates as a calendar that other programs look up."""

from flask import Blueprint, Response, flash, request
from flask_babel import force_locale
from flask_babel import gettext as _

from lms.calendars import actions, feed, queries, rules
from lms.core import clock, web
from lms.core.access import found, public, signed_in, signed_in_viewer
from lms.core.security import limiter

bp = Blueprint("calendars", __name__)


@bp.get("/calendar")
@signed_in
def show() -> Response:
    """The private address, and how to use it."""
    mine = queries.feed_of(signed_in_viewer().id)
    address = web.absolute_url("calendars.read", token=actions.token(mine.id)) if mine else ""
    response = web.render("calendars/show.html", mine=mine, address=address)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/calendar/address")
@limiter.limit("20 per minute")
@signed_in
def renew() -> Response:
    """A first address, or a new one in place of the old."""
    person = signed_in_viewer()
    had_one = queries.feed_of(person.id) is not None
    actions.renew(person.id, clock.now())
    if had_one:
        flash(_("Here is your new address. The old one works no longer."), "success")
    else:
        flash(_("Here is your address. Give it to your calendar program."), "success")
    return web.redirect_to("calendars.show")


@bp.post("/calendar/address/removal")
@signed_in
def remove() -> Response:
    """Without an address nobody can look the dates up."""
    actions.remove(signed_in_viewer().id)
    flash(_("The address works no longer."), "success")
    return web.redirect_to("calendars.show")


@bp.get("/calendar/<token>.ics")
@limiter.limit("120 per minute")
@public
def read(token: str) -> Response:
    """The dates of who this address was given to."""
    reader = found(queries.reader(token))
    with force_locale(reader.language):
        rows = (queries.courses(reader.id), queries.quizzes(reader.id), queries.assignments(reader.id))
        body = feed.written(rules.entries(*rows))
    response = Response(body, content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = 'inline; filename="lectern.ics"'
    response.add_etag()
    response.make_conditional(request)
    return response
