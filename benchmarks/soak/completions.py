"""A thousand people complete a course while workers die: each gets one certificate and one letter, and another
system hears of each completion and certificate once."""

import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg

from benchmarks.soak import chaos, exam, outcome, school, system
from benchmarks.soak.receiver import Receiver
from lms.core import clock, work
from lms.webhooks import actions as webhooks

EVENTS = ("enrollment.completed", "certificate.issued")
AT_ONCE = 12
"""Completions under way at the same time."""


def run(learners: int, seconds: float, kills: float, seed: int, log: Path, *, hurry: bool) -> outcome.Report:
    """Let `learners` complete over about `seconds` while things die, wait for recovery, and count."""
    chance = random.Random(seed)
    receiver = Receiver(random.Random(seed))
    with system.running(log, hurry=hurry) as running, receiver.running():
        school.fill(running.postgres.url, learners=learners, questions=1, time_limit=600)
        with psycopg.connect(running.postgres.url) as connection:
            connection.execute("update quizzes set removed_at = now()")
        with running.app.app_context(), work.unit():
            _, receiver.secret = webhooks.create(receiver.url, "", list(EVENTS), clock.now())
        people, figures = exam.learners(running, learners, pause=1, leaves=0, chance=chance)
        faults: list[str] = []
        pauses = seconds * AT_ONCE / learners
        done = threading.Event()
        poster = threading.Thread(target=_all_complete, args=(people, pauses, faults, done))
        began = time.monotonic()
        poster.start()
        happened = chaos.unleash(running, chaos.plan(chance, seconds, kills), lambda: True)
        poster.join()
        took = time.monotonic() - began
        recovered = outcome.recovery(running, hurry=hurry)
        return _report(running, receiver, people, figures, happened, took, recovered, faults)


def _all_complete(
    people: Sequence[exam.Learner], pause: float, faults: list[str], done: threading.Event
) -> None:
    def one(person: exam.Learner) -> None:
        try:
            person.complete()
        except Exception as error:
            faults.append(f"learner {person.number}: {error!r}")
        finally:
            person.hang_up()
        done.wait(person.chance.expovariate(1 / pause))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(one, people))


def _report(
    running: system.System,
    receiver: Receiver,
    people: Sequence[exam.Learner],
    figures: exam.Figures,
    happened: Counter[str],
    took: float,
    recovered: float | None,
    faults: Sequence[str],
) -> outcome.Report:
    made = outcome.Report(broken=list(faults))
    if recovered is None:
        made.broken.append(f"not everything was done {outcome.LIMIT:.0f} s after the last fault")
    letters = outcome.letters(running, made)
    heard = Counter((said["type"], said["data"]["enrollment"]["id"]) for said in receiver.accepted.values())
    for name in EVENTS:
        many = sum(count for (event, _), count in heard.items() if event == name)
        if many != len(people):
            made.broken.append(f"{many} messages {name} for {len(people)} completions")
    made.broken += [
        f"{count} messages {event} of enrollment {which}"
        for (event, which), count in heard.items()
        if count > 1
    ]
    if receiver.forged:
        made.broken.append(f"{receiver.forged} messages with a wrong signature")
    made.lines += [
        f"{len(people):,} completions in {took:.0f} s: "
        + ", ".join(f"{n} x {what}" for what, n in sorted(happened.items())),
        f"{figures.tries_again:,} requests repeated after a fault",
        letters,
        f"{len(receiver.accepted):,} webhook messages accepted once; {receiver.failed} were answered 500 first, "
        f"{receiver.repeats} came again with the same id",
        f"all work done {'too late' if recovered is None else f'{recovered:.0f} s'} after the last completion",
    ]
    return made
