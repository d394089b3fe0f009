"""Commands of accounts."""

from datetime import datetime

import click

from lms.accounts import actions, first_run, naming, passwords, queries, rules, site
from lms.accounts.models import ROLES
from lms.core import clock, web, work
from lms.core.commands import Commands

group = Commands("accounts", help="Create people from the command line.")


@group.command("create-admin")
@click.option("--email", prompt=True)
@click.option("--name", prompt=True)
@click.password_option(help="At least 12 characters; asked for when not given.")
def create_admin(email: str, name: str, password: str) -> None:
    """Create an administrator."""
    _create(email, name, password, "admin")


@group.command("create-user")
@click.option("--email", prompt=True)
@click.option("--name", prompt=True)
@click.option("--role", type=click.Choice(ROLES), default="student", show_default=True)
@click.password_option()
def create_user(email: str, name: str, role: str, password: str) -> None:
    """Create a person with a role."""
    _create(email, name, password, role)


@group.command("setup-token")
def setup_token() -> None:
    """Print the address where the first administrator is made, while nobody has an account."""
    if queries.any_user_exists():
        click.echo("Lectern is set up already.")
        return
    click.echo(
        f"Nobody has an account yet. Make the first administrator at {web.absolute_url('accounts.setup')}"
    )
    click.echo(f"Setup token: {first_run.token()}")


@group.command("reset-settings")
def reset_settings() -> None:
    """Take back what was set on the settings page, for an administrator who is locked out."""
    with work.unit():
        names = site.reset(clock.now())
    click.echo(
        f"Reset: {', '.join(names)}. In force within seconds." if names else "Nothing had been changed."
    )


def _create(email: str, name: str, password: str, role: str) -> None:
    address = naming.address(email)
    if address is None:
        raise click.BadParameter("no email address that mail can reach", param_hint="--email")
    least = rules.shortest_password(role)
    if not least <= len(password) <= rules.LONGEST_PASSWORD:
        raise click.BadParameter(
            f"use {least} to {rules.LONGEST_PASSWORD} characters", param_hint="--password"
        )
    if passwords.is_common(password):
        raise click.BadParameter("guessers try this one first; choose another", param_hint="--password")
    if problem := naming.fault(name.strip()):
        raise click.BadParameter(problem, param_hint="--name")
    at: datetime = clock.now()
    try:
        with work.unit():
            actions.create_user(name=name.strip(), email=address, password=password, role=role, at=at)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{role} {address} created.")
