"""The first page of the operator."""

from flask import Response

from lms.admin import disk
from lms.admin.queries import figures
from lms.admin.views.blueprint import bp
from lms.core import clock, web
from lms.core.access import admins_only


@bp.get("/")
@admins_only
def dashboard() -> Response:
    return web.render(
        "admin/dashboard.html", figures=figures.figures(clock.now()), free=disk.free_bytes(), at=clock.now()
    )
