"""The embedded PostgreSQL and Redis: kept between starts, recovered after crashes, owned by one process."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from lms.ops import processes
from lms.ops.postgres_home import ServerError
from lms.ops.servers import Postgres, Redis, redis_program

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody may enter, unlike pytest's own: what a project's folder usually is."""
    with TemporaryDirectory(prefix="lectern-test-") as name:
        path = Path(name)
        path.chmod(0o755)
        yield path


def remember(url: str, word: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("create table if not exists words (word text)")
        connection.execute("insert into words values (%s)", [word])


def remembered(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [word for (word,) in connection.execute("select word from words order by word")]


def test_the_database_is_still_there_after_a_stop_and_a_second_start(folder: Path) -> None:
    with Postgres(folder / "postgres") as server:
        remember(server.url, "kept")
    with Postgres(folder / "postgres") as server:
        assert remembered(server.url) == ["kept"]


def test_a_crash_loses_no_committed_row_and_keeps_the_address(folder: Path) -> None:
    with Postgres(folder / "postgres") as server:
        before = server.url
        remember(server.url, "committed")
        server.kill()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(before)
        server.start()
        assert server.url == before
        assert remembered(before) == ["committed"]


def test_a_restart_keeps_the_address_and_the_data(folder: Path) -> None:
    with Postgres(folder / "postgres") as server:
        remember(server.url, "kept")
        server.restart()
        assert remembered(server.url) == ["kept"]


def test_a_second_lectern_in_the_same_folder_is_told_who_has_it(folder: Path) -> None:
    with (
        Postgres(folder / "postgres", durable=False),
        pytest.raises(ServerError, match=rf"in use by process {os.getpid()}"),
    ):
        Postgres(folder / "postgres", durable=False).start()


def test_a_server_whose_owner_was_killed_ends_and_is_not_in_the_way(folder: Path) -> None:
    script = (
        "import pathlib, sys, time; from lms.ops.servers import Postgres\n"
        "server = Postgres(pathlib.Path(sys.argv[1])); server.start()\n"
        "print(server.process.pid, flush=True); "
        "time.sleep(60)"
    )
    command = [sys.executable, "-c", script, str(folder / "postgres")]
    owner = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    assert owner.stdout is not None
    with owner, owner.stdout:
        orphan = int(owner.stdout.readline())
        owner.kill()
    with Postgres(folder / "postgres") as server:
        remember(server.url, "reachable")
    assert not processes.alive(orphan)


def test_a_pid_file_with_the_number_of_another_program_does_not_stand_in_the_way(folder: Path) -> None:
    with Postgres(folder / "postgres") as server:
        remember(server.url, "kept")
        server.kill()
        note = next((server.home or folder).rglob("postmaster.pid"))
        lines = note.read_text().split("\n")
        note.write_text("\n".join([str(os.getppid()), *lines[1:]]))
        server.start()
        assert remembered(server.url) == ["kept"]


def test_data_of_another_major_version_is_refused_with_advice(folder: Path) -> None:
    with Postgres(folder / "postgres") as server:
        note = (server.home or folder) / "data" / "PG_VERSION"
    note.write_text("9\n")
    with pytest.raises(ServerError, match="was made by PostgreSQL 9"):
        Postgres(folder / "postgres").start()


def test_a_failing_start_shows_the_servers_own_words(folder: Path) -> None:
    with pytest.raises(ServerError, match="no_such_setting"):
        Postgres(folder / "postgres", durable=False, options={"no_such_setting": "1"}).start()


def test_throwaway_data_is_gone_after_the_stop(folder: Path) -> None:
    with Postgres(folder / "postgres", durable=False) as server:
        home = server.home
        assert home is not None
        assert (home / "data").exists()
    assert not home.exists()


def test_a_deep_folder_is_no_obstacle(folder: Path) -> None:
    with Postgres(folder / ("deep" * 20) / ("folder" * 10), durable=True) as server:
        remember(server.url, "reachable")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root meets folders that the server's user may not enter")
def test_root_may_keep_the_project_in_a_closed_folder(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    with Postgres(closed / "postgres") as server:
        remember(server.url, "kept")
    with Postgres(closed / "postgres") as server:
        assert remembered(server.url) == ["kept"]
        elsewhere = Path((closed / "postgres" / "place").read_text().strip())
    assert oct(closed.stat().st_mode & 0o777) == "0o700"
    shutil.rmtree(closed)
    with Postgres(closed / "postgres") as server, psycopg.connect(server.url) as connection:
        found = connection.execute("select to_regclass('words')").fetchone()
        assert found == (None,), "a removed folder means a fresh start"
    shutil.rmtree(elsewhere)


def test_redis_keeps_what_it_was_told_over_a_restart(folder: Path) -> None:
    with Redis(folder / "redis") as server:
        address = server.url
        redis.Redis.from_url(address).set("word", "kept")
        server.restart()
        assert server.url == address
        assert redis.Redis.from_url(address).get("word") == b"kept"


def test_a_wiped_redis_is_empty_and_has_the_same_address(folder: Path) -> None:
    with Redis(folder / "redis") as server:
        client = redis.Redis.from_url(server.url)
        client.set("word", "lost")
        server.wipe()
        assert client.get("word") is None


def test_redis_refuses_who_does_not_know_the_password(folder: Path) -> None:
    with Redis(folder / "redis", durable=False) as server, pytest.raises(redis.AuthenticationError):
        redis.Redis(port=server.port or 0, retry=Retry(NoBackoff(), 0)).ping()


def test_a_redis_whose_owner_was_killed_does_not_stand_in_the_way(folder: Path) -> None:
    with Redis(folder / "redis") as server:
        assert server.process is not None
        orphan = server.process
        note = (folder / "redis" / "redis.pid").read_text()
        server.process = None
    (folder / "redis" / "redis.pid").write_text(note)
    with Redis(folder / "redis") as server:
        redis.Redis.from_url(server.url).ping()
        assert orphan.wait(5) in (0, -signal.SIGTERM)


def test_without_the_package_a_redis_server_on_the_path_serves(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = redis_program()
    monkeypatch.setattr("lms.ops.servers.find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(own.parent))
    assert redis_program() == own
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(ServerError, match="Install redis-server"):
        redis_program()
