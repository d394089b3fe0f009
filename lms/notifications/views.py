"""The inbox, what somebody wants to hear of, and the way out of messages."""

from flask import Blueprint, Response, abort, flash, request
from flask_babel import gettext as _

from lms.core import clock, web
from lms.core.access import found, public, signed_in, signed_in_viewer
from lms.core.i18n import zone
from lms.core.paging import page_number
from lms.core.security import csrf, limiter
from lms.notifications import kinds, notices, queries, unsubscribing, words
from lms.notifications.forms import preferences_form

bp = Blueprint("notifications", __name__)


@bp.get("/inbox")
@signed_in
def inbox() -> Response:
    """What happened, the unread first."""
    number = page_number(request.args.get("page"))
    page = queries.inbox(signed_in_viewer().id, number)
    if number > 1 and not page.items:
        abort(404)
    shown = [(row, words.said(row.kind, row.facts, zone())) for row in page.items]
    return web.render("notifications/inbox.html", page=page, shown=shown)


@bp.get("/inbox/count")
@signed_in
def count() -> Response:
    """The bell of the header, asked for again when its reader comes back to the page."""
    return web.render("notifications/_bell.html")


@bp.get("/inbox/<int:notice_id>")
@signed_in
def follow(notice_id: int) -> Response:
    """To the place that a notice is about; it is read with that."""
    return web.redirect(found(notices.read(notice_id, signed_in_viewer().id, clock.now())))


@bp.post("/inbox/<int:notice_id>/reading")
@signed_in
def read(notice_id: int) -> Response:
    """It is read, without going anywhere."""
    found(notices.read(notice_id, signed_in_viewer().id, clock.now()))
    return web.redirect_to("notifications.inbox")


@bp.post("/inbox/reading")
@signed_in
def read_all() -> Response:
    """All of it is read."""
    notices.read_all(signed_in_viewer().id, clock.now())
    return web.redirect_to("notifications.inbox")


@bp.route("/profile/messages", methods=["GET", "POST"])
@signed_in
def preferences() -> Response:
    """What reaches somebody, and how."""
    person = signed_in_viewer()
    offered = list(kinds.offered_to(teaches=person.can_teach, is_admin=person.is_admin))
    form = preferences_form(offered, queries.preferences(person.id))
    if request.method == "POST" and form.validate_on_submit():
        notices.prefer(person.id, form.wishes)
        flash(_("Your choice is saved."), "success")
        return web.redirect_to("notifications.preferences")
    return web.render(
        "notifications/preferences.html",
        status=422 if request.method == "POST" else 200,
        form=form,
        kinds=offered,
        refusal=queries.refusal(person.id),
    )


@bp.post("/profile/messages/address")
@limiter.limit("5 per hour")
@signed_in
def trust_address() -> Response:
    """Write to an address again that refused mail."""
    if notices.trust_address(signed_in_viewer().id, clock.now()):
        flash(_("We write to you again. A message to try it is on its way."), "success")
    return web.redirect_to("notifications.preferences")


@bp.get("/messages/unsubscribe/<token>")
@public
def unsubscribe(token: str) -> Response:
    """Ask whether they mean it: programs that look through mail open every link."""
    return _way_out(token, is_done=False)


@bp.post("/messages/unsubscribe/<token>")
@csrf.exempt
@public
def stop(token: str) -> Response:
    """No more mail of that kind. The mail program of the reader sends this without a page of ours (RFC 8058)."""
    wish = found(unsubscribing.wish(token))
    notices.unsubscribe(wish.user_id, unsubscribing.kinds_of(wish, queries.preferences(wish.user_id)))
    return _way_out(token, is_done=True)


def _way_out(token: str, *, is_done: bool) -> Response:
    wish = found(unsubscribing.wish(token))
    kind = kinds.KINDS.get(wish.kind)
    return web.render(
        "notifications/unsubscribe.html", token=token, what=kind.title if kind else None, is_done=is_done
    )
