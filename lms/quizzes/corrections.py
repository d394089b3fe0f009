"""Which keys were corrected since attempts were graded, and what grading those attempts again would change."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Row, text

from lms.core.db import db
from lms.quizzes import rules
from lms.quizzes.content import content_from_json
from lms.quizzes.grading import MICRO, Grade, grade
from lms.quizzes.keys import key_from_json
from lms.quizzes.plain_words import question_words

Rule = Literal["all", "raise"]
RULES: tuple[Rule, ...] = ("raise", "all")
BY_HAND = frozenset({"essay", "description"})
"""Types that no key grades."""
SAID = frozenset({"feedback", "general"})
"""Parts of a key that are only said and change no grade."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A question whose key is another one now than the key that graded `attempts`. `fits`: it can grade them."""

    question_id: int
    words: str
    seen: int
    graded_by: int
    new: int
    content: Any
    key: Any
    attempts: tuple[int, ...]
    fits: bool


# Slot by slot what attempts were asked (`seen`), which key graded it, and what the question's key is now.
_PINNED = text("""
    with pinned as (
        select (p.slot ->> 'question')::bigint as question_id, (p.slot ->> 'version')::bigint as seen,
               coalesce(p.slot ->> 'key', p.slot ->> 'version')::bigint as graded_by, array_agg(a.id) as attempts
          from attempts a cross join lateral jsonb_array_elements(a.layout) as p(slot)
         where a.quiz_id = :quiz_id and a.state <> 'open'
         group by 1, 2, 3)
    select p.*, n.version_id as new, s.content as old_content, g.key as old_key, v.content, v.key, v.kind
      from pinned p
      join questions n on n.id = p.question_id and n.version_id <> p.graded_by
      join question_versions s on s.id = p.seen
      join question_versions g on g.id = p.graded_by
      join question_versions v on v.id = n.version_id
     order by n.position, p.seen, p.graded_by
""")


def found(quiz_id: int) -> list[Correction]:
    """Every corrected key that graded attempts of this quiz differently; those that fit and those that do not."""
    return [
        Correction(
            row.question_id,
            question_words(row.content),
            row.seen,
            row.graded_by,
            row.new,
            row.old_content,
            row.key,
            tuple(row.attempts),
            fits(row.old_content, row.content),
        )
        for row in db.session.execute(_PINNED, {"quiz_id": quiz_id})
        if row.kind not in BY_HAND and judged(row.old_key) != judged(row.key)
    ]


def judged(key: Any) -> Any:
    """What of a key decides grades, without what it says."""
    if isinstance(key, Mapping):
        return {name: judged(value) for name, value in key.items() if name not in SAID}
    return [judged(item) for item in key] if isinstance(key, list) else key


def fits(seen: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether answers to the question that was seen can be graded as answers to the new one: the same type, and
    in each list the same ids. Words may have been corrected, but none may have moved to another id."""
    if seen.get("type") != new.get("type"):
        return False
    lists = {name for content in (seen, new) for name, value in content.items() if isinstance(value, list)}
    return all(_fit(seen.get(name), new.get(name)) for name in lists)


def _fit(seen: Any, new: Any) -> bool:
    if not isinstance(seen, list) or not isinstance(new, list):
        return False
    old, now = ({item["id"]: item for item in items} for items in (seen, new))
    if old.keys() != now.keys() or any(old[id].get("type") != now[id].get("type") for id in old):
        return False
    nested = all(_fit(old[id]["options"], now[id].get("options")) for id in old if "options" in old[id])
    before, after = _words(old), _words(now)
    came = {after[id] for id in after if after[id] != before[id]}
    moved = any(before[id] in came for id in before if before[id] != after[id])
    return nested and not moved


def _words(items: Mapping[str, Any]) -> dict[str, str]:
    return {id: " ".join(item.get("text", id).split()) for id, item in items.items()}


@dataclass(frozen=True, slots=True)
class Result:
    """What an attempt came to. `passed` is None while a person's grading may still decide it."""

    score: Decimal
    percent: Decimal
    passed: bool | None
    state: str

    def to_json(self) -> dict[str, Any]:
        shown = {"score": str(self.score.normalize()), "percent": str(self.percent)}
        return shown | {"passed": self.passed, "state": self.state}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Result":
        return cls(Decimal(data["score"]), Decimal(data["percent"]), data["passed"], data["state"])


@dataclass(frozen=True, slots=True)
class SlotGrade:
    """How a slot was graded: None where nothing was answered, `key` None for the version that was seen."""

    fraction: str | None
    state: str | None
    key: int | None
    kept: bool | None = None

    def to_json(self) -> dict[str, Any]:
        return {"fraction": self.fraction, "state": self.state, "key": self.key, "kept": self.kept}


@dataclass(frozen=True, slots=True)
class Change:
    """One attempt before and after."""

    attempt_id: int
    user_id: int
    name: str
    number: int
    points: Decimal
    before: Result
    after: Result
    slots: dict[int, tuple[SlotGrade, SlotGrade]] = field(default_factory=dict)

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


_ATTEMPTS = text("""
    select a.id, a.user_id, u.name, a.number, a.state, a.score, a.points, a.percent, a.passed, q.passing_percent,
           json_agg(json_build_object(
               'slot', p.place - 1, 'points', p.slot ->> 'points', 'seen', (p.slot ->> 'version')::bigint,
               'key', (p.slot ->> 'key')::bigint, 'kept', (p.slot ->> 'kept')::boolean,
               'fraction', n.fraction::text, 'state', n.state, 'response', n.response) order by p.place) as slots
      from attempts a join users u on u.id = a.user_id join quizzes q on q.id = a.quiz_id
      cross join lateral jsonb_array_elements(a.layout) with ordinality as p(slot, place)
      left join answers n on n.attempt_id = a.id and n.slot = p.place - 1
     where a.id = any(:ids) and a.state <> 'open'
     group by a.id, u.id, q.id order by u.name, u.id, a.number
""")


def attempts(ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Closed attempts with all their slots, by learner; one statement."""
    return db.session.execute(_ATTEMPTS, {"ids": list(ids)}).all()


def preview(corrections: Sequence[Correction], rule: Rule) -> list[Change]:
    """What every attempt that an earlier key graded would come to. With `raise` no answer loses points."""
    usable = {(c.seen, c.graded_by): c for c in corrections if c.fits}
    ids = sorted({id for correction in usable.values() for id in correction.attempts})
    return [_change(row, usable, rule) for row in attempts(ids)] if ids else []


def _change(row: Row[Any], corrections: Mapping[tuple[int, int], Correction], rule: Rule) -> Change:
    changed: dict[int, tuple[SlotGrade, SlotGrade]] = {}
    slots = []
    for slot in row.slots:
        correction = corrections.get((slot["seen"], slot["key"] or slot["seen"]))
        now = _regraded(slot, correction, rule) if correction else slot
        if correction:
            changed[slot["slot"]] = (slot_grade(slot), slot_grade(now))
        slots.append(now)
    before = Result(row.score, row.percent, row.passed, row.state)
    after = result_of(slots, row.passing_percent)
    if rule == "raise" and row.passed:
        after = Result(after.score, after.percent, True, after.state)
    return Change(row.id, row.user_id, row.name, row.number, row.points, before, after, changed)


def _regraded(slot: dict[str, Any], correction: Correction, rule: Rule) -> dict[str, Any]:
    moved = {**slot, "key": correction.new, "kept": None}
    if slot["fraction"] is None:
        return moved
    found = grade(content_from_json(correction.content), key_from_json(correction.key), slot["response"])
    if rule == "raise" and found.fraction < Decimal(slot["fraction"]):
        return {**moved, "kept": True}
    return {**moved, "fraction": str(found.fraction), "state": found.state}


def slot_grade(slot: Mapping[str, Any]) -> SlotGrade:
    """The grade of a slot as `attempts` reads it."""
    return SlotGrade(slot["fraction"], slot["state"], slot["key"], slot["kept"] or None)


def result_of(slots: Sequence[Mapping[str, Any]], passing_percent: Decimal) -> Result:
    """What the slots of an attempt add up to, by the same rules that closed it."""

    graded = [
        (Grade(Decimal(slot["fraction"] or 0), slot["state"] or "unanswered"), Decimal(slot["points"]))
        for slot in slots
    ]
    came_to = rules.outcome(graded, passing_percent)
    earned = came_to.score.earned.quantize(MICRO, ROUND_HALF_UP)  # as the column keeps it
    return Result(earned, came_to.score.percent, came_to.passed, came_to.state)


def fingerprint(changes: Sequence[Change]) -> str:
    """The same for the same preview: what is applied must be what was looked at."""
    facts = [(c.attempt_id, c.before.to_json(), c.after.to_json(), sorted(c.slots)) for c in changes]
    return sha256(json.dumps(facts).encode()).hexdigest()[:32]
