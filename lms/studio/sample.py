"""A quiz as one attempt would ask it, for who only looks: nothing of it is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.sql import bindparam

from lms.core.db import db
from lms.quizzes import draws, queries, rules
from lms.quizzes.content import content_from_json
from lms.quizzes.grading import Grade, grade
from lms.quizzes.keys import key_from_json
from lms.quizzes.models import Quiz


@dataclass(frozen=True, slots=True)
class Slot:
    """A question of an attempt as `quizzes.queries.slots` gives it, with the answer that was typed."""

    slot: int
    points: Decimal
    options: list[str] | None
    content: dict[str, Any]
    key: dict[str, Any] | None = None
    response: dict[str, Any] | None = None
    seq: int | None = None
    saved_at: datetime | None = None
    fraction: Decimal | None = None
    state: str | None = None
    feedback: str | None = None
    marked_at: datetime | None = None
    how: None = None
    reason: str = ""
    is_declined: bool = False


_VERSIONS = text("select id, content, key from question_versions where id in :ids").bindparams(
    bindparam("ids", expanding=True)
)


def slots(quiz: Quiz, seed: str) -> list[Any]:
    """What an attempt would ask, as rows like those of an attempt.

    The same for the same `seed`, as long as quiz and bank don't change.
    """
    asked = [
        rules.Asked(row.question_id, row.version_id, row.points, content_from_json(row.content))
        for row in queries.current_questions(quiz.id)
    ]
    layout = rules.lay_out(
        asked + draws.pick(quiz.id, seed),
        seed,
        shuffle_questions=quiz.shuffle_questions,
        shuffle_options=quiz.shuffle_options,
    )
    ids = [each["version"] for each in layout]
    versions = {row.id: row for row in db.session.execute(_VERSIONS, {"ids": ids})} if ids else {}
    return [
        Slot(
            number,
            Decimal(each["points"]),
            each.get("options"),
            versions[each["version"]].content,
            versions[each["version"]].key,
        )
        for number, each in enumerate(layout)
    ]


def answered(
    slots: Sequence[Any], answers: Mapping[int, dict[str, Any] | None], passing_percent: Decimal
) -> tuple[list[Any], rules.Outcome]:
    """The slots with answers and grades, and what they come to."""
    graded: list[tuple[Grade, Decimal]] = []
    found = []
    for slot in slots:
        given = answers.get(slot.slot)
        result = grade(content_from_json(slot.content), key_from_json(slot.key), given)
        graded.append((result, slot.points))
        found.append(replace(slot, response=given, fraction=result.fraction, state=result.state))
    return found, rules.outcome(graded, passing_percent)
