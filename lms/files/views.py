"""Files that belong to people."""

from flask import Blueprint, Response, abort, flash, request
from flask_babel import gettext as _

from lms.core import web
from lms.core.access import found, signed_in, signed_in_viewer
from lms.core.security import limiter
from lms.files import delivery, portraits

bp = Blueprint("files", __name__)


@bp.get("/people/<int:user_id>/avatar")
@signed_in
def avatar(user_id: int) -> Response:
    file = found(portraits.portrait_of(user_id))
    try:
        return delivery.send(
            file.key,
            name=f"{user_id}.webp",
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
            at=file.created_at,
        )
    except FileNotFoundError:
        abort(404)


@bp.post("/profile/avatar")
@limiter.limit("20 per minute")
@signed_in
def set_avatar() -> Response:
    upload = request.files.get("portrait")
    data = upload.read(portraits.LARGEST + 1) if upload else b""
    try:
        portraits.set_portrait(signed_in_viewer().id, data)
    except portraits.Unusable:
        if len(data) > portraits.LARGEST:
            flash(_("This picture is larger than 5 MB. Choose a smaller one."), "danger")
        elif not data:
            flash(_("Choose a picture first."), "danger")
        else:
            flash(_("This is not a picture that we can read. Use a JPEG, PNG or WebP file."), "danger")
    else:
        flash(_("Your portrait is changed."), "success")
    return web.redirect_to("accounts.profile")


@bp.post("/profile/avatar/removal")
@signed_in
def remove_avatar() -> Response:
    portraits.remove(signed_in_viewer().id)
    flash(_("Your portrait is removed."), "success")
    return web.redirect_to("accounts.profile")
