"""The admins' pages about webhooks."""

from datetime import timedelta

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.core import clock, web
from lms.core.access import admins_only, found
from lms.core.paging import page_number
from lms.webhooks import actions, pretty, queries, rules, words
from lms.webhooks.forms import EndpointForm, ReplayForm
from lms.webhooks.models import WebhookEndpoint

bp = Blueprint("webhooks", __name__, url_prefix="/admin/webhooks")


@bp.get("")
@admins_only
def index() -> Response:
    return web.render("webhooks/index.html", endpoints=queries.endpoints(), off_reasons=words.OFF_REASONS)


@bp.route("/new", methods=["GET", "POST"])
@admins_only
def create() -> Response:
    form = EndpointForm()
    if not form.validate_on_submit():
        return web.render("webhooks/new.html", form=form, status=422 if form.is_submitted() else 200)
    endpoint, secret = actions.create(form.url.data, form.description.data, form.events.data, clock.now())
    return _show_secret(endpoint, secret, is_new=True)


def _show_secret(endpoint: WebhookEndpoint, secret: str, *, is_new: bool) -> Response:
    response = web.render("webhooks/secret.html", endpoint=endpoint, secret=secret, is_new=is_new)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/<int:endpoint_id>")
@admins_only
def show(endpoint_id: int) -> Response:
    endpoint = found(queries.endpoint(endpoint_id))
    state, name = request.args.get("state", ""), request.args.get("event", "")
    state = state if state in queries.STATES else ""
    name = name if name in words.EVENTS else ""
    return web.render(
        "webhooks/show.html",
        fragment="webhooks/_messages.html",
        endpoint=endpoint,
        counts=queries.counts(endpoint_id),
        page=queries.messages(endpoint_id, state, name, page_number(request.args.get("page"))),
        state=state,
        name=name,
        form=ReplayForm(),
        words=words,
        now=clock.now(),
    )


@bp.route("/<int:endpoint_id>/edit", methods=["GET", "POST"])
@admins_only
def edit(endpoint_id: int) -> Response:
    endpoint = found(queries.endpoint(endpoint_id))
    form = EndpointForm(obj=endpoint)
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return web.render("webhooks/edit.html", form=form, endpoint=endpoint, status=status)
    actions.change(endpoint, form.url.data, form.description.data, form.events.data, clock.now())
    flash(_("Saved."), "success")
    return web.redirect_to("webhooks.show", endpoint_id=endpoint_id)


@bp.post("/<int:endpoint_id>/secret")
@admins_only
def rotate(endpoint_id: int) -> Response:
    endpoint = found(queries.endpoint(endpoint_id))
    return _show_secret(endpoint, actions.rotate(endpoint, clock.now()), is_new=False)


@bp.post("/<int:endpoint_id>/state")
@admins_only
def switch(endpoint_id: int) -> Response:
    endpoint = found(queries.endpoint(endpoint_id))
    is_on = request.form.get("on") == "yes"
    actions.switch(endpoint, is_on, clock.now())
    if is_on:
        flash(_("The endpoint is on. What waits is sent within seconds."), "success")
    else:
        flash(_("The endpoint is off. Nothing new is kept for it."), "success")
    return web.redirect_to("webhooks.show", endpoint_id=endpoint_id)


@bp.post("/<int:endpoint_id>/removal")
@admins_only
def remove(endpoint_id: int) -> Response:
    actions.remove(found(queries.endpoint(endpoint_id)), clock.now())
    flash(_("The endpoint and its log are removed."), "success")
    return web.redirect_to("webhooks.index")


@bp.post("/<int:endpoint_id>/test")
@admins_only
def test(endpoint_id: int) -> Response:
    number = actions.test(found(queries.endpoint(endpoint_id)), clock.now())
    return web.redirect_to("webhooks.message", endpoint_id=endpoint_id, message_id=number)


@bp.post("/<int:endpoint_id>/replay")
@admins_only
def replay_failed(endpoint_id: int) -> Response:
    endpoint, form, at = found(queries.endpoint(endpoint_id)), ReplayForm(), clock.now()
    if not form.validate_on_submit():
        flash(_("Choose how far back to go."), "warning")
        return web.redirect_to("webhooks.show", endpoint_id=endpoint_id)
    number = actions.replay_failed(endpoint, at - timedelta(hours=int(form.hours.data)), at)
    if number:
        words_of = ngettext("%(num)s message is sent again.", "%(num)s messages are sent again.", number)
        flash(words_of, "success")
    else:
        flash(_("Nothing failed in that time."), "info")
    return web.redirect_to("webhooks.show", endpoint_id=endpoint_id)


@bp.get("/<int:endpoint_id>/messages/<int:message_id>")
@admins_only
def message(endpoint_id: int, message_id: int) -> Response:
    endpoint = found(queries.endpoint(endpoint_id))
    row, at = found(queries.message(endpoint_id, message_id)), clock.now()
    return web.render(
        "webhooks/message.html",
        fragment="webhooks/_message.html",
        endpoint=endpoint,
        message=row,
        attempts=queries.attempts(message_id),
        words=words,
        indented=pretty.indented,
        # The page looks again by itself while an answer is near.
        is_near=row.state == "waiting" and (row.due_at - at).total_seconds() < rules.RETRY_SECONDS[1] / 2,
        here=url_for("webhooks.message", endpoint_id=endpoint_id, message_id=message_id),
    )


@bp.post("/<int:endpoint_id>/messages/<int:message_id>/replay")
@admins_only
def replay(endpoint_id: int, message_id: int) -> Response:
    endpoint = found(queries.endpoint(endpoint_id))
    row = found(queries.message(endpoint_id, message_id))
    if actions.replay(row, endpoint, clock.now()):
        flash(_("The message is sent again."), "success")
    else:
        flash(_("The message is just being sent."), "info")
    return web.redirect_to("webhooks.message", endpoint_id=endpoint_id, message_id=message_id)
