"""One account: what an admin sees of it and may do to it."""

from collections.abc import Callable

from flask import Response, flash, request
from flask_babel import gettext as _

from lms.accounts import sessions, view_as
from lms.accounts.models import User
from lms.accounts.passwords import is_usable
from lms.admin import rules, words
from lms.admin.actions import people as actions
from lms.admin.forms import RoleForm
from lms.admin.queries import people as queries
from lms.admin.views.blueprint import bp
from lms.core import clock, web
from lms.core.access import admins_only, allow, found, signed_in_viewer
from lms.notifications import queries as messages


@bp.get("/users/<int:user_id>")
@admins_only
def user(user_id: int) -> Response:
    return _page(user_id, RoleForm())


def _page(user_id: int, form: RoleForm, status: int = 200) -> Response:
    person = found(queries.person(user_id, clock.now()))
    if not form.is_submitted():
        form.role.data = person.role
    is_self = person.id == signed_in_viewer().id
    return web.render(
        "admin/user.html",
        person=person,
        courses=queries.enrollments(user_id),
        refused_mail=messages.refusal(user_id),
        form=form,
        roles=words.ROLES,
        has_password=is_usable(person.password_hash),
        may_change=not is_self and person.erased_at is None,
        is_self=is_self,
        may_view_as=person.is_active and person.role != "admin",
        status=status,
    )


@bp.post("/users/<int:user_id>/role")
@admins_only
def change_role(user_id: int) -> Response:
    person, form = found(queries.locked_account(user_id)), RoleForm()
    if not form.validate_on_submit():
        return _page(user_id, form, 422)
    refusal = actions.change_role(person, form.role.data, by=signed_in_viewer(), at=clock.now())
    return _answer(person, refusal, _("%(name)s has another role now, and signs in again.", name=person.name))


@bp.post("/users/<int:user_id>/activation")
@admins_only
def set_active(user_id: int) -> Response:
    person = found(queries.locked_account(user_id))
    is_active = request.form.get("active") == "yes"
    refusal = actions.set_active(person, is_active, by=signed_in_viewer(), at=clock.now())
    done = _("The account works again.") if is_active else _("The account is switched off, and signed out.")
    return _answer(person, refusal, done)


@bp.post("/users/<int:user_id>/sessions/end")
@admins_only
def end_user_sessions(user_id: int) -> Response:
    return _do(
        user_id, lambda person: actions.end_sessions(person, clock.now()), _("Every browser is signed out.")
    )


@bp.post("/users/<int:user_id>/second-factor/reset")
@admins_only
def reset_second_factor(user_id: int) -> Response:
    person = found(queries.locked_account(user_id))
    refusal = actions.reset_second_factor(person, by=signed_in_viewer(), at=clock.now())
    done = _("The second factor is off. It can be set up again after the next sign-in.")
    return _answer(person, refusal, done)


@bp.post("/users/<int:user_id>/password-link")
@admins_only
def send_password_link(user_id: int) -> Response:
    by = signed_in_viewer()
    return _do(
        user_id,
        lambda person: actions.send_password_link(person, by=by, at=clock.now()),
        _("The link is on its way."),
    )


@bp.post("/users/<int:user_id>/view-as")
@admins_only
def begin_view_as(user_id: int) -> Response:
    """See the site with their eyes, on this session, changing nothing."""
    person, viewer = found(queries.locked_account(user_id)), signed_in_viewer()
    allow(view_as.may_view(viewer.role, person))
    view_as.begin(viewer.session_id, person, clock.now())
    sessions.rotate(viewer.session_id)
    return web.redirect_to("learning.dashboard")


def _do(user_id: int, act: Callable[[User], None], done: str) -> Response:
    person = found(queries.locked_account(user_id))
    act(person)
    return _answer(person, None, done)


def _answer(person: User, refusal: rules.Refusal | None, done: str) -> Response:
    flash(rules.refusal_words(refusal) if refusal else done, "danger" if refusal else "success")
    if person.id == signed_in_viewer().id and not refusal:
        return web.redirect_to("admin.dashboard")
    return web.redirect_to("admin.user", user_id=person.id)
