"""Stored files as HTTP answers: conditional, by ranges, streamed, and never as a page of ours."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

import obstore
from flask import Response, current_app, request
from werkzeug.datastructures import ContentRange, Headers
from werkzeug.http import parse_range_header

from lms.files import storage

MAX_AGE = 86400
"""Seconds that a browser keeps a file without asking again."""

SHOWN = ("image/", "video/", "audio/")
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


class _Sandbox:
    """An SVG opened by its address may hold scripts; its policy is set last, over that of our pages."""

    def get_wsgi_headers(self, environ: dict[str, Any]) -> Headers:
        headers: Headers = super().get_wsgi_headers(environ)  # type: ignore[misc]
        headers["Content-Security-Policy"] = SANDBOX
        return headers


def _empty_response(media_type: str) -> Response:
    usual = current_app.response_class
    kind = type("Sandboxed", (_Sandbox, usual), {}) if media_type == "image/svg+xml" else usual
    response: Response = kind(mimetype=media_type)
    return response


def send(key: str, *, name: str, media_type: str, size: int, sha256: str, at: datetime) -> Response:
    """The file under `key`, `size` bytes, last changed `at`; 304, 206 or 416 where the request asks for it.

    Images, recordings and PDF are shown, everything else is a download. Raises FileNotFoundError when
    the storage lost the bytes.
    """
    response = _empty_response(media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = _disposition(name, media_type)
    response.headers["Accept-Ranges"] = "bytes"
    response.cache_control.private = True
    response.cache_control.max_age = MAX_AGE
    response.set_etag(sha256)
    response.last_modified = at.replace(microsecond=0)
    if not _is_changed(response, at):
        response.status_code = 304
        del response.headers["Content-Type"]
        return response
    if _is_download(media_type) and (link := storage.signed_link(key)):
        return _lead_to(link)
    return _with_body(response, key, size, sha256)


def _is_download(media_type: str) -> bool:
    return not media_type.startswith(SHOWN) and media_type != "application/pdf"


def _lead_to(link: str) -> Response:
    """Straight to the storage, by a link that ends soon. What a page shows comes from us: its policy allows
    no other host."""
    response = Response(status=302, headers={"Location": link})
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _disposition(name: str, media_type: str) -> str:
    plain = PurePosixPath(name).name
    return f"{'attachment' if _is_download(media_type) else 'inline'}; filename*=UTF-8''{quote(plain)}"


def _is_changed(response: Response, at: datetime) -> bool:
    """RFC 9110, 13.2.2: If-None-Match decides where it is given, else If-Modified-Since."""
    if request.if_none_match:
        return not request.if_none_match.contains_weak(response.get_etag()[0] or "")
    since = request.if_modified_since
    return since is None or at.replace(microsecond=0) > since


def _with_body(response: Response, key: str, size: int, sha256: str) -> Response:
    wanted = parse_range_header(request.headers.get("Range")) if _range_applies(sha256) else None
    if wanted is not None and wanted.units == "bytes" and len(wanted.ranges) == 1:
        part = wanted.range_for_length(size)
        if part is None:
            response.status_code = 416
            response.headers["Content-Range"] = f"bytes */{size}"
            return response
        start, stop = part
        response.status_code = 206
        response.content_range = ContentRange("bytes", start, stop, size)
        response.content_length = stop - start
        response.response = _part(key, start, stop)
        return response
    response.content_length = size
    response.response = storage.stream(key)
    return response


def _range_applies(sha256: str) -> bool:
    """A range of a file that changed since would mix two files (If-Range)."""
    condition = request.if_range
    return condition.date is None and condition.etag in (None, sha256)


def _part(key: str, start: int, stop: int) -> Iterator[bytes]:
    """Bytes `start` to `stop`, opened now, read while they are sent."""
    opened = obstore.get(storage.store(), key, options={"range": (start, stop)})
    return (bytes(piece) for piece in opened.stream(min_chunk_size=storage.CHUNK))
