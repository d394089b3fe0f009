"""Commands of analytics."""

import time

import click

from lms.analytics import refreshing
from lms.core import clock
from lms.core.commands import Commands

group = Commands("analytics", help="The figures behind the dashboards.")


@group.command("rebuild")
def rebuild() -> None:
    """Count all figures anew from what learners did. The dashboards go on answering meanwhile."""
    began = time.monotonic()
    courses = refreshing.rebuild(clock.now())
    click.echo(f"Counted {courses} courses anew in {time.monotonic() - began:.1f} s.")


@group.command("refresh")
def refresh() -> None:
    """Count what changed, as the scheduler does every minute."""
    counted = refreshing.refresh(clock.now())
    if counted is None:
        raise click.ClickException("Another process is counting at this moment; nothing was done.")
    click.echo(f"Counted {counted} courses.")
