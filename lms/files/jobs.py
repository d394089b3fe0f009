"""Upkeep of stored files."""

from lms.core import clock
from lms.core.jobs import job
from lms.files import orphans


@job("files.remove_orphans")
def remove_orphans() -> None:
    """Forget files that nothing refers to, and delete bytes that no row knows."""
    at = clock.now()
    orphans.forget_unused(at)
    orphans.remove_orphans(at)
