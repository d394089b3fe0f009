"""Deciding who may teach."""

from flask import Response, flash, request
from flask_babel import gettext as _

from lms.accounts import applications
from lms.admin.forms import DecisionForm
from lms.admin.views.blueprint import bp
from lms.core import clock, web
from lms.core.access import admins_only, found, signed_in_viewer

STATES = ("submitted", "verified", "rejected")


@bp.get("/applications")
@admins_only
def instructor_applications() -> Response:
    state = request.args.get("state", "submitted")
    state = state if state in STATES else "submitted"
    rows = applications.of_state(state)
    return web.render("admin/applications.html", applications=rows, state=state)


@bp.route("/applications/<int:application_id>", methods=["GET", "POST"])
@admins_only
def application(application_id: int) -> Response:
    row, form = found(applications.by_id(application_id)), DecisionForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return web.render("admin/application.html", application=row, form=form, status=status)
    decided = applications.decide(
        application_id,
        verified=form.verdict.data == "verified",
        reason=form.reason.data or "",
        by_id=signed_in_viewer().id,
        at=clock.now(),
    )
    if decided:
        flash(_("Decided. %(name)s is told by mail.", name=row.name), "success")
    else:
        flash(_("Somebody has decided already; nothing was changed."), "info")
    return web.redirect_to("admin.instructor_applications")
