"""How the web server's processes wait, stop and refuse to start, as the Procfile starts them."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from lms.accounts import first_run
from lms.ops import processes
from tests import factories
from tests.support.server import Live
from tests.support.waiting import until

ROOT = Path(__file__).resolve().parents[2]
REQUEST = b"GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
SILENT = 40
"""Connections that say nothing: five times as many as there are threads."""
AT_THE_DOOR = 12


def connect(system: Live) -> socket.socket:
    return socket.create_connection(("127.0.0.1", system.port), timeout=15)


def answer(line: socket.socket) -> bytes:
    """The first line of what the server says, b"" when it says nothing."""
    with line:
        return line.makefile("rb").readline()


@pytest.fixture
def web(environment: dict[str, str]) -> Iterator[Live]:
    """The web server of production alone, on a port of its own."""
    system = Live(environment, ROOT)
    system.start_web()
    yield system
    if system.processes["web"].poll() is None:
        system.kill("web")


def test_who_connects_and_says_nothing_keeps_nobody_waiting(live: Live) -> None:
    """Browsers and proxies open connections in advance. Gunicorn would give each a thread for 5 s."""
    silent = [connect(live) for _ in range(SILENT)]
    begun = time.monotonic()
    asking = connect(live)
    asking.sendall(REQUEST)
    assert b"200" in answer(asking)
    assert time.monotonic() - begun < 5
    silent[0].sendall(REQUEST)
    assert b"200" in answer(silent[0]), "whoever speaks later is heard"
    for line in silent[1:]:
        line.close()


def test_who_is_at_the_door_when_it_stops_is_still_answered(web: Live) -> None:
    """They connected while the processes were busy, and then came the sign to stop."""
    master = web.processes["web"].pid
    workers = processes.children(master)
    assert len(workers) > 1
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    waiting = [connect(web) for _ in range(AT_THE_DOOR)]
    for line in waiting:
        line.sendall(REQUEST)
    os.kill(master, signal.SIGTERM)
    for pid in workers:
        os.kill(pid, signal.SIGCONT)
    assert [b"200" in answer(line) for line in waiting] == [True] * AT_THE_DOOR
    assert web.processes["web"].wait(20) == 0
    with pytest.raises(ConnectionRefusedError):
        connect(web)


def all_serve(system: Live) -> bool:
    """Whether every process of the web server has answered: with its first request it gets a second thread."""
    urllib.request.urlopen(f"{system.url}/api/v1/health", timeout=10).close()
    return all(
        len(list(Path(f"/proc/{pid}/task").iterdir())) > 1
        for pid in processes.children(system.processes["web"].pid)
    )


@pytest.mark.parametrize("is_empty", [True, False])
def test_an_empty_system_says_once_in_the_log_how_it_is_set_up(
    environment: dict[str, str], app: Flask, tmp_path: Path, is_empty: bool
) -> None:
    """By the server, not by each of its processes; and never once anybody has an account."""
    if not is_empty:
        factories.person(app, "Bob Brook", "bob@example.org")
    with app.app_context():
        secret = first_run.token()
    log = tmp_path / "log"
    system = Live({**environment, "WEB_CONCURRENCY": "2" if is_empty else "1"}, ROOT)
    with log.open("wb") as system.log:
        try:
            system.start_web()
            until(lambda: not is_empty or secret in log.read_text())
            until(lambda: all_serve(system))
        finally:
            system.kill("web")
    said = log.read_text()
    assert said.count(secret) == said.count(f"{system.url}/setup") == int(is_empty), said


@pytest.mark.parametrize("command", ["gunicorn wsgi:app", "python worker.py", "flask --app wsgi ops doctor"])
def test_an_unsafe_setting_is_one_sentence_and_no_start(environment: dict[str, str], command: str) -> None:
    given = {**environment, "LECTERN_ENV": "production", "BASE_URL": "https://learn.example.org"}
    program, *words = command.split()
    refused = subprocess.run(
        [Path(sys.executable).with_name(program), *words],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **given, "SECRET_KEY": "short"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert refused.returncode == 1
    assert refused.stderr.strip() == (
        "Lectern could not start. SECRET_KEY must have at least 32 characters in production."
    )
