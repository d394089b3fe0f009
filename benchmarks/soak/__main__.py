"""`make soak`: hundreds of learners sit an exam, a thousand complete a course, while everything that can die does;
what was promised is checked.

    make soak
    make soak ARGS="--learners 30 --seconds 30"

Prints its figures. Ends with status 1 and the list when a promise was broken.
"""

import argparse
import random
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.soak import chaos, completions, exam, outcome, school, system


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it. Returns 1 when a promise was broken."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.soak", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--learners", type=int, default=200)
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=240.0, help="of the exam (240)")
    parser.add_argument("--kills", type=float, default=6.0, help="seconds between kills, on average (6)")
    parser.add_argument("--completions", type=int, default=1000, help="learners who complete (1000)")
    parser.add_argument("--part", choices=("exam", "completions"), help="only this one")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument(
        "--log", type=Path, default=Path("var/soak.log"), help="where the processes write (var/soak.log)"
    )
    options = parser.parse_args(arguments)
    size = Size(options.learners, options.questions, options.seconds, options.kills)
    broken = 0
    if options.part != "completions":
        broken += _print("The exam", run(size, options.seed, options.log))
    if options.part != "exam":
        report = completions.run(
            options.completions, options.seconds / 2, options.kills, options.seed, options.log, hurry=False
        )
        broken += _print("The completions", report)
    print(
        f"seed {options.seed}: " + (f"{broken} promises were broken" if broken else "every promise was kept")
    )
    return 1 if broken else 0


def _print(title: str, report: outcome.Report) -> int:
    """Print a report; returns how many promises were broken."""
    print(title)
    for line in (*report.lines, *(f"BROKEN: {line}" for line in report.broken[:40])):
        print(f"  {line}", flush=True)
    return len(report.broken)


@dataclass(frozen=True, slots=True)
class Size:
    """How many learners and questions, for how long, and the average pause between two kills, in seconds."""

    learners: int
    questions: int
    seconds: float
    kills: float


def run(size: Size, seed: int, log: Path, *, hurry: bool = False) -> outcome.Report:
    """Fill a system, let the learners sit while it suffers, wait until it has recovered, and look at everything.

    With `hurry` nobody waits long for late answers, sweeps, or leases of workers that died: those are ended by hand.
    """
    chance = random.Random(seed)
    with system.running(log, hurry=hurry) as running:
        # Whoever walks away is closed by the clock, soon after the others are done.
        limit = int(size.seconds * 1.25) + 5
        school.fill(running.postgres.url, learners=size.learners, questions=size.questions, time_limit=limit)
        pause = size.seconds / (size.questions * 1.35)
        people, figures = exam.learners(running, size.learners, pause=pause, leaves=0.2, chance=chance)
        faults: list[str] = []
        threads = [threading.Thread(target=_sit, args=(person, faults)) for person in people]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        events = chaos.plan(chance, size.seconds, size.kills)
        happened = chaos.unleash(running, events, lambda: any(thread.is_alive() for thread in threads))
        for thread in threads:
            thread.join()
        took = time.monotonic() - began
        recovered = outcome.recovery(running, hurry=hurry)
        return outcome.report(running, people, figures, happened, took, recovered, faults)


def _sit(person: exam.Learner, faults: list[str]) -> None:
    try:
        person.sit()
    except Exception as error:
        faults.append(f"learner {person.number}: {error!r}")
    finally:
        person.hang_up()


if __name__ == "__main__":
    sys.exit(main())
