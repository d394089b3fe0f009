"""Settings that are enforced."""

from dataclasses import replace
from typing import Any

from flask import Response, flash, request
from flask_babel import gettext as _

from lms.accounts import site
from lms.admin.forms import SettingsForm
from lms.admin.views.blueprint import bp
from lms.core import clock, web
from lms.core.access import admins_only, signed_in_viewer


@bp.route("/settings", methods=["GET", "POST"])
@admins_only
def settings() -> Response:
    form = _filled()
    if not form.is_submitted():
        return _page(form.remember())
    site.forget()
    if not form.settles(_filled(formdata=None)):
        return _page(form, form.refusal)
    if _locks_out(form, request.remote_addr or ""):
        return _page(form, 422)
    try:
        site.change(form.changes(), signed_in_viewer().id, clock.now())
    except ValueError as error:
        form.form_errors.append(str(error))
        return _page(form, 422)
    flash(_("The settings are saved and in force."), "success")
    return web.redirect_to("admin.settings")


def _page(form: SettingsForm, status: int = 200) -> Response:
    return web.render("admin/settings.html", form=form, address=request.remote_addr or "", status=status)


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
