"""Looking for people, and adding one."""

from flask import Response, flash, request
from flask_babel import gettext as _

from lms.accounts.models import ROLES
from lms.admin import words
from lms.admin.actions import people as actions
from lms.admin.forms import PersonForm
from lms.admin.queries import people as queries
from lms.admin.views.blueprint import bp
from lms.core import clock, web
from lms.core.access import admins_only, signed_in_viewer
from lms.core.paging import page_number


@bp.get("/users")
@admins_only
def users() -> Response:
    """Search and filter; the list follows while one types."""
    q = request.args.get("q", "").strip()[:200]
    role = _one_of(request.args.get("role", ""), ROLES)
    state = _one_of(request.args.get("state", ""), queries.STATES)
    sort = _one_of(request.args.get("sort", ""), queries.SORTS) or queries.SORTS[0]
    return web.render(
        "admin/users.html",
        fragment="admin/_users.html",
        page=queries.people(q, role, state, sort, page_number(request.args.get("page")), clock.now()),
        q=q,
        role=role,
        state=state,
        sort=sort,
        roles=words.ROLES,
    )


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    return value if value in allowed else ""


@bp.route("/users/new", methods=["GET", "POST"])
@admins_only
def new_user() -> Response:
    form = PersonForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return web.render("admin/user_new.html", form=form, status=status)
    try:
        user = actions.create(
            name=form.name.data,
            email=form.email.data,
            role=form.role.data,
            by=signed_in_viewer(),
            at=clock.now(),
        )
    except ValueError:
        form.email.errors = [_("This address has an account already.")]
        return web.render("admin/user_new.html", form=form, status=422)
    flash(_("%(name)s has an account now, and gets a link to set a password.", name=user.name), "success")
    return web.redirect_to("admin.user", user_id=user.id)
