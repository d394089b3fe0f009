"""`make run`: everything starts, what ends is started again, and nothing is left behind, however it stops."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from smtplib import SMTP
from tempfile import TemporaryDirectory

import pytest

from lms.ops import beside, processes
from lms.ops.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 30.0
SCRIPT = """
import pathlib, sys
from lms.ops.run import Program, StartError, Supervisor
folder, port = pathlib.Path(sys.argv[1]), int(sys.argv[2])
web = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(folder)]
say = 'echo "$SMTP_URL $LECTERN_ENV $SECRET_KEY $DATABASE_URL"; sleep 600 & echo "child $!"; wait'
programs = [Program("web", web), Program("worker", ["/bin/sh", "-c", say])]
try:
    prepare, seed = ["/bin/sh", "-c", sys.argv[3]], ["/bin/echo", "demo data made"]
    Supervisor(port, programs, prepare, seed, root=folder, var=folder / "var", health="/").run()
except StartError as error:
    sys.exit(f"could not start: {error}")
"""


class Lectern:
    """A running supervisor over a stand-in web server and worker."""

    def __init__(self, folder: Path, prepare: str = "echo migrated") -> None:
        self.port = free_port()
        self.log = folder / "log"
        self.environ = {k: v for k, v in os.environ.items() if not k.endswith("_URL") and k != "SECRET_KEY"}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SCRIPT, str(folder), str(self.port), prepare],
                cwd=ROOT,
                env=self.environ,
                stdout=log,
                stderr=log,
            )

    @property
    def said(self) -> str:
        return self.log.read_text()

    def until(self, true: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + SECONDS
        while not true():
            assert time.monotonic() < deadline, f"{what}; it said:\n{self.said}"
            time.sleep(0.02)

    def up(self) -> "Lectern":
        self.until(lambda: "Stop             Ctrl-C" in self.said, "not up in time")
        return self

    def family(self) -> set[int]:
        """Every process below the supervisor."""
        found: set[int] = set()
        waiting = [self.process.pid]
        while waiting:
            for pid in processes.children(waiting.pop()):
                found.add(pid)
                waiting.append(pid)
        return found

    def child(self, words: str) -> int:
        return next(pid for pid in self.family() if words in processes.command_line(pid))


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody may enter, unlike pytest's own: what a project's folder usually is."""
    with TemporaryDirectory(prefix="lectern-test-") as name:
        path = Path(name)
        path.chmod(0o755)
        yield path


@pytest.fixture
def lectern(folder: Path) -> Iterator[Callable[..., Lectern]]:
    started: list[Lectern] = []

    def start(prepare: str = "echo migrated") -> Lectern:
        started.append(Lectern(folder, prepare))
        return started[-1]

    yield start
    for one in started:
        one.process.terminate()
        one.process.wait(2 * SECONDS)  # a database that was just started may take up to 30 s of them


def test_the_first_start_ends_with_the_address_and_the_sign_ins(lectern: Callable[..., Lectern]) -> None:
    running = lectern().up()
    for part in (
        "first start",
        "migrated",
        f"http://127.0.0.1:{running.port}",
        "dana@example.org",
        "lectern-demo",
    ):
        assert part in running.said


def test_commands_typed_beside_it_reach_what_it_started(
    lectern: Callable[..., Lectern], folder: Path
) -> None:
    running, var = lectern().up(), folder / "var"
    told = beside.environment(var, {"PATH": "/bin"})
    words = ("SMTP_URL", "LECTERN_ENV", "SECRET_KEY", "DATABASE_URL")
    assert " ".join(told[name] for name in words) in running.said, "what the worker was told"
    assert told["PATH"] == "/bin"
    assert (var / "running.json").stat().st_mode & 0o077 == 0, "it holds a secret"
    own = {"DATABASE_URL": "postgresql://elsewhere"}
    assert beside.environment(var, own) == own, "a shell that names its own system is not answered"
    os.kill(running.process.pid, signal.SIGKILL)
    running.process.wait(SECONDS)
    assert beside.environment(var, {}) == {}, "what a crash left behind is not believed"
    running = lectern().up()
    running.process.terminate()
    running.process.wait(SECONDS)
    assert not (var / "running.json").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_no_process_is_left_however_it_ends(lectern: Callable[..., Lectern], number: signal.Signals) -> None:
    running = lectern().up()
    family = running.family()
    least = 8
    assert len(family) > least, "PostgreSQL's, Redis, the web server, the worker with its child"
    running.process.send_signal(number)
    running.process.wait(SECONDS)
    assert processes.wait_gone(sorted(family), SECONDS)


def test_a_second_start_has_the_same_secret_and_no_second_demo_data(lectern: Callable[..., Lectern]) -> None:
    words = r"smtp://\S+ development (\S+) postgresql://"
    said = []
    for _ in range(2):
        running = lectern().up()
        running.until(lambda running=running: re.search(words, running.said), "the worker did not speak")
        running.process.terminate()
        running.process.wait(SECONDS)
        said.append(running.said)
    first, second = said
    assert re.findall(words, first) == re.findall(words, second) != []
    assert "demo data made" in first
    assert "demo data made" not in second
    assert "first start" not in second


def test_a_web_server_that_dies_is_started_again(lectern: Callable[..., Lectern]) -> None:
    running = lectern().up()
    first = running.child("http.server")
    os.kill(first, signal.SIGKILL)
    running.until(lambda: "web ended with status -9; starting it again in 1 s" in running.said, "not noticed")
    running.until(lambda: running.said.count("Serving HTTP") > 1, "not started again")
    assert running.child("http.server") != first


def test_a_database_that_dies_is_started_again(lectern: Callable[..., Lectern]) -> None:
    running = lectern().up()
    first = running.child("/postgres -D")
    os.kill(first, signal.SIGKILL)
    running.until(lambda: "PostgreSQL ended unexpectedly" in running.said, "not noticed")
    running.until(
        lambda: any("/postgres -D" in processes.command_line(p) for p in running.family()), "still away"
    )


def test_a_taken_port_is_said_before_anything_starts() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        command = [sys.executable, "-m", "lms.ops.run"]
        answer = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, "PORT": str(port)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert answer.returncode == 1
    assert f"Port {port} can't be used" in answer.stderr
    assert f"PORT={port + 1} make run" in answer.stderr


def test_a_failing_migration_is_shown_and_stops_everything(lectern: Callable[..., Lectern]) -> None:
    running = lectern("echo the table is locked; exit 3")
    assert running.process.wait(SECONDS) == 1
    assert "Migrating the database failed (status 3)" in running.said
    assert "the table is locked" in running.said


def test_mail_is_kept_as_a_file(folder: Path, lectern: Callable[..., Lectern]) -> None:
    running = lectern().up()
    running.until(lambda: "smtp://" in running.said, "the worker did not speak")
    found = re.search(r"smtp://127\.0\.0\.1:(\d+)", running.said)
    assert found is not None
    with SMTP("127.0.0.1", int(found[1])) as post:
        post.sendmail(
            "lectern@example.org", ["bob@example.org"], "Subject: Welcome\r\n\r\nGood morning, Bob.\r\n"
        )
    (message,) = (folder / "var" / "mail").glob("*.eml")
    text = message.read_text()
    assert "X-Envelope-To: bob@example.org" in text
    assert "Good morning, Bob." in text
