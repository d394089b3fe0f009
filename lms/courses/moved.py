"""Pages at an address that their course left lead on to its present one."""

from flask import Flask, Response, request, url_for

from lms.core import access
from lms.courses import addresses


def init_app(app: Flask) -> None:
    """Look for an old address only where nothing was found."""
    app.after_request(_lead_on)


def _lead_on(response: Response) -> Response:
    values = request.view_args or {}
    before = values.get("slug")
    if response.status_code != 404 or not isinstance(before, str):
        return response
    address = addresses.led_to(before, access.viewer())
    if address is None:
        return response
    target = url_for(str(request.endpoint), **{**values, "slug": address})
    if request.query_string:
        target += "?" + request.query_string.decode("latin-1")
    # 308 keeps the form of a page that was open while the course moved.
    status = 301 if request.method in ("GET", "HEAD") else 308
    return Response(status=status, headers={"Location": target, "Cache-Control": "no-cache"})
