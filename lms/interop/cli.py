"""Commands of import and export."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import select

from lms.accounts import queries as accounts
from lms.accounts.models import User
from lms.core import clock, work
from lms.core.commands import Commands
from lms.core.db import db
from lms.courses import actions as courses
from lms.courses.models import Course
from lms.interop import actions, export
from lms.quizzes import queries as quizzes

group = Commands("interop", help="Bring courses in and out.")


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
                raise click.ClickException(f"{owner} is not an instructor or admin here.")
            outcome = actions.import_course(path, user, at, dry_run=dry_run)
            is_published = outcome.course_id is not None and publish
            if is_published:
                _publish(db.session.get_one(Course, outcome.course_id), user, at)
    except (actions.Refused, PermissionError) as error:
        raise click.ClickException(str(error)) from error
    for problem in outcome.problems:
        click.echo(str(replace(problem, path=problem.path or path.name)), err=True)
    if not outcome.ok:
        raise click.ClickException("Nothing was imported. Mend what is marked as an error and run it again.")
    changes = outcome.changes.lines()
    for line in changes or ["nothing to change"]:
        click.echo(line)
    if changes:
        click.echo(f"{'Would import' if dry_run else 'Imported'} {outcome.slug}.")
    if is_published:
        click.echo(f"{outcome.slug} is published.")


@group.command("export-course")
@click.argument("slug")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def export_course(slug: str, file: Path) -> None:
    """Write the course at the address SLUG into FILE, a .zip of its folder that `import-course` takes."""
    with work.unit():
        course = db.session.scalars(select(Course).where(Course.slug == slug)).one_or_none()
        if course is None:
            raise click.ClickException(f"There is no course at the address {slug!r}.")
        try:
            report = export.export_course(course, file, clock.now())
        except FileNotFoundError as error:
            file.unlink(missing_ok=True)
            raise click.ClickException(f"The storage lost a file of this course: {error}") from error
    for problem in report.notes:
        click.echo(str(problem), err=True)
    for line in report.changes.lines():
        click.echo(f"not in the export: {line}", err=True)
    click.echo(f"Exported {slug}: {report.files} files{'' if report.is_whole else ', not everything'}.")


def _publish(course: Course, by: User, at: datetime) -> None:
    """Refused when something is missing, so that the import is undone too: half of what was asked is not done."""
    unfit = quizzes.unfit_quizzes(course.id)
    if courses.publish(course, by, at, unfit_quizzes=len(unfit)):
        named = ", ".join(quiz.title for quiz in unfit)
        needs = f"these quizzes can't be taken as they are: {named}" if unfit else "it needs a lesson first"
        raise click.ClickException(f"Nothing was imported, as the course can't be published: {needs}.")
