"""Commands of certificates."""

import click

from lms.certificates import keys
from lms.core import clock, work
from lms.core.commands import Commands

group = Commands("certificates", help="Certificates and the keys that sign them.")


@group.command("rotate-key")
def rotate_key() -> None:
    """Sign badges with a new key from now on; badges that older keys signed stay valid."""
    with work.unit():
        made = keys.rotate(clock.now())
    click.echo(f"Badges are signed with {made.kid} now. Older public keys stay published.")
