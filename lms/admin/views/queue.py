"""Jobs and messages: what waits, what failed and why, and trying it again."""

from typing import Literal

from flask import Response, flash, request
from flask_babel import gettext as _

from lms.admin.actions import queue as actions
from lms.admin.queries import queue as queries
from lms.admin.views.blueprint import bp
from lms.core import clock, web
from lms.core.access import admins_only, found
from lms.core.paging import page_number


@bp.get("/jobs")
@admins_only
def jobs() -> Response:
    state = _state()
    page = queries.jobs(state, page_number(request.args.get("page")))
    return web.render("admin/jobs.html", page=page, state=state, counts=queries.counts())


@bp.get("/emails")
@admins_only
def emails() -> Response:
    state = _state()
    page = queries.emails(state, page_number(request.args.get("page")))
    return web.render("admin/emails.html", page=page, state=state, counts=queries.counts())


@bp.post("/jobs/<any(delivery, task):source>/<int:number>/retry")
@admins_only
def retry_job(source: Literal["delivery", "task"], number: int) -> Response:
    found(actions.retry_job(source, number, clock.now()) or None)
    flash(_("It is tried again now."), "success")
    return web.redirect_to("admin.jobs")


@bp.post("/emails/<int:email_id>/retry")
@admins_only
def retry_email(email_id: int) -> Response:
    found(actions.retry_email(email_id, clock.now()) or None)
    flash(_("The message is sent again now."), "success")
    return web.redirect_to("admin.emails")


def _state() -> str:
    state = request.args.get("state", "failed")
    return state if state in queries.STATES else "failed"
