"""Jobs of webhooks: an event becomes messages, and one job brings each message."""

from flask import current_app

from lms.core import clock, events, work
from lms.core.jobs import job
from lms.webhooks import actions, delivering, sending


@job("webhooks.fan_out", queue="webhooks", whole_event=True)
def fan_out(event: events.Heard) -> None:
    """Write a message for each endpoint that chose this event."""
    delivering.fan_out(event, clock.now())


@job(actions.SEND, queue="webhooks", own_units=True, seconds=delivering.MOST_SECONDS)
def send(message_id: int, attempts: int) -> None:
    """Make one attempt. No transaction is open while the receiver is spoken to.

    A crash between its answer and our note sends the message again, with the same `webhook-id`.
    """
    with work.unit():
        claimed = delivering.claim(message_id, attempts, clock.now())
    if claimed is None:
        return
    allow_private = current_app.config["LECTERN"].webhooks_allow_private
    answer = sending.post(claimed.url, claimed.body, claimed.headers, allow_private=allow_private)
    with work.unit():
        delivering.settle(claimed, answer, clock.now())


@job("webhooks.sweep")
def sweep() -> None:
    """Enqueue again the messages that are due."""
    delivering.sweep(clock.now())


@job("webhooks.forget")
def forget() -> None:
    """Forget what was settled long ago."""
    delivering.forget(clock.now())
