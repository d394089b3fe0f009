"""For admins: each part of the system, whether it works, and what to do when it does not."""

from typing import Any

from flask import Blueprint, Response, current_app
from flask_babel import lazy_gettext as _l

from lms.core import clock, web
from lms.core.access import admins_only
from lms.ops import doctor

bp = Blueprint("machine", __name__, url_prefix="/admin")

PARTS: dict[str, tuple[Any, str]] = {
    "settings": (_l("Settings of the server"), ""),
    "database": (_l("Database"), "admin.storage"),
    "migrations": (_l("Version of the database"), ""),
    "redis": (_l("Queue (Redis)"), ""),
    "workers": (_l("Workers"), "admin.jobs"),
    "clock": (_l("Clock of recurring jobs"), ""),
    "connections": (_l("Database connections"), ""),
    "storage": (_l("File storage"), "admin.storage"),
    "mail": (_l("Mail server"), "admin.emails"),
    "assets": (_l("Style sheets and scripts"), ""),
    "work": (_l("Work left behind"), "admin.jobs"),
    "errors": (_l("Unexpected errors"), "admin.errors"),
}
"""What a part is called, and the page where one reads more."""


@bp.get("/health")
@admins_only
def health() -> Response:
    """The same look as `flask ops doctor`."""
    findings = list(doctor.examine())
    return web.render(
        "ops/health.html",
        findings=findings,
        parts=PARTS,
        wrong=[finding for finding in findings if finding.remedy],
        release=current_app.config["LECTERN"].release,
        at=clock.now(),
    )
