"""Behind a pooler that lends a connection for one transaction, nothing may be left on it for the next one."""

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event, text

from lms.app import create_app
from lms.core import jobs
from lms.core.db import db
from tests import factories
from tests.support import forms

ROOT = Path(__file__).resolve().parents[2]
KEEPS_STATE = re.compile(
    r"pg_(?:try_)?advisory_lock\(|^\s*listen \w|\btemp(?:orary)? table \w+(?! on commit drop)\b|\bwith hold\b"
    r"|^\s*set (?!local |transaction |constraints )[a-z_.]+ (?:to|=) "
)
"""Our statements are written in small letters."""


@pytest.fixture
def pooled(app):
    """The application as behind a pooler: each transaction finds a connection that remembers nothing."""
    owner = jobs._app
    made = create_app(replace(app.config["LECTERN"], database_pooler="transaction"))
    jobs._app = owner

    def forget(connection, *_more):
        connection.rollback()
        connection.autocommit = True
        connection.execute("discard all")
        connection.autocommit = False

    with made.app_context():
        event.listen(db.engine, "checkin", forget)
    yield made
    with made.app_context():
        db.engine.dispose()


def test_nothing_is_prepared_on_a_borrowed_connection(pooled):
    with pooled.app_context():
        for _ in range(10):
            db.session.execute(text("select 1 + :n"), {"n": 1})
        assert db.session.scalar(text("select count(*) from pg_prepared_statements")) == 0
        db.session.rollback()


def test_a_learner_gets_through(pooled, alice, bob):
    """The same pages again and again, more often than a driver waits before it prepares a statement."""
    factories.course(pooled, alice)
    client = factories.signed_in(pooled, bob)
    joined = forms.post(client, "/courses/tea/enrollment", {}, form_at="/courses/tea")
    assert joined.status_code == 303
    for _ in range(8):
        for path in ("/courses", "/courses/tea", "/courses/tea/lessons/lesson-1", "/learning"):
            assert client.get(path).status_code == 200
    done = forms.post(
        client, "/courses/tea/lessons/lesson-1/completion", {}, form_at="/courses/tea/lessons/lesson-1"
    )
    assert done.status_code == 303
    assert "50" in client.get("/learning").text


def sentences(path):
    """Texts of a file that are not its documentation."""
    tree = ast.parse(path.read_text())
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.value


def test_no_statement_leaves_something_behind_for_the_session():
    found = {
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in (ROOT / "lms").rglob("*.py")
        for words in sentences(path)
        for match in KEEPS_STATE.finditer(words)
    }
    assert found == set(), "behind a pooler the next transaction may be on another connection"
    for sentence in ("select pg_advisory_lock(1)", "set lock_timeout = '1s'", "create temp table t"):
        assert KEEPS_STATE.search(sentence)
    for sentence in (
        "set local lock_timeout = '1s'",
        "update t set a = 1",
        "select pg_advisory_xact_lock(1)",
        "create temporary table t on commit drop as select 1",
    ):
        assert not KEEPS_STATE.search(sentence)
