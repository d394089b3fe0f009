"""Commands of ops."""

import click
from flask import current_app

from lms.accounts import queries as accounts
from lms.core import clock, work
from lms.core.commands import Commands
from lms.notifications import messages, smtp
from lms.ops import doctor, due, seed
from lms.ops.backup import cli as backups

group = Commands("ops", help="Look after a running system.")
for command in (backups.backup, backups.restore, backups.rehearse):
    group.add_command(command)


@group.command("seed")
@click.option("--if-empty", is_flag=True, help="Do nothing when there are people already.")
def seed_demo(if_empty: bool) -> None:
    """Fill an empty system with demo people and courses. Everybody's password is public: never in production."""
    if current_app.config["LECTERN"].environment == "production":
        raise click.ClickException("Demo people have a public password; this is refused in production.")
    with work.unit():
        if accounts.any_user_exists():
            if not if_empty:
                raise click.ClickException("There are people here already; the demo needs an empty system.")
            return
        seed.demo(clock.now())
    click.echo("The demo is there: two courses, an admin, two instructors, thirty learners.")


@group.command("doctor")
def examine() -> None:
    """Check each part and say what to do where one does not work. Status 1 when something is wrong."""
    findings = list(doctor.examine())
    for finding in findings:
        mark = click.style("wrong", fg="red") if finding.remedy else click.style("ok   ", fg="green")
        click.echo(f"{mark}  {finding.part:11}  {finding.found}")
        if finding.remedy:
            click.echo(f"{'':20}-> {finding.remedy}")
    if any(finding.remedy for finding in findings):
        raise click.exceptions.Exit(1)


@group.command("send-test-email")
@click.argument("address")
@click.option("--language", default="en", show_default=True)
def send_test_email(address: str, language: str) -> None:
    """Send a message to ADDRESS at once, and say what the mail server answered."""
    try:
        smtp.send(messages.test_message(address, language, clock.now()))
    except (smtp.Refused, OSError, ValueError) as error:
        raise click.ClickException(
            f"{type(error).__name__}: {error}. Check SMTP_URL and MAIL_FROM."
        ) from error
    click.echo(f"The mail server took a message for {address}.")


@group.command("run-due-jobs")
def run_due_jobs() -> None:
    """Run every recurring job now, then work off the queues: for cron, where no worker runs."""
    failed = due.run()
    if failed:
        raise click.ClickException(f"Jobs that failed: {failed}. They are tried again when they are due.")
    click.echo("Nothing is left to do.")
