"""Waiting for what other processes do."""

import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")


def until(ask: Callable[[], Answer | None], seconds: float = 30.0) -> Answer:
    """Ask again and again until the answer is something. Fails when that takes too long."""
    deadline = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < deadline, f"{getattr(ask, '__name__', ask)} said nothing in {seconds:.0f} s"
        time.sleep(0.05)
    return answer
