"""What an admin's settings demand of people who are signed in, asked before every page."""

from typing import Any

from flask import Flask, Response, current_app, request
from flask_babel import gettext as _

from lms.accounts import rules, site
from lms.core import access, errors, web

OPEN = frozenset(
    {
        "static",
        "accounts.sign_out",
        "accounts.language",
        "accounts.second_factor",
        "accounts.start_second_factor",
        "membership.end_view_as",
    }
)
"""Works for everyone, so that nobody is locked in."""

PRIVATE = frozenset(
    {
        "accounts.security",
        "accounts.second_factor",
        "accounts.remove_second_factor",
        "accounts.renew_recovery_codes",
        "accounts.sessions",
        "accounts.password",
        "accounts.email",
        "tokens.own",
        "calendars.show",
    }
)
"""Nobody else's to see, also not for an admin who looks at the site as that person."""


def init_app(app: Flask) -> None:
    """Ask before every request of somebody who is signed in."""
    app.before_request(_demand)


def _demand() -> Any:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint == "static" or request.blueprint == "ops":
        return None
    person = access.viewer()
    if person is None:
        return None
    return _refusal(person)


def _refusal(person: access.Viewer) -> Response | None:
    demands = site.current()
    endpoint = request.endpoint
    is_admin = person.is_admin or person.viewed_by_id is not None
    if is_admin and endpoint not in OPEN and not demands.admin_may_work_from(request.remote_addr or ""):
        return errors.answer(
            403,
            title=_("Not from this network"),
            advice=_(
                "Administrators work only from the addresses that are listed in the settings. "
                "Sign out, or connect from one of them."
            ),
        )
    if person.viewed_by_id is not None:
        return errors.answer(403) if endpoint in PRIVATE else None
    if endpoint not in OPEN and rules.must_set_up_second_factor(
        person.role, person.has_second_factor, demands.second_factor_roles
    ):
        return web.redirect_to("accounts.second_factor")
    return None
