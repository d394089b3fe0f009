"""Inviting people by email."""

from flask import Response, flash, request
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms.fields.choices import SelectChoice

from lms.accounts import invitations as queries
from lms.admin import words
from lms.admin.forms import InviteForm
from lms.admin.queries import catalogue
from lms.admin.views.blueprint import bp
from lms.core import clock, web
from lms.core.access import admins_only, found, signed_in_viewer
from lms.core.paging import page_number
from lms.notifications import inviting


@bp.route("/invitations", methods=["GET", "POST"])
@admins_only
def invitations() -> Response:
    form, titles = InviteForm(), {str(row.id): row.title for row in catalogue.choices()}
    form.course.choices = [SelectChoice("", _("None")), *(SelectChoice(*item) for item in titles.items())]
    if not form.validate_on_submit():
        return web.render(
            "admin/invitations.html",
            form=form,
            page=queries.listed(page_number(request.args.get("page"))),
            titles=titles,
            roles=words.ROLES,
            now=clock.now(),
            status=422 if form.is_submitted() else 200,
        )
    course = int(form.course.data) if form.course.data else None
    sent = inviting.invite_many(
        dict.fromkeys(form.normalised, ""),
        role=form.role.data,
        course_id=course,
        by=signed_in_viewer(),
        at=clock.now(),
    )
    _tell(sent, is_to_course=course is not None)
    return web.redirect_to("admin.invitations")


def _tell(sent: inviting.Sent, *, is_to_course: bool) -> None:
    if sent.invited:
        number = len(sent.invited)
        flash(
            ngettext("%(num)s invitation is on its way.", "%(num)s invitations are on their way.", number),
            "success",
        )
    known = _(", ").join(sent.known[:10])
    if sent.enrolled:
        number = sent.enrolled
        flash(
            ngettext(
                "%(num)s person with an account is enrolled.",
                "%(num)s people with an account are enrolled.",
                number,
            ),
            "success",
        )
    if sent.known and is_to_course:
        flash(_("These have an account, and are in the course: %(list)s", list=known), "info")
    elif sent.known:
        flash(_("These have an account already and need no invitation: %(list)s", list=known), "info")


@bp.post("/invitations/<int:invitation_id>/resend")
@admins_only
def resend_invitation(invitation_id: int) -> Response:
    found(queries.by_id(invitation_id))
    if inviting.resend(invitation_id, signed_in_viewer(), clock.now()):
        flash(_("The invitation is sent again, and good for seven days."), "success")
    else:
        flash(_("This invitation was used or revoked; nothing was sent."), "info")
    return web.redirect_to("admin.invitations")


@bp.post("/invitations/<int:invitation_id>/revoke")
@admins_only
def revoke_invitation(invitation_id: int) -> Response:
    found(queries.by_id(invitation_id))
    if queries.revoke(invitation_id, clock.now()):
        flash(_("The invitation is revoked; its link works no longer."), "success")
    else:
        flash(_("This invitation was used or revoked before; nothing was changed."), "info")
    return web.redirect_to("admin.invitations")
