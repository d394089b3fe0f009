"""The operator's screens."""

from flask import Blueprint

from lms.core.access import admins_only

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.get("/")
@admins_only
def dashboard() -> str:
    return ""
