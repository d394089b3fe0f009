"""When a message is tried again, when we stop, and when a day's digest is due."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from lms.core.i18n import zones

RETRY_SECONDS = (10, 60, 300, 1800, 7200, *[14400] * 11)
"""Waits between attempts, in seconds; about two days in all."""


def next_try(attempts: int, at: datetime) -> datetime | None:
    """When to try again after `attempts` failures; None when it is time to give up."""
    if attempts > len(RETRY_SECONDS):
        return None
    return at + timedelta(seconds=RETRY_SECONDS[attempts - 1])


MORNING = 7
"""The hour at which a daily digest is due, on the reader's own clock."""


def last_morning(zone: str, at: datetime) -> datetime:
    """The latest morning that began in that time zone, not after `at`. What was told before it is due."""
    local = at.astimezone(ZoneInfo(zone if zone in zones() else "UTC"))
    morning = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return morning if morning <= local else morning - timedelta(days=1)


def is_bad_address(code: int, reason: str) -> bool:
    """Whether a refusal of a recipient says that nothing will ever arrive there (RFC 5321, RFC 3463): for good, and
    not as a matter of policy (x.7.x), which may have to do with the sender alone."""
    return 500 <= code < 600 and re.search(r"\b5\.7\.\d+\b", reason) is None
