"""Errors that nobody expected: which, where, how often, and found by the number on the error page."""

from datetime import UTC, datetime

from flask import Response, flash, request
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.admin.actions import faults as actions
from lms.admin.queries import faults as queries
from lms.admin.views.blueprint import bp
from lms.core import clock, web
from lms.core.access import admins_only, found
from lms.core.paging import page_number


@bp.get("/errors")
@admins_only
def errors() -> Response:
    state, sort = request.args.get("state", "open"), request.args.get("sort", "latest")
    state = state if state in queries.STATES else "open"
    sort = sort if sort in queries.SORTS else "latest"
    q = request.args.get("q", "").strip()[:200]
    return web.render(
        "admin/errors.html",
        fragment="admin/_errors.html",
        page=queries.faults(state, q, sort, page_number(request.args.get("page"))),
        counts=queries.counts(),
        state=state,
        sort=sort,
        q=q,
        shown_at=clock.now().isoformat(),
    )


@bp.get("/errors/<int:fault_id>")
@admins_only
def error(fault_id: int) -> Response:
    fault = found(queries.fault(fault_id))
    return web.render("admin/error.html", fault=fault, sightings=queries.sightings(fault_id))


@bp.post("/errors/<int:fault_id>/settlement")
@admins_only
def settle_error(fault_id: int) -> Response:
    found(queries.fault(fault_id))
    if actions.settle(fault_id, clock.now()):
        flash(_("Settled. If it happens again it comes back."), "success")
    else:
        flash(_("It was settled before; nothing was changed."), "info")
    return web.redirect_to("admin.errors")


@bp.post("/errors/settlement")
@admins_only
def settle_errors() -> Response:
    """All that the page showed; what has happened since stays."""
    number = actions.settle_all(_shown_at(), clock.now())
    if number:
        flash(ngettext("%(num)s error is settled.", "%(num)s errors are settled.", number), "success")
    else:
        flash(_("Nothing was left to settle."), "info")
    return web.redirect_to("admin.errors")


def _shown_at() -> datetime:
    try:
        shown = datetime.fromisoformat(request.form.get("shown_at", ""))
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return shown if shown.tzinfo else shown.replace(tzinfo=UTC)
