"""Commands of ops."""

import click
from flask import current_app
from flask.cli import AppGroup

from lms.accounts import queries as accounts
from lms.core import clock, work
from lms.ops import seed

group = AppGroup("ops")


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
