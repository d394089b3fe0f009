"""Commands of import and export."""

from pathlib import Path

import click
from flask.cli import AppGroup

from lms.accounts import queries as accounts
from lms.core import clock, work
from lms.core.db import db
from lms.courses import actions as courses
from lms.courses.models import Course
from lms.interop import actions

group = AppGroup("interop", help="Bring courses in and out.")


@group.command("import-course")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--owner", required=True, help="Email address of the instructor who will own it.")
@click.option("--publish", is_flag=True, help="Publish it when it was imported.")
@click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
def import_course(path: Path, owner: str, publish: bool, dry_run: bool) -> None:
    """Import a course folder or its zip. Importing again brings the course to what the folder says."""
    at = clock.now()
    try:
        with work.unit():
            user = accounts.user_by_email(owner)
            if user is None or user.role == "student":
                raise actions.Refused(f"{owner} is not an instructor or admin here.")
            outcome = actions.import_course(path, user, at, dry_run=dry_run)
            if outcome.course_id is not None and publish:
                courses.publish(db.session.get_one(Course, outcome.course_id), user, at)
    except (actions.Refused, PermissionError) as error:
        raise click.ClickException(str(error)) from error
    for problem in outcome.problems:
        click.echo(str(problem), err=True)
    if not outcome.ok:
        raise click.ClickException("Nothing was imported. Mend what is marked as an error and run it again.")
    for line in outcome.changes.lines() or ["nothing to change"]:
        click.echo(line)
    click.echo(f"{'Would import' if dry_run else 'Imported'} {outcome.slug}.")
