"""What the statistics of a quiz are made from. A constant number of statements, whatever the number of learners:
the database adds up, only numbers come back."""

from collections.abc import Sequence
from typing import Any, Literal, get_args

from sqlalchemy import Row, text

from lms.core.db import db

Which = Literal["first", "best", "last", "all"]
WHICH: tuple[Which, ...] = get_args(Which)

# `third` is 1 for the best third of the attempts. Whatever changes an attempt or its answers once it is closed writes
# its row, so that `row_version` is another.
_COUNTED = """
    counted as (
        select id, user_id, layout, started_at, percent, row_version, ntile(3) over (order by percent desc, id) as third
          from (select a.*, a.xmin as row_version, row_number() over (
                           partition by user_id
                               order by case :which when 'best' then -percent when 'last' then -number else number end,
                                        number) as place
                  from attempts a
                 where quiz_id = :quiz_id and state = 'graded') ranked
         where :which = 'all' or place = 1)
"""

_SITTINGS = text(f"""
    with {_COUNTED}
    select (select coalesce(array_agg(percent::float order by percent), '{{}}') from counted) as percents,
           (select count(distinct user_id) from counted) as learners,
           (select md5(string_agg(concat(id, ' ', row_version), ',' order by id)) from counted) as stamp,
           (select count(*) from attempts where quiz_id = :quiz_id and state = 'open') as under_way,
           (select count(*) from attempts where quiz_id = :quiz_id and state = 'needs_grading') as waiting
""")  # noqa: S608 - our own words


def sittings(quiz_id: int, which: Which) -> Row[Any]:
    """The percent of each attempt that counts here, and how many do not: open, or waiting for a grader. `stamp` names
    those that count, each as it is now; None when there are none."""
    return db.session.execute(_SITTINGS, {"quiz_id": quiz_id, "which": which}).one()


# Answers that were saved together, by a form without scripts, do not tell their times apart.
_ITEMS = text(f"""
    with {_COUNTED},
    seen as materialized (
        select v.question_id, v.id as version_id, v.kind, c.id as attempt_id, c.third, c.started_at, p.place - 1 as slot,
               (p.slot ->> 'points')::float as points, p.slot ->> 'how' as how, n.response, n.fraction, n.saved_at
          from counted c
          cross join lateral jsonb_array_elements(c.layout) with ordinality as p(slot, place)
          join question_versions v on v.id = (p.slot ->> 'version')::bigint
          left join answers n on n.attempt_id = c.id and n.slot = p.place - 1
         where v.kind <> 'description'),
    asked as (
        select question_id, max(version_id) as version_id, count(distinct version_id) as versions,
               max(points) as points, min(points) as least_points,
               count(*) as attempts, count(response) as answered,
               count(how) as aside, count(*) filter (where how = 'full') as full_points, avg(slot) as slot,
               string_agg(attempt_id::text, ' ') as attempt_ids,
               string_agg(coalesce(fraction, 0)::float::text, ' ') as fractions
          from seen group by question_id),
    given as (
        select question_id, json_agg(json_build_array(response, people, best)) as given
          from (select question_id, response, count(*) as people, count(*) filter (where third = 1) as best
                  from seen where response is not null and kind <> 'essay' group by question_id, response) each
         group by question_id),
    times as (
        select question_id,
               percentile_cont(0.5) within group (
                   order by extract(epoch from saved_at - coalesce(earlier, started_at))) as seconds
          from (select question_id, started_at, saved_at, lag(saved_at) over sitting as earlier,
                       lead(saved_at) over sitting as later
                  from seen where response is not null
                window sitting as (partition by attempt_id order by saved_at, slot)) saved
         where saved_at > coalesce(earlier, started_at) and saved_at is distinct from later
         group by question_id)
    select a.*, v.kind, v.content, v.key, g.given, t.seconds
      from asked a
      join question_versions v on v.id = a.version_id
      left join given g on g.question_id = a.question_id
      left join times t on t.question_id = a.question_id
""")  # noqa: S608 - our own words


def items(quiz_id: int, which: Which) -> Sequence[Row[Any]]:
    """Each question that was asked, as it was asked last, with what it earned in all attempts: `attempt_ids` and
    `fractions` are numbers with spaces between them, which takes a quarter of the time of arrays. In `aside` of the
    attempts it is set aside, in `full_points` with full points; the fractions are those of the answers all the same.
    `given` are its different answers: what, by how many, by how many of the best third; `seconds` the median between the
    save before an answer and its own last save. The answers are read once for all of it."""
    return db.session.execute(_ITEMS, {"quiz_id": quiz_id, "which": which}).all()


_PLACES = text("""
    select id, title, removed_at is not null as is_removed, case when quiz_id is not null then position end as position
      from questions where id = any(:ids)
""")


def places(question_ids: Sequence[int]) -> dict[int, Row[Any]]:
    """By id: what became of questions since they were asked. Those of the bank have no `position`."""
    return {row.id: row for row in db.session.execute(_PLACES, {"ids": list(question_ids)})}
