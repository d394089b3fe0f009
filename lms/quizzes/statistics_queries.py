"""What the statistics of a quiz are made from. A constant number of statements, whatever the number of learners:
the database adds up, only numbers come back."""

from collections.abc import Sequence
from typing import Any, Literal, get_args

from sqlalchemy import Row, text

from lms.core.db import db

Which = Literal["first", "best", "last", "all"]
WHICH: tuple[Which, ...] = get_args(Which)

# `third` is 1 for the best third of the attempts.
_COUNTED = """
    counted as (
        select id, user_id, layout, started_at, percent, ntile(3) over (order by percent desc, id) as third
          from (select a.*, row_number() over (
                           partition by user_id
                               order by case :which when 'best' then -percent when 'last' then -number else number end,
                                        number) as place
                  from attempts a
                 where quiz_id = :quiz_id and state = 'graded') ranked
         where :which = 'all' or place = 1)
"""
_SLOTS = """
    slots as (
        select c.id as attempt_id, c.third, c.started_at, v.question_id, v.id as version_id, v.kind,
               (p.slot ->> 'points')::float as points, p.slot ->> 'how' as how, p.place - 1 as slot
          from counted c
          cross join lateral jsonb_array_elements(c.layout) with ordinality as p(slot, place)
          join question_versions v on v.id = (p.slot ->> 'version')::bigint
         where v.kind <> 'description')
"""

_SITTINGS = text(f"""
    with {_COUNTED}
    select (select coalesce(array_agg(percent::float order by percent), '{{}}') from counted) as percents,
           (select count(distinct user_id) from counted) as learners,
           (select count(*) from attempts where quiz_id = :quiz_id and state = 'open') as under_way,
           (select count(*) from attempts where quiz_id = :quiz_id and state = 'needs_grading') as waiting
""")  # noqa: S608 - our own words


def sittings(quiz_id: int, which: Which) -> Row[Any]:
    """The percent of each attempt that counts here, and how many do not: open, or waiting for a grader."""
    return db.session.execute(_SITTINGS, {"quiz_id": quiz_id, "which": which}).one()


_ITEMS = text(f"""
    with {_COUNTED}, {_SLOTS},
    asked as (
        select s.question_id, max(s.version_id) as version_id, count(distinct s.version_id) as versions,
               max(s.points) as points, min(s.points) as least_points,
               count(*) as attempts, count(n.response) as answered,
               count(s.how) as aside, count(*) filter (where s.how = 'full') as full_points, avg(s.slot) as slot,
               string_agg(s.attempt_id::text, ' ') as attempt_ids,
               string_agg(coalesce(n.fraction, 0)::float::text, ' ') as fractions
          from slots s left join answers n on n.attempt_id = s.attempt_id and n.slot = s.slot
         group by s.question_id)
    select a.*, v.kind, v.content, v.key, q.title, q.removed_at is not null as is_removed
      from asked a
      join question_versions v on v.id = a.version_id
      join questions q on q.id = a.question_id
     order by q.quiz_id is null, case when q.quiz_id is null then a.slot else q.position end, a.question_id
""")  # noqa: S608 - our own words


def items(quiz_id: int, which: Which) -> Sequence[Row[Any]]:
    """Each question that was asked, as it was asked last, with what it earned in all attempts: `attempt_ids` and
    `fractions` are numbers with spaces between them, which takes a quarter of the time of arrays. In `aside` of the
    attempts it is set aside, in `full_points` with full points; the fractions are those of the answers all the same."""
    return db.session.execute(_ITEMS, {"quiz_id": quiz_id, "which": which}).all()


_ANSWERS = text(f"""
    with {_COUNTED}, {_SLOTS}
    select s.question_id, n.response, count(*) as people, count(*) filter (where s.third = 1) as best
      from slots s join answers n on n.attempt_id = s.attempt_id and n.slot = s.slot
     where n.response is not null and s.kind <> 'essay'
     group by s.question_id, n.response
""")  # noqa: S608 - our own words


def answers(quiz_id: int, which: Which) -> Sequence[Row[Any]]:
    """question_id, response, people, best: each answer that was given, how often, and by how many of the best third."""
    return db.session.execute(_ANSWERS, {"quiz_id": quiz_id, "which": which}).all()


# Answers that were saved together, by a form without scripts, do not tell their times apart.
_TIMES = text(f"""
    with {_COUNTED}, {_SLOTS},
    saved as (
        select s.question_id, s.attempt_id, n.saved_at,
               n.saved_at - coalesce(lag(n.saved_at) over sitting, s.started_at) as took,
               count(*) over (partition by s.attempt_id, n.saved_at) as together
          from slots s join answers n on n.attempt_id = s.attempt_id and n.slot = s.slot
         where n.response is not null
        window sitting as (partition by s.attempt_id order by n.saved_at, s.slot))
    select question_id,
           percentile_cont(0.5) within group (order by extract(epoch from took)) as seconds
      from saved where together = 1 and took > interval '0'
     group by question_id
""")  # noqa: S608 - our own words


def times(quiz_id: int, which: Which) -> dict[int, Row[Any]]:
    """By question: the median of the seconds between the save before an answer and its own last save."""
    rows = db.session.execute(_TIMES, {"quiz_id": quiz_id, "which": which})
    return {row.question_id: row for row in rows}
