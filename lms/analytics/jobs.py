"""Jobs of analytics."""

from lms.analytics import refreshing
from lms.core import clock
from lms.core.jobs import job


@job("analytics.refresh", queue="progress", own_units=True)
def refresh() -> None:
    """Bring the figures of what changed up to date."""
    refreshing.refresh(clock.now())
