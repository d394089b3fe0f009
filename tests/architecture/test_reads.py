"""Statements outside of a transaction neither change nor lock anything: no source says otherwise, and none gets through.

`core.db.read` and `core.prepared.Prepared` refuse at the database what they are given; here their callers are looked at
before anybody runs them.
"""

import ast
from collections.abc import Iterator

import pytest
from sqlalchemy import insert, select, text, update

from lms.accounts.models import User
from lms.core.db import db, read
from lms.core.reading import NotARead, what_else
from lms.courses.models import Course
from tests.architecture.test_source import APPLICATION, name_of, tree

MORE = {"insert", "update", "delete", "merge", "with_for_update", "nextval", "set_config"}
READERS = {"lms.core.db": "read", "lms.core.prepared": "Prepared"}
ALONE = {"lms/core/db.py", "lms/core/prepared.py", "lms/core/work.py"}
"""Who may send a statement without a transaction; all others do it by `read`, `Prepared` or `work.Note`."""


def misused(module: ast.Module) -> list[str]:
    """The calls of `read` and `Prepared` in a module whose statement does more, as far as the module itself says it."""
    named = _reads(module)
    known = _definitions(module)
    return [
        f"{node.lineno}: {said}"
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in named
        and node.args
        and not _may_write(node)
        for part in _parts(node.args[0], known, set())
        if (said := _more(part))
    ]


def _may_write(call: ast.Call) -> bool:
    """A note that stands alone; who may say that is asked below."""
    return [ast.unparse(argument) for argument in call.args[1:]] == ["STANDS_ALONE"]


def _reads(module: ast.Module) -> set[str]:
    """What `read` and `Prepared` are called in the module."""
    return {
        alias.asname or alias.name
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module in READERS
        for alias in node.names
        if alias.name == READERS[node.module]
    }


def _definitions(module: ast.Module) -> dict[str, list[ast.AST]]:
    found: dict[str, list[ast.AST]] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                found.setdefault(ast.unparse(target), []).append(node.value)
        elif isinstance(node, ast.FunctionDef):
            found.setdefault(node.name, []).append(node)
    return found


def _parts(node: ast.AST, known: dict[str, list[ast.AST]], seen: set[str]) -> Iterator[ast.AST]:
    """The expression, and what the names in it stand for."""
    for part in ast.walk(node):
        yield part
        if isinstance(part, ast.Name) and part.id not in seen:
            seen.add(part.id)
            for meant in known.get(part.id, ()):
                yield from _parts(meant, known, seen)


def _more(node: ast.AST) -> str | None:
    if not isinstance(node, ast.Call):
        return None
    name = ast.unparse(node.func).rpartition(".")[2]
    if name in MORE:
        return name
    if name == "text" and node.args and isinstance(node.args[0], ast.Constant | ast.JoinedStr):
        return what_else(_words(node.args[0]))
    return None


def _words(node: ast.Constant | ast.JoinedStr) -> str:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    # What is put in is any word: a check at the database sees what it really is.
    return "".join(str(part.value) if isinstance(part, ast.Constant) else " select " for part in parts)


def test_no_source_reads_with_a_statement_that_does_more() -> None:
    reading = [path for path in APPLICATION if _reads(tree(path))]
    assert len(reading) > 10
    assert {name_of(path): found for path in reading if (found := misused(tree(path)))} == {}


def test_nobody_else_sends_statements_without_a_transaction() -> None:
    found = {
        name_of(path)
        for path in APPLICATION
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Constant) and node.value in ("alone", "AUTOCOMMIT"))
        or (isinstance(node, ast.Name) and node.id in ("READS", "STANDS_ALONE"))
    }  # fmt: skip
    assert found == ALONE


@pytest.mark.parametrize(
    "planted",
    [
        "def one(): return read(select(User).with_for_update()).one()",
        "_ONE = select(User.id).where(User.id == 1)\n_HELD = _ONE.with_for_update()\nrows = read(_HELD)",
        "def one():\n    found = update(User).returning(User.id)\n    return read(found)",
        "_OLD = text('delete from faults returning id')\nrows = read(_OLD)",
        "_ALL = text(f'select * from {TABLE} for update')\nrows = read(_ALL)",
        "def _wish(): return insert(User)\nrows = read(_wish())",
        "_ONE = Prepared(select(User.id).with_for_update())",
        "_NEW = text('insert into tags values (1) returning name')\n_ASKED = Prepared(_NEW)",
    ],
)
def test_a_planted_misuse_is_found(planted: str) -> None:
    known = "from lms.core.db import read\nfrom lms.core.prepared import Prepared\n"
    module = ast.parse(known + planted)
    assert len(misused(module)) == 1
    assert misused(ast.parse(known.replace("lms.core", "elsewhere") + planted)) == []


@pytest.mark.parametrize(
    "statement",
    [
        select(User.id).with_for_update(),
        select(User.id).with_for_update(read=True, key_share=True),
        update(User).values(name="x"),
        insert(Course).values(slug="x"),
        text("with gone as (delete from users returning id) select id from gone"),
        text("with new as (insert into tags (name) values ('x') returning name) select name from new"),
        text("select id from users /* first */ for /* now */ no key update"),
        text("select pg_advisory_xact_lock(1)"),
        text("select nextval('users_id_seq')"),
        text("update users u set name = 'x'"),
        text("lock table users"),
        text("begin"),
    ],
    ids=str,
)
def test_the_database_never_sees_one_that_got_through(app, statement) -> None:
    with app.app_context(), pytest.raises(NotARead, match="only read"):
        read(statement)
    with app.app_context():
        assert read(text("select 1")).scalar_one() == 1
        db.session.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        "select 'for update', \"delete from\" from users -- insert into users",
        "(select 1) union all (select 2)",
        "with a as (select updated_at from users) select * from a",
        "select x.update, for_share from x",
        "select $$ delete from users $$",
        "select 'it''s; update users set name'",
    ],
)
def test_what_only_reads_is_left_alone(statement: str) -> None:
    assert what_else(statement) is None
