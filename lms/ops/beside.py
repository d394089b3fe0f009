"""What `make run` tells the commands that are typed beside it: which servers it started, and with what secret.

So `.venv/bin/flask interop import-course ...` works on the system that runs, without one setting. Only a shell that
names no system of its own is answered, and only while `make run` runs.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from lms.ops import processes

ROOT = Path(__file__).resolve().parents[2]
TOLD = ("LECTERN_ENV", "BASE_URL", "SECRET_KEY", "DATABASE_URL", "REDIS_URL", "SMTP_URL")
_OWN = ("LECTERN_ENV", "SECRET_KEY", "SECRET_KEY_FILE", "DATABASE_URL", "DATABASE_URL_FILE")


def tell(var: Path, settings: Mapping[str, str]) -> None:
    """Write down what runs, for its owner alone."""
    path = _note(var)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        told = {name: settings[name] for name in TOLD if name in settings}
        json.dump({"process": os.getpid(), "environment": told}, file)


def forget(var: Path) -> None:
    """Nothing runs any more."""
    _note(var).unlink(missing_ok=True)


def environment(var: Path = ROOT / "var", environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment, with what `make run` told where a shell names no system of its own."""
    if any(environ.get(name) for name in _OWN):
        return dict(environ)
    try:
        said = json.loads(_note(var).read_text())
    except OSError:
        return dict(environ)
    return {**(said["environment"] if processes.alive(said["process"]) else {}), **environ}


def _note(var: Path) -> Path:
    return var / "running.json"
