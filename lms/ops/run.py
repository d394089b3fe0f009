"""`python -m lms.ops.run`: everything that Lectern needs on one machine, for development or a first look.

PostgreSQL, Redis and an inbox (each unless DATABASE_URL, REDIS_URL or SMTP_URL names another), migrations,
demo data on the first start, the web server and one worker. What ends is started again; nothing outlives us.
"""

import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NoReturn

from lms.ops import beside
from lms.ops.mailbox import Mailbox
from lms.ops.postgres_home import ServerError
from lms.ops.processes import end, follow_parent, signal_session, spawn
from lms.ops.servers import Postgres, Redis

ROOT = Path(__file__).resolve().parents[2]
_READY_SECONDS = 60.0
_STABLE_SECONDS = 30.0
_LONGEST_PAUSE = 30.0
_COLOURS = {"lectern": "38;5;245", "web": "38;5;67", "worker": "38;5;65"}
_STOPPED_BY = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StartError(Exception):
    """Lectern can't be started; the message says what to do."""


class _Stop(BaseException):
    """Ctrl-C or a request to end, wherever the main thread is at that moment."""


@dataclass(slots=True)
class Program:
    """A process to keep running. `pause` is the wait before the next start, in seconds."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 1.0
    due: float = 0.0


def web_command(port: int) -> list[str]:
    """The web server with the settings of gunicorn.conf.py, reachable from this machine only."""
    reload = os.environ.get("FLASK_DEBUG", "").lower() in ("1", "true", "yes", "on")
    command = [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}"]
    return [*command, "--graceful-timeout", "5", *(["--reload"] if reload else [])]


@dataclass
class Supervisor:
    """Runs `prepare`, then `seed` until it succeeded once, then keeps `programs` running until a signal."""

    port: int
    programs: list[Program]
    prepare: Sequence[str] = ()
    seed: Sequence[str] = ()
    root: Path = ROOT
    var: Path = ROOT / "var"
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    health: str = "/api/v1/health"

    def run(self) -> None:
        """Run until SIGINT, SIGTERM or SIGHUP. Raises StartError or ServerError when a part can't start."""
        for number in _STOPPED_BY:
            signal.signal(number, self._stop)
        try:
            with ExitStack() as stack:
                self._start(stack)
                self._watch()
        except _Stop:
            self._say("stopped")

    def _stop(self, _number: int, _frame: FrameType | None) -> NoReturn:
        # A second Ctrl-C does not wait for anybody.
        for number in _STOPPED_BY:
            signal.signal(number, self._hurry)
        self._say("stopping ...")
        raise _Stop

    def _hurry(self, _number: int, _frame: FrameType | None) -> None:
        for program in self.programs:
            if program.process is not None:
                signal_session(program.process.pid, signal.SIGKILL)

    def _start(self, stack: ExitStack) -> None:
        self._check_port()
        first = not self.var.exists()
        self.var.mkdir(mode=0o755, exist_ok=True)
        if first:
            self._say(f"first start: making a database and demo data in {self.var}; this takes a moment")
        self._watchdog = self._start_watchdog(stack)
        self._servers: list[Postgres | Redis] = []
        defaults = {"LECTERN_ENV": "development", "BASE_URL": f"http://127.0.0.1:{self.port}"}
        self._env = {**defaults, **self.environ}
        self._env.setdefault("SECRET_KEY", self._secret())
        self._env["PYTHONUNBUFFERED"] = "1"
        if not self.environ.get("DATABASE_URL"):
            self._env["DATABASE_URL"] = self._serve(stack, Postgres(self.var / "postgres"))
        if not self.environ.get("REDIS_URL"):
            self._env["REDIS_URL"] = self._serve(stack, Redis(self.var / "redis"))
        if not self.environ.get("SMTP_URL"):
            self._env["SMTP_URL"] = stack.enter_context(Mailbox(self.var / "mail")).url
        beside.tell(self.var, self._env)
        stack.callback(beside.forget, self.var)
        if self.prepare:
            self._do("Migrating the database", self.prepare)
        self._seed_once()
        stack.callback(self._end_programs)
        for program in self.programs:
            self._launch(program)
        self._await_health()
        self._say_welcome()

    def _serve(self, stack: ExitStack, server: Postgres | Redis) -> str:
        server.start()
        stack.callback(server.stop)
        self._servers.append(server)
        if server.process is not None:
            self._note(server.process.pid, server.death_signal)
        return server.url

    def _start_watchdog(self, stack: ExitStack) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "lms.ops.watchdog"]
        watchdog = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=ROOT, start_new_session=True)

        def dismiss() -> None:
            with suppress(BrokenPipeError):
                watchdog.communicate(b"done\n")

        stack.callback(dismiss)
        return watchdog

    def _note(self, pid: int, number: int | None) -> None:
        """Tell the watchdog of a child to stop after us, or (None) that it has ended."""
        line = f"-{pid}\n" if number is None else f"+{pid} {int(number)}\n"
        if self._watchdog.stdin is not None:
            with suppress(BrokenPipeError):
                self._watchdog.stdin.write(line.encode())
                self._watchdog.stdin.flush()

    def _seed_once(self) -> None:
        """The note lies beside our own database and goes with it; another's is always asked."""
        note = self.var / "postgres" / "seeded"
        if self.seed and (self.environ.get("DATABASE_URL") or not note.exists()):
            self._do("Making the demo data", self.seed)
            if note.parent.exists():
                note.touch()

    def _do(self, doing: str, command: Sequence[str]) -> None:
        process = spawn(command, cwd=self.root, env=self._env, stdout=subprocess.PIPE)
        self._note(process.pid, signal.SIGTERM)
        try:
            output, _ = process.communicate()
        finally:
            end(process, signal.SIGTERM)
            self._note(process.pid, None)
        text = output.decode(errors="replace").strip()
        if process.returncode:
            raise StartError(f"{doing} failed (status {process.returncode}):\n{text}")
        for line in text.splitlines():
            self._say(line)

    def _launch(self, program: Program) -> None:
        program.process = spawn(program.command, cwd=self.root, env=self._env, stdout=subprocess.PIPE)
        program.started = time.monotonic()
        self._note(program.process.pid, signal.SIGTERM)
        threading.Thread(target=self._relay, args=(program.name, program.process), daemon=True).start()

    def _relay(self, name: str, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self._say(line.decode(errors="replace").rstrip("\n"), name)

    def _watch(self) -> NoReturn:
        while True:
            for program in self.programs:
                self._revive(program)
            for server in self._servers:
                if server.process is not None and server.process.poll() is not None:
                    self._say(f"{server.title} ended unexpectedly; starting it again")
                    self._note(server.process.pid, None)
                    server.restart()
                    self._note(server.process.pid, server.death_signal)
            time.sleep(0.2)

    def _revive(self, program: Program) -> None:
        """Start again what ended, after a pause that doubles from a second up to half a minute."""
        now = time.monotonic()
        if program.process is not None and (status := program.process.poll()) is not None:
            if now - program.started > _STABLE_SECONDS:
                program.pause = 1.0
            end(program.process, signal.SIGTERM)
            self._note(program.process.pid, None)
            again = f"starting it again in {program.pause:.0f} s"
            self._say(f"{program.name} ended with status {status}; {again}")
            program.process, program.due = None, now + program.pause
            program.pause = min(program.pause * 2, _LONGEST_PAUSE)
        elif program.process is None and now >= program.due:
            self._launch(program)

    def _end_programs(self) -> None:
        running = [program.process for program in self.programs if program.process is not None]
        for process in running:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        for process in running:
            end(process, signal.SIGTERM)

    def _check_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError as error:
                raise StartError(
                    f"Port {self.port} can't be used ({error.strerror}). "
                    f"Choose another: `PORT={self.port + 1} make run`."
                ) from None

    def _await_health(self) -> None:
        until = time.monotonic() + _READY_SECONDS
        while time.monotonic() < until:
            for program in self.programs:
                self._revive(program)
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                line.request("GET", self.health)
                if line.getresponse().status == http.HTTPStatus.OK:
                    return
            except (OSError, http.client.HTTPException):
                pass
            finally:
                line.close()
            time.sleep(0.05)
        raise StartError(
            f"The web server did not answer within {_READY_SECONDS:.0f} s; see its messages above."
        )

    def _secret(self) -> str:
        path = self.var / "secret_key"
        if not path.exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text(encoding="ascii")

    def _say_welcome(self) -> None:
        address = f"http://127.0.0.1:{self.port}"
        kept = f"{address}/dev/mail  (kept in {self.var / 'mail'})"
        mail = "sent by SMTP_URL" if self.environ.get("SMTP_URL") else kept
        print(
            f"\n  Lectern runs at  {address}\n"
            "\n  Sign in as       dana@example.org    admin"
            "\n                   alice@example.org   instructor"
            "\n                   bob@example.org     student"
            "\n  Password         lectern-demo"
            f"\n  Mail             {mail}"
            f"\n  Commands         {os.path.relpath(Path(sys.executable).with_name('flask'))} --help"
            "\n  Stop             Ctrl-C\n",
            flush=True,
        )

    def _say(self, line: str, name: str = "lectern") -> None:
        head = f"{name:7} |"
        if sys.stdout.isatty() and "NO_COLOR" not in self.environ:
            head = f"\x1b[{_COLOURS.get(name, '0')}m{head}\x1b[0m"
        with suppress(BrokenPipeError):
            sys.stdout.write(f"{head} {line}\n")
            sys.stdout.flush()


def main() -> int:
    """Read PORT, run, and say in one sentence what went wrong."""
    if "MAKELEVEL" in os.environ:
        follow_parent()
    text = os.environ.get("PORT", "") or "8000"
    highest = 65535
    try:
        if not text.isdecimal() or not 0 < int(text) <= highest:
            raise StartError(f"PORT must be a number from 1 to {highest}, not {text!r}.")
        flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
        Supervisor(
            port=int(text),
            programs=[
                Program("web", web_command(int(text))),
                Program("worker", [sys.executable, "worker.py"]),
            ],
            prepare=[*flask, "db", "upgrade"],
            seed=[*flask, "ops", "seed", "--if-empty"],
        ).run()
    except (StartError, ServerError) as error:
        print(f"\nLectern could not start. {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
