"""Child processes that never outlive the one that started them."""

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

_PR_SET_PDEATHSIG = 1
_prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class Account:
    """The system user a child runs as."""

    uid: int
    gid: int


def unprivileged() -> Account | None:
    """The account for servers that refuse to run as root; None when we are not root ourselves."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def spawn(
    command: Sequence[str | Path],
    *,
    account: Account | None = None,
    death_signal: int = signal.SIGTERM,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: int | IO[Any] | None = subprocess.DEVNULL,
    stdout: int | IO[Any] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that the terminal's Ctrl-C reaches only us.

    On Linux the kernel sends it `death_signal` when the calling thread ends, so call from the main thread.
    """
    parent = os.getpid()

    def tie() -> None:
        # Runs after the change of user, which would clear the setting.
        if _prctl is not None:
            _prctl(_PR_SET_PDEATHSIG, int(death_signal))
            if os.getppid() != parent:
                os._exit(1)

    return subprocess.Popen(
        [str(word) for word in command],
        cwd=cwd,
        env=None if env is None else dict(env),
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.STDOUT if stdout is not None else None,
        start_new_session=True,
        preexec_fn=tie,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def follow_parent() -> None:
    """Ask the kernel to send us SIGTERM when the process that started us ends (Linux only)."""
    if _prctl is not None:
        _prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))


def end(process: subprocess.Popen[bytes], first: int, *, patience: float = 10.0) -> None:
    """Stop a child: `first`, after `patience` seconds SIGKILL; then whatever of its descendants is left."""
    if process.poll() is None:
        process.send_signal(first)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    signal_session(process.pid, signal.SIGKILL)
    process.wait()


def signal_session(leader: int, number: int) -> bool:
    """Signal a child of `spawn` and all that descends from it. Returns whether any of them was there.

    The session, not the process group: an RQ worker gives each job a group of its own.
    """
    found = False
    for pid in _session(leader):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
            found = True
    return found


def _session(leader: int) -> list[int]:
    if sys.platform != "linux":
        return [-leader]
    members = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                state, _, _, session = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
                if int(session) == leader and state != "Z":
                    members.append(int(entry.name))
    return members


def alive(pid: int) -> bool:
    """Whether a process with this number runs, whoever owns it; one that ended unnoticed does not."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def command_line(pid: int) -> str:
    """The words a process was started with, "" when there is none: numbers are used again after a restart."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    command = ["ps", "-o", "command=", "-p", str(pid)]
    listing = subprocess.run(command, capture_output=True, text=True, check=False)
    return listing.stdout.strip()


def children(pid: int) -> list[int]:
    """The direct children of a process."""
    if sys.platform == "linux":
        try:
            return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        except OSError:
            return []
    listing = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in listing.stdout.split()]


def wait_gone(pids: Sequence[int], seconds: float) -> bool:
    """Wait until none of these processes is there; False when the time is over first."""
    until = time.monotonic() + seconds
    while any(alive(pid) for pid in pids):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
