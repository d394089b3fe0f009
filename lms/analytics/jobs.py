"""Jobs of analytics."""

from lms.analytics import refreshing
from lms.core import clock, jobs
from lms.core.jobs import job


@job("analytics.refresh", queue="progress", own_units=True)
def refresh() -> None:
    """Bring the figures of what changed up to date. The first time on a day a large school needs more than one turn."""
    refreshing.refresh(clock.now(), when_left=lambda: jobs.go_on(refresh))
