"""Upkeep of submissions."""

from lms.assignments import attaching
from lms.core import clock
from lms.core.jobs import job


@job("assignments.forget_drafted")
def forget_drafted() -> None:
    """Let go of files that were chosen long ago and never handed in."""
    attaching.forget_drafted(clock.now())
