"""A course of any number of learners, with everything that grows with them: made by the database itself in a second."""

import json
from pathlib import Path

import psycopg
from flask import Flask

from benchmarks.dataset import questions as kinds_of_questions
from lms.analytics import refreshing
from lms.core import clock
from lms.core.db import db
from tests import factories
from tests.support import tables
from tests.support.school import School

FACTS = {
    "task": 1,
    "assignment": 2,
    "submission": 2,
    "enrollment": 1,
    "learner": 3,
    "quiz": 1,
    "question": 1,
    "closed": 1,
    "thread": 1,
    "number": "CERT-20260302-C4CA4238A0",
}
"""What addresses of `pages.PAGES` ask for. Learners have the ids from 3 on."""


def gathered(app: Flask, learners: int, questions: int = 10) -> School:
    """The crowd in empty tables with its figures counted; each of its five quizzes has so many questions."""
    tables.empty(app)
    school = School(app)
    for name, role in (("alice", "instructor"), ("dana", "admin")):
        school.people[name] = factories.person(app, name.title(), f"{name}@example.org", role=role)
    with app.app_context():
        _fill(db.engine.url.set(drivername="postgresql").render_as_string(False), learners, questions)
        refreshing.rebuild(clock.now())
    return school


def _fill(url: str, learners: int, questions: int) -> None:
    script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    with (
        psycopg.connect(url, cursor_factory=psycopg.ClientCursor) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("create temp table question_kinds (n int, content jsonb, key jsonb, response jsonb)")
        with cursor.copy("copy question_kinds from stdin") as copy:
            for row in [*kinds_of_questions(), _essay()]:
                copy.write_row(row)
        cursor.execute(script, {"learners": learners, "questions": questions})
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("analyze")


def _essay() -> tuple[int, str, str, str]:
    content = {"type": "essay", "text": "What did you see?", "format": "plain"}
    return 6, json.dumps(content), json.dumps({"type": "essay"}), json.dumps({"text": "A valley."})
