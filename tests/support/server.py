"""The system as it runs in production: the web server and the worker as processes."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import IO, Self

from flask import Flask
from rq import Queue, SimpleWorker

from lms.core import jobs
from lms.ops.servers import free_port

WAIT_SECONDS = 30.0


def run_jobs(app: Flask) -> None:
    """Work off every queue in this process, with the real worker loop; jobs that enqueue more are followed."""
    connection = app.extensions["lectern-redis"]
    queues = [Queue(name, connection=connection) for name in jobs.QUEUES]
    jobs.init_app(app, connection)
    SimpleWorker(queues, connection=connection).work(burst=True, logging_level="ERROR")


AWAKE: set["Live"] = set()
"""Systems whose worker runs: it would take jobs away from a test that works them off itself."""


def rest_all() -> None:
    """Let every such worker finish and stop; `Live.wake()` starts it again."""
    for system in list(AWAKE):
        system.rest()


class Live:
    """Web server and worker on a free port; `kill_web()` and `kill_worker()` crash them."""

    def __init__(self, environment: dict[str, str], root: Path) -> None:
        self.root = root
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {**os.environ, **environment, "BASE_URL": self.url, "PORT": str(self.port)}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.log: IO[bytes] | None = None
        """Where the processes write; None: where the tests do."""

    def __enter__(self) -> Self:
        self.start_web()
        self.start_worker()
        return self

    def __exit__(self, *_: object) -> None:
        AWAKE.discard(self)
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _start(self, name: str, command: list[str]) -> None:
        self.processes[name] = subprocess.Popen(
            command,
            cwd=self.root,
            env=self.environment,
            start_new_session=True,
            stdout=self.log or sys.stderr,
            stderr=self.log,
        )

    def start_web(self) -> None:
        """Start the web server as the Procfile does and wait until it answers."""
        line = next(x for x in (self.root / "Procfile").read_text().splitlines() if x.startswith("web:"))
        self._start(
            "web",
            ["bash", "-c", f'export PATH="{Path(sys.executable).parent}:$PATH"; exec {line[4:].strip()}'],
        )
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/api/v1/health", timeout=2).close()
                return
            except OSError:
                if time.monotonic() > deadline or self.processes["web"].poll() is not None:
                    raise
                self.processes["web"].poll()
                time.sleep(0.05)

    def start_worker(self) -> None:
        self._start("worker", [sys.executable, "worker.py"])
        AWAKE.add(self)

    def wake(self) -> "Live":
        """See that the worker runs, which may have been sent to rest."""
        worker = self.processes.get("worker")
        if worker is None or worker.poll() is not None:
            self.start_worker()
        return self

    def rest(self) -> None:
        """Let the worker finish what it does, and stop it."""
        worker = self.processes["worker"]
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGTERM)
            worker.wait(WAIT_SECONDS)
        AWAKE.discard(self)

    def kill(self, name: str) -> None:
        """`kill -9` of the whole process group."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes[name].wait()
