"""Jobs of accounts."""

from lms.accounts import actions
from lms.core import clock
from lms.core.jobs import job


@job("accounts.start_reset", queue="emails")
def start_reset(*, email: str) -> None:
    """Make a reset link if the address has an account."""
    actions.request_reset(email, clock.now())
