"""When each assignment of some courses is late, by its own rules, gathered once for everything that asks for it."""

import json
from collections.abc import Sequence

from sqlalchemy import text

from lms.assignments import rules
from lms.core.db import db
from lms.learning.owing import came_after_sql

_RULES = text("""
    select a.id, a.max_points, a.due_at, a.closes_at, a.time_zone, a.late_policy, a.late_percent, a.max_attempts,
           a.passing_percent, x.extra_days
      from assignments a
     cross join lateral (select 0 as extra_days union select extra_days from extensions where assignment_id = a.id) x
     where a.course_id = any(:courses)
""")
_GATHER = text("""
    create temporary table assignment_terms on commit drop as
    select * from jsonb_to_recordset(cast(:terms as jsonb))
               as t(assignment_id bigint, extra_days int, due timestamptz, late_from timestamptz[])
""")


def days_late_sql(counted: str) -> str:
    """The days late that count of what counts from that moment; `t` is the row of `assignment_terms`, `e` the enrollment."""
    return f"case when {came_after_sql('t.due', 'e.enrolled_at')} then 0 else width_bucket({counted}, t.late_from) end"


def gather(courses: Sequence[int]) -> None:
    """Fill `assignment_terms` until the end of the transaction: a row for each assignment and each number of extra days
    that somebody has, with when it is `due` and `late_from`, the moments of `rules.late_from`."""
    found = []
    for row in db.session.execute(_RULES, {"courses": courses}):
        terms = rules.Terms.of(row)
        late = [moment.isoformat() for moment in rules.late_from(terms)]
        due = terms.due and terms.due.isoformat()
        found.append({"assignment_id": row.id, "extra_days": row.extra_days, "due": due, "late_from": late})
    db.session.execute(_GATHER, {"terms": json.dumps(found)})
