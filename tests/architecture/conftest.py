"""An application that nothing stands behind."""

import socket

import pytest
from flask import Flask

from config import Settings
from lms.app import create_app
from lms.core import jobs

UNREACHABLE = {
    "LECTERN_ENV": "test",
    "SECRET_KEY": "a secret for tests that is long enough",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SMTP_URL": "smtp://127.0.0.1:1",
    "BASE_URL": "http://localhost",
    "STORAGE_URL": "file:///nowhere/at/all",
}


@pytest.fixture(scope="session")
def unconnected() -> Flask:
    """An application built while every attempt to connect raises: `create_app` does no I/O."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("create_app opened a connection")

    jobs_belong_to = jobs._app
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket.socket, "connect_ex", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        app = create_app(Settings.from_env(UNREACHABLE))
    # Jobs run in the application made last; the other tests' one shall stay that.
    jobs._app = jobs_belong_to
    return app
