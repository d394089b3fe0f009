"""`flask ops backup`, `restore` and `rehearse-restore`."""

from pathlib import Path

import click
import psycopg
from flask import current_app
from flask.cli import with_appcontext

from lms.core import clock
from lms.ops.backup import archive, restoring
from lms.ops.backup.archive import BackupError

FILE = click.Path(dir_okay=False, path_type=Path)
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


def _tell(line: str) -> None:
    click.echo(f"  {line}")


def _is_local() -> bool:
    return str(current_app.config["LECTERN"].storage_url).startswith("file://")


@click.command("backup")
@click.argument("file", type=FILE)
@click.option(
    "--files/--no-files",
    default=None,
    help="Take the stored files along. Default: yes from a local folder, no from object storage.",
)
@click.option("--force", is_flag=True, help="Replace FILE when it exists.")
@with_appcontext
def backup(file: Path, files: bool | None, force: bool) -> None:
    """Write the database, as of one moment, and the stored files into FILE, a tar."""
    if file.exists() and not force:
        raise click.ClickException(f"{file} exists already; choose another name, or --force.")
    with_files = _is_local() if files is None else files
    try:
        manifest = archive.write(file, clock.now(), _tell, with_files=with_files)
    except (BackupError, OSError, psycopg.Error) as error:
        raise click.ClickException(str(error).strip()) from error
    for key in manifest["missing"]:
        click.echo(f"missing in the storage: {key}", err=True)
    rows = sum(table["rows"] for table in manifest["tables"].values())
    kept = len(manifest["files"]) - len(manifest["missing"])
    words = f"{kept} files" if with_files else f"the list of {kept} files, whose storage keeps its own copies"
    click.echo(
        f"{file}: {rows} rows of {len(manifest['tables'])} tables, {words}. Keep SECRET_KEY apart from it."
    )


@click.command("restore")
@click.argument("file", type=EXISTING)
@click.option(
    "--into", metavar="URL", help="Another database than DATABASE_URL; files stay as they are then."
)
@click.option("--yes", is_flag=True, help="Don't ask.")
@with_appcontext
def restore(file: Path, into: str | None, yes: bool) -> None:
    """Bring the backup FILE back into an empty database, and its files into the storage."""
    settings = current_app.config["LECTERN"]
    target = f"postgresql+psycopg://{into.split('://', 1)[-1]}" if into else settings.database_url
    try:
        manifest = archive.checked(file)
        restoring.refuse_unless_empty(target)
        if manifest["key"] != archive.key_mark(settings.secret_key):
            click.echo(
                "SECRET_KEY is another one than then: sign-ins, mailed links and webhooks' secrets end."
            )
        if not yes:
            click.confirm(f"Restore what was saved at {manifest['at']}?", abort=True)
        with_files = into is None and manifest["with_files"]
        restoring.restore(file, target, _tell, with_files=with_files)
    except (BackupError, OSError, psycopg.Error) as error:
        raise click.ClickException(str(error).strip()) from error
    click.echo("Restored. Now start the workers; `flask ops doctor` tells whether all is well.")


@click.command("rehearse-restore")
@click.argument("file", type=EXISTING)
@with_appcontext
def rehearse(file: Path) -> None:
    """Restore FILE into a scratch database, compare every table and file, and remove it. Status 1 when they differ."""
    try:
        differences = restoring.rehearse(file, current_app.config["LECTERN"].database_url, _tell)
    except (BackupError, OSError, psycopg.Error) as error:
        raise click.ClickException(str(error).strip()) from error
    for difference in differences:
        click.echo(f"{difference.what}: {difference.expected} expected, {difference.found} found", err=True)
    if differences:
        raise click.ClickException(
            f"The backup would not bring everything back: {len(differences)} differences."
        )
    click.echo("Every table and file came back as it was.")
