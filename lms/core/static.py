"""Built files, served before the application is asked: compressed beforehand, kept by browsers for ever."""

from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

from lms.core.assets import BUILD, URL


def init_app(app: Flask, *, watch: bool) -> None:
    """Serve `static/build`; every name there changes with the content. With `watch` files are looked up anew
    each time. Call it last: nothing needs to be known of who asks for a style sheet."""
    files = WhiteNoise(
        app.wsgi_app,
        root=BUILD,
        prefix=URL,
        autorefresh=watch,
        immutable_file_test=lambda _path, _url: True,
        add_headers_function=_add_headers,
    )
    app.wsgi_app = files  # type: ignore[method-assign]


def _add_headers(headers: Any, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
