"""Fills an empty database with a school of a given size."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import lessons

SITTERS = 500
"""Learners who take part in the measurements: signed in, with open attempts."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large the school is; enrollments are spread evenly over the learners."""

    courses: int = 200
    learners: int = 5_000
    enrollments: int = 50_000

    @property
    def each(self) -> int:
        """Enrollments of one learner: never more than there are courses."""
        return max(1, min(self.enrollments // self.learners, self.courses))

    @property
    def sitters(self) -> int:
        return min(SITTERS, self.learners)


def token_of(learner: int) -> str:
    """The session secret of the learner with that number, from 1."""
    return f"benchmark-session-of-learner-{learner}"


def load(url: str, size: Size) -> dict[str, int]:
    """Fill the tables in one transaction. Returns the number of rows by table."""
    with psycopg.connect(url, cursor_factory=psycopg.ClientCursor) as connection:
        cursor = connection.cursor()
        _copy(cursor, "lesson_texts (n int, html text)", enumerate(lessons.texts()))
        _copy(cursor, "question_kinds (n int, content jsonb, key jsonb, response jsonb)", questions())
        tokens = ((n, sha256(token_of(n).encode()).hexdigest()) for n in range(1, size.sitters + 1))
        _copy(cursor, "session_tokens (n int, token_hash text)", tokens)
        script = Path(__file__).with_name("dataset.sql").read_text(encoding="utf-8")
        values = {
            "courses": size.courses,
            "learners": size.learners,
            "each": size.each,
            "sitters": size.sitters,
        }
        cursor.execute(script, values)
        tables = (
            "courses",
            "lessons",
            "users",
            "enrollments",
            "lesson_progress",
            "attempts",
            "answers",
            "certificates",
        )
        counts = {name: _count(cursor, name) for name in tables}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("vacuum analyze")
        connection.execute("checkpoint")
    return counts


def _count(cursor: psycopg.Cursor[Any], table: str) -> int:
    row = cursor.execute(f"select count(*) from {table}").fetchone()
    return int(row[0]) if row else 0


def _copy(cursor: psycopg.Cursor[Any], table: str, rows: Any) -> None:
    cursor.execute(f"create temp table {table} on commit drop")
    with cursor.copy(f"copy {table.split(' ', 1)[0]} from stdin") as copy:
        for row in rows:
            copy.write_row(row)


def questions() -> Sequence[tuple[int, str, str, str]]:
    """Five questions of four types, each with its key and a right answer."""
    words = ("the first one", "the second one", "both of them", "none of them")
    options = [{"id": str(n), "text": f"It is {word}.", "format": "plain"} for n, word in enumerate(words, 1)]
    marks = [{"id": str(n), "weight": "100" if n == 2 else "0"} for n in range(1, 5)]
    several = [{"id": str(n), "weight": "50" if n < 3 else "-50"} for n in range(1, 5)]
    truth = [{"id": value, "text": value.title(), "format": "plain"} for value in ("true", "false")]
    true_key = [{"id": "true", "weight": "100"}, {"id": "false", "weight": "0"}]
    kinds: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
        ({"type": "single", "options": options}, {"type": "single", "options": marks}, {"option": "2"}),
        (
            {"type": "multiple", "options": options},
            {"type": "multiple", "options": several},
            {"options": ["1", "2"]},
        ),
        (
            {"type": "true_false", "options": truth},
            {"type": "true_false", "options": true_key},
            {"option": "true"},
        ),
        (
            {"type": "short_answer"},
            {
                "type": "short_answer",
                "accepted": [{"text": "scale", "weight": "100"}],
                "case_sensitive": False,
            },
            {"text": "scale"},
        ),
        ({"type": "single", "options": options}, {"type": "single", "options": marks}, {"option": "2"}),
    ]
    stem = {"text": "Which of these describes what the lesson showed, and why?", "format": "plain"}
    return [
        (number, json.dumps({**stem, **content}), json.dumps(key), json.dumps(response))
        for number, (content, key, response) in enumerate(kinds, 1)
    ]
