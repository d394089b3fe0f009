"""The whole system as processes, with a supervisor that starts again what was killed, and a mailbox that counts."""

import os
import signal
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from subprocess import Popen
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask

from benchmarks.installation import DURABLE, HOST, ROOT, procfile_command
from config import Settings
from lms.app import create_app
from lms.core.db import db
from lms.ops.processes import children, end, signal_session, spawn
from lms.ops.servers import Postgres, Redis, free_port

PATIENCE = 60.0
"""Seconds a process may take until it answers again."""


_SURVIVES = {**DURABLE, "recovery_init_sync_method": "syncfs"}
"""After a crash everything is synced at once, instead of a thousand files one by one."""


class Mailbox:
    """A real SMTP server. `letters` holds whatever was accepted, also what came twice."""

    def __init__(self) -> None:
        self.letters: list[Message] = []
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.letters.append(message_from_bytes(envelope.content))
        return "250 kept"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._controller.port}"

    @contextmanager
    def running(self) -> Iterator["Mailbox"]:
        self._controller.start()
        try:
            yield self
        finally:
            self._controller.stop()


class System:
    """Web server and worker beside PostgreSQL and Redis. Call everything here from the main thread only:
    a child is tied to the thread that started it."""

    def __init__(
        self, postgres: Postgres, redis: Redis, mailbox: Mailbox, folder: Path, log: Path, hurry: bool
    ) -> None:
        self.postgres, self.redis, self.mailbox = postgres, redis, mailbox
        self.port = free_port()
        self.environment = {
            "LECTERN_ENV": "production",
            "SECRET_KEY": "a secret key of the soak test, long enough",
            "DATABASE_URL": postgres.url,
            "REDIS_URL": redis.url,
            "SMTP_URL": mailbox.url,
            "BASE_URL": f"https://{HOST}",
            "TRUSTED_PROXIES": "1",
            "STORAGE_URL": f"file://{folder / 'files'}",
            "WEBHOOKS_ALLOW_PRIVATE": "true",
            "ANSWER_GRACE_SECONDS": "5" if hurry else "30",
            "LOG_LEVEL": "WARNING",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
        }
        self.app: Flask = create_app(Settings.from_env(self.environment))
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log = log.open("ab")
        self._processes: dict[str, Popen[bytes]] = {}
        self._commands = {
            "web": ["sh", "-c", f"exec {procfile_command()}"],
            "worker": [
                sys.executable,
                *(("-m", "benchmarks.soak.hasty_worker") if hurry else ("worker.py",)),
            ],
        }

    def start(self, name: str) -> None:
        """Start the web server or the worker; the web server is waited for."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, **self.environment, "PATH": path}
        self._processes[name] = spawn(self._commands[name], cwd=ROOT, env=environment, stdout=self._log)
        if name == "web":
            self._await_web()

    def kill(self, name: str) -> None:
        """`kill -9` of the process and all it started, then a new one, as a supervisor does."""
        signal_session(self._processes[name].pid, signal.SIGKILL)
        self._processes[name].wait()
        self.start(name)

    def kill_one_of_web(self) -> None:
        """`kill -9` of one of the web server's own workers; it starts another itself."""
        for pid in children(self._processes["web"].pid)[:1]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def look_after(self) -> None:
        """Start again what ended by itself, as a supervisor does: a worker does when it loses Redis between two jobs."""
        for name, process in list(self._processes.items()):
            if process.poll() is not None:
                self.start(name)

    def stop(self) -> None:
        for process in self._processes.values():
            end(process, signal.SIGTERM)
        self._log.close()

    def _await_web(self) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                address = f"http://127.0.0.1:{self.port}/api/v1/health"
                asked = urllib.request.Request(address, headers={"Host": HOST, "X-Forwarded-Proto": "https"})
                urllib.request.urlopen(asked, timeout=2).close()
                return
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)


@contextmanager
def running(log: Path, *, hurry: bool) -> Iterator[System]:
    """The system on an empty, migrated database, durable as in production.

    With `hurry` late answers have 5 seconds instead of 30, and the worker sweeps every two.
    """
    from flask_migrate import upgrade

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lectern-soak-")))
        postgres = stack.enter_context(Postgres(folder / "postgres", durable=False, options=_SURVIVES))
        redis = stack.enter_context(Redis(folder / "redis"))
        mailbox = stack.enter_context(Mailbox().running())
        system = System(postgres, redis, mailbox, folder, log, hurry)
        stack.callback(system.stop)
        with system.app.app_context():
            upgrade(str(ROOT / "migrations"))
            db.engine.dispose()
        system.start("web")
        system.start("worker")
        yield system
