"""Everything is saved as of one moment, comes back as it was, and never into a database that holds something."""

import json
import os
import subprocess
import sys
import tarfile
import time
from io import BytesIO
from pathlib import Path

import psycopg
import pytest
from flask_migrate import downgrade, upgrade

from config import Settings
from lms.accounts.models import User
from lms.app import create_app
from lms.core import clock, jobs, work
from lms.core.db import db
from lms.courses.models import Course
from lms.files import storage
from lms.files.models import StoredFile
from lms.learning import actions
from lms.learning.models import LessonProgress
from lms.ops import health
from lms.ops.backup import archive, restoring
from tests import factories
from tests.support.forms import post

ROOT = Path(__file__).resolve().parents[2]
PICTURE = b"a picture, let us say"


@pytest.fixture
def flask(app):
    """Run `flask ops ...`."""

    def run(*words):
        answer = app.test_cli_runner().invoke(args=["ops", *map(str, words)])
        assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
        return answer

    return run


@pytest.fixture
def furnished(app, alice, bob):
    """People, a course with a learner, strange words, and a stored file."""
    course = factories.course(app, alice)
    with app.app_context(), work.unit():
        db.session.get(Course, course.id).description = "tab\t, line\nbreak, back\\slash, \\N, ½ 茶"
        actions.enroll(course.id, bob.id, clock.now())
        key = storage.new_key()
        storage.put(key, PICTURE)
        from hashlib import sha256

        db.session.add(
            StoredFile(key=key, sha256=sha256(PICTURE).hexdigest(), size=len(PICTURE), media_type="image/png")
        )
    app.stored_key = key
    return app


@pytest.fixture
def elsewhere(postgres):
    """The address of an empty database beside the application's."""
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("create database backup_target")
    yield postgres.url_for("backup_target")
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("drop database backup_target with (force)")


def contents(url):
    """Every table of a database as text."""
    with psycopg.connect(url) as connection:
        names = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        return {
            name: connection.execute(f"select t::text from {name} t order by 1").fetchall()  # noqa: S608
            for (name,) in names
        }


def test_there_and_back(furnished, flask, elsewhere, environment, postgres, tmp_path):
    file = tmp_path / "backup.tar"
    saved = flask("backup", file)
    assert saved.exit_code == 0, saved.stderr
    assert "1 files" in saved.stdout
    assert file.stat().st_mode & 0o077 == 0, "nobody else reads it"
    before = contents(postgres.url)
    restored = flask("restore", file, "--into", elsewhere, "--yes")
    assert restored.exit_code == 0, restored.stderr
    after = contents(elsewhere)
    assert after == before
    assert len(after["enrollments"]) == 1
    with psycopg.connect(elsewhere) as connection:
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            connection.execute("delete from users")
        connection.rollback()
        newest = connection.execute("select max(id) from users").fetchone()[0]
        following = connection.execute("select nextval('users_id_seq')").fetchone()[0]
        assert following > newest + 1000, "numbers that were given out after the backup do not come again"


@pytest.fixture
def lectern_on(environment):
    """A Lectern on another database, as it starts after a fire."""
    owner, made = jobs._app, []

    def start(url):
        made.append(create_app(Settings.from_env({**environment, "DATABASE_URL": url})))
        return made[-1]

    yield start
    jobs._app = owner
    for one in made:
        with one.app_context():
            db.engine.dispose()


def test_a_backup_of_an_older_release_comes_back_and_a_learner_goes_on(
    furnished, elsewhere, postgres, lectern_on, tmp_path
):
    """Saved one migration ago, restored by this release; Bob signs in with his password and completes a lesson."""
    file = tmp_path / "backup.tar"
    with furnished.app_context():
        try:
            downgrade(str(ROOT / "migrations"), revision="-1")
            older = archive.write(file, clock.now(), str, with_files=False)["revision"]
        finally:
            upgrade(str(ROOT / "migrations"))
        assert older not in health.wanted_migrations()
        restoring.restore(file, elsewhere, str, with_files=False)
    there = lectern_on(elsewhere).test_client()
    assert there.get("/api/v1/ready").status_code == 200
    signed_in = post(there, "/sign-in", {"email": "bob@example.org", "password": factories.PASSWORD})
    assert signed_in.location.endswith("/learning")
    lesson = "/courses/tea/lessons/lesson-1"
    assert post(there, f"{lesson}/completion", {}, form_at=lesson).status_code == 303
    assert "50" in there.get("/learning").text
    with furnished.app_context():
        assert not db.session.query(LessonProgress).filter(LessonProgress.completed_at.is_not(None)).count()


def test_a_sound_backup_is_sound_in_whatever_order_its_rows_lie(furnished, flask, postgres, tmp_path):
    """Long rows and short ones fill other pages when they come back, and rows that were changed lie last."""
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(
            "insert into users"
            " (name, email, password_hash, role, is_active, is_verified_instructor, language, time_zone, bio)"
            " select 'Learner', n || '@x.org', '', 'student', true, false, 'en', 'UTC', words"
            " from generate_series(1, 600) n cross join lateral"
            " (select string_agg(md5(random()::text), '') words from generate_series(0, n * 37 % 60)) as more"
        )
        connection.execute("update users set name = 'Late learner' where id % 3 = 0")
        (lies,) = connection.execute("select array_agg(id order by ctid) from users").fetchone()
        assert lies != sorted(lies)
    file = tmp_path / "backup.tar"
    assert flask("backup", file).exit_code == 0
    rehearsed = flask("rehearse-restore", file)
    assert rehearsed.exit_code == 0, rehearsed.stderr


def test_a_backup_from_before_sums_that_know_no_order_is_rehearsed_too(furnished, flask, tmp_path):
    """Up to then the manifest summed rows in the order in which they lay."""
    new, old = tmp_path / "new.tar", tmp_path / "old.tar"
    flask("backup", new)
    with tarfile.open(new) as source, tarfile.open(old, "w") as target:
        for entry in source:
            content = source.extractfile(entry).read()
            if entry.name == "manifest.json":
                manifest = json.loads(content)
                for facts in manifest["tables"].values():
                    facts["sha256"] = facts.pop("content")
                content = json.dumps(manifest).encode()
                entry.size = len(content)
            target.addfile(entry, BytesIO(content))
    rehearsed = flask("rehearse-restore", old)
    assert rehearsed.exit_code == 0, rehearsed.stderr


def test_rehearsing_compares_everything_and_leaves_nothing(furnished, flask, postgres, tmp_path):
    file = tmp_path / "backup.tar"
    flask("backup", file)
    before = contents(postgres.url)
    rehearsed = flask("rehearse-restore", file)
    assert rehearsed.exit_code == 0, rehearsed.stderr
    assert "Every table and file came back" in rehearsed.stdout
    assert contents(postgres.url) == before
    with psycopg.connect(postgres.url) as connection:
        left = connection.execute(
            "select datname from pg_database where datname like 'lectern_rehearsal%'"
        ).fetchall()
    assert left == []


def test_a_database_that_holds_something_is_left_alone(furnished, flask, postgres, tmp_path):
    file = tmp_path / "backup.tar"
    flask("backup", file)
    before = contents(postgres.url)
    refused = flask("restore", file, "--yes")
    assert refused.exit_code == 1
    assert "not empty" in refused.stderr
    assert contents(postgres.url) == before


def test_files_come_back_into_the_storage(furnished, flask, elsewhere, environment, tmp_path):
    """As after a fire: another database, another disk, the command line."""
    file, fresh = tmp_path / "backup.tar", tmp_path / "files"
    flask("backup", file)
    there = {"DATABASE_URL": elsewhere, "STORAGE_URL": f"file://{fresh}"}
    restored = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "ops", "restore", file, "--yes"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment, **there},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert restored.returncode == 0, restored.stderr
    assert (fresh / furnished.stored_key).read_bytes() == PICTURE


def test_a_restore_that_found_no_place_for_a_file_is_repeated(
    furnished, flask, elsewhere, environment, tmp_path
):
    """No row is there before the files are, so the same command does it once there is room."""
    file, fresh = tmp_path / "backup.tar", tmp_path / "files"
    flask("backup", file)
    in_the_way = fresh / furnished.stored_key
    in_the_way.mkdir(parents=True)
    (in_the_way / "something").write_text("not ours")

    def restore():
        there = {"DATABASE_URL": elsewhere, "STORAGE_URL": f"file://{fresh}"}
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", "ops", "restore", file, "--yes"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **environment, **there},
            capture_output=True,
            text=True,
            timeout=120,
        )

    failed = restore()
    assert failed.returncode == 1
    assert furnished.stored_key in failed.stderr and "Traceback" not in failed.stderr
    (in_the_way / "something").unlink()
    in_the_way.rmdir()
    again = restore()
    assert again.returncode == 0, again.stderr
    assert in_the_way.read_bytes() == PICTURE


def test_a_damaged_backup_is_noticed_before_anything_happens(furnished, flask, elsewhere, tmp_path):
    file = tmp_path / "backup.tar"
    flask("backup", file)
    data = bytearray(file.read_bytes())
    place = data.index(PICTURE)
    data[place] ^= 1
    file.write_bytes(data)
    refused = flask("restore", file, "--into", elsewhere, "--yes")
    assert refused.exit_code == 1
    assert "damaged" in refused.stderr
    assert contents(elsewhere) == {}
    file.write_bytes(bytes(data[: len(data) // 2]))
    assert flask("rehearse-restore", file).exit_code == 1
    file.write_text("no backup at all")
    assert "not a backup" in flask("restore", file, "--into", elsewhere, "--yes").stderr


def test_a_rehearsal_finds_what_would_be_missing(furnished, flask, tmp_path):
    file = tmp_path / "backup.tar"
    with furnished.app_context():
        storage.remove(furnished.stored_key)
    saved = flask("backup", file)
    assert f"missing in the storage: {furnished.stored_key}" in saved.stderr
    rehearsed = flask("rehearse-restore", file)
    assert rehearsed.exit_code == 1
    assert furnished.stored_key in rehearsed.stderr
    listed = tmp_path / "without-files.tar"
    flask("backup", listed, "--no-files")
    assert f"file {furnished.stored_key}" in flask("rehearse-restore", listed).stderr


def test_what_happens_meanwhile_belongs_to_the_next_backup(furnished, tmp_path):
    """Somebody registers while the tables are read: the backup is of the moment at which it began."""
    told = []

    def tell(line):
        if not told:
            factories.person(furnished, "Late Lee", "late@example.org")
        told.append(line)

    with furnished.app_context():
        manifest = archive.write(tmp_path / "b.tar", clock.now(), tell, with_files=False)
        assert db.session.query(User).count() == manifest["tables"]["users"]["rows"] + 1
    with tarfile.open(tmp_path / "b.tar") as tar:
        read = json.load(BytesIO(tar.extractfile("manifest.json").read()))
    assert read["tables"] == manifest["tables"] and read["with_files"] is False


def test_an_existing_file_is_not_replaced_by_accident(furnished, flask, tmp_path):
    file = tmp_path / "backup.tar"
    file.write_text("last week's")
    assert flask("backup", file).exit_code == 1
    assert file.read_text() == "last week's"
    assert flask("backup", file, "--force").exit_code == 0
    assert list(tmp_path.iterdir()) == [file]


def test_a_rehearsal_that_fails_does_not_let_old_backups_pile_up(tmp_path):
    """On a Sunday, with a `flask` whose rehearsal fails: the status tells, and the old one is gone."""
    for name, words in (
        ("date", '[ "$1" = +%u ] && echo 7 || echo 2026-03-01'),
        ("flask", '[ "$4" != rehearse-restore ]'),
    ):
        (tmp_path / name).write_text(f"#!/bin/sh\n{words}\n")
        (tmp_path / name).chmod(0o755)
    old = tmp_path / "lectern-old.tar"
    old.write_text("old")
    os.utime(old, (then := time.time() - 20 * 86400, then))
    done = subprocess.run(
        [ROOT / "ops" / "scripts" / "backup.sh", tmp_path],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "FLASK": str(tmp_path / "flask")},
        timeout=20,
    )
    assert done.returncode == 1
    assert not old.exists()


def test_the_nightly_script_keeps_two_weeks(furnished, environment, tmp_path):
    for days in (20, 3):
        old = tmp_path / f"lectern-{days}-days-ago.tar"
        old.write_text("old")
        then = time.time() - days * 86400
        os.utime(old, (then, then))
    done = subprocess.run(
        [ROOT / "ops" / "scripts" / "backup.sh", tmp_path],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            **environment,
            "FLASK": str(Path(sys.executable).with_name("flask")),
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == 2 and names[1] == "lectern-3-days-ago.tar"
