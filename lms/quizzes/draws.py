"""Questions that are drawn from the bank, anew for each attempt, none of them twice."""

import random
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Row, bindparam, text

from lms.core.db import db
from lms.quizzes.content import content_from_json
from lms.quizzes.rules import Asked

# What the quiz asks anyway is not drawn beside it: a copy knows the question of the bank that it came from. Nor is what
# the quiz has set aside.
_CANDIDATES = text("""
    select d.quiz_id, d.id, d.count as wanted, d.points, d.tags,
           array(select n.id
                   from questions n join question_versions v on v.id = n.version_id
                  where n.course_id = q.course_id and n.removed_at is null and v.kind <> 'description'
                    and n.tags @> d.tags
                    and not exists (select from questions o
                                     where o.quiz_id = q.id and o.origin_id = n.id and o.removed_at is null)
                    and not exists (select from set_asides x
                                     where x.quiz_id = q.id and x.question_id = n.id and x.version_id is null
                                       and x.taken_back_at is null)
                  order by n.id) as candidates
      from quiz_draws d join quizzes q on q.id = d.quiz_id
     where d.quiz_id in :quiz_ids
     order by d.quiz_id, d.position, d.id
""").bindparams(bindparam("quiz_ids", expanding=True))
_CHOSEN = text("""
    select n.id, v.id as version_id, v.content
      from questions n join question_versions v on v.id = n.version_id where n.id in :ids
""").bindparams(bindparam("ids", expanding=True))


def candidates(quiz_ids: Iterable[int]) -> Sequence[Row[Any]]:
    """quiz_id, id, wanted, points, tags of each draw of the quizzes, and the ids of the questions it may take."""
    return db.session.execute(_CANDIDATES, {"quiz_ids": list(quiz_ids)}).all()


def pick(quiz_id: int, seed: str) -> list[Asked]:
    """The questions of one attempt, in the order of the draws; as many as the bank has when it has too few.

    The same seed and the same bank give the same questions. One statement for a quiz without draws.
    """
    draws = candidates([quiz_id])
    chosen = _chosen(draws, seed)
    ids = [id for taken in chosen.values() for id in taken]
    if not ids:
        return []
    rows = {row.id: row for row in db.session.execute(_CHOSEN, {"ids": ids})}
    return [
        Asked(id, rows[id].version_id, draw.points, content_from_json(rows[id].content), tuple(draw.tags))
        for draw in draws
        for id in chosen[draw.id]
    ]


def choose(wanted: Mapping[int, tuple[int, Sequence[int]]], seed: str) -> dict[int, list[int]]:
    """Questions for each draw from {draw: (how many, candidates)}, by chance, each question at most once.

    Draws may compete for the same questions: one that has others to choose from steps aside, so that
    as many are drawn as there can be.
    """
    chance = random.Random(seed)  # noqa: S311 - which questions come is no secret
    offers = {draw: chance.sample(list(ids), len(ids)) for draw, (_, ids) in wanted.items()}
    owner: dict[int, tuple[int, int]] = {}

    def take(place: tuple[int, int], tried: set[int]) -> bool:
        for question in offers[place[0]]:
            if question in tried:
                continue
            tried.add(question)
            if question not in owner or take(owner[question], tried):
                owner[question] = place
                return True
        return False

    for draw, (count, ids) in wanted.items():
        for number in range(min(count, len(ids))):
            take((draw, number), set())
    chosen: dict[int, list[int]] = {draw: [] for draw in wanted}
    for question, (draw, _) in sorted(owner.items(), key=lambda item: item[1]):
        chosen[draw].append(question)
    return chosen


def missing(quiz_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    """How many questions the bank lacks for the draws of the quizzes: {quiz: {draw: how many}}, in one statement.

    Draws, and quizzes, that lack none are left out.
    """
    lacking: dict[int, dict[int, int]] = {}
    for quiz_id, same in groupby(candidates(quiz_ids), key=lambda draw: draw.quiz_id):
        draws = list(same)
        chosen = _chosen(draws, "")
        short = {draw.id: draw.wanted - len(chosen[draw.id]) for draw in draws}
        if any(short.values()):
            lacking[quiz_id] = {id: number for id, number in short.items() if number}
    return lacking


def _chosen(draws: Sequence[Row[Any]], seed: str) -> dict[int, list[int]]:
    return choose({draw.id: (draw.wanted, draw.candidates) for draw in draws}, seed)
