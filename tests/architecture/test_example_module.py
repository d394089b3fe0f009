"""The guide to a new module: what it says is built in a copy of the program, and must pass what it says must pass."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs/developers/module.md"
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", "var", ".git", ".venv", "node_modules", ".*_cache")
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_NAMED = re.compile(r'(?:"""|\{# )([\w/]+\.(?:py|html)): ')


def blocks(kind: str) -> list[str]:
    return [text for found, text in _BLOCK.findall(GUIDE.read_text(encoding="utf-8")) if found == kind]


def files() -> dict[str, str]:
    """{path: text} of every block that is a file."""
    named = [(_NAMED.match(text), text) for kind in ("python", "html") for text in blocks(kind)]
    unnamed = [text for name, text in named if name is None]
    assert not unnamed, "every block begins with the name of its file"
    return {name[1]: text for name, text in named if name is not None}


def said(pattern: str) -> str:
    """A line of code that the guide names in its text; it must still say it."""
    found = re.search(pattern, GUIDE.read_text(encoding="utf-8"))
    assert found, pattern
    return found[1]


class Copy:
    """The program with the module of the guide in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(ROOT, folder, ignore=LEFT_OUT, dirs_exist_ok=True)
        for name in (".venv", "node_modules"):
            (folder / name).symlink_to((ROOT / name).resolve())

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".py") and not name.startswith("migrations/"):
            (path.parent / "__init__.py").touch()
        path.write_text(text, encoding="utf-8")

    def change(self, name: str, pattern: str, by: str) -> None:
        """Put `by` in the place of the first match: where the guide says that a line goes."""
        path = self.folder / name
        text, times = re.subn(pattern, lambda _found: by, path.read_text(encoding="utf-8"), count=1)
        assert times == 1, f"{name} has no {pattern}"
        path.write_text(text, encoding="utf-8")

    def run(self, *command: str) -> str:
        done = subprocess.run(
            command,
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.folder)},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]
        return done.stdout


def newest_migration() -> str:
    texts = [path.read_text() for path in (ROOT / "migrations/versions").glob("*.py")]
    followed = {found[1] for text in texts if (found := re.search(r'^down_revision = "(\w+)"', text, re.M))}
    known = {found[1] for text in texts if (found := re.search(r'^revision = "(\w+)"', text, re.M))}
    (newest,) = known - followed
    return newest


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    copy = Copy(tmp_path_factory.mktemp("example"))
    for name, text in files().items():
        copy.write(name, text.replace("the last one", newest_migration(), 1))
    for name, before, line in (
        ("migrations/env.py", "import lms.calendars", r"`(import lms\.bookmarks\.models)`"),
        ("lms/app.py", "from lms.calendars", r"`(from lms\.bookmarks import views as bookmarks)`"),
        ("lms/app.py", "    calendars.bp,", r"`(bookmarks\.bp,)`"),
        ("pyproject.toml", '    "lms.calendars",', r'under "module": `(.*?)`'),
    ):
        indent = before[: len(before) - len(before.lstrip())]
        copy.change(name, f"(?m)^{re.escape(before)}", f"{indent}{said(line)}\n{before}")
    beside = "(calendars)"
    layer = said(r'under "direction", before `\(calendars\)`: `(.*?)`')
    copy.change("pyproject.toml", re.escape(beside), layer + beside)
    (rights,) = [text for text in blocks("") if text.startswith("endpoint ")]
    copy.change(
        "tests/architecture/rights_of_people.py",
        r'TABLE = """\n',
        'TABLE = """\n' + rights.partition("\n")[2],
    )
    return copy


def test_the_module_of_the_guide_does_what_it_says(built: Copy) -> None:
    """Its own test, its rights, its migration up and down, and the rules of the source."""
    said_of_it = built.run(
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "0",
        "tests/bookmarks", "tests/architecture/test_rights.py", "tests/architecture/test_migrations.py",
        "tests/architecture/test_source.py", "-k", "kept or bookmarks or test_migrations or test_source",
    )  # fmt: skip
    assert "passed" in said_of_it


def test_the_module_of_the_guide_passes_the_checks(built: Copy) -> None:
    built.run(sys.executable, "-m", "ruff", "check", "lms/bookmarks", "tests/bookmarks", "migrations")
    built.run(sys.executable, "-m", "mypy", "lms/bookmarks")
    built.run(str(Path(sys.executable).with_name("lint-imports")))
