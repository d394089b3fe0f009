"""Scheduled upkeep."""

from lms.core import clock, events
from lms.core.jobs import job


@job("ops.sweep_events")
def sweep_events() -> None:
    """Enqueue again the deliveries that a crash or a lost Redis left behind."""
    events.sweep(clock.now())


@job("ops.sweep_emails")
def sweep_emails() -> None:
    """Enqueue again the emails that are due."""


@job("ops.sweep_tasks")
def sweep_tasks() -> None:
    """Enqueue again the tasks whose worker died."""


@job("ops.remove_expired")
def remove_expired() -> None:
    """Forget what has run out: sessions, links, failed sign-ins."""
