"""Groups of commands, which say in a sentence what everybody meets who has just installed Lectern."""

from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from lms.core.db import NO_TABLES, has_no_tables


class Commands(AppGroup):
    """Flask's, whose commands refuse to work on a database without tables."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DBAPIError as error:
            if has_no_tables(error):
                raise click.ClickException(f"{NO_TABLES}: run `flask db upgrade`.") from error
            raise
