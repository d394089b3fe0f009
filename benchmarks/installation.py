"""A throwaway installation: PostgreSQL and Redis as durable as in production, the web server of the Procfile."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from lms.ops.processes import end, spawn
from lms.ops.servers import Postgres, Redis, free_port

ROOT = Path(__file__).resolve().parents[1]
HOST = "bench.example"
"""Production insists on HTTPS, so the client plays the proxy in front of it."""

# The server's own defaults, where a throwaway database would be made faster and less safe.
DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "128MB",
    "wal_level": "replica",
    "max_wal_senders": "10",
    "autovacuum_naptime": "1min",
}
_START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Installation:
    """The environment of the application, and the plain address of its database."""

    environment: dict[str, str]
    database_url: str


@contextmanager
def installed() -> Iterator[Installation]:
    """Servers with an empty, migrated database; all of it is removed afterwards."""
    with TemporaryDirectory(prefix="lectern-bench-") as folder:
        base = Path(folder)
        with (
            Postgres(base / "postgres", durable=False, options=DURABLE) as postgres,
            Redis(base / "redis") as redis,
        ):
            environment = {
                "LECTERN_ENV": "production",
                "SECRET_KEY": "a secret key of the benchmark, long enough",
                "DATABASE_URL": postgres.url,
                "REDIS_URL": redis.url,
                "BASE_URL": f"https://{HOST}",
                "TRUSTED_PROXIES": "1",
                "STORAGE_URL": f"file://{base / 'files'}",
                "LOG_LEVEL": os.environ.get("LOG_LEVEL", "INFO"),
            }
            _migrate({**os.environ, **environment})
            yield Installation(environment, postgres.url)


def _migrate(environment: Mapping[str, str]) -> None:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"The database could not be migrated:\n{done.stderr.strip()}")


def procfile_command() -> str:
    """How the Procfile starts the web server."""
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    return next(line.removeprefix("web:").strip() for line in lines if line.startswith("web:"))


@contextmanager
def serving(
    command: str, environment: Mapping[str, str], log: Path | None = None
) -> Iterator[tuple[str, int]]:
    """Run a web server on a free port of this machine; yields its address."""
    port = free_port()
    settings = {**os.environ, **environment, "HOST": "127.0.0.1", "PORT": str(port)}
    settings["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{settings['PATH']}"
    with (log or Path(os.devnull)).open("ab") as output:
        process = spawn(["sh", "-c", f"exec {command}"], cwd=ROOT, env=settings, stdout=output)
        try:
            _await_port(process, port, command)
            yield "127.0.0.1", port
        finally:
            end(process, signal.SIGTERM)


def _await_port(process: "subprocess.Popen[bytes]", port: int, command: str) -> None:
    until = time.monotonic() + _START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"The web server did not start: {command}") from None
            time.sleep(0.05)
