"""Scheduled upkeep."""

from lms.core import clock, events, tasks
from lms.core.jobs import job
from lms.notifications import actions as notifications
from lms.ops import upkeep


@job("ops.sweep_events")
def sweep_events() -> None:
    """Enqueue again the deliveries that a crash or a lost Redis left behind."""
    events.sweep(clock.now())


@job("ops.sweep_emails")
def sweep_emails() -> None:
    """Enqueue again the emails that are due."""
    notifications.sweep(clock.now())


@job("ops.sweep_tasks")
def sweep_tasks() -> None:
    """Enqueue again the tasks whose worker died."""
    tasks.sweep(clock.now())


@job("ops.remove_expired")
def remove_expired() -> None:
    """Forget what has run out: sessions, links, failed sign-ins, old events and messages."""
    upkeep.remove_expired(clock.now())
