"""Jobs of learning."""

from lms.core import clock
from lms.core.jobs import job
from lms.learning import actions


@job("learning.follow_dates")
def follow_dates() -> None:
    """Write down whose time in a course is over, or goes on."""
    actions.follow_dates(clock.now())
