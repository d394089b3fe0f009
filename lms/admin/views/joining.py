"""Accepting an invitation, and applying to teach."""

from flask import Response, flash, request
from flask_babel import gettext as _

from lms.accounts import applications, invitations, queries, sessions
from lms.accounts.models import Invitation
from lms.admin.forms import AcceptForm, ApplyForm
from lms.admin.views.blueprint import membership
from lms.core import clock, i18n, web
from lms.core.access import public, signed_in, signed_in_viewer, viewer
from lms.core.security import limiter
from lms.notifications import inviting


@membership.route("/invitations/<token>", methods=["GET", "POST"])
@limiter.limit("60 per minute")
@public
def accept_invitation(token: str) -> Response:
    """Open the mailed link: name and password make the account. It works while registration is closed."""
    at = clock.now()
    invitation = invitations.good(token, at)
    if invitation is None:
        return web.render("accounts/invitations/expired.html", status=410)
    if invitations.has_account(invitation.email):
        return _accept_as_member(invitation, token)
    made = queries.user_by_email(invitation.email)
    form = AcceptForm(made.role if made else invitation.role, name=invitation.name)
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return web.render("accounts/invitations/accept.html", invitation=invitation, form=form, status=status)
    user = invitations.accept(
        invitation,
        name=form.name.data,
        password=form.password.data,
        language=i18n.language(),
        time_zone=i18n.zone(),
        at=at,
    )
    if user is None:
        return web.render("accounts/invitations/expired.html", status=410)
    inviting.enter_courses(user.id, at)
    invitations.close(invitation, at)
    sessions.begin(user, at, remember=False)
    flash(_("Welcome, %(name)s.", name=user.name), "success")
    return web.redirect_to("learning.dashboard")


def _accept_as_member(invitation: Invitation, token: str) -> Response:
    """Who has an account by now signs in and says yes; then the link only opens its course."""
    person = viewer()
    is_theirs = person is not None and person.email.lower() == invitation.email.lower()
    if person is None or not is_theirs or request.method == "GET":
        here = web.path("membership.accept_invitation", token=token)
        return web.render(
            "accounts/invitations/member.html", invitation=invitation, here=here, is_theirs=is_theirs
        )
    inviting.enter_courses(person.id, clock.now())
    invitations.close(invitation, clock.now())
    flash(_("The invitation is accepted."), "success")
    return web.redirect_to("learning.dashboard")


@membership.route("/teaching/apply", methods=["GET", "POST"])
@signed_in
def apply() -> Response:
    """Apply to teach, see how it stands, apply again after a rejection."""
    person, form = signed_in_viewer(), ApplyForm()
    latest = applications.latest(person.id)
    may_apply = not person.is_verified_instructor and (latest is None or latest.state == "rejected")
    if may_apply and form.validate_on_submit():
        applications.apply(person.id, form.bio.data, form.fields_of_expertise, clock.now())
        flash(_("Your application is sent. An administrator reads it, and you get a mail."), "success")
        return web.redirect_to("membership.apply")
    if form.is_submitted() and not may_apply:
        return web.redirect_to("membership.apply")
    if not form.is_submitted():
        user = queries.user_by_id(person.id)
        form.bio.data = latest.bio if latest else user.bio if user else ""
        form.expertise.data = "\n".join(latest.expertise) if latest else ""
    return web.render(
        "accounts/applications/apply.html",
        form=form,
        application=latest,
        may_apply=may_apply,
        is_verified=person.is_verified_instructor,
        status=422 if form.is_submitted() else 200,
    )
