"""When everything has settled: the figures, and every promise that was broken."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import psycopg

from benchmarks.soak import exam
from benchmarks.soak.system import System

LIMIT = 300.0
"""Seconds after the last fault within which everything has to be delivered, and every deadline to have passed."""
_LEFT = """
    select (select count(*) from attempts where state = 'open')
         + (select count(*) from deliveries where state <> 'done')
         + (select count(*) from emails where state <> 'sent')
         + (select count(*) from webhook_messages where state = 'waiting')
         + (select count(*) from enrollments e where completed_at is not null
               and not exists (select from certificates c where c.enrollment_id = e.id and c.file_id is not null))
"""
_HURRY = tuple(
    f"""
    update {table} set lease_until = lease_until - interval '2 minutes', due_at = due_at - interval '2 minutes'
     where state in ('pending', 'queued', 'waiting') and lease_until < now() + interval '90 seconds'
    """
    for table in ("deliveries", "emails", "webhook_messages")
)
"""Whoever has not answered for 30 of the 120 seconds is dead: the longest job takes a few."""
_COMPLETED = (
    "select u.email from enrollments e join users u on u.id = e.user_id where e.completed_at is not null"
)
_CERTIFIED = "select u.email from certificates c join users u on u.id = c.user_id"


@dataclass
class Report:
    """Lines to print, and what was broken."""

    lines: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def recovery(system: System, *, hurry: bool) -> float | None:
    """Seconds until nothing was left to do; None when it took longer than LIMIT. `hurry` ends leases by hand."""
    began = time.monotonic()
    while time.monotonic() - began < LIMIT:
        system.look_after()
        with psycopg.connect(system.postgres.url) as connection:
            if hurry:
                for statement in _HURRY:
                    connection.execute(statement)
            row = connection.execute(_LEFT).fetchone()
        if row is not None and row[0] == 0:
            return time.monotonic() - began
        time.sleep(0.5)
    return None


def report(
    system: System,
    people: list[exam.Learner],
    figures: exam.Figures,
    happened: Counter[str],
    took: float,
    recovered: float | None,
    faults: Sequence[str],
) -> Report:
    """Look at every answer, attempt, certificate and letter."""
    found = exam.audit(system, people)
    made = Report(broken=[*faults, *found.broken])
    if recovered is None:
        made.broken.append(f"not everything was done {LIMIT:.0f} s after the last fault")
    sent = letters(system, made)
    latencies = sorted(figures.latencies) or [0.0]
    middle, high = (latencies[int(len(latencies) * share)] for share in (0.5, 0.99))
    made.lines += [
        f"{len(people)} learners, {took:.0f} s: "
        + ", ".join(f"{n} x {what}" for what, n in sorted(happened.items())),
        f"{figures.acknowledged:,} answers acknowledged ({figures.acknowledged / took:.0f}/s; median "
        f"{middle * 1000:.0f} ms, p99 {high * 1000:.0f} ms with repeats); {figures.repeats:,} older ones sent again, "
        f"{figures.tries_again:,} requests repeated after a fault, {figures.refused} refused after the end",
        f"{found.answers:,} newest acknowledged answers compared with the database",
        f"{found.attempts} attempts graded once each, {found.by_deadline} by their deadline; the latest was closed "
        f"{found.latest_closing:+.0f} s from it",
        sent,
        f"all work done {'' if recovered is None else f'{recovered:.0f} s'} after the last learner",
    ]
    return made


def letters(system: System, made: Report) -> str:
    """Whether certificates and letters match the completions, in a line.

    A kill between the mail server's yes and our note of it sends a letter again with the same Message-ID, which
    receivers take for the one they have; so a letter is counted by it.
    """
    with psycopg.connect(system.postgres.url) as connection:
        completed = [row[0] for row in connection.execute(_COMPLETED).fetchall()]
        certified = Counter(row[0] for row in connection.execute(_CERTIFIED).fetchall())
    if Counter(completed) != certified:
        made.broken.append(f"{len(completed)} completions, {certified.total()} certificates")
    taken = [letter for letter in system.mailbox.letters if "CERT-" in str(letter)]
    found = list({str(letter["message-id"]): letter for letter in taken}.values())
    names = Counter(str(letter["to"]) for letter in found)
    for email in completed:
        if not any(email in name for name in names):
            made.broken.append(f"no letter to {email}")
    twice = {name: many for name, many in names.items() if many > 1}
    made.broken += [f"{many} letters to {name}" for name, many in twice.items()]
    again = (
        f" ({len(taken) - len(found)} came again with the same Message-ID)" if len(taken) > len(found) else ""
    )
    return (
        f"{certified.total()} certificates and {len(found)} letters for {len(completed)} completions{again}"
    )
