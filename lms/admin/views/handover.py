"""Handing courses over to another owner: one, or all of somebody's."""

from collections.abc import Sequence

from flask import Response, flash
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.accounts import queries as accounts
from lms.accounts.models import User
from lms.admin.forms import HandOverForm
from lms.admin.queries import people as queries
from lms.admin.views.blueprint import bp
from lms.core import clock, web
from lms.core.access import admins_only, found
from lms.courses import ownership
from lms.courses.models import Course


@bp.route("/courses/<slug>/owner", methods=["GET", "POST"])
@admins_only
def hand_over(slug: str) -> Response:
    course = found(ownership.of_address(slug))
    owner = found(accounts.user_by_id(course.owner_id))
    return _page([course], owner) or web.redirect_to("admin.courses", q=course.title)


@bp.route("/users/<int:user_id>/courses", methods=["GET", "POST"])
@admins_only
def hand_over_all(user_id: int) -> Response:
    """Every course that the person owns; before somebody leaves."""
    owner = found(accounts.user_by_id(user_id))
    return _page(ownership.all_of(user_id), owner) or web.redirect_to("admin.user", user_id=user_id)


def _page(courses: Sequence[Course], owner: User) -> Response | None:
    """The form with what it says is wrong; None when it is done."""
    form = HandOverForm()
    after = accounts.user_by_email(form.email.data or "") if form.validate_on_submit() else None
    if form.is_submitted() and not form.errors:
        if after is None or not ownership.may_own(after):
            form.email.errors = [
                _("No instructor has this address. Give the person that role first, or choose another.")
            ]
        elif after.id == owner.id:
            form.email.errors = [_("This is the owner already. Choose somebody else.")]
        else:
            number = ownership.hand_over(courses, owner, after, stays=bool(form.stays.data), at=clock.now())
            flash(
                ngettext(
                    "%(num)s course belongs to %(name)s now, who is told by message.",
                    "%(num)s courses belong to %(name)s now, who is told by message.",
                    number,
                    name=after.name,
                ),
                "success",
            )
            return None
    return web.render(
        "admin/hand_over.html",
        courses=courses,
        owner=owner,
        form=form,
        teachers=queries.teachers(but=owner.id),
        status=422 if form.is_submitted() else 200,
    )
