"""Settings that are enforced."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from flask import Response, flash, request
from flask_babel import gettext as _
from wtforms import BooleanField, Field

from lms.accounts import site
from lms.admin.forms import SettingsForm
from lms.admin.views.blueprint import bp
from lms.core import clock, web
from lms.core.access import admins_only, signed_in_viewer


@bp.route("/settings", methods=["GET", "POST"])
@admins_only
def settings() -> Response:
    form = _filled()
    if not form.validate_on_submit() or _locks_out(form, request.remote_addr or ""):
        return _page(form, 422 if form.is_submitted() else 200)
    mine, clashes = site.touched(form.values(), form.shown.data or "")
    if clashes:
        return _page(_with_theirs(form, mine, clashes), 409)
    try:
        site.change(mine, signed_in_viewer().id, clock.now())
    except ValueError as error:
        form.form_errors.append(str(error))
        return _page(form, 422)
    flash(_("The settings are saved and in force."), "success")
    return web.redirect_to("admin.settings")


def _page(form: SettingsForm, status: int) -> Response:
    return web.render("admin/settings.html", form=form, address=request.remote_addr or "", status=status)


def _with_theirs(form: SettingsForm, mine: Collection[str], clashes: Collection[str]) -> SettingsForm:
    """What was typed stays; what was not touched shows what stands now, and saving again decides on purpose."""
    stands = _filled(formdata=None)
    for name in site.NAMES:
        if name in clashes:
            form[name].errors = [
                _("Somebody else changed this meanwhile. It says now: %(value)s", value=_said(stands[name]))
            ]
        elif name not in mine:
            form[name].data, form[name].raw_data = stands[name].data, None
    form.shown.data = site.as_shown()
    return form


def _said(field: Field) -> str:
    """What a field holds, in the words of the page."""
    if isinstance(field, BooleanField):
        return str(_("yes") if field.data else _("no"))
    if choices := getattr(field, "choices", None):
        chosen = field.data if isinstance(field.data, list) else [field.data]
        return ", ".join(str(choice.label) for choice in choices if choice.value in chosen) or "–"
    return " ".join(str(field.data or "").split()) or "–"


def _filled(**options: Any) -> SettingsForm:
    now = site.current()
    return SettingsForm(
        **options,
        data={
            "registration": now.registration,
            "registration_domains": ", ".join(now.registration_domains),
            "verification_required": now.verification_required,
            "second_factor_roles": list(now.second_factor_roles),
            "session_hours": now.session_hours,
            "admin_networks": "\n".join(now.admin_networks),
            "shown": site.as_shown(),
        },
    )


def _locks_out(form: SettingsForm, address: str) -> bool:
    """Whether the one who saves could not come back from where they are."""
    wished = replace(site.current(), admin_networks=tuple(form.networks))
    if wished.admin_may_work_from(address):
        return False
    form.admin_networks.errors = [
        _("This would lock you out: you are at %(address)s. Add a range that holds it.", address=address)
    ]
    return True
