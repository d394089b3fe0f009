"""What every test may ask for: real servers, an application on an empty database, people, an inbox, a browser.

Each pytest process has its own PostgreSQL and Redis; each test begins with empty tables.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

from config import Settings
from lms.accounts.models import User
from lms.app import create_app
from lms.core.db import db
from lms.ops.servers import Postgres, Redis
from tests import factories
from tests.support import browser, mail, server, tables

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("LECTERN_SHARED", ROOT.parent / "shared"))

# A busy machine is not a finding.
settings.register_profile("lectern", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("lectern")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: a fifth of the time a worker waits for what other processes do."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs the running system comes first: its worker starts once, and what is left for the end is short."""
    items.sort(key=lambda item: "live_server" not in getattr(item, "fixturenames", ()))


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """pytest-flask would keep one context open around the test, and requests in it would share `g`."""


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    with Postgres(tmp_path_factory.mktemp("postgres"), durable=False) as running:
        yield running


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    with Redis(tmp_path_factory.mktemp("redis"), durable=False) as running:
        yield running


@pytest.fixture(scope="session")
def inbox_server() -> Iterator[mail.Inbox]:
    with mail.Inbox() as running:
        yield running


@pytest.fixture(scope="session")
def environment(
    postgres: Postgres,
    redis_server: Redis,
    inbox_server: mail.Inbox,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, str]:
    """The environment of the application under test, also given to its processes."""
    return {
        "LECTERN_ENV": "test",
        "SECRET_KEY": "a secret for tests that is long enough",
        "DATABASE_URL": postgres.url,
        "REDIS_URL": redis_server.url,
        "SMTP_URL": inbox_server.url,
        "BASE_URL": "http://localhost",
        "STORAGE_URL": f"file://{tmp_path_factory.mktemp('files')}",
        "BCRYPT_COST": "4",
        "METRICS_TOKEN": "metrics-token-of-tests",
        "RATE_LIMITS": "false",
    }


@pytest.fixture(scope="session")
def application(environment: dict[str, str]) -> Iterator[Flask]:
    """One application on a migrated database."""
    from flask_migrate import upgrade

    app = create_app(Settings.from_env(environment))
    with app.app_context():
        upgrade(str(ROOT / "migrations"))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(application: Flask, request: pytest.FixtureRequest) -> Flask:
    """The application with empty tables and an empty queue; no other process works it off unless `live` is."""
    if "live" not in request.fixturenames:
        server.rest_all()
    tables.empty(application)
    return application


@pytest.fixture
def inbox(inbox_server: mail.Inbox) -> mail.Inbox:
    inbox_server.clear()
    return inbox_server


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser without scripts."""
    return app.test_client()


@pytest.fixture
def as_user(app: Flask) -> Callable[[User], FlaskClient]:
    """A browser that is signed in as somebody."""
    return lambda user: factories.signed_in(app, user)


@pytest.fixture
def alice(app: Flask) -> User:
    return factories.person(app, "Alice Arden", "alice@example.org", role="instructor")


@pytest.fixture
def bob(app: Flask) -> User:
    return factories.person(app, "Bob Brook", "bob@example.org")


@pytest.fixture
def charlie(app: Flask) -> User:
    return factories.person(app, "Charlie Croft", "charlie@example.org")


@pytest.fixture
def dana(app: Flask) -> User:
    return factories.person(app, "Dana Dale", "dana@example.org", role="admin")


@pytest.fixture
def run_jobs(app: Flask) -> Callable[[], None]:
    """Let a real RQ worker empty the queues."""
    return lambda: server.run_jobs(app)


@pytest.fixture(scope="session")
def live_server(application: Flask, environment: dict[str, str]) -> Iterator[server.Live]:
    """The production web server and a worker as processes of their own."""
    with server.Live(environment, ROOT) as running:
        yield running


@pytest.fixture
def live(live_server: server.Live, app: Flask) -> server.Live:
    """The running system, on empty tables."""
    return live_server.wake()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    with browser.launched() as running:
        yield running


@pytest.fixture
def window_of(app: Flask, live: server.Live, chromium: Any) -> Iterator[Callable[..., Any]]:
    """window_of(bob) is a page in a browser of his own; a script that fails there fails the test."""
    with browser.windows(app, live, chromium) as opened:
        yield opened


@pytest.fixture
def shared() -> Path:
    """Real material by other authors; tests that use it skip where it is absent."""
    if not (SHARED / "data").is_dir():
        pytest.skip(f"no shared material at {SHARED}")
    return SHARED / "data"
