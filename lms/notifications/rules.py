"""When a message is tried again, and when we stop."""

from datetime import datetime, timedelta

RETRY_SECONDS = (10, 60, 300, 1800, 7200, *[14400] * 11)
"""Waits between attempts, in seconds; about two days in all."""


def next_try(attempts: int, at: datetime) -> datetime | None:
    """When to try again after `attempts` failures; None when it is time to give up."""
    if attempts > len(RETRY_SECONDS):
        return None
    return at + timedelta(seconds=RETRY_SECONDS[attempts - 1])
