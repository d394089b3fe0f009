"""Migrations say what the models say, and lead back as well as forth."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, create_engine, inspect, text

from config import Settings
from lms.app import create_app
from lms.core import jobs
from lms.core.db import db
from lms.ops.servers import Postgres

ROOT = Path(__file__).resolve().parents[2]
FOLDER = str(ROOT / "migrations")


@pytest.fixture(scope="module")
def elsewhere(postgres: Postgres, environment: dict[str, str]) -> Iterator[Flask]:
    """An application on a second, empty database of the test's server."""
    postgres_url = postgres.url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("create database migrations"))
    jobs_belong_to = jobs._app
    app = create_app(Settings.from_env({**environment, "DATABASE_URL": postgres.url_for("migrations")}))
    jobs._app = jobs_belong_to
    yield app
    with app.app_context():
        db.engine.dispose()
    with engine.connect() as connection:
        connection.execute(text("drop database migrations with (force)"))
    engine.dispose()


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, db.metadata))


def test_up_down_and_up_again(elsewhere: Flask) -> None:
    with elsewhere.app_context():
        upgrade(FOLDER)
        with db.engine.connect() as connection:
            assert tables(connection) == set(db.metadata.tables)
            assert differences(connection) == []
        downgrade(FOLDER, revision="base")
        with db.engine.connect() as connection:
            assert tables(connection) == set()
            left = connection.scalars(text("select typname from pg_type where typtype = 'e'")).all()
            assert left == []
        upgrade(FOLDER)
        with db.engine.connect() as connection:
            assert differences(connection) == []


def test_there_is_one_head_and_names_tell_the_order() -> None:
    scripts = ScriptDirectory(FOLDER)
    assert len(scripts.get_heads()) == 1
    in_order = [Path(script.path).name for script in scripts.walk_revisions()][::-1]
    assert in_order == sorted(in_order)
