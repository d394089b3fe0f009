"""The shape of the source: small files, no bags of helpers, one place that commits, views without SQL."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("lms", "tests", "migrations", "benchmarks", "docs")
OURS = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
APPLICATION = [path for path in OURS if path.is_relative_to(ROOT / "lms")]
VIEWS = [path for path in APPLICATION if "views" in path.relative_to(ROOT).with_suffix("").parts]

LONGEST_FILE = 400
LONGEST_CONFTEST = 150
LONGEST_VIEW = 30
"""DESIGN says about 25; a call whose arguments stand on lines of their own may need a few more."""

GENERATED = "migrations/versions"
SQL = {"select", "insert", "update", "delete", "text", "func", "exists"}
WRITES = {"commit", "rollback", "flush", "execute", "enqueue", "enqueue_call", "scalar", "scalars"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def calls(path: Path) -> Iterator[tuple[int, str, str]]:
    """(line, receiver, name) of every call in a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.lineno, ast.unparse(node.func.value), node.func.attr
            elif isinstance(node.func, ast.Name):
                yield node.lineno, "", node.func.id


def test_there_is_source_to_look_at() -> None:
    assert len(APPLICATION) > 50 and len(VIEWS) > 5


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {
        name_of(path): len(path.read_text().splitlines()) for path in OURS if GENERATED not in str(path)
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_half_of_the_files_are_shorter_than_80_lines() -> None:
    lengths = sorted(
        sum(1 for line in path.read_text().splitlines() if line.strip())
        for path in APPLICATION
        if path.name != "__init__.py"
    )
    assert lengths[len(lengths) // 2] < 80


def test_the_conftest_stays_short() -> None:
    # Blank lines between small fixtures are not what makes a conftest long.
    lines = [line for line in (ROOT / "tests/conftest.py").read_text().splitlines() if line.strip()]
    assert len(lines) < LONGEST_CONFTEST


def test_nothing_stands_in_the_init_files() -> None:
    assert [name_of(path) for path in OURS if path.name == "__init__.py" and path.read_text().strip()] == []


def test_a_helper_has_a_domain_or_a_purpose() -> None:
    vague = {"utils", "util", "helpers", "helper", "misc", "common"}
    assert [name_of(path) for path in OURS if vague & set(path.relative_to(ROOT).with_suffix("").parts)] == []


def test_the_application_logs_and_never_prints() -> None:
    # The programs that `make` starts talk to the person at the terminal.
    talking = {"lms/ops/run.py", "lms/ops/assets.py", "lms/ops/translations.py"}
    found = [
        f"{name_of(path)}:{line}"
        for path in APPLICATION
        if name_of(path) not in talking
        for line, receiver, name in calls(path)
        if (receiver, name) == ("", "print")
    ]
    assert found == []


def test_only_the_unit_of_work_commits() -> None:
    """A task tells how far it is beside its own transaction; a dry run and the failure page only roll back."""
    found = {
        f"{name_of(path)} {receiver}.{name}"
        for path in APPLICATION
        for _, receiver, name in calls(path)
        if name in ("commit", "rollback") or (name == "begin" and receiver.endswith(("db.session", "engine")))
    }
    assert found == {
        "lms/core/work.py db.session.commit",
        "lms/core/work.py db.session.rollback",
        "lms/core/tasks.py db.engine.begin",
        "lms/core/errors.py db.session.rollback",
        "lms/interop/actions.py savepoint.rollback",
    }


def test_nothing_is_sent_to_the_queue_before_the_commit() -> None:
    found = [
        f"{name_of(path)}:{line} {receiver}.{name}"
        for path in APPLICATION
        for line, receiver, name in calls(path)
        if name in ("enqueue", "enqueue_call", "enqueue_in", "enqueue_at")
        and not path.is_relative_to(ROOT / "lms/core")
        and name_of(path) != "lms/ops/due.py"  # a command that changes nothing itself
    ]
    assert found == []


@pytest.mark.parametrize("path", VIEWS, ids=name_of)
def test_views_are_free_of_sql_and_commits(path: Path) -> None:
    assert [
        f"{line}: {receiver}.{name}" for line, receiver, name in calls(path) if name in SQL | WRITES
    ] == []
    imported = {
        alias.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("sqlalchemy", "lms.core.db"))
        for alias in node.names
    }
    assert imported <= {"Row", "RowMapping"}


@pytest.mark.parametrize("path", VIEWS, ids=name_of)
def test_views_are_short(path: Path) -> None:
    functions = [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)]
    long = {node.name: lines for node in functions if (lines := _lines(node)) > LONGEST_VIEW}
    assert long == {}


def _lines(function: ast.FunctionDef) -> int:
    documented = len((ast.get_docstring(function, clean=False) or "").splitlines())
    return (function.end_lineno or function.lineno) - function.lineno + 1 - documented


@pytest.mark.parametrize("path", [p for p in APPLICATION if p.stem == "rules"], ids=name_of)
def test_rules_are_pure(path: Path) -> None:
    """Time, the database and the request come to a rule as arguments."""
    imported = {
        node.module if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    impure = (
        "flask",
        "redis",
        "sqlalchemy",
        "lms.core.clock",
        "lms.core.db",
        "lms.core.work",
        "lms.core.events",
    )
    assert [
        module for module in imported if (module or "").startswith(impure) and module != "flask_babel"
    ] == []
    assert [
        name for _, receiver, name in calls(path) if receiver == "datetime" and name in ("now", "utcnow")
    ] == []


def test_only_the_clock_reads_the_time() -> None:
    """Elsewhere time is an argument or `clock.now()`; an inbox stamps what it is sent, the doctor compares clocks."""
    apart = {"lms/core/clock.py", "lms/ops/mailbox.py", "lms/ops/doctor.py"}
    found = [
        f"{name_of(path)}:{line}"
        for path in APPLICATION
        for line, receiver, name in calls(path)
        if name in ("now", "utcnow", "today")
        and receiver in ("datetime", "date", "datetime.datetime")
        and name_of(path) not in apart
    ]
    assert found == []
