"""What holds now that attempts were graded without (keys, points, questions set aside), and what grading them again would
change."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Row, text

from lms.core.db import db
from lms.quizzes import rules
from lms.quizzes.content import Content, content_from_json
from lms.quizzes.fitting import fits, judged
from lms.quizzes.grading import MICRO, Grade, State, grade
from lms.quizzes.keys import Key, key_from_json
from lms.quizzes.plain_words import question_words
from lms.quizzes.scores import CENT
from lms.quizzes.worth import How, Part, Worth, counted, raised

Rule = Literal["all", "raise"]
RULES: tuple[Rule, ...] = ("raise", "all")
Pin = tuple[Any, ...]
"""Names what a layout holds of a question's worth, the same wherever it was read."""
BY_HAND = frozenset({"essay", "description"})
"""Types that no key grades."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A question whose key is another one now than the key that graded `attempts`. `fits`: it can grade them."""

    question_id: int
    words: str
    seen: int
    graded_by: int
    new: int
    content: Content
    key: Key
    attempts: tuple[int, ...]
    fits: bool


@dataclass(frozen=True, slots=True)
class Revaluation:
    """A question that counts something else now than in `attempts`: other points, or it was set aside, or no longer is.
    `pin` is what their layouts hold of it."""

    question_id: int
    words: str
    pin: Pin
    now: Worth
    offered: Worth
    attempts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """All that attempts of a quiz were graded without."""

    keys: tuple[Correction, ...] = ()
    worths: tuple[Revaluation, ...] = ()

    @property
    def usable(self) -> tuple[Correction, ...]:
        return tuple(each for each in self.keys if each.fits)

    @property
    def attempts(self) -> list[int]:
        """The attempts that can be graded again."""
        found = [*(each.attempts for each in self.usable), *(each.attempts for each in self.worths)]
        return sorted({id for ids in found for id in ids})


# Slot by slot what attempts were asked (`seen`), which key graded it and what it counted; and what the question's key
# and its worth are now. Points of what was drawn are those of the draw with the same tags. Attempts of before draws were
# pinned have the draws that could have drawn it, when these agree. A hundred thousand slots are grouped by plain text; the
# few that remain are made into more.
_PINNED = text("""
    with slots as (
        select p.slot ->> 'question' as question, p.slot ->> 'version' as version,
               coalesce(p.slot ->> 'key', p.slot ->> 'version') as key, p.slot ->> 'points' as points,
               p.slot ->> 'aside' as aside, p.slot ->> 'how' as how, p.slot -> 'draw' as draw,
               p.slot -> 'declined' as declined, array_agg(a.id) as attempts
          from attempts a cross join lateral jsonb_array_elements(a.layout) as p(slot)
         where a.quiz_id = :quiz_id and a.state <> 'open'
         group by 1, 2, 3, 4, 5, 6, 7, 8),
    pinned as (
        select question::bigint as question_id, version::bigint as seen, key::bigint as graded_by, draw, declined,
               jsonb_strip_nulls(
                   jsonb_build_object('points', points, 'aside', aside::bigint, 'how', how)) as worth, attempts
          from slots)
    select p.*, n.version_id as new, s.content as old_content, g.key as old_key, v.content, v.key, v.kind,
           coalesce(case when s.kind = 'description' then null when n.quiz_id is not null then n.points else d.points end,
                    (p.worth ->> 'points')::numeric) as points, x.id as aside, x.how
      from pinned p
      join questions n on n.id = p.question_id
      join question_versions s on s.id = p.seen
      join question_versions g on g.id = p.graded_by
      join question_versions v on v.id = n.version_id
      left join lateral (
          select max(d.points) as points from quiz_draws d
           where d.quiz_id = :quiz_id and n.quiz_id is null
             and case when p.draw is null then d.tags <@ n.tags
                      else to_jsonb(d.tags) @> p.draw and to_jsonb(d.tags) <@ p.draw end
          having min(d.points) = max(d.points)) d on true
      left join lateral (
          select x.id, x.how from set_asides x
           where x.quiz_id = :quiz_id and x.question_id = p.question_id and x.taken_back_at is null
             and (x.version_id is null or x.version_id = p.seen)
           order by x.id desc limit 1) x on true
     order by n.quiz_id is null, n.position, n.id, p.seen, p.graded_by, p.worth
""")


def found(quiz_id: int) -> Found:
    """Every corrected key that graded attempts of this quiz differently, those that fit and those that do not, and every
    question that counts something else now. What is set aside needs no key that fits."""
    keys, worths = [], []
    for row in db.session.execute(_PINNED, {"quiz_id": quiz_id}):
        now, offered = Worth.of(row.worth), Worth(row.points, row.aside, row.how)
        if offered != (Worth.of(row.declined) if row.declined else now):
            pin = _pin_of(row.seen, row.draw, row.worth, row.declined)
            words = question_words(row.content)
            worths.append(Revaluation(row.question_id, words, pin, now, offered, tuple(row.attempts)))
        if row.kind not in BY_HAND and judged(row.old_key) != judged(row.key):
            fit = fits(row.old_content, row.content)
            if fit or offered.aside is None:
                keys.append(_correction(row, fit))
    return Found(tuple(keys), tuple(worths))


def by_question(worths: Sequence[Revaluation]) -> list[Revaluation]:
    """One for each question and what changes of it, with the attempts of all, for people to read."""
    found: dict[tuple[Any, ...], Revaluation] = {}
    for each in worths:
        change = each.question_id, each.now.points, each.now.how, each.offered.points, each.offered.how
        others = found[change].attempts if change in found else ()
        found[change] = replace(each, attempts=tuple({*others, *each.attempts}))
    return list(found.values())


def _correction(row: Row[Any], fit: bool) -> Correction:
    return Correction(
        row.question_id,
        question_words(row.content),
        row.seen,
        row.graded_by,
        row.new,
        content_from_json(row.old_content),
        key_from_json(row.key),
        tuple(row.attempts),
        fit,
    )


def _pin_of(seen: int, draw: Any, worth: Mapping[str, Any], declined: Any) -> Pin:
    return (
        seen,
        worth["points"],
        worth.get("aside"),
        None if draw is None else tuple(draw),
        None if declined is None else tuple(sorted(declined.items())),
    )


@dataclass(frozen=True, slots=True)
class Result:
    """What an attempt came to. `passed` is None while a person's grading may still decide it."""

    score: Decimal
    points: Decimal
    percent: Decimal
    passed: bool | None
    state: str

    def to_json(self) -> dict[str, Any]:
        shown = {"score": str(self.score.normalize()), "percent": str(self.percent)}
        return shown | {"points": str(self.points), "passed": self.passed, "state": self.state}

    @classmethod
    def from_json(cls, data: Mapping[str, Any], today: Decimal) -> "Result":
        """What was noted; `today` are the points of the attempt now, which older notes do not tell."""
        points = Decimal(data.get("points", today))
        return cls(Decimal(data["score"]), points, Decimal(data["percent"]), data["passed"], data["state"])

    @classmethod
    def of(cls, row: Row[Any]) -> "Result":
        return cls(row.score, row.points, row.percent, row.passed, row.state)


@dataclass(frozen=True, slots=True)
class SlotGrade:
    """How a slot was graded: None where nothing was answered, `key` None for the version that was seen. What it counts
    (`points`, `aside`, `how`) is as `attempts.layout` pins it; `declined` was offered and would have lowered the percent.
    """

    fraction: str | None
    state: str | None
    key: int | None
    kept: bool | None
    points: str
    aside: int | None = None
    how: How | None = None
    declined: dict[str, Any] | None = None

    def pin(self) -> dict[str, Any]:
        """What stands in the layout."""
        return {name: value for name, value in self.to_json().items() if name not in ("fraction", "state")}

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def of(cls, slot: Mapping[str, Any], noted: Mapping[str, Any] | None = None) -> "SlotGrade":
        """From a slot as `attempts` reads it, with what was `noted` of it in place of what it is."""
        data = {**slot, **(noted or {})}
        return cls(**{each.name: data[each.name] for each in fields(cls)} | {"kept": data["kept"] or None})

    @property
    def answer(self) -> tuple[str | None, str | None]:
        """What the answer itself earned."""
        return self.fraction, self.state


@dataclass(frozen=True, slots=True)
class Change:
    """One attempt before and after."""

    attempt_id: int
    user_id: int
    name: str
    number: int
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
               'draw', p.slot -> 'draw', 'aside', (p.slot ->> 'aside')::bigint, 'how', p.slot ->> 'how',
               'declined', p.slot -> 'declined',
               'fraction', n.fraction::text, 'state', n.state, 'response', n.response) order by p.place)
               filter (where t.is_told) as slots,
           string_agg(concat_ws('/', coalesce(n.fraction::text, ''), coalesce(n.state, ''), n.response is not null,
               p.slot ->> 'points', p.slot ->> 'how'), ' ') filter (where not t.is_told) as others
      from attempts a join users u on u.id = a.user_id join quizzes q on q.id = a.quiz_id
      cross join lateral jsonb_array_elements(a.layout) with ordinality as p(slot, place)
      cross join lateral (select cast(:seen as bigint[]) is null or (p.slot ->> 'version')::bigint = any(:seen)) t(is_told)
      left join answers n on n.attempt_id = a.id and n.slot = p.place - 1
     where a.id = any(:ids) and a.state <> 'open'
     group by a.id, u.id, q.id order by u.name, u.id, a.number
""")


def attempts(ids: Sequence[int], seen: Collection[int] | None = None) -> Sequence[Row[Any]]:
    """Closed attempts with all their slots, by learner; one statement. With `seen` only slots that were asked in one of
    these versions are told in full; the `others` only as far as their result goes, which is a tenth of the work."""
    versions = None if seen is None else list(seen)
    return db.session.execute(_ATTEMPTS, {"ids": list(ids), "seen": versions}).all()


@lru_cache(maxsize=4096)
def _other(told: str) -> Mapping[str, Any]:
    """A slot that is no more than its result, as `_ATTEMPTS` tells it."""
    fraction, state, is_answered, points, *how = told.split("/")
    said: dict[str, Any] = {
        "response": {} if is_answered == "t" else None,
        "points": points,
        "how": how[0] if how else None,
    }
    return {"fraction": fraction or None, "state": state or None, "aside": None, **said}


def preview(found: Found, rule: Rule) -> list[Change]:
    """What every attempt would come to that was graded by an earlier key or an earlier worth of its questions. With
    `raise` no answer loses points by a key, and no attempt loses percent by what its questions count."""
    keys = {(each.seen, each.graded_by): each for each in found.usable}
    offers = {each.pin: each.offered for each in found.worths}
    seen = {version for version, _ in keys} | {each.pin[0] for each in found.worths}
    ids = found.attempts
    return [_change(row, keys, offers, rule) for row in attempts(ids, seen)] if ids else []


def _change(
    row: Row[Any], keys: Mapping[tuple[int, int], Correction], offers: Mapping[Pin, Worth], rule: Rule
) -> Change:
    corrections = [keys.get((slot["seen"], slot["key"] or slot["seen"])) for slot in row.slots]
    graded = [
        _regraded(slot, correction, rule) if correction else slot
        for slot, correction in zip(row.slots, corrections, strict=True)
    ]
    offered = [offers.get(_pin_of(slot["seen"], slot["draw"], slot, slot["declined"])) for slot in row.slots]
    others = [_other(told) for told in (row.others or "").split()]
    slots = _revalued(graded, offered, others, rule)
    changed = {
        old["slot"]: (SlotGrade.of(old), SlotGrade.of(new))
        for old, new, correction, offer in zip(row.slots, slots, corrections, offered, strict=True)
        if correction or offer
    }
    after = result_of([*slots, *others], row.passing_percent)
    if rule == "raise" and row.passed:
        after = replace(after, passed=True)
    return Change(row.id, row.user_id, row.name, row.number, Result.of(row), after, changed)


def _revalued(
    slots: Sequence[dict[str, Any]],
    offered: Sequence[Worth | None],
    others: Sequence[Mapping[str, Any]],
    rule: Rule,
) -> list[dict[str, Any]]:
    """The slots with what they count now; what was offered and declined is noted, so that it is not offered again."""
    if not any(offered):
        return list(slots)
    parts = [_part(slot, offer) for slot, offer in zip(slots, offered, strict=True)]
    beside = [_part(slot, None) for slot in others]
    chosen = raised([*parts, *beside])[: len(parts)] if rule == "raise" else [part.offered for part in parts]
    return [
        {**slot, **worth.to_json(), "declined": offer.to_json() if worth != offer else None}
        if offer
        else slot
        for slot, offer, worth in zip(slots, offered, chosen, strict=True)
    ]


def _part(slot: Mapping[str, Any], offered: Worth | None) -> Part:
    now = Worth.of(slot)
    waits = slot["state"] == "needs_grading" and slot["response"] is not None
    return Part(Decimal(slot["fraction"] or 0), waits, now, offered or now)


def _regraded(slot: dict[str, Any], correction: Correction, rule: Rule) -> dict[str, Any]:
    moved = {**slot, "key": correction.new, "kept": None}
    if slot["fraction"] is None:
        return moved
    found = grade(correction.content, correction.key, slot["response"])
    if rule == "raise" and found.fraction < Decimal(slot["fraction"]):
        return {**moved, "kept": True}
    return {**moved, "fraction": str(found.fraction), "state": found.state}


def result_of(slots: Sequence[Mapping[str, Any]], passing_percent: Decimal) -> Result:
    """What the slots of an attempt add up to, by the same rules that closed it."""
    graded = [_counted(slot["fraction"], slot["state"], slot["points"], slot["how"]) for slot in slots]
    came_to = rules.outcome(graded, passing_percent)
    earned = came_to.score.earned.quantize(MICRO, ROUND_HALF_UP)  # as the column keeps it
    points = came_to.score.possible.quantize(CENT)
    return Result(earned, points, came_to.score.percent, came_to.passed, came_to.state)


@lru_cache(maxsize=4096)
def _counted(
    fraction: str | None, state: State | None, points: str, how: How | None
) -> tuple[Grade, Decimal]:
    return counted(Grade(Decimal(fraction or 0), state or "unanswered"), Decimal(points), how)


def fingerprint(changes: Sequence[Change]) -> str:
    """The same for the same preview: what is applied must be what was looked at."""
    facts = [
        (
            change.attempt_id,
            change.before.to_json(),
            change.after.to_json(),
            [(slot, now.pin()) for slot, (_, now) in sorted(change.slots.items())],
        )
        for change in changes
    ]
    return sha256(json.dumps(facts).encode()).hexdigest()[:32]
