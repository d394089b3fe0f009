"""Stops the supervisor's children when the supervisor itself was killed.

It reads lines `+PID SIGNAL` and `-PID` from standard input. When that ends without `done`, the supervisor is
dead: every session still noted gets its signal, then, after a few seconds, SIGKILL.
"""

import signal
import sys
import time

from lms.ops.processes import signal_session

_PATIENCE = 8.0


def main() -> None:
    """Read until the pipe breaks. The pipe is the one sign of life that no crash can forget to withdraw."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    noted: dict[int, int] = {}
    for line in sys.stdin:
        word = line.strip()
        if word == "done":
            return
        if word.startswith("+"):
            pid, _, number = word[1:].partition(" ")
            noted[int(pid)] = int(number)
        elif word.startswith("-"):
            noted.pop(int(word[1:]), None)
    for pid, number in noted.items():
        signal_session(pid, number)
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and any(signal_session(pid, 0) for pid in noted):
        time.sleep(0.1)
    for pid in noted:
        signal_session(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
