"""A new release is rolled out beside the old one, on a database full of people's work, and can be taken back."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from config import Settings
from lms.app import create_app
from lms.core import clock, jobs, work
from lms.core.db import db
from lms.ops import seed
from lms.ops.backup import tables
from lms.ops.servers import Postgres
from tests.support import old_release

ROOT = Path(__file__).resolve().parents[2]
FOLDER = str(ROOT / "migrations")
WORK = ("users", "courses", "lessons", "enrollments", "lesson_progress", "attempts", "answers")
"""What people did, which no way back may lose."""
PAGES = "25"
"""How many pages each of them looks at."""

COLUMNS = text("""
    select table_name, column_name, data_type,
           is_nullable = 'YES' or column_default is not null or is_identity = 'YES' or is_generated = 'ALWAYS'
      from information_schema.columns where table_schema = 'public' and table_name <> 'alembic_version'
""")


@pytest.fixture
def elsewhere(postgres: Postgres, environment: dict[str, str]) -> Iterator[Flask]:
    """An application on an empty database of its own."""
    with tables.connect(postgres.url) as connection:
        connection.execute("create database rolling")
    owner = jobs._app
    app = create_app(Settings.from_env({**environment, "DATABASE_URL": postgres.url_for("rolling")}))
    yield app
    jobs._app = owner
    with app.app_context():
        db.engine.dispose()
    with tables.connect(postgres.url) as connection:
        connection.execute("drop database rolling with (force)")


def columns() -> dict[tuple[str, str], tuple[str, bool]]:
    """By table and column: the type, and whether a row may be written that does not know of it."""
    with db.engine.connect() as connection:
        return {(row[0], row[1]): (row[2], row[3]) for row in connection.execute(COLUMNS)}


def amounts() -> dict[str, int]:
    with db.engine.connect() as connection:
        return {name: connection.scalar(text(f"select count(*) from {name}")) or 0 for name in WORK}  # noqa: S608


def revisions() -> list[str]:
    return [script.revision for script in ScriptDirectory(FOLDER).walk_revisions()][::-1]


def test_each_migration_leaves_room_for_the_release_before_it(elsewhere: Flask) -> None:
    """Old processes go on reading and writing: nothing they know goes away or changes its type, and what is new in
    their tables has a value without them."""
    broken = []
    with elsewhere.app_context():
        first, *later = revisions()
        upgrade(FOLDER, revision=first)
        before = columns()
        for revision in later:
            upgrade(FOLDER, revision=revision)
            after = columns()
            known_tables = {table for table, _ in before}
            for place, (kind, _) in before.items():
                if after.get(place, ("gone",))[0] != kind:
                    broken.append(f"{revision}: {'.'.join(place)} is {after.get(place, ('gone',))[0]}")
                elif before[place][1] and not after[place][1]:
                    broken.append(f"{revision}: {'.'.join(place)} must be given now")
            for place, (_, optional) in after.items():
                if place[0] in known_tables and place not in before and not optional:
                    broken.append(f"{revision}: {'.'.join(place)} is new and must be given")
            before = after
    assert broken == []


def test_a_full_database_serves_the_release_before_and_goes_down_and_up_again(
    elsewhere: Flask, environment: dict[str, str], postgres: Postgres, tmp_path: Path
) -> None:
    """The old program, out of git's history, is used on the new tables by a learner, a teacher and an admin. Then all
    migrations are taken back one by one, and nobody's work goes with them."""
    newest = Path(ScriptDirectory(FOLDER).get_revision("head").path)
    with elsewhere.app_context():
        upgrade(FOLDER)
        with work.unit():
            seed.demo(clock.now())
        db.session.remove()
        old = subprocess.run(
            [sys.executable, "-c", old_release.VISIT, PAGES],
            cwd=old_release.unpack(old_release.before(newest), tmp_path),
            env={
                "PATH": os.environ["PATH"],
                **environment,
                "DATABASE_URL": postgres.url_for("rolling"),
                "BASE_URL": "http://localhost",
            },
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert old.returncode == 0, old.stdout + old.stderr[-3000:]
        for sent in ("/attempts$ 303", "/submission$ 303", "/profile$ 303"):
            assert sent in old.stdout
        with db.engine.connect() as connection:
            assert "old release" in connection.scalar(text("select bio from users where email like 'bob@%'"))
        before = amounts()
        assert all(before.values())
        for revision in revisions()[-2::-1]:
            downgrade(FOLDER, revision=revision)
            assert amounts() == before, f"at {revision}"
        upgrade(FOLDER)
        assert amounts() == before
