"""Jobs of discussions."""

from lms.core import clock
from lms.core.jobs import job
from lms.discussions import announcements


@job("discussions.publish_due")
def publish_due() -> None:
    """Send out announcements whose time has come."""
    announcements.publish_due(clock.now())
