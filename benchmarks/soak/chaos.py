"""What goes wrong meanwhile: processes die at random moments, Redis loses everything, PostgreSQL restarts."""

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence

from benchmarks.soak.system import System

WIPE, RESTART, WORKER, WEB, ONE_OF_WEB = (
    "Redis wiped",
    "PostgreSQL restarted",
    "worker killed",
    "web server killed",
    "one web process killed",
)


def plan(chance: random.Random, seconds: float, pause: float) -> Sequence[tuple[float, str]]:
    """(second, what) in order: two wipes and a restart at set moments, something killed every `pause` or so."""
    found = [(seconds * 0.3, WIPE), (seconds * 0.55, RESTART), (seconds * 0.75, WIPE)]
    moment = pause
    while moment < seconds:
        found.append((moment, chance.choice((WORKER, WORKER, WEB, ONE_OF_WEB))))
        moment += pause * chance.uniform(0.6, 1.4)
    return sorted(found)


def unleash(system: System, events: Sequence[tuple[float, str]], go_on: Callable[[], bool]) -> Counter[str]:
    """Let it happen until the plan or the work is over. Returns how often what happened."""
    acts: dict[str, Callable[[], None]] = {
        WIPE: system.redis.wipe,
        RESTART: system.postgres.restart,
        WORKER: lambda: system.kill("worker"),
        WEB: lambda: system.kill("web"),
        ONE_OF_WEB: system.kill_one_of_web,
    }
    began, done = time.monotonic(), Counter[str]()
    for moment, what in events:
        while time.monotonic() - began < moment:
            if not go_on():
                return done
            system.look_after()
            time.sleep(0.05)
        acts[what]()
        done[what] += 1
    return done
